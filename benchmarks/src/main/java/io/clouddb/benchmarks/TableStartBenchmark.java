/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** From the start of a JVM to the answer of its first call: a cloud that is opened, and the SDK. */
final class TableStartBenchmark implements Benchmark {
  private static final long LIMIT_MINUTES = 2;

  @Override
  public String name() {
    return "table-start";
  }

  @Override
  public void run(Scale scale, Report report) throws Exception {
    int starts = (int) scale.of(10, 3, 1);
    try (TableServer server = new TableServer()) {
      report.race(
          "A JVM that makes one get and ends, " + starts + " times",
          new Contestants()
              .add("clouddb", () -> start(server, TableStartProgram.CLOUDDB, starts))
              .add("SDK", () -> start(server, TableStartProgram.SDK, starts))
              .race(scale.rounds(), () -> {}));
    }
  }

  private static void start(TableServer server, String way, int starts) throws Exception {
    for (int i = 0; i < starts; i++) {
      ProcessBuilder program =
          new ProcessBuilder(
                  List.of(
                      ProcessHandle.current().info().command().orElse("java"),
                      "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                      "-classpath",
                      System.getProperty("java.class.path"),
                      TableStartProgram.class.getName(),
                      way,
                      server.endpoint.toString()))
              .inheritIO();
      program.environment().put(TableStartProgram.SECRET, server.secret);
      Process process = program.start();
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IOException("It did not end: " + way);
      }
      if (process.exitValue() != 0) {
        throw new IOException(way + " ended with " + process.exitValue());
      }
    }
  }
}
