/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the documents print is what is compiled and run here. A block of Java, or of a build's
 * definition, stands below a comment {@code <!-- snippet: File#region -->}; the file, found by its
 * name under {@code examples}, has the region between {@code @start region="..."} and {@code @end}.
 * With {@code -Dsnippets.write} the documents are brought up to date instead.
 */
class DocumentedSnippetsTest {
  private static final Set<String> CHECKED = Set.of("java", "xml", "kotlin", "groovy");
  private static final Pattern COMMENT =
      Pattern.compile("<!-- snippet: ([A-Za-z0-9_./-]+)#([a-z-]+) -->");
  private static final Pattern MARK = Pattern.compile("@(start|end) region=\"([a-z-]+)\"");

  private final Path root =
      Path.of(System.getProperty("basedir", ".")).resolve("../..").normalize();

  @Test
  void documentsPrintWhatIsRun() throws IOException {
    List<String> wrong = new ArrayList<>();
    int blocks = 0;
    for (Path document : documents()) {
      List<String> lines = Files.readAllLines(document);
      List<String> right = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        right.add(line);
        if (!line.startsWith("```") || line.length() == 3) {
          continue;
        }
        int end = i + 1 + lines.subList(i + 1, lines.size()).indexOf("```");
        List<String> printed = lines.subList(i + 1, end);
        List<String> run = printed;
        if (CHECKED.contains(line.substring(3))) {
          blocks++;
          String where = root.relativize(document) + ":" + (i + 1);
          Matcher comment = COMMENT.matcher(i == 0 ? "" : lines.get(i - 1));
          if (!comment.matches()) {
            wrong.add(where + ": no comment <!-- snippet: File#region --> stands above this block");
          } else {
            run = region(comment.group(1), comment.group(2));
            if (!run.equals(printed)) {
              wrong.add(where + ": differs from " + comment.group(1) + "#" + comment.group(2));
            }
          }
        }
        right.addAll(run);
        right.add("```");
        i = end;
      }
      if (Boolean.parseBoolean(System.getProperty("snippets.write", "false"))) {
        Files.writeString(document, String.join("\n", right) + "\n");
      }
    }

    assertThat(wrong)
        .as("bring the documents up to date by running this test with -Dsnippets.write=true")
        .isEmpty();
    assertThat(blocks).as("blocks that were found").isGreaterThan(8);
  }

  /** A number that stands in the README is the one of the measurements. */
  @Test
  void theReadmeHasTheNumbersOfTheMeasurements() throws IOException {
    String measured = Files.readString(root.resolve("docs/performance.md"));
    List<String> ratios =
        Pattern.compile("[0-9.]+(?: ms)? \\([0-9.]+ to [0-9.]+")
            .matcher(Files.readString(root.resolve("README.md")))
            .results()
            .map(found -> found.group().replace(" ms", "").replace(" to ", "-"))
            .toList();
    assertThat(ratios)
        .hasSizeGreaterThan(5)
        .allSatisfy(ratio -> assertThat(measured).contains(ratio));
  }

  /** A user's project names versions by itself; they are the ones that this build uses. */
  @Test
  void aUsersProjectHasTheVersionsOfThisBuild() throws IOException {
    String ours = Files.readString(root.resolve("pom.xml"));
    for (String file : List.of("pom.xml", "build.gradle.kts")) {
      String theirs = Files.readString(root.resolve("examples/getting-started").resolve(file));
      for (String property :
          List.of("postgresql", "slf4j", "junit", "compiler-plugin", "surefire", "postgres-16")) {
        boolean ofMaven = property.endsWith("plugin") || property.equals("surefire");
        boolean ofGradle = property.equals("postgres-16");
        if (file.equals("pom.xml") ? !ofGradle : !ofMaven) {
          String version = between(ours, "<" + property + ".version>", "<");
          assertThat(theirs).as("%s of %s", property, file).contains(version);
        }
      }
      assertThat(theirs)
          .contains(between(ours, "<artifactId>clouddb-parent</artifactId>\n  <version>", "<"));
    }
  }

  private static String between(String text, String before, String after) {
    int start = text.indexOf(before);
    assertThat(start).as(before).isNotNegative();
    return text.substring(start + before.length(), text.indexOf(after, start + before.length()));
  }

  private List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.walk(root.resolve("docs"));
        Stream<Path> top = Files.list(root)) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  private List<String> region(String name, String region) throws IOException {
    List<Path> found;
    try (Stream<Path> files = Files.walk(root.resolve("examples"))) {
      found =
          files
              .filter(file -> file.endsWith(name) && !file.toString().contains("/target/"))
              .toList();
    }
    assertThat(found).as("files %s under examples", name).hasSize(1);
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    boolean seen = false;
    for (String line : Files.readAllLines(found.get(0))) {
      Matcher mark = MARK.matcher(line);
      if (mark.find()) {
        if (mark.group(2).equals(region)) {
          inside = mark.group(1).equals("start");
          seen = true;
        }
      } else if (inside) {
        lines.add(line);
      }
    }
    assertThat(seen).as("region %s in %s", region, name).isTrue();
    while (!lines.isEmpty() && lines.get(lines.size() - 1).isBlank()) {
      lines.remove(lines.size() - 1); // the formatter's, between two members
    }
    int indent =
        lines.stream()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> line.length() - line.stripLeading().length())
            .min()
            .orElse(0);
    return lines.stream().map(line -> line.isBlank() ? "" : line.substring(indent)).toList();
  }
}
