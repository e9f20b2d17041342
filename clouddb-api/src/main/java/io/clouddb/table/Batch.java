/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.operation.DataCalls;
import io.clouddb.spi.RetryPolicy;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Requests of a batch, several at a time. What a request leaves unprocessed, and what was throttled
 * as a whole, is sent again after a pause, as long as something of the whole batch goes on; where
 * {@link io.clouddb.spi.RemoteCalls} repeats single writes already, nothing is sent again here. A
 * write whose answer was lost is not sent again either: somebody else may have written since.
 *
 * @param <U> an item, or a key
 */
final class Batch<U> {
  /** So often as the policy has attempts may all that is sent fail in a row, times this. */
  private static final int FAILURES_PER_ATTEMPT = 2;

  private static final double BACKOFF = 2;
  private static final double JITTER = 0.5;

  /** What is left unprocessed is little, and soon taken: no need to wait as after a failure. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  /** How a batch is sent. */
  enum Kind {
    /** What fails is read again. */
    READS,
    /** What had no effect is written again. */
    WRITES,
    /** Whatever fails was repeated already. */
    SINGLE_WRITES
  }

  /**
   * What became of it.
   *
   * @param notDone what was not done, for certain
   * @param unknown what may have been done
   * @param cause the first failure; null when all is done
   */
  record Outcome<U>(List<U> notDone, List<U> unknown, @Nullable Throwable cause) {}

  private static final class Chunk<U> {
    private List<U> units;
    private int tries;
    private int fruitless;
    private long seen = -1;

    Chunk(List<U> units) {
      this.units = units;
    }
  }

  private final DataCalls calls;
  private final Kind kind;
  private final int most;
  private final int limit;
  private final RetryPolicy policy;
  private final IntervalFunction backoff;
  private final Function<List<U>, CompletionStage<List<U>>> sender;
  private final Iterator<List<U>> chunks;
  private final CompletableFuture<Outcome<U>> over = new CompletableFuture<>();
  private final AtomicInteger turns = new AtomicInteger();

  // Guarded by this.
  private final Set<Chunk<U>> sent = new HashSet<>();
  private final Set<Chunk<U>> resting = new HashSet<>();
  private final List<Chunk<U>> rested = new ArrayList<>();
  private final List<U> notDone = new ArrayList<>();
  private final List<U> unknown = new ArrayList<>();
  private @Nullable Throwable cause;
  private int under;
  private long done;
  private int row;
  private long rowSeen = -1;
  private boolean stopped;

  /**
   * Prepares a batch.
   *
   * @param calls what sends
   * @param policy how often it is tried
   * @param kind how it is sent
   * @param most how many requests at a time
   * @param chunks what each request has
   * @param sender sends one, and gives what it left unprocessed
   */
  Batch(
      DataCalls calls,
      RetryPolicy policy,
      Kind kind,
      int most,
      Iterable<List<U>> chunks,
      Function<List<U>, CompletionStage<List<U>>> sender) {
    this.calls = calls;
    this.kind = kind;
    this.most = most;
    this.limit = policy.maxAttempts() == 1 ? 1 : FAILURES_PER_ATTEMPT * policy.maxAttempts();
    this.policy = policy;
    Duration first =
        policy.firstPause().compareTo(FIRST_PAUSE) < 0 ? policy.firstPause() : FIRST_PAUSE;
    this.backoff = IntervalFunction.ofExponentialRandomBackoff(first, BACKOFF, JITTER);
    this.sender = sender;
    this.chunks = chunks.iterator();
  }

  CompletionStage<Outcome<U>> begin() {
    turn();
    return over;
  }

  /** Of what is under way nobody will know: its answers are not awaited. */
  void stop(CloudDbException why) {
    synchronized (this) {
      if (over.isDone()) {
        return;
      }
      stopped = true;
      remember(why);
      for (Chunk<U> each : sent) {
        (kind == Kind.READS ? notDone : unknown).addAll(each.units);
      }
      under -= sent.size();
      sent.clear();
    }
    turn();
  }

  /** Sends what can be sent: one thread does it, and once more for each that came meanwhile. */
  private void turn() {
    if (turns.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      for (Chunk<U> next = next(); next != null; next = next()) {
        send(next);
      }
      seen = turns.addAndGet(-seen);
    } while (seen != 0);
    Outcome<U> outcome = outcome();
    if (outcome != null) {
      over.complete(outcome);
    }
  }

  private synchronized @Nullable Chunk<U> next() {
    if (stopped) {
      drop();
      return null;
    }
    Chunk<U> next;
    if (!rested.isEmpty()) {
      // It has kept its place among those under way.
      next = rested.remove(rested.size() - 1);
    } else if (under == most || !chunks.hasNext()) {
      return null;
    } else {
      under++;
      next = new Chunk<>(chunks.next());
    }
    sent.add(next);
    return next;
  }

