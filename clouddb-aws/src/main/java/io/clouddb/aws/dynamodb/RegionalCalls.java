/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.aws.internal.SignedJsonClient;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.spi.RemoteCalls;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The calls of every region, seen from one. */
final class RegionalCalls {
  private final String home;
  private final Function<String, DynamoDbClient> clients;
  private final Function<String, SignedJsonClient> scalers;
  private final RemoteCalls calls;
  private final @Nullable RegionalCalls patient;
  private final Map<String, ControlCalls> tables = new ConcurrentHashMap<>();
  private final Map<String, ScalingClient> scaling = new ConcurrentHashMap<>();

  RegionalCalls(
      String home,
      Function<String, DynamoDbClient> clients,
      Function<String, SignedJsonClient> scalers,
      RemoteCalls calls) {
    this(home, clients, scalers, calls, null);
  }

  private RegionalCalls(
      String home,
      Function<String, DynamoDbClient> clients,
      Function<String, SignedJsonClient> scalers,
      RemoteCalls calls,
      @Nullable RegionalCalls patient) {
    this.home = home;
    this.clients = clients;
    this.scalers = scalers;
    this.calls = calls;
    this.patient = patient;
  }

  /**
   * The same, each request made once: for steps, which are looked at again by the operation's next
   * poll.
   */
  RegionalCalls singly() {
    return new RegionalCalls(home, clients, scalers, calls.singly(), this);
  }

  String homeName() {
    return home;
  }

  ControlCalls home() {
    return in(home);
  }

  ControlCalls in(String region) {
    return tables.computeIfAbsent(
        region, there -> new ControlCalls(() -> clients.apply(there), there, calls));
  }

  /**
   * Whether an error says that a region is off or down, and nothing of what it was asked. Whom the
   * home region knows, a region that is off does not.
   */
  static boolean isOut(CloudDbException e) {
    // A cloud that is closed is not available either, and says that no repetition helps.
    return (e.category() == ErrorCategory.UNAVAILABLE && e.retryable())
        || e.category() == ErrorCategory.AUTHENTICATION;
  }

  /**
   * Whether a region is off or down after all: one answer that is lost does not say so, and the
   * region is asked for the table again, as often as the cloud's policy has it.
   */
  boolean isOut(String region, String table, CloudDbException e) {
    if (!isOut(e)) {
      return false;
    }
    try {
      var unused = (patient == null ? this : patient).in(region).find(table);
      return false;
    } catch (CloudDbException again) {
      return isOut(again);
    }
  }

  ScalingClient scaling(String region) {
    return scaling.computeIfAbsent(
        region, there -> new ScalingClient(() -> scalers.apply(there), there, calls));
  }
}
