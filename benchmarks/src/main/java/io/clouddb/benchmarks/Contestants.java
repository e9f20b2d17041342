/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs contestants in turn, A B C, A B C, ..., so that a machine whose speed drifts is unfair to
 * none.
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

  /** Adds a contestant; the first is the one that is compared with each of the others. */
  Contestants add(String name, Contestant contestant) {
    all.put(name, contestant);
    return this;
  }

  /** One round to warm up, then so many that count. */
  Standings race(int rounds, Contestant prepare) throws Exception {
    return race(rounds, prepare, () -> {});
  }

  /**
   * One round to warm up, then so many that count.
   *
   * @param rounds those that count
   * @param prepare what comes before each run, not timed
   * @param after what comes after each run, not timed, e.g. a look at what it did
   */
  Standings race(int rounds, Contestant prepare, Contestant after) throws Exception {
    Standings standings = new Standings();
    for (int round = 0; round <= rounds; round++) {
      for (Map.Entry<String, Contestant> entry : all.entrySet()) {
        prepare.run();
        ProcessorTime before = ProcessorTime.now();
        long start = System.nanoTime();
        entry.getValue().run();
        double taken = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        ProcessorTime now = ProcessorTime.now();
        double busy = now.busySince(before);
        System.out.printf(
            Locale.ROOT,
            "round %d  %-36s %8.2f s   load %s, processors %s busy, %s stolen%n",
            round,
            entry.getKey(),
            taken,
            Report.load(),
            ProcessorTime.percent(busy),
            ProcessorTime.percent(now.stolenSince(before)));
        after.run();
        if (round > 0) {
          standings.add(entry.getKey(), taken, busy);
        }
      }
    }
    System.out.println();
    return standings;
  }
}
