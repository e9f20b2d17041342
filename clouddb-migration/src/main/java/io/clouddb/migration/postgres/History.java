/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.UnavailableException;
import io.clouddb.migration.postgres.apply.ApplyMark;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.report.StepReport;
import io.clouddb.migration.state.Journal;
import io.clouddb.migration.state.JournalEntry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the journal says of the attempt under way, and the words in which it says it. */
final class History {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);
  private static final String ATTEMPT = "attempt.started";
  private static final String STEP_STARTED = "step.started";
  private static final String STEP_FINISHED = "step.finished";
  private static final String STEP_FAILED = "step.failed";
  private static final String POINT_OF_NO_RETURN = "cutover.point-of-no-return";
  private static final String REPAIRED = "rows.repaired";
  private static final String MARKS = "marks.secret";
  private static final String WAY_BACK = "reverse.prepared";
  private static final String END_ASKED = "reverse.end-asked";
  private static final String ROLLBACK_FAILED = "rollback.failed";
  private static final String ROLLBACK_DECIDED = "rollback.point-of-no-return";
  private static final String REMOVING = "run.removing";
  private static final String ENDED = "run.ended";

  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  private final Journal journal;

  History(Journal journal) {
    this.journal = journal;
  }

  /** Entries since the last attempt began. */
  private List<JournalEntry> attempt() {
    List<JournalEntry> all = journal.entries();
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).kind().equals(ATTEMPT)) {
        return all.subList(i, all.size());
      }
    }
    return List.of();
  }

  private Optional<JournalEntry> last(String kind) {
    return attempt().stream().filter(e -> e.kind().equals(kind)).reduce((first, second) -> second);
  }

  private Optional<JournalEntry> last(String kind, MigrationStep step) {
    return attempt().stream()
        .filter(e -> e.kind().equals(kind) && step.name().equals(e.data().get("step")))
        .reduce((first, second) -> second);
  }

  /**
   * The report of a migration that is over for good, or of a run that left nothing to go on with.
   */
  Optional<MigrationReport> finalReport() {
    return last(ENDED)
        .filter(e -> e.data().getOrDefault("status", "").equals("COMPLETED"))
        .map(e -> MigrationReport.fromJson(e.data().getOrDefault("report", "")));
  }

  /** How the last attempt ended, when it was undone and nothing of it is left to do. */
  Optional<MigrationReport> undoneReport() {
    return underWay()
        ? Optional.empty()
        : lastReport().filter(report -> report.status() == MigrationReport.Status.ROLLED_BACK);
  }

  /** What the last run of this attempt reported, if it came to that. */
  Optional<MigrationReport> lastReport() {
    return last(ENDED).map(e -> MigrationReport.fromJson(e.data().getOrDefault("report", "")));
  }

  /** Whether there is an attempt that was not ended for good. */
  boolean underWay() {
    List<JournalEntry> entries = attempt();
    return !entries.isEmpty()
        && entries.stream()
            .noneMatch(e -> e.kind().equals(ENDED) && "false".equals(e.data().get("resumable")));
  }

  /** What to throw when no attempt is under way: how the last one ended, or that there was none. */
  CloudDbException nothingTo(String verb, String id) {
    Optional<MigrationReport> last = lastReport();
    if (last.isEmpty()) {
      return ErrorDetails.of(ErrorCategory.NOT_FOUND, "There is no migration " + id + " to " + verb)
          .nextStep("Check the id, and that this is the state store of the migration.")
          .toException();
    }
    MigrationReport ended = last.get();
    boolean completed = ended.status() == MigrationReport.Status.COMPLETED;
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            "There is nothing to %s: the migration %s ended at %s (%s)"
                .formatted(verb, id, ended.endedAt(), ended.status()))
        .nextStep(
            completed
                ? "Its application works on the target; releaseSource() lets the source take writes"
                    + " again, of which the target learns nothing."
                : "Its application works on the source, as before it.")
        .toException();
  }

  Instant startedAt() {
    return attempt().get(0).at();
  }

  /** Refuses to go on with a journal that is about other databases. */
  void requireSame(Map<String, String> identity) {
    Map<String, String> before = attempt().get(0).data();
    for (Map.Entry<String, String> part : identity.entrySet()) {
      String was = before.getOrDefault(part.getKey(), "");
      if (!was.equals(part.getValue())) {
        throw ErrorDetails.of(
                ErrorCategory.INVALID_ARGUMENT,
                "This migration began with the %s %s, not %s"
                    .formatted(part.getKey(), was, part.getValue()))
            .nextStep("Give what it began with, or another id.")
            .toException();
      }
    }
  }

  /** What the attempt began with; empty when there is none. */
  Map<String, String> began() {
    List<JournalEntry> entries = attempt();
    return entries.isEmpty() ? Map.of() : entries.get(0).data();
  }

  void attemptStarted(Map<String, String> identity) {
    journal.append(ATTEMPT, identity);
  }

  void stepStarted(MigrationStep step) {
    journal.append(STEP_STARTED, Map.of("step", step.name()));
  }

  void stepFinished(StepReport report, Map<String, String> facts) {
    Map<String, String> data = new LinkedHashMap<>(facts);
    data.put("step", report.step().name());
    data.put("start", report.start().toString());
    data.put("details", report.details());
    journal.append(STEP_FINISHED, data);
  }

  void stepFailed(MigrationStep step, String reason) {
    journal.append(STEP_FAILED, Map.of("step", step.name(), "reason", reason));
  }

  /**
   * From here on the application belongs on the target.
   *
   * @param patience how long to ask what became of the entry when its append failed
   * @throws CloudDbException when it is not in the journal, or perhaps is: by {@code outcomeKnown}
   */
  void pointOfNoReturn(Map<String, String> facts, Duration patience) {
    decide(POINT_OF_NO_RETURN, facts, patience);
  }

  private void decide(String kind, Map<String, String> facts, Duration patience) {
    UnavailableException failed;
    try {
      journal.append(kind, facts);
      return;
    } catch (UnavailableException e) {
      LOG.warn("The journal is asked whether it has the entry {}", kind, e);
      failed = e;
    }
    Optional<JournalEntry> found = settle(failed, patience);
    if (found.filter(entry -> entry.kind().equals(kind)).isEmpty()) {
      throw failed.details().toBuilder().outcomeKnown(true).toException(failed);
    }
  }

  private Optional<JournalEntry> settle(UnavailableException failed, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return journal.settle();
      } catch (UnavailableException e) {
        if (System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
          throw failed.details().toBuilder().outcomeKnown(false).toException(failed);
        }
        LockSupport.parkNanos(ASK_AGAIN.toNanos());
      }
    }
  }

  /** Rows were written anew between two runs. */
  void repaired(Map<String, String> facts) {
    journal.append(REPAIRED, facts);
  }

  void ended(MigrationReport report, boolean resumable) {
    journal.append(
        ENDED,
        Map.of(
            "status",
            report.status().name(),
            "resumable",
            Boolean.toString(resumable),
            "report",
            report.toJson()));
  }

  /** Puts down what a step wants to know when it is done again. */
  void note(String kind, Map<String, String> data) {
    journal.append(kind, data);
  }

  /** What was put down in this attempt, oldest first, of all kinds. */
  List<JournalEntry> notes() {
    return attempt();
  }

  /** Throws when another run is known to have the journal now. */
  void requireHeld() {
    journal.requireHeld();
  }

  /**
   * Throws when another run has the journal now, for certain: before something is removed that the
   * other would need.
   */
  void removing(String what) {
    journal.append(REMOVING, Map.of("what", what));
  }

  /**
   * Throws when another run has the journal now, before an application that waits is let go on. A
   * store that does not answer is no reason to keep it waiting: what is known of the lease decides.
   */
  void reopening() {
    askWhileTheApplicationWaits("fence");
  }

  /** The same before the route is opened to a side whatever stands in it. */
  void forcingRoute() {
    askWhileTheApplicationWaits("pause");
  }

  private void askWhileTheApplicationWaits(String what) {
    try {
      removing(what);
    } catch (UnavailableException e) {
      LOG.warn("The journal does not answer while the application waits", e);
      requireHeld();
    }
  }

  boolean started(MigrationStep step) {
    return last(STEP_STARTED, step).isPresent();
  }

  boolean finished(MigrationStep step) {
    return last(STEP_FINISHED, step).isPresent();
  }

  /** What a finished step put down. */
  Map<String, String> facts(MigrationStep step) {
    return last(STEP_FINISHED, step).map(JournalEntry::data).orElse(Map.of());
  }

  boolean pastPointOfNoReturn() {
    return last(POINT_OF_NO_RETURN).isPresent();
  }

  Map<String, String> pointOfNoReturnFacts() {
    return last(POINT_OF_NO_RETURN).map(JournalEntry::data).orElse(Map.of());
  }

  /** When the application was given to the target. */
  Instant switchedAt() {
    return last(POINT_OF_NO_RETURN).map(JournalEntry::at).orElseThrow();
  }

  /**
   * The secret of the marks that transactions of this attempt begin with; made and put down when it
   * is asked for first.
   *
   * @throws CloudDbException when transactions were marked without one: the stream from the target
   *     has them, and they cannot be told from those that somebody else marked
   */
  String secretOfMarks() {
    Optional<String> known =
        last(MARKS).map(entry -> entry.data().getOrDefault(JournalEntry.SECRET, ""));
    if (known.isPresent()) {
      return known.get();
    }
    if (pastPointOfNoReturn()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The version of clouddb that switched the application over marked its transactions"
                  + " without a secret, so they cannot be told from those of others: nothing was"
                  + " brought back by this run")
          .leftBehind("slot and publication of the way back on the target")
          .nextStep(
              "Go on with the version that began, or finish the migration; the application stays"
                  + " on the target.")
          .toException();
    }
    String secret = ApplyMark.secret(new SecureRandom());
    journal.append(MARKS, Map.of(JournalEntry.SECRET, secret));
    return secret;
  }

  /** The slot of the way back stands from here on. */
  void wayBackPrepared(Map<String, String> facts) {
    journal.append(WAY_BACK, facts);
  }

  /** What was put down with it the last time. */
  Map<String, String> wayBackFacts() {
    return last(WAY_BACK).map(JournalEntry::data).orElse(Map.of());
  }

  void endAsked(Requests.End how) {
    journal.append(END_ASKED, Map.of("how", how.name()));
  }

  /** How an earlier run was asked to end the time after the switch, unless that failed since. */
  Optional<Requests.End> endAsked() {
    List<JournalEntry> entries = attempt();
    Optional<Requests.End> asked = Optional.empty();
    for (JournalEntry entry : entries) {
      if (entry.kind().equals(END_ASKED)) {
        asked = Optional.of(Requests.End.valueOf(entry.data().getOrDefault("how", "")));
      } else if (entry.kind().equals(ROLLBACK_FAILED)) {
        asked = Optional.empty();
      }
    }
    return asked;
  }

  void rollbackFailed(String reason) {
    journal.append(ROLLBACK_FAILED, Map.of("reason", reason));
  }

  /** From here on the application belongs on the source again; as {@link #pointOfNoReturn}. */
  void rollbackDecided(Map<String, String> facts, Duration patience) {
    decide(ROLLBACK_DECIDED, facts, patience);
  }

  /** What the entry of {@link #rollbackDecided(Map, Duration)} holds; empty when there is none. */
  Map<String, String> rollbackFacts() {
    return last(ROLLBACK_DECIDED).map(JournalEntry::data).orElse(Map.of());
  }

  boolean rollbackDecided() {
    return last(ROLLBACK_DECIDED).isPresent();
  }

  /** Reports of the steps that are finished, in order. */
  List<StepReport> stepReports() {
    List<StepReport> found = new ArrayList<>();
    for (MigrationStep step : MigrationStep.values()) {
      last(STEP_FINISHED, step)
          .ifPresent(
              e ->
                  found.add(
                      new StepReport(
                          step,
                          Instant.parse(e.data().getOrDefault("start", e.at().toString())),
                          e.at(),
                          StepReport.Outcome.DONE,
                          e.data().getOrDefault("details", ""))));
    }
    return found;
  }
}
