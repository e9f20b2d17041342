/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.SimulatorException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one instance has backed up by itself, and to which moments it can be restored; also after it
 * was deleted, where that was asked for.
 *
 * <p>Nothing is done when a day's backup begins: it is the data of that moment, which the log has.
 * So the days are counted when somebody looks, by what the instance has done since.
 */
public final class InstanceBackups {
  private static final DateTimeFormatter SUFFIX =
      DateTimeFormatter.ofPattern("-yyyy-MM-dd-HH-mm").withZone(ZoneOffset.UTC);

  /** In which an instance has no backup made by itself. */
  private static final Set<InstanceState> IDLE =
      EnumSet.of(InstanceState.CREATING, InstanceState.STOPPED, InstanceState.STARTING);

  /**
   * The moments to which an instance can be restored, in simulated time.
   *
   * @param earliest the first of them
   * @param latest the last: now, or when the instance was stopped or deleted; what a real service
   *     is late by is the skin's to take off
   */
  public record Window(Instant earliest, Instant latest) {}

  /** The database that an instance had from a moment on, in real time. */
  private record Span(Instant from, ManagedDatabase database, DatabaseArchive archive) {}

  private final SimulatedInstance instance;
  private final CloudEngine engine;
  private final SimulatedClock clock;
  private final Duration duration;
  private final TreeMap<Instant, SimulatedBackup> backups = new TreeMap<>();
  private final List<Span> spans = new ArrayList<>();
  private BackupSchedule schedule = BackupSchedule.off();
  private Instant counted;
  private Instant alive;
  private boolean active;
  private boolean firstIsDue;
  private boolean released;
  private @Nullable Instant logSince;
  private @Nullable Duration kept;
  private boolean rolling;
  private @Nullable Instant deleted;

  /** When each backup goes, of an instance that was deleted. */
  private final Map<SimulatedBackup, Instant> rollingEnds = new HashMap<>();

  /**
   * @param duration how long a backup takes
   */
  InstanceBackups(SimulatedInstance instance, CloudEngine engine, Duration duration) {
    this.instance = instance;
    this.engine = engine;
    this.clock = engine.clock();
    this.duration = duration;
    this.counted = clock.instant();
    this.alive = counted;
  }

  /**
   * The instance, as it is or as it was when it was deleted.
   *
   * @return the instance
   */
  public SimulatedInstance instance() {
    return instance;
  }

  /**
   * When the instance was deleted, or, of what is kept in another place, that ended.
   *
   * @return simulated time; empty as long as it goes on
   */
  public synchronized Optional<Instant> deleted() {
    return Optional.ofNullable(deleted);
  }

  /**
   * What makes these backups.
   *
   * @return the schedule; {@link BackupSchedule#off()} when none was given
   */
  public synchronized BackupSchedule schedule() {
    return schedule;
  }

  /**
   * The backups by itself that there are now.
   *
   * @return oldest first; the last one may still be being made
   */
  public synchronized List<SimulatedBackup> backups() {
    count();
    return List.copyOf(backups.values());
  }

