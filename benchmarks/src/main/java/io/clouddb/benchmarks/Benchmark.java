/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

/** A question about speed, and the run that answers it. */
interface Benchmark {
  /** By which {@code --only} names it. */
  String name();

  /**
   * Runs everything that takes part and writes what came out.
   *
   * @param scale how much data, how many rounds
   * @param report where the tables go
   * @throws Exception when a contestant fails
   */
  void run(Scale scale, Report report) throws Exception;
}
