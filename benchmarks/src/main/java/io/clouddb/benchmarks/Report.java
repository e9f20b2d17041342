/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What one benchmark found, as Markdown: printed, and kept in a file of its own. */
final class Report {
  private static final String SUFFIX = ".md";
  private static final String ALL = "results" + SUFFIX;

  private final Path folder;
  private final String name;
  private final StringBuilder text = new StringBuilder();

  Report(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** A line of its own, with a blank one behind it. */
  void say(String format, Object... values) {
    line(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    line("");
  }

  /** A peer that does not take part, and why. */
  void skipped(String peer) {
    say("Skipped, not installed: %s.", peer);
  }

  /** What the first contestant's speed is against each of the others, round by round. */
  void race(String title, Standings standings) {
    String first = standings.reference();
    List<List<String>> rows = new ArrayList<>();
    for (String contestant : standings.contestants()) {
      rows.add(
          List.of(
              contestant,
              standings.seconds(contestant),
              contestant.equals(first) ? "" : standings.ratios(first, contestant),
              standings.busy(contestant)));
    }
    table(title, List.of("contestant", "seconds", first + " against it", "processors busy"), rows);
  }

  /** A table of any columns. */
  void table(String title, List<String> columns, List<List<String>> rows) {
    line("### " + title);
    line("");
    line("| " + String.join(" | ", columns) + " |");
    line("|" + "---|".repeat(columns.size()));
    rows.forEach(row -> line("| " + String.join(" | ", row) + " |"));
    line("");
  }

  /** The load of the machine now, since what runs beside decides what a number is worth. */
  static String load() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load);
  }

  private void line(String line) {
    System.out.println(line);
    text.append(line).append('\n');
  }

  /** Writes this benchmark's file, and joins it with those of earlier runs. */
  void save() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(name + SUFFIX), text);
    List<Path> parts;
    try (Stream<Path> files = Files.list(folder)) {
      parts =
          files
              .filter(file -> file.toString().endsWith(SUFFIX))
              .filter(file -> !file.endsWith(ALL))
              .sorted()
              .collect(Collectors.toList());
    }
    StringBuilder all = new StringBuilder();
    for (Path part : parts) {
      all.append(Files.readString(part)).append('\n');
    }
    Files.writeString(folder.resolve(ALL), all);
  }
}
