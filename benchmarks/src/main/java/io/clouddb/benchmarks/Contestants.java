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

  private final Map<String, Contestant> contestants = new LinkedHashMap<>();

  /** Adds a contestant; the first is the one that is compared with each of the others. */
  Contestants add(String name, Contestant contestant) {
    contestants.put(name, contestant);
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
    return race(rounds, 1, prepare, after);
  }

  /**
   * One round to warm up, then so many that count, each of many short runs: A B C, A B C, ..., of
   * which a contestant's are added up. So what disturbs the machine for a second disturbs all.
   *
   * @param rounds those that count
   * @param parts how often each contestant runs in a round
   */
  Standings inParts(int rounds, int parts) throws Exception {
    return race(rounds, parts, () -> {}, () -> {});
  }

  private Standings race(int rounds, int parts, Contestant prepare, Contestant after)
      throws Exception {
    Standings standings = new Standings();
    for (int round = 0; round <= rounds; round++) {
      Map<String, Spent> all = new LinkedHashMap<>();
      for (int part = 1; part <= parts; part++) {
        for (Map.Entry<String, Contestant> entry : contestants.entrySet()) {
          prepare.run();
          ProcessorTime before = ProcessorTime.now();
          long start = System.nanoTime();
          entry.getValue().run();
          Spent now = new Spent(System.nanoTime() - start, ProcessorTime.now().since(before));
          Spent spent = all.merge(entry.getKey(), now, Spent::plus);
          after.run();
          if (part == parts) {
            print(round, entry.getKey(), spent);
            if (round > 0) {
              standings.add(entry.getKey(), spent.seconds(), spent.processors.busy());
            }
          }
        }
      }
    }
    System.out.println();
    return standings;
  }

  private static void print(int round, String contestant, Spent spent) {
    System.out.printf(
        Locale.ROOT,
        "round %d  %-36s %8.2f s   load %s, processors %s busy, %s stolen%n",
        round,
        contestant,
        spent.seconds(),
        Report.load(),
        ProcessorTime.percent(spent.processors.busy()),
        ProcessorTime.percent(spent.processors.stolen()));
  }

  /** What a contestant took in a round. */
  private record Spent(long nanos, ProcessorTime processors) {
    Spent plus(Spent other) {
      return new Spent(nanos + other.nanos, processors.plus(other.processors));
    }

    double seconds() {
      return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }
  }
}
