/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.replica.Promotion;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was noted of a replica and its source before the promotion; of a forced one only what the
 * replica tells.
 */
final class PromotionNotes {
  private static final String SOURCE = "source";
  private static final String LOCATION = "source-location";
  private static final String OTHERS = "other-replicas";
  private static final String STANDBY = "standby";
  private static final String ENDPOINT = "endpoint";
  private static final String NEW_ENDPOINT = "new-endpoint";
  private static final String HOSTS = "endpoint-hosts";
  private static final String NO_ENDPOINT = "no-endpoint";
  private static final String FORMER = "former";
  private static final String PROMOTED = "promoted";
  private static final String ALREADY = "already";

  private PromotionNotes() {}

  static OperationState source(OperationState state, ServerArmId source, Optional<String> region) {
    OperationState noted = state.with(SOURCE, source.toString());
    return region.map(location -> noted.with(LOCATION, location)).orElse(noted);
  }

  static OperationState others(OperationState state, List<ListedReplica> others) {
    return others.isEmpty()
        ? state
        : state.with(
            OTHERS,
            others.stream()
                .map(replica -> replica.id().in(replica.location()).toString())
                .collect(Collectors.joining(" ")));
  }

  static OperationState standby(OperationState state) {
    return state.with(STANDBY, "yes");
  }

  /** A virtual endpoint that reads from the replica. */
  static OperationState endpoint(OperationState state, VirtualEndpoint endpoint) {
    return state.with(ENDPOINT, endpoint.name()).with(hosts(endpoint));
  }

  /** The host names of an endpoint. */
  static Map<String, String> hosts(VirtualEndpoint endpoint) {
    return Map.of(HOSTS, String.join(" ", endpoint.hosts()));
  }

  /** That the one that was to be made is not: the replica had been promoted by then. */
  static Map<String, String> noEndpoint() {
    return Map.of(NO_ENDPOINT, "yes");
  }

  /** Nor is it needed: somebody else has made one meanwhile. */
  static Map<String, String> anotherEndpoint(VirtualEndpoint endpoint) {
    return Map.of(
        NO_ENDPOINT, "yes", ENDPOINT, endpoint.name(), HOSTS, String.join(" ", endpoint.hosts()));
  }

  /** The same, which is still to be made. */
  static OperationState newEndpoint(OperationState state, String name) {
    return state.with(NEW_ENDPOINT, name);
  }

  /**
   * The server that the replica follows.
   *
   * @throws io.clouddb.error.InvalidArgumentException when a token that was rewritten names none
   */
  static ServerArmId source(StepContext context) {
    return context
        .value(SOURCE)
        .flatMap(ServerArmId::of)
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.INVALID_ARGUMENT,
                        "The token names no source: is this its token?")
                    .resource(context.resource().toString())
                    .nextStep("Take it as it was given.")
                    .toException());
  }

  static Optional<String> location(StepContext context) {
    return context.value(LOCATION);
  }

  static List<ResourceId> others(StepContext context) {
    return context
        .value(OTHERS)
        .map(ids -> Arrays.stream(ids.split(" ", -1)).map(ResourceId::parse).toList())
        .orElse(List.of());
  }

  static boolean hadStandby(StepContext context) {
    return context.value(STANDBY).isPresent();
  }

  /** The name of one that is to be made, whether it is in the end or not. */
  static Optional<String> newEndpoint(StepContext context) {
    return context.value(NEW_ENDPOINT);
  }

  /** The virtual endpoint of the source that reads from the replica, if it is known. */
  static Optional<String> endpoint(StepContext context) {
    return madeEndpoint(context).or(() -> context.value(ENDPOINT));
  }

  /** The one of these that was made for the promotion. */
  static Optional<String> madeEndpoint(StepContext context) {
    return context.value(NO_ENDPOINT).isPresent() ? Optional.empty() : newEndpoint(context);
  }

  /** Its host names as Azure tells them, that of the writer first; empty where it does not. */
  static List<String> hosts(StepContext context) {
    return context
        .value(HOSTS)
        .filter(hosts -> !hosts.isEmpty())
        .map(hosts -> List.of(hosts.split(" ", -1)))
        .orElse(List.of());
  }

  /**
   * Waits for a former source that does not follow.
   *
   * @param instead what is seen of it
   * @return empty after the limit
   */
  static Optional<Look> stillWaits(StepContext context, String instead, Duration limit) {
    Instant since = context.value(PROMOTED).flatMap(OperationNote::time).orElseGet(context::now);
    return context.isWithin(limit, since)
        ? Optional.of(
            new Look.Going(
                source(context).name() + " " + instead, null, Map.of(PROMOTED, since.toString())))
        : Optional.empty();
  }

  /** Notes what was seen of a former source that does not follow. */
  static Map<String, String> former(String instead) {
    return Map.of(FORMER, instead);
  }

  /** What was seen of a former source that does not follow; empty when it does. */
  static Optional<String> former(StepContext context) {
    return context.value(FORMER);
  }

  /** It took writes before the operation that goes on here had sent anything. */
  static Map<String, String> already() {
    return Map.of(ALREADY, "yes");
  }

  static boolean wasAlready(StepContext context) {
    return context.value(ALREADY).isPresent();
  }

  static boolean isSwitchover(StepContext context) {
    return context.specification(Promotion.class).form() == Promotion.Form.SWITCHOVER;
  }
}
