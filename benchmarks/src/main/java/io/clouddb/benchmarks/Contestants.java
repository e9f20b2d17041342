/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs contestants in turn, A B C, A B C, ..., so that a machine whose speed drifts is unfair to
 * none, and prints each one's speed as a ratio to the first, round by round.
 */
final class Contestants {
  /** One way to do the work. */
  interface Contestant {
    /**
     * Does the work once.
     *
     * @throws Exception when it fails, which ends the benchmark
     */
    void run() throws Exception;
  }

  private final Map<String, Contestant> all = new LinkedHashMap<>();

  /** Adds a contestant; the first is what the others are compared with. */
  Contestants add(String name, Contestant contestant) {
    all.put(name, contestant);
    return this;
  }

  /** One round to warm up, then so many that count. */
  void race(int rounds, Contestant before) throws Exception {
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (Map.Entry<String, Contestant> entry : all.entrySet()) {
        before.run();
        long start = System.nanoTime();
        entry.getValue().run();
        double taken = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        System.out.printf(Locale.ROOT, "round %d  %-28s %8.2f s%n", round, entry.getKey(), taken);
        if (round > 0) {
          seconds.computeIfAbsent(entry.getKey(), name -> new ArrayList<>()).add(taken);
        }
      }
    }
    print(seconds);
  }

  private static void print(Map<String, List<Double>> seconds) {
    List<Double> reference = seconds.values().iterator().next();
    System.out.printf(
        Locale.ROOT, "%n%-28s %8s  %s%n", "", "median s", "speed as a ratio to the first");
    seconds.forEach(
        (name, times) -> {
          List<Double> ratios = new ArrayList<>();
          for (int i = 0; i < times.size(); i++) {
            ratios.add(reference.get(i) / times.get(i));
          }
          System.out.printf(
              Locale.ROOT,
              "%-28s %8.2f  %.2f (%.2f to %.2f)%n",
              name,
              quantile(times, 0.5),
              quantile(ratios, 0.5),
              quantile(ratios, 0),
              quantile(ratios, 1));
        });
  }

  private static double quantile(List<Double> values, double part) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.round(part * (sorted.size() - 1)));
  }
}
