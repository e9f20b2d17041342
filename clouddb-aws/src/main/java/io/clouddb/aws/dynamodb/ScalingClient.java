/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.aws.internal.SignedJsonClient;
import io.clouddb.aws.internal.StrangeAnswerException;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.table.Capacity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests about scalable targets and their policies in one region. The SDK's module for them
 * is not among this library's dependencies, and five actions need none.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/autoscaling/application/APIReference/Welcome.html">Application
 *     Auto Scaling API Reference</a>
 */
final class ScalingClient {
  private static final String SERVICE = "application-autoscaling.";
  private static final String TRACKING = "TargetTrackingScaling";
  private static final String CONFIGURATION = "TargetTrackingScalingPolicyConfiguration";
  private static final String RESOURCE = "ResourceId";
  private static final String DIMENSION = "ScalableDimension";
  private static final String TOKEN = "NextToken";
  private static final String SUSPENDED = "SuspendedState";

  /** "The maximum number of resource IDs that can be passed", in the API Reference. */
  private static final int MOST_IDS = 50;

  /** Of the scaling by policies. Schedules are nobody's here. */
  private static final List<String> SUSPENSIONS =
      List.of("DynamicScalingInSuspended", "DynamicScalingOutSuspended");

  private final Supplier<SignedJsonClient> client;
  private final String region;
  private final RemoteCalls reads;
  private final RemoteCalls changes;

  ScalingClient(Supplier<SignedJsonClient> client, String region, RemoteCalls calls) {
    this.client = client;
    this.region = region;
    this.reads = calls.translating(ControlErrors.ofReads());
    this.changes = calls.translating(ControlErrors.ofChanges());
  }

  /**
   * What is registered of a table or of one of its indexes.
   *
   * @param least units a second
   * @param most units a second
   * @param suspended whether some of its scaling is suspended
   * @param policies those that track its own metric, by their names
   */
  record Target(long least, long most, boolean suspended, Map<String, Policy> policies) {}

  /**
   * A policy that tracks a target.
   *
   * @param percent of what is provisioned
   * @param scaleIn seconds; null where the service's own applies
   * @param scaleOut seconds; null where the service's own applies
   * @param onlyOut whether it never scales in
   */
  record Policy(
      double percent, @Nullable Integer scaleIn, @Nullable Integer scaleOut, boolean onlyOut) {}

  /**
   * What is registered of a table and of indexes.
   *
   * @param table its name
   * @param indexes the names of its global indexes
   * @return the targets, with their policies
   */
  Map<Scaled, Target> targets(String table, List<String> indexes) {
    List<String> ids = new ArrayList<>();
    ids.add(Scaled.resourceId(table, ""));
    indexes.forEach(index -> ids.add(Scaled.resourceId(table, index)));
    Map<Scaled, Target> found = new LinkedHashMap<>();
    for (int from = 0; from < ids.size(); from += MOST_IDS) {
      List<String> some = ids.subList(from, Math.min(ids.size(), from + MOST_IDS));
      pages(
          "DescribeScalableTargets",
          table,
          "ScalableTargets",
          body -> some.forEach(body.putArray("ResourceIds")::add),
          target ->
              scaled(target, table)
                  .ifPresent(
                      scaled ->
                          found.put(
                              scaled,
                              new Target(
                                  number(target, "MinCapacity"),
                                  number(target, "MaxCapacity"),
                                  isSuspended(target),
                                  new TreeMap<>()))));
    }
    for (String id : found.isEmpty() ? List.<String>of() : ids) {
      pages(
          "DescribeScalingPolicies",
          table,
          "ScalingPolicies",
          body -> body.put(RESOURCE, id),
          policy ->
              scaled(policy, table)
                  .map(scaled -> tracking(policy, scaled) ? found.get(scaled) : null)
                  .ifPresent(
                      target -> target.policies().put(text(policy, "PolicyName"), policy(policy))));
    }
    return found;
  }

  /** All under which something of a table is registered, also of indexes that are gone. */
  Set<Scaled> left(String table) {
    Set<Scaled> found = new LinkedHashSet<>();
    pages(
        "DescribeScalableTargets",
        table,
        "ScalableTargets",
        body -> {},
        target -> scaled(target, table).ifPresent(found::add));
    return found;
  }

  private static Optional<Scaled> scaled(JsonNode node, String table) {
    return Scaled.of(text(node, RESOURCE), text(node, DIMENSION))
        .filter(scaled -> scaled.table().equals(table));
  }

  /** Whether a policy is one that tracks what is used of a target's own. */
  private static boolean tracking(JsonNode policy, Scaled scaled) {
    return policy
        .path(CONFIGURATION)
        .path("PredefinedMetricSpecification")
        .path("PredefinedMetricType")
        .asText()
        .equals(scaled.metric());
  }

