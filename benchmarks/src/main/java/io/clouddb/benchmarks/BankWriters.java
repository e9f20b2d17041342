/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.sql.ConnectionDetails;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two connections that write the transactions of {@code pgbench -N} (an account's balance, and a
 * line of history) as fast as they can, with asynchronous commit: pgbench itself where it is
 * installed, else the same by JDBC.
 */
final class BankWriters {
  private static final int CONNECTIONS = 2;
  private static final int ACCOUNTS_EACH = 100_000;
  private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");

  private final ConnectionDetails source;
  private final int branches;

  BankWriters(ConnectionDetails source, int branches) {
    this.source = source;
    this.branches = branches;
  }

  /** The tables as {@code pgbench -i} makes them. */
  static List<String> tables(int branches) {
    return List.of(
        "CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88))",
        "CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int,"
            + " filler char(84))",
        "CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int,"
            + " filler char(84))",
        "CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp,"
            + " filler char(22))",
        "INSERT INTO pgbench_branches SELECT i, 0, '' FROM generate_series(1, " + branches + ") i",
        "INSERT INTO pgbench_tellers SELECT i, 1 + (i - 1) / 10, 0, '' FROM generate_series(1, "
            + 10 * branches
            + ") i",
        "INSERT INTO pgbench_accounts SELECT i, 1 + (i - 1) / 100000, 0, '' FROM"
            + " generate_series(1, "
            + ACCOUNTS_EACH * branches
            + ") i",
        "VACUUM ANALYZE");
  }

  static String name() {
    return Programs.installed("pgbench")
        ? "pgbench -c2 -N -M prepared"
        : "the transactions of pgbench -N on 2 connections, by JDBC";
  }

  /** Writes for so long. Returns transactions a second. */
  double run(long seconds) throws Exception {
    return Programs.installed("pgbench") ? pgbench(seconds) : jdbc(seconds);
  }

  private double pgbench(long seconds) throws Exception {
    ProcessBuilder builder =
        Programs.command(
            source,
            "pgbench",
            "-n",
            "-c" + CONNECTIONS,
            "-j" + CONNECTIONS,
            "-N",
            "-M",
            "prepared",
            "-T",
            Long.toString(seconds));
    builder.environment().put("PGOPTIONS", "-c synchronous_commit=off");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Programs.require(process);
    Matcher rate = RATE.matcher(output);
    if (!rate.find()) {
      throw new IllegalStateException("pgbench said no rate: " + output);
    }
    return Double.parseDouble(rate.group(1));
  }

  private double jdbc(long seconds) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    ExecutorService pool = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      List<Callable<Long>> writers = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        SplittableRandom random = new SplittableRandom(i);
        writers.add(() -> write(random, end));
      }
      long transactions = 0;
      for (Future<Long> writer : pool.invokeAll(writers)) {
        transactions += writer.get();
      }
      return transactions / (double) seconds;
    } finally {
      pool.shutdownNow();
    }
  }

  private long write(SplittableRandom random, long end) throws SQLException {
    try (Connection connection = source.connect();
        PreparedStatement account =
            connection.prepareStatement(
                "UPDATE pgbench_accounts SET abalance = abalance + ? WHERE aid = ?");
        PreparedStatement balance =
            connection.prepareStatement("SELECT abalance FROM pgbench_accounts WHERE aid = ?");
        PreparedStatement history =
            connection.prepareStatement(
                "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime)"
                    + " VALUES (?, ?, ?, ?, current_timestamp)")) {
      try (var statement = connection.createStatement()) {
        statement.execute("SET synchronous_commit = off");
      }
      connection.setAutoCommit(false);
      long transactions = 0;
      for (; System.nanoTime() < end; transactions++) {
        int aid = 1 + random.nextInt(ACCOUNTS_EACH * branches);
        int delta = random.nextInt(-5000, 5001);
        account.setInt(1, delta);
        account.setInt(2, aid);
        account.executeUpdate();
        balance.setInt(1, aid);
        balance.executeQuery().close();
        history.setInt(1, 1 + random.nextInt(10 * branches));
        history.setInt(2, 1 + random.nextInt(branches));
        history.setInt(3, aid);
        history.setInt(4, delta);
        history.executeUpdate();
        connection.commit();
      }
      return transactions;
    }
  }
}
