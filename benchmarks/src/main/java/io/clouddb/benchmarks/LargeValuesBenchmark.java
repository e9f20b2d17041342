/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Large rows in a small heap: the copy of rows of 1 kB to 100 MB, and which single value a change
 * may bring, found by trying. Each try is a JVM of its own.
 */
final class LargeValuesBenchmark implements Benchmark {
  private static final String HEAP = "-Xmx256m";
  private static final long KILO = 1_000;
  private static final long MEGA = 1_000_000;
  private static final long LIMIT_MINUTES = 10;
  private static final String PUBLICATION = "changes";
  private static final String RUN = "run";

  @Override
  public String name() {
    return "large";
  }

  @Override
  public void run(Scale scale, Report report) throws Exception {
    try (Servers servers = Servers.start()) {
      copies(servers, scale, report);
      changes(servers, scale, report);
    }
  }

  private static void copies(Servers servers, Scale scale, Report report) throws Exception {
    Map<Long, Long> rowsBySize =
        switch (scale.size()) {
          case TINY -> Map.of(KILO, 100L, MEGA, 2L);
          case QUICK, FULL ->
              Map.of(KILO, 200_000L, 100 * KILO, 2_000L, 10 * MEGA, 20L, 100 * MEGA, 5L);
        };
    List<List<String>> lines = new ArrayList<>();
    for (Map.Entry<Long, Long> entry : new TreeMap<>(rowsBySize).entrySet()) {
      long size = entry.getKey();
      long count = entry.getValue();
      Servers.execute(servers.source(), "DROP TABLE IF EXISTS wide");
      Servers.execute(
          servers.source(),
          "CREATE TABLE wide (id bigint PRIMARY KEY, value text)",
          "INSERT INTO wide SELECT i, " + value(size) + " FROM generate_series(1, " + count + ") i",
          "VACUUM ANALYZE");
      new DatabaseCopies(servers).emptyTarget();
      long start = System.nanoTime();
      boolean done = child(servers, "copy");
      double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
      lines.add(
          List.of(
              size + " bytes",
              Long.toString(count),
              done ? String.format(Locale.ROOT, "%.1f", seconds) : "does not fit"));
    }
    Servers.execute(servers.source(), "DROP TABLE wide");
    report.table(
        "Copy with " + HEAP + ", two workers, the start of the JVM included",
        List.of("value", "rows", "seconds"),
        lines);
  }

  private static void changes(Servers servers, Scale scale, Report report) throws Exception {
    List<Long> sizes =
        scale.size() == Scale.Size.TINY
            ? List.of(1L, 2L)
            : List.of(32L, 64L, 96L, 128L, 144L, 160L, 176L, 192L, 208L, 224L);
    Servers.execute(
        servers.source(),
        Marker.TABLE,
        "CREATE TABLE wide (id bigint PRIMARY KEY, value text)",
        "CREATE PUBLICATION " + PUBLICATION + " FOR ALL TABLES");
    List<List<String>> lines = new ArrayList<>();
    Map<String, String> kinds =
        Map.of(
            "INSERT",
            "INSERT INTO wide VALUES (1, %s)",
            "UPDATE",
            "UPDATE wide SET value = %s WHERE id = 2");
    for (Map.Entry<String, String> kind : new TreeMap<>(kinds).entrySet()) {
      long largest = 0;
      for (long size : sizes) {
        if (!change(servers, kind.getValue().replace("%s", value(size * MEGA)))) {
          break;
        }
        largest = size;
      }
      boolean all = largest == sizes.get(sizes.size() - 1);
      lines.add(List.of(kind.getKey(), (all ? "at least " : "") + largest + " MB"));
    }
    report.table(
        "Largest single value of a change with " + HEAP + ", of those tried: " + sizes + " MB",
        List.of("change", "value"),
        lines);
  }

  private static boolean change(Servers servers, String sql) throws Exception {
    String slot = "large";
    new DatabaseCopies(servers).emptyTarget();
    ConnectionDetails target = Servers.database(servers.target(), RUN);
    Servers.execute(
        servers.source(),
        "TRUNCATE wide",
        "TRUNCATE marker",
        "INSERT INTO wide VALUES (2, 'before')");
    Servers.execute(
        target,
        Marker.TABLE,
        "CREATE TABLE wide (id bigint PRIMARY KEY, value text)",
        "INSERT INTO wide VALUES (2, 'before')");
    Slots.create(servers.source(), slot);
    Servers.execute(servers.source(), sql);
    Marker.write(servers.source(), slot);
    try {
      return child(servers, "apply", PUBLICATION, slot) && sameRows(servers.source(), target);
    } finally {
      Slots.drop(servers.source(), slot);
    }
  }

  private static boolean sameRows(ConnectionDetails source, ConnectionDetails target)
      throws Exception {
    String sql = "SELECT string_agg(id || md5(value), ',' ORDER BY id) FROM wide";
    return Servers.query(source, sql).equals(Servers.query(target, sql));
  }

  private static String value(long bytes) {
    return "repeat(md5('value'), " + bytes / 32 + ")";
  }

  /** Runs {@link LargeValuesProgram}. False when its heap was too small. */
  private static boolean child(Servers servers, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of(
            HEAP,
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-classpath",
            System.getProperty("java.class.path"),
            LargeValuesProgram.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    LargeValuesProgram.describe(servers.source(), "SOURCE", builder.environment());
    LargeValuesProgram.describe(
        Servers.database(servers.target(), RUN), "TARGET", builder.environment());
    Path log = Files.createTempFile("clouddb-benchmark", ".log");
    try {
      Process process = builder.redirectOutput(log.toFile()).start();
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IOException("It did not end: " + arguments[0]);
      }
      if (process.exitValue() == 0) {
        return true;
      }
      String said = Files.readString(log);
      if (said.contains("OutOfMemoryError")) {
        return false;
      }
      throw new IOException(arguments[0] + " failed: " + said);
    } finally {
      Files.delete(log);
    }
  }
}
