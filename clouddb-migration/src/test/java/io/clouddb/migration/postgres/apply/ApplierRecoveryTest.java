/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.migration.postgres.testing.Shop;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ApplierRecoveryTest {
  private static final String END_SESSIONS =
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
          + " WHERE application_name IN ('clouddb-apply', 'clouddb-stream')"
          + " AND usename = '%s'";

  @Test
  void doesItsWorkAgainWhenItsSessionsEnd() throws Exception {
    try (Ends ends = Ends.of(16, 16);
        Shop shop = new Shop(ends.source())) {
      ends.onBoth(Shop.schema());
      ends.onSource(Shop.FULL_IDENTITY);
      ends.onSource(Shop.rows(500));
      shop.start(2);
      ends.copy(2, 64 << 10);
      try (Applier applier = ends.applier()) {
        for (int i = 0; i < 6; i++) {
          ends.catchUp(applier);
          var server = i % 2 == 0 ? ends.sourceServer() : ends.targetServer();
          Ends.query(server.superuser(), END_SESSIONS.formatted(ends.source().user()));
        }
        shop.stop();
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
        assertThat(applier.counters().retries()).isGreaterThanOrEqualTo(3);
        assertThat(applier.failure()).isNotDone();
      }
    }
  }

  @Test
  @Tag("slow")
  void losesNothingWhenServersAreKilled() throws Exception {
    try (Ends ends = Ends.of(17, 17);
        Shop shop = new Shop(ends.source())) {
      ends.onBoth(Shop.schema());
      ends.onSource(Shop.FULL_IDENTITY);
      ends.onSource(Shop.rows(500));
      ends.copy(2, 64 << 10);
      try (Applier applier = ends.applier()) {
        shop.start(2);
        for (int i = 0; i < 3; i++) {
          ends.catchUp(applier);
          ends.targetServer().kill();
          ends.targetServer().start();
        }
        shop.stop();
        ends.catchUp(applier);
        ends.sourceServer().kill();
        ends.sourceServer().start();
        ends.onSource("INSERT INTO quiet VALUES (-7)");
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
        assertThat(applier.counters().retries()).isGreaterThanOrEqualTo(3);
      }
    }
  }

  @Test
  void repeatsABatchAfterADeadlock() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth("CREATE TABLE a (id int PRIMARY KEY, n int)");
      ends.onSource("INSERT INTO a VALUES (1, 0), (2, 0), (3, 0)");
      ends.copy(1, 1 << 20);
      var admin =
          ends.targetServer().superuser().toBuilder().database(ends.target().database()).build();
      String waiting =
          "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '"
              + ends.target().database()
              + "' AND application_name = '%s'";
      try (Connection first = admin.connect();
          Statement holdingTwo = first.createStatement();
          Connection second = admin.connect();
          Statement holdingThree = second.createStatement();
          Applier applier = ends.applier()) {
        ends.catchUp(applier);
        first.setAutoCommit(false);
        second.setAutoCommit(false);
        holdingTwo.execute("SELECT FROM a WHERE id = 2 FOR UPDATE");
        holdingThree.execute("SELECT FROM a WHERE id = 3 FOR UPDATE");
        ends.onSource(
            "BEGIN; UPDATE a SET n = n + 1 WHERE id = 1; UPDATE a SET n = n + 1 WHERE id = 2;"
                + " UPDATE a SET n = n + 1 WHERE id = 3; COMMIT");
        Ends.await(ends.targetServer().superuser(), waiting.formatted("clouddb-apply"), "1");
        // Each looks for a deadlock once in a wait. This one looks when there is none, or never;
        // the
        // applier's wait for the third row is the one that closes the circle, so it is ended.
        holdingThree.execute("SET application_name = 'rival'; SET deadlock_timeout = '1h'");
        CompletableFuture<Void> locked =
            CompletableFuture.runAsync(
                () -> {
                  try {
                    holdingThree.execute("SELECT FROM a WHERE id = 1 FOR UPDATE");
                    second.commit();
                  } catch (SQLException e) {
                    throw new CompletionException(e);
                  }
                });
        Ends.await(ends.targetServer().superuser(), waiting.formatted("rival"), "1");
        first.commit();
        locked.get(60, TimeUnit.SECONDS);
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
        assertThat(applier.counters().retries()).isEqualTo(1);
      }
    }
  }

  @Test
  void goesOnWhereAnEarlierOneStopped() throws Exception {
    try (Ends ends = Ends.of(16, 16);
        Shop shop = new Shop(ends.source())) {
      ends.onBoth(Shop.schema());
      ends.onSource(Shop.FULL_IDENTITY);
      ends.onSource(Shop.rows(200));
      ends.copy(2, 64 << 10);
      shop.start(2);
      for (int i = 0; i < 4; i++) {
        try (Applier applier = ends.applier()) {
          ends.catchUp(applier);
        }
      }
      shop.stop();
      try (Applier applier = ends.applier()) {
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
      }
    }
  }
}
