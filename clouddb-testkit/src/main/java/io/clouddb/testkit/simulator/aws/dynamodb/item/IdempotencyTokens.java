/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.AwsError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code ClientRequestToken}: a transaction with the token of one that was done in the last ten
 * minutes is not done again, and has to be the same one. May be used from any thread.
 */
public final class IdempotencyTokens {
  private static final Duration VALID = Duration.ofMinutes(10);

  private record Key(String region, String token) {}

  /** What was asked for, and what came of it; null while it is being done. */
  private record Known(Object request, @Nullable Object result, Instant until) {}

  private final Clock clock;
  private final Map<Key, Known> known = new LinkedHashMap<>();

  /**
   * Makes one without tokens.
   *
   * @param clock the simulated clock
   */
  public IdempotencyTokens(Clock clock) {
    this.clock = clock;
  }

  /**
   * Does something once for a token.
   *
   * @param region the request's region
   * @param token the token; null for none
   * @param request what is asked for, which equals the same thing asked for again
   * @param type of the result
   * @param work does it
   * @param <T> of the result
   * @return what came of it, the first time
   * @throws AwsError when the token is that of another request, or of one that is being done
   */
  public <T> T once(
      String region, @Nullable String token, Object request, Class<T> type, Supplier<T> work) {
    if (token == null) {
      return work.get();
    }
    Key key = new Key(region, token);
    Object before = begin(key, request);
    if (before != null) {
      return type.cast(before);
    }
    T result = null;
    try {
      result = work.get();
      return result;
    } finally {
      end(key, request, result);
    }
  }

  private synchronized @Nullable Object begin(Key key, Object request) {
    Instant now = clock.instant();
    Iterator<Known> oldest = known.values().iterator();
    while (oldest.hasNext() && !oldest.next().until().isAfter(now)) {
      oldest.remove();
    }
    Known same = known.get(key);
    if (same == null) {
      known.put(key, new Known(request, null, now.plus(VALID)));
      return null;
    }
    if (!same.request().equals(request)) {
      throw AwsError.badRequest(
          "IdempotentParameterMismatchException",
          "DynamoDB rejected the request because you retried a request with a different payload but"
              + " with an idempotent token that was already used.");
    }
    if (same.result() == null) {
      throw AwsError.badRequest(
          "TransactionInProgressException",
          "The transaction with the given request token is already in progress.");
    }
    return same.result();
  }

  private synchronized void end(Key key, Object request, @Nullable Object result) {
    if (result == null) {
      known.remove(key);
    } else {
      known.put(key, new Known(request, result, clock.instant().plus(VALID)));
    }
  }
}
