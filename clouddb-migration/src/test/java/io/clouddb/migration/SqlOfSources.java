/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The statements that our sources begin, to tell which of them a server's log has. */
final class SqlOfSources {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern LITERAL =
      Pattern.compile("\"\"\"\\R(.*?)\"\"\"|\"((?:[^\"\\\\\\n]|\\\\.)*)\"", Pattern.DOTALL);
  private static final Pattern STATEMENT =
      Pattern.compile("(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|DROP|ALTER|COPY|LOCK|TRUNCATE) .*");

  /** A parameter, or what the sources put in at run time. */
  private static final Pattern CHANGES = Pattern.compile("[?%\\\\]");

  private static final Pattern CALL = Pattern.compile("\\b([a-z][a-z_0-9]*)\\(");

  private static final int SHORTEST = 20;

  private SqlOfSources() {}

  /** Classes that hold statements of which none is in the log. */
  static SortedSet<String> unreached(List<String> logs) throws IOException {
    String log = String.join("\n", logs).replaceAll("\\s+", " ");
    SortedSet<String> unreached = new TreeSet<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        List<String> statements = statements(Files.readString(file));
        if (!statements.isEmpty() && statements.stream().noneMatch(log::contains)) {
          unreached.add(file.getFileName().toString().replace(".java", ""));
        }
      }
    }
    return unreached;
  }

  /** What our sources call in SQL, and other words before a parenthesis. */
  static Set<String> calls() throws IOException {
    Set<String> calls = new TreeSet<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        Matcher call = CALL.matcher(Files.readString(file));
        while (call.find()) {
          calls.add(call.group(1));
        }
      }
    }
    return calls;
  }

  private static List<String> statements(String source) {
    List<String> statements = new ArrayList<>();
    Matcher literal = LITERAL.matcher(source);
    while (literal.find()) {
      String text = literal.group(1) == null ? literal.group(2) : literal.group(1);
      String flat = text.strip().replaceAll("\\s+", " ");
      if (STATEMENT.matcher(flat + " ").matches()) {
        String begin = CHANGES.split(flat, 2)[0].strip();
        if (begin.length() >= SHORTEST) {
          statements.add(begin);
        }
      }
    }
    return statements;
  }
}
