/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.sql.ConnectionDetails;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * How far behind the target is after writes at full rate: the time from a marker's commit until it
 * is on the target, beside the server's own subscription. Source, target, writers and apply share
 * the machine.
 */
final class LagBenchmark implements Benchmark {
  private static final int BRANCHES = 10;
  private static final String PUBLICATION = "changes";
  private static final String TEMPLATE = "initial";
  private static final String RUN = "run";
  private static final String SLOT = "bank";

  /** Starts an apply from the slot, and gives what ends it. */
  private interface Follower {
    AutoCloseable start(ConnectionDetails source, ConnectionDetails target) throws Exception;
  }

  /** What was seen of a follower, round by round. */
  private record Seen(List<Double> lags, List<Double> rates) {}

  @Override
  public String name() {
    return "lag";
  }

  @Override
  public void run(Scale scale, Report report) throws Exception {
    long seconds = scale.of(60, 15, 2);
    Map<String, Follower> followers = new LinkedHashMap<>();
    followers.put("clouddb", (from, to) -> FollowedApplier.start(from, to, PUBLICATION, SLOT));
    followers.put("server's subscription", LagBenchmark::subscription);
    Map<String, Seen> seen = new LinkedHashMap<>();
    followers
        .keySet()
        .forEach(name -> seen.put(name, new Seen(new ArrayList<>(), new ArrayList<>())));
    try (Servers servers = Servers.start()) {
      prepare(servers);
      for (int round = 1; round <= scale.rounds(); round++) {
        for (Map.Entry<String, Follower> follower : followers.entrySet()) {
          freshDatabases(servers);
          follow(
              servers,
              follower.getValue(),
              seconds,
              Objects.requireNonNull(seen.get(follower.getKey())));
          System.out.printf(
              "round %d  %-24s %s   load %s%n",
              round,
              follower.getKey(),
              Objects.requireNonNull(seen.get(follower.getKey())).lags(),
              Report.load());
        }
      }
    }
    List<List<String>> rows = new ArrayList<>();
    seen.forEach(
        (name, each) ->
            rows.add(List.of(name, Standings.spread(each.lags()), Standings.spread(each.rates()))));
    report.table(
        "Time until a marker is applied, after "
            + seconds
            + " s of "
            + BankWriters.name()
            + " with asynchronous commit",
        List.of("apply", "seconds", "transactions a second written"),
        rows);
  }

  private static AutoCloseable subscription(ConnectionDetails source, ConnectionDetails target)
      throws Exception {
    Subscription.create(target, source, PUBLICATION, SLOT);
    return () -> Subscription.drop(target);
  }

  private static void prepare(Servers servers) throws Exception {
    for (ConnectionDetails server : List.of(servers.source(), servers.target())) {
      Servers.execute(server, "CREATE DATABASE " + TEMPLATE);
      ConnectionDetails initial = Servers.database(server, TEMPLATE);
      Servers.execute(initial, Marker.TABLE);
      Servers.execute(initial, BankWriters.tables(BRANCHES).toArray(String[]::new));
    }
    Servers.execute(
        Servers.database(servers.source(), TEMPLATE),
        "CREATE PUBLICATION " + PUBLICATION + " FOR ALL TABLES");
  }

  private static void freshDatabases(Servers servers) throws Exception {
    for (ConnectionDetails server : List.of(servers.source(), servers.target())) {
      Servers.execute(
          server,
          "DROP DATABASE IF EXISTS " + RUN + " WITH (FORCE)",
          "CREATE DATABASE " + RUN + " TEMPLATE " + TEMPLATE,
          "CHECKPOINT");
    }
  }

  private static void follow(Servers servers, Follower follower, long seconds, Seen seen)
      throws Exception {
    ConnectionDetails source = Servers.database(servers.source(), RUN);
    ConnectionDetails target = Servers.database(servers.target(), RUN);
    Slots.create(source, SLOT);
    AutoCloseable following = follower.start(source, target);
    Applier applier = following instanceof Applier own ? own : null;
    try {
      Marker.write(source, "begin");
      Marker.await(target, "begin", applier);
      seen.rates().add(new BankWriters(source, BRANCHES).run(seconds));
      Marker.write(source, "end");
      long written = System.nanoTime();
      Marker.await(target, "end", applier);
      seen.lags().add((System.nanoTime() - written) / (double) TimeUnit.SECONDS.toNanos(1));
    } finally {
      following.close();
    }
    Slots.drop(source, SLOT);
  }
}