  /**
   * The moments to which the instance can be restored: from its oldest backup on, as far back as
   * its log is kept.
   *
   * @return empty when there are none
   */
  public synchronized Optional<Window> window() {
    count();
    Instant since = logSince;
    if (since == null || schedule.pointInTime().isEmpty()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    Instant oldestLog = now.minus(schedule.pointInTime().get());
    return backups.values().stream()
        .flatMap(backup -> backup.completed().stream())
        .min(Instant::compareTo)
        .map(first -> new Window(latest(first, latest(since, oldestLog)), alive))
        .filter(window -> !window.earliest().isAfter(window.latest()));
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** Holds from now on. */
  synchronized void schedule(BackupSchedule next) {
    count();
    boolean none = backups.isEmpty();
    if (next.isOff()) {
      backups.clear();
    }
    if (next.pointInTime().isEmpty()) {
      logSince = null;
    } else if (logSince == null) {
      logSince = clock.instant();
    } else {
      // What is given away does not come back with a longer time.
      logSince = latest(logSince, clock.instant().minus(next.pointInTime().get()));
    }
    schedule = next;
    firstIsDue = next.isAtOnce() && none;
    count();
  }

  /** Is kept when the instance is deleted, for at most a time from then on. */
  synchronized void keepAfterDeletion(Duration most) {
    kept = most;
  }

  /**
   * Is kept when the instance is deleted, of which one backup goes a day then.
   *
   * @param value false where that was asked for before, with a deletion that failed
   */
  synchronized void keepOneFewerEachDay(boolean value) {
    rolling = value;
  }

  /**
   * What the instance has done since the last time that it was looked at is over: to be called
   * whenever that changes.
   */
  synchronized void count() {
    Instant now = clock.instant();
    if (active) {
      schedule.start().ifPresent(start -> addBetween(latest(counted, oldest(now)), now, start));
      alive = now;
    }
    counted = now;
    if (deleted == null) {
      look();
      if (active && firstIsDue && schedule.start().isPresent()) {
        firstIsDue = false;
        add(now);
      }
    }
    expire(now);
  }

  private void look() {
    Optional<ManagedDatabase> database = instance.managed();
    if (database.isPresent()
        && !released
        && (spans.isEmpty() || spans.get(spans.size() - 1).database() != database.get())) {
      spans.add(new Span(Instant.now(), database.get(), database.get().archive()));
    }
    boolean before = active;
    active =
        database.isPresent() && instance.source().isEmpty() && !IDLE.contains(instance.state());
    if (active && !before) {
      alive = counted;
    }
  }

  /** Before which none is kept, so that years that pass at once are not counted day by day. */
  private Instant oldest(Instant now) {
    Duration most =
        schedule
            .keep()
            .orElse(
                schedule.keepCount().isPresent()
                    ? Duration.ofDays(schedule.keepCount().getAsInt() + 1L)
                    : Duration.between(counted, now));
    return now.minus(most);
  }

  private void addBetween(Instant after, Instant until, LocalTime start) {
    LocalDate day = after.atZone(ZoneOffset.UTC).toLocalDate();
    for (Instant due = due(day, start); !due.isAfter(until); due = due(day, start)) {
      if (due.isAfter(after)) {
        add(due);
      }
      day = day.plusDays(1);
    }
  }

  private static Instant due(LocalDate day, LocalTime start) {
    return day.atTime(start).toInstant(ZoneOffset.UTC);
  }

  private void add(Instant time) {
    ResourceKey key =
        new ResourceKey(instance.key().scope(), instance.key().name() + SUFFIX.format(time));
    backups.computeIfAbsent(
        time,
        unused ->
            new SimulatedBackup(
                    key,
                    engine.newId(),
                    SimulatedBackup.Origin.AUTOMATED,
                    SimulatedBackup.Source.of(instance),
                    time,
                    time,
                    clock,
                    null)
                .complete(time.plus(duration)));
  }

  private void expire(Instant now) {
    Instant gone = deleted == null || kept == null ? null : deleted.plus(kept);
    for (SimulatedBackup backup : List.copyOf(backups.values())) {
      Instant end =
          deleted != null && rolling
              ? rollingEnds.get(backup)
              : schedule.keep().map(backup.started()::plus).orElse(null);
      if (gone != null && (end == null || end.isAfter(gone))) {
        end = gone;
      }
      backup.expireAt(end);
      if (end != null && !end.isAfter(now)) {
        backups.remove(backup.started());
      }
    }
    while (schedule.keepCount().isPresent() && backups.size() > schedule.keepCount().getAsInt()) {
      backups.remove(backups.firstKey());
    }
    if (deleted != null && backups.isEmpty()) {
      release();
    }
  }

  /** Deletes one of them; does nothing when it is gone. */
  synchronized void remove(SimulatedBackup backup) {
    count();
    backups.values().remove(backup);
  }

  /**
   * The data of now, with a hold of its own.
   *
   * @param now the real time
   */
  synchronized BackedUp now(Instant now) {
    count();
    return at(now);
  }

  /** Refuses one of them that is gone. */
  synchronized void require(SimulatedBackup backup) {
    count();
    if (!backups.containsValue(backup)) {
      throw Backups.withoutData(backup);
    }
  }

  /** The data of a backup by itself, with a hold of its own. */
  synchronized BackedUp of(SimulatedBackup backup) {
    require(backup);
    return at(clock.realTimeOf(backup.started()));
  }

  /**
   * The data of a moment, with a hold of its own.
   *
   * @param moment in simulated time; null for the latest that there is, which an instance that is
   *     there has in any case
   */
  synchronized BackedUp of(@Nullable Instant moment) {
    if (moment == null && deleted == null) {
      return now(clock.realTime());
    }
    Window window =
        window()
            .orElseThrow(
                () ->
                    new SimulatorException(
                        Reason.WRONG_STATE,
                        "The instance " + instance.key() + " has no moments to be restored to"));
    Instant at = moment == null ? window.latest() : moment;
    if (at.isBefore(window.earliest()) || at.isAfter(window.latest())) {
      throw new SimulatorException(
          Reason.INVALID_PARAMETER,
          "The instance "
              + instance.key()
              + " can be restored from "
              + window.earliest()
              + " to "
              + window.latest()
              + ", not to "
              + at);
    }
    return at(clock.realTimeOf(at));
  }

  /** The data of a moment in real time, with a hold of its own. */
  synchronized BackedUp at(Instant moment) {
    Span found = null;
    for (Span span : spans) {
      if (found == null || !span.from().isAfter(moment)) {
        found = span;
      }
    }
    if (found == null) {
      throw new SimulatorException(
          Reason.WRONG_STATE, "The instance " + instance.key() + " has no data yet");
    }
    return new BackedUp(found.archive().again(), moment);
  }

  /** The instance goes, whose database is still there; does nothing the second time. */
  synchronized void end() {
    count();
    if (deleted != null) {
      return;
    }
    // What is still being made of it is never finished.
    backups.values().removeIf(backup -> backup.completed().isEmpty());
    deleted = clock.instant();
    if ((kept == null && !rolling) || backups.isEmpty()) {
      backups.clear();
      release();
      return;
    }
    active = false;
    for (SimulatedBackup backup : backups.values()) {
      rollingEnds.put(backup, deleted.plus(Duration.ofDays(rollingEnds.size() + 1L)));
    }
    expire(deleted);
  }

  /** Nothing stays of what has ended. */
  synchronized void discard() {
    if (deleted == null) {
      throw new IllegalStateException("The backups of " + instance.key() + " go on");
    }
    backups.clear();
    release();
  }

  /** Whether nothing is left of an instance that was deleted. */
  synchronized boolean isOver() {
    count();
    return deleted != null && backups.isEmpty();
  }

  /** Lets go of all data. */
  synchronized void release() {
    released = true;
    spans.forEach(span -> span.archive().close());
    spans.clear();
  }
}
