/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import io.clouddb.migration.drill.PlannedFault.Moment;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a plan: runs the migration, hits it at the planned moments, starts again what was
 * killed, asks for the planned end, until the migration says that it is over. Used by one thread.
 *
 * <p>A run that fails without having been hit fails the drill; so does an end at which a planned
 * fault has met nothing.
 */
final class Conductor {
  private static final int MOST_RUNS = 12;
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(150);

  /** Writes on the target before the end of the time after the switch is asked for. */
  private static final int WRITES_AFTER_SWITCH = 60;

  private final DrillPlan plan;
  private final DrillServers servers;
  private final DrillMigration migration;
  private final File log;
  private final IntSupplier written;
  private final Consumer<String> story;

  private final Deque<PlannedFault> ahead;
  private final List<InflictedFault> active = new ArrayList<>();
  private final List<DrillResult.Hit> hits = new ArrayList<>();
  private final JournalWatch journal = new JournalWatch();
  private @Nullable Long randomMoment;
  private int runs;
  private int writtenAtSwitch = -1;
  private boolean asked;
  private boolean wasHit;
  private boolean killed;

  Conductor(
      DrillPlan plan,
      DrillServers servers,
      Path folder,
      IntSupplier written,
      Consumer<String> story) {
    this.plan = plan;
    this.servers = servers;
    this.migration = servers.throughLinks(plan, folder);
    this.log = new File("target", "drill-" + plan.seed() + ".log");
    this.written = written;
    this.story = story;
    this.ahead = new ArrayDeque<>(plan.faults());
  }

  List<DrillResult.Hit> hits() {
    return List.copyOf(hits);
  }

  int runs() {
    return runs;
  }

  /** Returns when the migration is over as planned, and all is mended. */
  void conduct() throws IOException, InterruptedException {
    while (true) {
      if (++runs > MOST_RUNS) {
        throw new AssertionError("Not over after " + MOST_RUNS + " runs");
      }
      int exit = run();
      if (isOver(exit)) {
        break;
      }
      // What waits for a connection to meet is taken into the next run.
      while (active.stream().anyMatch(fault -> fault.hasHit() && !fault.isOver())) {
        LockSupport.parkNanos(LOOK.toNanos());
      }
      mend();
    }
    while (!active.isEmpty()) {
      if (active.stream().anyMatch(fault -> !fault.hasHit())) {
        throw new AssertionError("These met nothing: " + active);
      }
      LockSupport.parkNanos(LOOK.toNanos());
      mend();
    }
    if (!ahead.isEmpty()) {
      throw new AssertionError("It was over before these hit: " + ahead);
    }
  }

  private boolean isOver(int exit) {
    if (killed) {
      return false;
    }
    switch (exit) {
      case DrillMain.COMPLETED, DrillMain.ROLLED_BACK -> {
        if (plan.ending().onTarget() != (exit == DrillMain.COMPLETED)) {
          throw new AssertionError("It ended otherwise than as " + plan.ending());
        }
        return true;
      }
      case DrillMain.FAILED -> {
        requireHit("failed");
        return false;
      }
      case DrillMain.REFUSED -> {
        // Killed when all was done: there is nothing to roll back any more.
        if (journal.isOver()) {
          return true;
        }
        requireHit("was refused");
        return false;
      }
      default -> throw new AssertionError("The migrating process broke, with " + exit);
    }
  }

  private void requireHit(String how) {
    if (!wasHit) {
      throw new AssertionError("A run " + how + " that nothing had hit");
    }
  }

  private int run() throws IOException, InterruptedException {
    String command = DrillMain.RUN;
    if (asked || isEndDue()) {
      asked = true;
      command = endCommand();
    }
    wasHit = !active.isEmpty();
    killed = false;
    randomMoment = null;
    story.accept("run " + runs + ": " + command);
    try (DrillProcess process = DrillProcess.start(migration, command, log)) {
      attend(process);
      story.accept("run " + runs + " ended with " + process.exit());
      return process.exit();
    }
  }

