/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs the benchmarks, all or those that are named.
 *
 * <p>Arguments: {@code --quick} for little data, {@code --tiny} for next to none, {@code --only
 * copy,apply} for some of them, {@code --rounds 5}, {@code --output folder}.
 */
public final class Benchmarks {
  private static final List<Benchmark> ALL =
      List.of(
          new CopyBenchmark(),
          new DatabaseBenchmark(),
          new ApplyBenchmark(),
          new LagBenchmark(),
          new ValidationBenchmark(),
          new CutoverBenchmark(),
          new LargeValuesBenchmark(),
          new ScalingBenchmark(),
          new TableCallsBenchmark(),
          new TableBulkBenchmark(),
          new TableStartBenchmark(),
          new TableSimulatorsBenchmark());

  private Benchmarks() {}

  /**
   * Runs what the arguments name. Each benchmark's tables are written when it ends, so that what
   * was stopped can go on with {@code --only}.
   *
   * @param arguments see the class
   * @throws Exception when a benchmark fails
   */
  public static void main(String[] arguments) throws Exception {
    Scale.Size size = Scale.Size.FULL;
    @Nullable Integer rounds = null;
    @Nullable List<String> only = null;
    Path output = Path.of("target", "benchmarks");
    for (Iterator<String> rest = List.of(arguments).iterator(); rest.hasNext(); ) {
      String argument = rest.next();
      switch (argument) {
        case "--quick" -> size = Scale.Size.QUICK;
        case "--tiny" -> size = Scale.Size.TINY;
        case "--rounds" -> rounds = Integer.valueOf(rest.next());
        case "--only" -> only = List.of(rest.next().split(","));
        case "--output" -> output = Path.of(rest.next());
        default -> throw new IllegalArgumentException("No such argument: " + argument);
      }
    }
    Scale scale =
        new Scale(
            size,
            rounds != null
                ? rounds
                : switch (size) {
                  case FULL -> 5;
                  case QUICK -> 3;
                  case TINY -> 1;
                });
    for (Benchmark benchmark : chosen(only)) {
      run(benchmark, scale, output);
    }
  }

  private static List<Benchmark> chosen(@Nullable List<String> only) {
    if (only == null) {
      return ALL;
    }
    List<Benchmark> chosen = new ArrayList<>();
    for (String name : only) {
      chosen.add(
          ALL.stream()
              .filter(benchmark -> benchmark.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "No benchmark "
                              + name
                              + ", only "
                              + ALL.stream().map(Benchmark::name).toList())));
    }
    return chosen;
  }

  private static void run(Benchmark benchmark, Scale scale, Path output) throws Exception {
    Report report = new Report(output, benchmark.name());
    long start = System.nanoTime();
    String before = Report.load();
    report.say("## %s", benchmark.name());
    benchmark.run(scale, report);
    report.say(
        "%s run, %d rounds, %d processors, %d s; load of the machine %s before, %s after.",
        scale.size().name().toLowerCase(Locale.ROOT),
        scale.rounds(),
        Runtime.getRuntime().availableProcessors(),
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
        before,
        Report.load());
    report.save();
  }
}