  /** What was not sent will not be. */
  private void drop() {
    for (Chunk<U> each : resting) {
      notDone.addAll(each.units);
    }
    for (Chunk<U> each : rested) {
      notDone.addAll(each.units);
    }
    under -= resting.size() + rested.size();
    resting.clear();
    rested.clear();
    while (chunks.hasNext()) {
      notDone.addAll(chunks.next());
    }
  }

  private synchronized @Nullable Outcome<U> outcome() {
    return under == 0 && !chunks.hasNext()
        ? new Outcome<>(new ArrayList<>(notDone), new ArrayList<>(unknown), cause)
        : null;
  }

  private synchronized boolean isUnderWay(Chunk<U> chunk) {
    return sent.contains(chunk);
  }

  private void send(Chunk<U> chunk) {
    if (!isUnderWay(chunk)) {
      return;
    }
    CompletionStage<Void> unused =
        calls
            .part(kind != Kind.READS, () -> sender.apply(chunk.units))
            .handle(
                (left, failure) -> {
                  Duration pause = told(chunk, left, failure);
                  if (pause != null) {
                    calls.later(pause, () -> wake(chunk));
                  }
                  turn();
                  return null;
                });
  }

  private void wake(Chunk<U> chunk) {
    synchronized (this) {
      if (!resting.remove(chunk)) {
        return;
      }
      rested.add(chunk);
    }
    turn();
  }

  /** Gives the pause before the rest is sent again; null when it is not. */
  private synchronized @Nullable Duration told(
      Chunk<U> chunk, List<U> left, @Nullable Throwable failure) {
    if (!sent.remove(chunk)) {
      return null;
    }
    return failure == null ? answered(chunk, left) : failed(chunk, DataCalls.unwrapped(failure));
  }

  private @Nullable Duration answered(Chunk<U> chunk, List<U> left) {
    int processed = chunk.units.size() - left.size();
    done += processed;
    chunk.units = left;
    if (left.isEmpty()) {
      under--;
      return null;
    }
    if (processed > 0) {
      chunk.tries = 0;
    }
    return again(chunk, unprocessed());
  }

  private static CloudDbException unprocessed() {
    return ErrorDetails.of(
            ErrorCategory.THROTTLED, "The cloud has left items of a batch unprocessed")
        .toException();
  }

  private @Nullable Duration failed(Chunk<U> chunk, Throwable failure) {
    boolean ours = failure instanceof CloudDbException;
    boolean known =
        kind == Kind.READS || (failure instanceof CloudDbException e && e.details().outcomeKnown());
    boolean passes = failure instanceof CloudDbException e && e.retryable();
    boolean lostRead =
        kind == Kind.READS
            && failure instanceof CloudDbException e
            && e.category() == ErrorCategory.OUTCOME_UNKNOWN;
    if (kind != Kind.SINGLE_WRITES && known && (passes || lostRead)) {
      return again(chunk, failure);
    }
    under--;
    remember(failure);
    (known ? notDone : unknown).addAll(chunk.units);
    boolean answered =
        failure instanceof CloudDbException e && e.category() == ErrorCategory.CONDITION_FAILED;
    if (answered) {
      done++;
    } else if (!ours || (known && !passes) || isLastOfARow()) {
      stopped = true;
    }
    return null;
  }

  private @Nullable Duration again(Chunk<U> chunk, Throwable why) {
    chunk.tries++;
    if (stopped || isFruitless(chunk)) {
      remember(why);
      stopped = true;
      under--;
      notDone.addAll(chunk.units);
      return null;
    }
    resting.add(chunk);
    return pause(chunk.tries, why);
  }

  /** Whether nothing of the whole batch was done for as many answers to this part as may be. */
  private boolean isFruitless(Chunk<U> chunk) {
    chunk.fruitless = chunk.seen == done ? chunk.fruitless + 1 : 1;
    chunk.seen = done;
    return chunk.fruitless >= limit;
  }

  /** Whether as many parts have failed for good as may, and nothing was done between them. */
  private boolean isLastOfARow() {
    row = rowSeen == done ? row + 1 : 1;
    rowSeen = done;
    return row >= limit;
  }

  private Duration pause(int tries, Throwable why) {
    Duration own = Duration.ofMillis(backoff.apply(tries));
    Duration asked =
        why instanceof CloudDbException e
            ? e.details().retryAfter().orElse(Duration.ZERO)
            : Duration.ZERO;
    Duration longer = own.compareTo(asked) > 0 ? own : asked;
    return longer.compareTo(policy.longestPause()) < 0 ? longer : policy.longestPause();
  }

  private void remember(Throwable failure) {
    if (cause == null) {
      cause = failure;
    }
  }
}
