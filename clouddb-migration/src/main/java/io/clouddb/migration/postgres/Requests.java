/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.report.Rehearsal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What other threads ask of a run; the thread of the run looks here between its steps. */
final class Requests {
  /** How the time after the switch ends. */
  enum End {
    FINISH,
    ROLL_BACK
  }

  private boolean aborted;
  private String abortReason = "";
  private boolean pastPointOfNoReturn;
  private boolean cutover;
  private boolean over;
  private boolean news;
  private @Nullable End end;
  private final Deque<CompletableFuture<Rehearsal>> rehearsals = new ArrayDeque<>();

  /** Asks the run to stop and to undo what it did; the first reason is kept. */
  synchronized void abort(String reason) {
    if (pastPointOfNoReturn) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The application works on the target already; nothing was aborted")
          .nextStep("Let the migration finish, or roll it back if it has reverse replication.")
          .toException();
    }
    if (!aborted) {
      aborted = true;
      abortReason = reason;
    }
    tell();
  }

  synchronized boolean aborted() {
    return aborted;
  }

  /** Why the run was stopped, in a sentence. */
  synchronized String abortReason() {
    return abortReason;
  }

  void checkAborted() {
    if (aborted()) {
      throw new AbortedException();
    }
  }

  /** From here on the run only goes forward. Either this or an abort comes first, never both. */
  synchronized void passPointOfNoReturn() {
    if (aborted) {
      throw new AbortedException();
    }
    pastPointOfNoReturn = true;
  }

  /** The run did not pass it after all. */
  synchronized void takeBackPointOfNoReturn() {
    pastPointOfNoReturn = false;
  }

  synchronized boolean pastPointOfNoReturn() {
    return pastPointOfNoReturn;
  }

  /** Lets a run that waits for it begin its cutover. */
  synchronized void cutOver() {
    cutover = true;
    tell();
  }

  synchronized boolean cutoverAsked() {
    return cutover;
  }

  /** Asks how the time after the switch shall end; the first to ask decides. */
  synchronized void end(End how) {
    if (end != null && end != how) {
      throw ErrorDetails.of(
              ErrorCategory.BUSY,
              end == End.FINISH
                  ? "The migration is being finished already"
                  : "The application is being taken back already")
          .nextStep("Wait for the end of the run.")
          .toException();
    }
    end = how;
    tell();
  }

  synchronized Optional<End> end() {
    return Optional.ofNullable(end);
  }

  /** Asks for a rehearsal of the cutover, which the run makes as soon as it can. */
  synchronized CompletableFuture<Rehearsal> rehearse() {
    CompletableFuture<Rehearsal> asked = new CompletableFuture<>();
    if (pastPointOfNoReturn || over) {
      asked.completeExceptionally(
          ErrorDetails.of(
                  ErrorCategory.CONDITION_FAILED, "The cutover is over; there is none to rehearse")
              .toException());
      return asked;
    }
    rehearsals.add(asked);
    tell();
    return asked;
  }

  synchronized Optional<CompletableFuture<Rehearsal>> nextRehearsal() {
    return Optional.ofNullable(rehearsals.poll());
  }

  /** No more rehearsals: the run has come to an end, or past the cutover. */
  synchronized void noMoreRehearsals() {
    over = true;
    for (CompletableFuture<Rehearsal> asked : rehearsals) {
      asked.completeExceptionally(
          ErrorDetails.of(
                  ErrorCategory.CONDITION_FAILED, "The run ended before it could be rehearsed")
              .nextStep("Run the migration again, and ask again.")
              .toException());
    }
    rehearsals.clear();
  }

  private synchronized void tell() {
    news = true;
    notifyAll();
  }

  /** Waits a while for something to be asked that was not there the last time. */
  synchronized void await(Duration atMost) {
    long left = atMost.toNanos();
    long until = System.nanoTime() + left;
    try {
      while (left > 0 && !news) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = until - System.nanoTime();
      }
      news = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorDetails.of(ErrorCategory.DEADLINE, "Interrupted while the migration waited")
          .nextStep("Run it again to go on.")
          .toException(e);
    }
  }
}
