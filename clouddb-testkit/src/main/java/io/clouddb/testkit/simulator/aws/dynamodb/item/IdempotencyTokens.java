/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.item.ReadTransaction.Target;
import io.clouddb.testkit.simulator.tables.ItemKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code ClientRequestToken}: a transaction with the token of one that was done in the last ten
 * minutes is not done again, and has to be the same one. May be used from any thread.
 *
 * <p>Of more transactions than a client would ask for again, the oldest are forgotten earlier: each
 * transaction of an SDK has a token.
 */
public final class IdempotencyTokens {
  private static final Duration VALID = Duration.ofMinutes(10);

  private static final int MOST = 100_000;

  private record Key(String region, String token) {}

  /**
   * An item that was written. Its table may be deleted meanwhile, and is not kept for that.
   *
   * @param table its id
   */
  private record Written(String table, ItemKey key) {}

  /**
   * What is kept of a transaction, which may have been one of megabytes.
   *
   * @param request what was asked for
   * @param written which items it wrote; null while it is being done
   */
  private record Known(String request, @Nullable List<Written> written, Instant until) {}

  private final Clock clock;
  private final int most;
  private final Map<Key, Known> known = new LinkedHashMap<>();

  /**
   * Makes one without tokens.
   *
   * @param clock the simulated clock
   */
  public IdempotencyTokens(Clock clock) {
    this(clock, MOST);
  }

  IdempotencyTokens(Clock clock, int most) {
    this.clock = clock;
    this.most = most;
  }

  /**
   * Does something once for a token.
   *
   * @param region the request's region
   * @param token the token; null for none
   * @param request stands for what is asked for, the same for the same thing
   * @param tables where the items are that it writes, in their order
   * @param work does it, and tells which items it has written
   * @return which items were written, the first time, but for those of tables that are gone
   * @throws AwsError when the token is that of another request, or of one that is being done
   */
  public List<Target> once(
      String region,
      @Nullable String token,
      Supplier<String> request,
      List<DynamoTable> tables,
      Supplier<List<Target>> work) {
    if (token == null) {
      return work.get();
    }
    Key key = new Key(region, token);
    String asked = request.get();
    List<Written> before = begin(key, asked);
    if (before != null) {
      return still(before, tables);
    }
    List<Target> written = null;
    try {
      written = work.get();
      return written;
    } finally {
      end(key, asked, written);
    }
  }

  /** The same request names the same tables, of which one may have been made anew. */
  private static List<Target> still(List<Written> written, List<DynamoTable> tables) {
    List<Target> still = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      if (tables.get(i).id().equals(written.get(i).table())) {
        still.add(new Target(tables.get(i), written.get(i).key()));
      }
    }
    return still;
  }

  private synchronized @Nullable List<Written> begin(Key key, String request) {
    Instant now = clock.instant();
    Iterator<Known> oldest = known.values().iterator();
    while (oldest.hasNext()) {
      Known one = oldest.next();
      if (one.until().isAfter(now)) {
        break;
      }
      // One that is being done is known until it is.
      if (one.written() != null) {
        oldest.remove();
      }
    }
    Known same = known.get(key);
    if (same == null) {
      keep(key, new Known(request, null, now.plus(VALID)));
      return null;
    }
    if (!same.request().equals(request)) {
      throw AwsError.badRequest(
          "IdempotentParameterMismatchException",
          "DynamoDB rejected the request because you retried a request with a different payload but"
              + " with an idempotent token that was already used.");
    }
    if (same.written() == null) {
      throw AwsError.badRequest(
          "TransactionInProgressException",
          "The transaction with the given request token is already in progress.");
    }
    return same.written();
  }

  private synchronized void end(Key key, String request, @Nullable List<Target> written) {
    if (written == null) {
      known.remove(key);
    } else {
      List<Written> kept =
          written.stream().map(one -> new Written(one.table().id(), one.key())).toList();
      keep(key, new Known(request, kept, clock.instant().plus(VALID)));
    }
  }

  /** As the newest. */
  private void keep(Key key, Known what) {
    known.remove(key);
    known.put(key, what);
    Iterator<Known> oldest = known.values().iterator();
    while (known.size() > most && oldest.hasNext()) {
      if (oldest.next().written() != null) {
        oldest.remove();
      }
    }
  }
}
