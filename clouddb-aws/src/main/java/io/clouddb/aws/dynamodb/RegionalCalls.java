/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.aws.internal.SignedJsonClient;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.spi.RemoteCalls;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The calls of every region, seen from one. */
final class RegionalCalls {
  private final String home;
  private final Function<String, DynamoDbClient> clients;
  private final Function<String, SignedJsonClient> scalers;
  private final RemoteCalls calls;
  private final Map<String, ControlCalls> tables = new ConcurrentHashMap<>();
  private final Map<String, ScalingClient> scaling = new ConcurrentHashMap<>();

  RegionalCalls(
      String home,
      Function<String, DynamoDbClient> clients,
      Function<String, SignedJsonClient> scalers,
      RemoteCalls calls) {
    this.home = home;
    this.clients = clients;
    this.scalers = scalers;
    this.calls = calls;
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
    return e.category() == ErrorCategory.UNAVAILABLE
        || e.category() == ErrorCategory.AUTHENTICATION;
  }

  ScalingClient scaling(String region) {
    return scaling.computeIfAbsent(
        region, there -> new ScalingClient(() -> scalers.apply(there), there, calls));
  }
}
