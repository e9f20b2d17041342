/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.DeadlineException;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.stream.Pace;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MarkerWaitTest {
  private static final Duration SOON = Duration.ofMillis(20);

  /** What the wait takes for the time: it passes when a test says so. */
  private final AtomicLong now = new AtomicLong();

  private void tenMinutesPass() {
    now.addAndGet(TimeUnit.MINUTES.toNanos(10));
  }

  private static Ends ends() throws Exception {
    Ends ends = Ends.of(16, 16);
    ends.onBoth("CREATE TABLE a (id int PRIMARY KEY)");
    ends.copy(1, 1 << 20);
    return ends;
  }

  private static Direction direction(Ends ends, Applier applier) throws Exception {
    return new Direction(
        ends.source(),
        ends.target(),
        ends.tables(),
        List.of(),
        applier,
        ends.slot(),
        new ComparedFiles());
  }

  /** A message of another database is in the log, and in no stream of this one. */
  @Test
  void writesAMarkerThatIsLostAgainAFewTimes() throws Exception {
    try (Ends ends = ends();
        Applier applier = ends.applier();
        Connection elsewhere = ends.sourceServer().superuser().connect()) {
      ends.catchUp(applier);
      AtomicInteger looks = new AtomicInteger();
      MarkerWait wait =
          new MarkerWait(
              direction(ends, applier),
              new Pace(),
              () -> {
                looks.incrementAndGet();
                push(ends, applier);
              },
              SOON,
              now::get);
      assertThatThrownBy(() -> wait.run(elsewhere))
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("5 markers were written")
          .hasMessageContaining("the position passed each without it");
      assertThat(looks.get()).isGreaterThanOrEqualTo(5);
    }
  }

  /** Moves the position past what was written before. */
  private static void push(Ends ends, Applier applier) {
    try {
      ends.catchUp(applier);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void endsWhenNothingMoves() throws Exception {
    try (Ends ends = ends();
        Applier applier = ends.applier();
        Connection source = ends.source().connect();
        Connection other = ends.target().connect();
        Statement blocks = other.createStatement()) {
      ends.catchUp(applier);
      other.setAutoCommit(false);
      blocks.execute("LOCK TABLE a");
      ends.onSource("INSERT INTO a VALUES (1)");
      MarkerWait wait =
          new MarkerWait(
              direction(ends, applier), new Pace(), this::tenMinutesPass, SOON, now::get);
      assertThatThrownBy(() -> wait.run(source))
          .isInstanceOf(DeadlineException.class)
          .hasMessageContaining("Nothing was read from")
          .hasMessageContaining("clouddb-apply");
      other.rollback();
      // The applier itself goes on.
      ends.catchUp(applier);
      assertThat(ends.differences()).isEmpty();
    }
  }

  @Test
  void waitsForOneThatIsToStandStill() throws Exception {
    Pace pace = new Pace();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Ends ends = ends();
        Applier applier = ends.applier(ends.options().pace(pace).build());
        Connection source = ends.source().connect()) {
      ends.catchUp(applier);
      // While it is held it cannot be about to take what comes.
      applier.hold(Ends.PATIENCE);
      pace.pause();
      applier.release();
      AtomicInteger looks = new AtomicInteger();
      MarkerWait wait =
          new MarkerWait(
              direction(ends, applier),
              pace,
              () -> {
                if (looks.incrementAndGet() < 10) {
                  tenMinutesPass();
                } else {
                  pace.resume();
                }
              },
              SOON,
              now::get);
      Future<Duration> waited = thread.submit(() -> wait.run(source));
      waited.get(60, TimeUnit.SECONDS);
      assertThat(looks.get()).isGreaterThanOrEqualTo(10);
    } finally {
      thread.shutdownNow();
    }
  }
}
