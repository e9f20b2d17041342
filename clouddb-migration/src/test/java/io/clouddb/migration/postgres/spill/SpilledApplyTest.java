/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.migration.Eventually;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.stream.SlotStatus;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.migration.postgres.testing.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.replication.LogSequenceNumber;

/** Changes that were read ahead into files and confirmed are applied, each once, or it is told. */
class SpilledApplyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  private Spilling spilling() {
    Spilling spilling = new Spilling(folder, 1L << 30);
    spilling.engage(true);
    return spilling;
  }

  private static Applier applier(Ends ends, Spilling spilling) throws SQLException {
    return ends.applier(
        ends.options().spilling(spilling).statusInterval(Duration.ofMillis(50)).build());
  }

  private static LogSequenceNumber confirmed(Ends ends) throws SQLException {
    try (Connection source = ends.source().connect()) {
      return SlotStatus.read(source, ends.slot()).orElseThrow().confirmed();
    }
  }

  private static LogSequenceNumber position(Ends ends) throws SQLException {
    try (Connection target = ends.target().connect()) {
      return PositionTable.read(target, "test").orElseThrow().lsn();
    }
  }

  private static LogSequenceNumber now(Ends ends) throws SQLException {
    return LogSequenceNumber.valueOf(
        Ends.query(ends.source(), "SELECT pg_current_wal_insert_lsn()"));
  }

  /** Holds the apply, and writes; the slot stands behind all of it while the target does not. */
  private static void spill(Ends ends, Shop shop, Applier applier) throws Exception {
    shop.start(2);
    ends.catchUp(applier);
    applier.hold(PATIENCE);
    long commits = shop.commits();
    Eventually.until("writes", () -> shop.commits() > commits + 500);
    shop.stop();
    awaitConfirmed(ends);
    assertThat(confirmed(ends)).isGreaterThan(position(ends));
  }

  private static void awaitConfirmed(Ends ends) throws SQLException {
    LogSequenceNumber written = now(ends);
    Eventually.until("the slot to move on", () -> confirmed(ends).compareTo(written) >= 0);
  }

  private static Ends shop() throws SQLException {
    Ends ends = Ends.of(16, 16);
    ends.onBoth(Shop.schema());
    ends.onSource(Shop.FULL_IDENTITY);
    ends.onSource(Shop.rows(500));
    ends.copy(2, 64 << 10);
    return ends;
  }

  private List<Path> files(Ends ends) throws IOException {
    try (Stream<Path> found = Files.list(folder.resolve(ends.slot()))) {
      return found.sorted().toList();
    }
  }

  @Test
  void letsTheSourceGoOnWhileTheTargetStandsStill() throws Exception {
    try (Ends ends = shop();
        Shop shop = new Shop(ends.source());
        Applier applier = applier(ends, spilling())) {
      spill(ends, shop, applier);
      applier.release();
      ends.catchUp(applier);
      assertThat(ends.differences()).isEmpty();
    }
  }

  @Test
  void goesOnFromTheFilesInAnotherProcessAgainAndAgain() throws Exception {
    try (Ends ends = shop();
        Shop shop = new Shop(ends.source())) {
      try (Applier first = applier(ends, spilling())) {
        spill(ends, shop, first);
      }
      for (int i = 0; i < 3; i++) {
        // Each of these goes on behind the last one's end, and applies nothing.
        try (Applier held = applier(ends, spilling())) {
          held.hold(PATIENCE);
          ends.onSource("UPDATE customer SET name = name || '!'");
          awaitConfirmed(ends);
        }
      }
      try (Applier last = applier(ends, spilling())) {
        ends.catchUp(last);
        assertThat(ends.differences()).isEmpty();
        assertThat(last.failure()).isNotDone();
      }
    }
  }

  @Test
  void doesItsWorkAgainWhenItsSessionsEnd() throws Exception {
    try (Ends ends = shop();
        Shop shop = new Shop(ends.source());
        Applier applier = applier(ends, spilling())) {
      spill(ends, shop, applier);
      for (String session : List.of("clouddb-stream", "clouddb-apply", "clouddb-stream")) {
        ends.onSource("UPDATE customer SET name = name || '!'");
        for (var server : List.of(ends.sourceServer(), ends.targetServer())) {
          Ends.query(
              server.superuser(),
              "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = '"
                  + ends.source().user()
                  + "' AND application_name = '"
                  + session
                  + "'");
        }
        applier.release();
        ends.catchUp(applier);
        applier.hold(PATIENCE);
      }
      assertThat(ends.differences()).isEmpty();
      assertThat(applier.counters().retries()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void refusesToGoOnWithoutTheFilesOrWithDamagedOnes() throws Exception {
    try (Ends ends = shop();
        Shop shop = new Shop(ends.source())) {
      try (Applier first = applier(ends, spilling())) {
        spill(ends, shop, first);
      }
      Path kept = folder.resolve("kept");
      Files.move(folder.resolve(ends.slot()), kept);
      requireFailure(ends, "which do not have them", folder.resolve(ends.slot()).toString());
      Files.move(kept, folder.resolve(ends.slot()));

      Path last = files(ends).get(files(ends).size() - 1);
      byte[] whole = Files.readAllBytes(last);
      byte[] damaged = whole.clone();
      damaged[damaged.length / 2] ^= 1;
      Files.write(last, damaged);
      requireFailure(ends, "checksum is wrong", last.toString());
      Files.write(last, Arrays.copyOf(whole, whole.length / 2));
      requireFailure(ends, "which do not have them", last.toString());
      assertThat(confirmed(ends)).isGreaterThan(position(ends));

      Files.write(last, whole);
      try (Applier again = applier(ends, spilling())) {
        ends.catchUp(again);
        assertThat(ends.differences()).isEmpty();
      }
      requireNoFilesLeft(ends);
    }
  }

  private void requireFailure(Ends ends, String... words) throws Exception {
    try (Applier applier = applier(ends, spilling())) {
      Throwable failure = applier.failure().get(60, TimeUnit.SECONDS);
      assertThat(failure).hasMessageContainingAll(words);
    }
    try (Connection source = ends.source().connect()) {
      LogSequenceNumber at = position(ends);
      assertThatThrownBy(() -> spilling().requireUsable(source, ends.slot(), at))
          .hasMessageContainingAll(words);
    }
  }

  private void requireNoFilesLeft(Ends ends) throws IOException {
    spilling().remove(ends.slot());
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void startsAfreshWhereTheSlotStillHasEverything() throws Exception {
    try (Ends ends = shop();
        Shop shop = new Shop(ends.source())) {
      Spilling notEngaged = new Spilling(folder, 1L << 30);
      try (Applier applier = applier(ends, notEngaged)) {
        shop.start(2);
        ends.catchUp(applier);
        applier.hold(PATIENCE);
        // After its writers, which take the rows in another order: a deadlock ended it beside them.
        shop.stop();
        ends.onSource("UPDATE customer SET name = name || '!'");
        Eventually.until("files", () -> Files.size(files(ends).get(0)) > 10_000);
        assertThat(confirmed(ends)).isLessThanOrEqualTo(position(ends));
      }
      // Nothing was confirmed on the strength of these files: without them nothing is lost.
      for (Path file : files(ends)) {
        Files.write(file, new byte[] {1, 2, 3});
      }
      try (Applier applier = applier(ends, notEngaged)) {
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
      }
    }
  }

  @Test
  void takesNoMoreThanItMayAndAllOfItInTheEnd() throws Exception {
    try (Ends ends = shop();
        Shop shop = new Shop(ends.source())) {
      Spilling small = new Spilling(folder, 300_000);
      small.engage(true);
      try (Applier applier = applier(ends, small)) {
        shop.start(2);
        ends.catchUp(applier);
        applier.hold(PATIENCE);
        // What was applied last may make room once more, a moment later.
        Eventually.until("the files to be full", () -> small.trouble().contains(folder.toString()));
        LogSequenceNumber full = confirmed(ends);
        long commits = shop.commits();
        Eventually.until("writes", () -> shop.commits() > commits + 300);
        shop.stop();
        assertThat(confirmed(ends)).isLessThan(now(ends)).isGreaterThanOrEqualTo(full);
        applier.release();
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
        Eventually.until("room", () -> small.trouble().isEmpty());
        ends.onSource("INSERT INTO quiet SELECT i, 't' FROM generate_series(10000, 30000) i");
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
      }
    }
  }
}
