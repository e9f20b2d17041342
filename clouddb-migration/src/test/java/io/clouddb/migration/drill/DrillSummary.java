/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** A line for each drill, and what they add up to, in a file that is there after each of them. */
final class DrillSummary {
  private final Path file;
  private final List<DrillResult> results = new ArrayList<>();
  private final List<Integer> failed = new ArrayList<>();

  DrillSummary(Path file) {
    this.file = file;
  }

  synchronized void add(DrillResult result) throws IOException {
    results.add(result);
    write();
  }

  synchronized void failed(int seed) throws IOException {
    failed.add(seed);
    write();
  }

  private void write() throws IOException {
    List<String> lines = new ArrayList<>();
    results.forEach(result -> lines.add(result.toString()));
    lines.add("");
    lines.addAll(totals());
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, lines);
  }

  /** What all drills so far add up to. */
  synchronized List<String> totals() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%d drills passed, %d failed%s",
            results.size(),
            failed.size(),
            failed.isEmpty() ? "" : ": seeds " + failed));
    lines.add("ends: " + count(results.stream(), result -> result.plan().ending().name()));
    lines.add("victims: " + count(hits(), hit -> hit.fault().victim().name()));
    lines.add("faults: " + count(hits(), hit -> hit.fault().victim() + " " + hit.fault().what()));
    lines.add("steps under way: " + count(hits(), DrillResult.Hit::step));
    lines.add(
        "moments: "
            + count(hits(), hit -> hit.fault().isAtEntry() ? "at an entry" : "at a random time"));
    lines.add(
        "entries: "
            + count(
                hits().filter(hit -> hit.fault().isAtEntry()),
                hit -> hit.fault().moment().point().name()));
    lines.add(
        String.format(
            Locale.ROOT,
            "%d processes, %,d acknowledged writes; at most %,d bytes of log kept; %.0f s",
            results.stream().mapToInt(DrillResult::runs).sum(),
            results.stream().mapToInt(DrillResult::writes).sum(),
            results.stream().mapToLong(DrillResult::retained).max().orElse(0),
            results.stream().mapToLong(DrillResult::millis).sum() / 1000.0));
    return lines;
  }

  private Stream<DrillResult.Hit> hits() {
    return results.stream().flatMap(result -> result.hits().stream());
  }

  private static <T> Map<String, Integer> count(Stream<T> things, Function<T, String> name) {
    Map<String, Integer> counts = new TreeMap<>();
    things.forEach(thing -> counts.merge(name.apply(thing), 1, Integer::sum));
    return counts;
  }
}