  private static Policy policy(JsonNode policy) {
    JsonNode tracking = policy.path(CONFIGURATION);
    JsonNode target = tracking.path("TargetValue");
    if (!target.isNumber()) {
      throw new StrangeAnswerException("a policy in it has no TargetValue");
    }
    return new Policy(
        target.doubleValue(),
        seconds(tracking, "ScaleInCooldown"),
        seconds(tracking, "ScaleOutCooldown"),
        tracking.path("DisableScaleIn").asBoolean());
  }

  private static boolean isSuspended(JsonNode target) {
    return SUSPENSIONS.stream().anyMatch(kind -> target.path(SUSPENDED).path(kind).asBoolean());
  }

  /** Reads all pages; a page that is asked for again is told twice. */
  private void pages(
      String action,
      String table,
      String list,
      Consumer<ObjectNode> request,
      Consumer<JsonNode> each) {
    String token = null;
    do {
      ObjectNode body = body();
      request.accept(body);
      if (token != null) {
        body.put(TOKEN, token);
      }
      token =
          reads
              .repeatable(
                  SERVICE + action,
                  table + " in " + region,
                  () -> {
                    JsonNode page = client.get().send(action, body);
                    if (!page.path(list).isArray()) {
                      throw new StrangeAnswerException("it has no list " + list);
                    }
                    page.path(list).forEach(each);
                    return Optional.ofNullable(page.path(TOKEN).textValue());
                  })
              .filter(next -> !next.isEmpty())
              .orElse(null);
    } while (token != null);
  }

  /**
   * Registers a target, or sets its limits, and has it scale. Twice does the same as once.
   *
   * @param suspended whether what scales it was suspended
   */
  void register(Scaled scaled, Capacity capacity, boolean suspended) {
    ObjectNode request =
        of(scaled).put("MinCapacity", capacity.minimum()).put("MaxCapacity", capacity.maximum());
    if (suspended) {
      ObjectNode state = request.putObject(SUSPENDED);
      SUSPENSIONS.forEach(kind -> state.put(kind, false));
    }
    ObjectNode unused = change("RegisterScalableTarget", scaled, request);
  }

  /** Makes a policy, or sets it. Twice does the same as once. */
  void track(Scaled scaled, String policy, Capacity capacity) {
    ObjectNode request = of(scaled).put("PolicyName", policy).put("PolicyType", TRACKING);
    ObjectNode tracking =
        request
            .putObject(CONFIGURATION)
            .put("TargetValue", (double) capacity.target().orElseThrow());
    tracking
        .putObject("PredefinedMetricSpecification")
        .put("PredefinedMetricType", scaled.metric());
    capacity.scaleInCooldown().ifPresent(pause -> put(tracking, "ScaleInCooldown", pause));
    capacity.scaleOutCooldown().ifPresent(pause -> put(tracking, "ScaleOutCooldown", pause));
    ObjectNode unused = change("PutScalingPolicy", scaled, request);
  }

  /** Takes a target away, and with it its policies and their alarms. */
  void deregister(Scaled scaled) {
    try {
      ObjectNode unused = change("DeregisterScalableTarget", scaled, of(scaled));
    } catch (NotFoundException e) {
      // An earlier attempt of this request, or somebody else, did it.
      return;
    }
  }

  private static void put(ObjectNode tracking, String member, Duration pause) {
    tracking.put(member, pause.toSeconds());
  }

  private static ObjectNode body() {
    return JsonNodeFactory.instance.objectNode().put("ServiceNamespace", Scaled.NAMESPACE);
  }

  private static ObjectNode of(Scaled scaled) {
    return body().put(RESOURCE, scaled.resourceId()).put(DIMENSION, scaled.dimension());
  }

  private ObjectNode change(String action, Scaled scaled, ObjectNode request) {
    return changes.once(
        SERVICE + action,
        scaled + " of " + scaled.table() + " in " + region,
        () -> (ObjectNode) client.get().send(action, request));
  }

  private static String text(JsonNode node, String member) {
    JsonNode text = node.path(member);
    if (!text.isTextual()) {
      throw new StrangeAnswerException("something in it has no " + member);
    }
    return text.textValue();
  }

  private static long number(JsonNode node, String member) {
    JsonNode number = node.path(member);
    if (!number.isIntegralNumber()) {
      throw new StrangeAnswerException("something in it has no " + member);
    }
    return number.longValue();
  }

  private static @Nullable Integer seconds(JsonNode node, String member) {
    JsonNode number = node.path(member);
    return number.isIntegralNumber() ? (Integer) number.intValue() : null;
  }
}
