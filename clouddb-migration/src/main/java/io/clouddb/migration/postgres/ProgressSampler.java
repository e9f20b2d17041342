/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.Lag;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.progress.MigrationProgress;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.Sample;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the numbers four times a second, tells the listener, and keeps a series for the plots.
 */
final class ProgressSampler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressSampler.class);
  private static final long PERIOD_MILLIS = 250;
  private static final int LOOK_FOR_BLOCKED_EVERY = 8;
  private static final int MOST_SAMPLES = 4000;
  private static final Duration WINDOW = Duration.ofSeconds(3);
  private static final int UNKNOWN_RATE = 0;

  /** Hears how much log is kept. */
  @FunctionalInterface
  interface WhenRetained {
    /**
     * A look at it.
     *
     * @param read bytes that are kept for the slot that is read
     * @param waiting bytes that are kept for one that nobody reads yet
     */
    void seen(long read, long waiting);
  }

  private record Point(Instant at, MigrationStep step, long copied, long applied, long done) {}

  private final Meter meter;
  private final Notifier notifier;
  private final Clock clock;
  private final ConnectionDetails source;
  private final String sessionName;
  private final ScheduledExecutorService timer;
  private final Deque<Point> window = new ArrayDeque<>();
  private final List<Sample> samples = new ArrayList<>();
  private @Nullable Connection watcher;
  private final Map<ConnectionDetails, Connection> slotWatchers = new HashMap<>();
  private Optional<String> waitingOn = Optional.empty();
  private final WhenRetained whenRetained;
  private Lag lag = new Lag(0, Duration.ZERO);
  private long retainedWal;
  private int round;
  private int keepEvery = 1;

  ProgressSampler(
      Meter meter,
      Notifier notifier,
      Clock clock,
      ConnectionDetails source,
      String sessionName,
      WhenRetained whenRetained) {
    this.meter = meter;
    this.notifier = notifier;
    this.clock = clock;
    this.source = source;
    this.sessionName = sessionName;
    this.whenRetained = whenRetained;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "clouddb-progress");
              thread.setDaemon(true);
              return thread;
            });
  }

  void start() {
    ScheduledFuture<?> ticks =
        timer.scheduleWithFixedDelay(this::tick, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    LOG.debug("Sampling every {} ms: {}", PERIOD_MILLIS, ticks);
  }

  private void tick() {
    try {
      sample();
    } catch (RuntimeException e) {
      // The next tick would never come; a plot with a gap is better than none.
      LOG.debug("A sample of the migration's progress could not be taken", e);
    }
  }

  private synchronized void sample() {
    Applier applier = meter.applier;
    if (applier != null) {
      try {
        lag = applier.lag();
      } catch (CloudDbException e) {
        LOG.debug("The lag could not be measured: {}", e.getMessage());
      }
    }
    if (round++ % LOOK_FOR_BLOCKED_EVERY == 0) {
      lookForBlocked();
      lookAtSlot();
    }
    Point now =
        new Point(
            clock.instant(),
            meter.step,
            meter.rowsCopied.get(),
            meter.changesApplied(),
            meter.rowsDone());
    Point last = window.peekLast();
    if (last != null && last.step != now.step) {
      window.removeIf(point -> point.step != now.step);
    }
    Point first = window.peekFirst();
    while (first != null && Duration.between(first.at, now.at).compareTo(WINDOW) > 0) {
      window.removeFirst();
      first = window.peekFirst();
    }
    window.addLast(now);
    if (last != null && round % keepEvery == 0) {
      keep(last, now);
    }
    notifier.progress(progress(window.getFirst(), now));
  }

  private void keep(Point last, Point now) {
    samples.add(
        new Sample(
            now.at,
            rate(last.copied, now.copied, last, now),
            rate(last.applied, now.applied, last, now),
            lag.bytes(),
            lag.time().toMillis()));
    if (samples.size() > MOST_SAMPLES) {
      List<Sample> half = new ArrayList<>();
      for (int i = 0; i < samples.size(); i += 2) {
        half.add(samples.get(i));
      }
      samples.clear();
      samples.addAll(half);
      keepEvery *= 2;
    }
  }

  private static double rate(long before, long after, Point from, Point to) {
    double seconds = Duration.between(from.at, to.at).toMillis() / 1000.0;
    return seconds <= 0 ? UNKNOWN_RATE : Math.max(0, (after - before) / seconds);
  }

  private MigrationProgress progress(Point first, Point now) {
    boolean rows = now.step == MigrationStep.SYNC || now.step == MigrationStep.VALIDATE;
    double rate =
        rows
            ? rate(first.done, now.done, first, now)
            : rate(first.applied, now.applied, first, now);
    long estimated = meter.estimated;
    Optional<Duration> left =
        rows && rate > 0 && estimated > now.done
            ? Optional.of(Duration.ofMillis((long) ((estimated - now.done) / rate * 1000)))
            : Optional.empty();
    return new MigrationProgress(
        now.at,
        now.step,
        meter.activity,
        now.done,
        estimated,
        rate,
        left,
        now.applied,
        lag.bytes(),
        lag.time(),
        retainedWal,
        meter.chunksDone.get(),
        meter.chunks,
        waitingOn);
  }

  private void lookAtSlot() {
    SlotWatch slot = meter.slot();
    if (slot == null) {
      return;
    }
    try {
      SlotWatch waiting = meter.waiting();
      long read = kept(slot);
      long unread = waiting == null ? 0 : kept(waiting);
      retainedWal = Math.max(read, unread);
      whenRetained.seen(read, unread);
    } catch (SQLException e) {
      LOG.debug("The log that is kept could not be measured: {}", e.getMessage());
    }
  }

  private long kept(SlotWatch slot) throws SQLException {
    Connection connection = slotWatchers.get(slot.server());
    if (connection == null || connection.isClosed()) {
      connection = PinnedSession.open(slot.server(), "log-watch");
      slotWatchers.put(slot.server(), connection);
    }
    return slot.retained(connection);
  }

  private void lookForBlocked() {
    try {
      Connection connection = watcher;
      if (connection == null || connection.isClosed()) {
        connection = PinnedSession.open(source, "watch");
        watcher = connection;
      }
      List<String> blocked = BlockedSessions.behind(connection, sessionName);
      Optional<String> now =
          blocked.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", blocked));
      if (now.isPresent() && waitingOn.isEmpty()) {
        notifier.notice(now.get());
      }
      waitingOn = now;
    } catch (SQLException e) {
      LOG.debug("The sessions that wait could not be read: {}", e.getMessage());
    }
  }

  /** The series so far. */
  synchronized List<Sample> samples() {
    return List.copyOf(samples);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      timer.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closeQuietly(watcher);
    slotWatchers.values().forEach(ProgressSampler::closeQuietly);
  }

  private static void closeQuietly(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debug("A connection could not be closed: {}", e.getMessage());
      }
    }
  }
}