  private void attend(DrillProcess process) throws IOException, InterruptedException {
    Optional<DrillProcess.Standing> standing = Optional.empty();
    boolean begun = false;
    long lastSign = System.nanoTime();
    while (process.isAlive()) {
      mend();
      hitAtRandom(process);
      if (begun && !asked && isEndDue()) {
        askForEnd(process);
      }
      if (standing.isEmpty()) {
        standing = process.poll(LOOK);
        standing.ifPresent(this::note);
        begun |= standing.isPresent();
      } else {
        LockSupport.parkNanos(LOOK.toNanos());
      }
      if (standing.isPresent() && process.isAlive() && mayGoOn(process)) {
        process.say(DrillGate.GO);
        standing = Optional.empty();
        lastSign = System.nanoTime();
      }
      if (System.nanoTime() - lastSign > SILENCE_LIMIT.toNanos()) {
        process.dumpThreads();
        throw new AssertionError(
            "Nothing for " + SILENCE_LIMIT + " after " + journal + "; see " + log);
      }
    }
  }

  private void note(DrillProcess.Standing standing) {
    journal.note(standing);
    if (standing.durable() && journal.isAt(JournalPoint.SOURCE_REMOVING) && writtenAtSwitch < 0) {
      writtenAtSwitch = written.getAsInt();
    }
  }

  /** Hits what is due here; false when the process has to stand a while, or was killed. */
  private boolean mayGoOn(DrillProcess process) throws InterruptedException {
    Optional<Moment> now = journal.now();
    if (now.isEmpty()) {
      return true;
    }
    while (!ahead.isEmpty() && ahead.getFirst().moment().compareTo(now.get()) <= 0) {
      PlannedFault next = ahead.getFirst();
      if (next.isAtEntry()) {
        hit(process);
        if (!process.isAlive()) {
          return false;
        }
      } else if (randomMoment == null) {
        randomMoment = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(next.delayMillis());
      } else {
        // It must not pass the moment of the one after, nor all that there is to be hit.
        return !isNextDue(now.get()) && now.get().point().compareTo(JournalPoint.REMOVING) < 0;
      }
    }
    return true;
  }

  private boolean isNextDue(Moment now) {
    return ahead.stream().skip(1).anyMatch(fault -> fault.moment().compareTo(now) <= 0);
  }

  private void hitAtRandom(DrillProcess process) throws InterruptedException {
    Long moment = randomMoment;
    if (moment != null && System.nanoTime() - moment >= 0) {
      randomMoment = null;
      hit(process);
    }
  }

  private void hit(DrillProcess process) throws InterruptedException {
    PlannedFault fault = ahead.removeFirst();
    story.accept(fault + "; now " + journal);
    hits.add(new DrillResult.Hit(fault, journal.where(), journal.step()));
    wasHit = true;
    killed |= fault.victim() == PlannedFault.Victim.MIGRATOR;
    active.add(InflictedFault.begin(fault, servers, process));
  }

  private void mend() {
    for (InflictedFault fault : List.copyOf(active)) {
      if (fault.isOver()) {
        fault.mend();
        active.remove(fault);
        story.accept("over: " + fault);
      }
    }
  }

  /** The end is asked for when the faults before it have been. */
  private boolean isEndDue() {
    if (!active.isEmpty() || randomMoment != null) {
      return false;
    }
    JournalPoint next = ahead.isEmpty() ? JournalPoint.ENDED : ahead.getFirst().moment().point();
    return switch (plan.ending()) {
      case COMPLETED -> false;
      case ABORTED -> journal.hasAttempt() && next.compareTo(JournalPoint.ABORTING) >= 0;
      case FINISHED, TAKEN_BACK ->
          writtenAtSwitch >= 0
              && written.getAsInt() > writtenAtSwitch + WRITES_AFTER_SWITCH
              && next.compareTo(JournalPoint.END_ASKED) >= 0;
    };
  }

  private void askForEnd(DrillProcess process) throws IOException, InterruptedException {
    asked = true;
    story.accept("asked for the end " + (plan.live() ? "live" : "after a kill") + " at " + journal);
    if (plan.live()) {
      process.say(endCommand());
    } else {
      killed = true;
      process.kill();
    }
  }

  private String endCommand() {
    return plan.ending() == DrillPlan.Ending.FINISHED ? DrillMain.FINISH : DrillMain.ROLL_BACK;
  }
}
