/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.JsonCall;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the service has done by itself: it brings a capacity into the limits when they are set. It
 * does not scale by what is consumed.
 */
final class ScalingActivities {
  /** From a registration to the change that it makes. */
  private static final Duration DELAY = Duration.ofSeconds(4);

  /** The service tells of those of six weeks. */
  private static final Duration KEPT = Duration.ofDays(42);

  /** However many there are by a clock that hardly moves. */
  private static final int MOST = 10_000;

  private record Activity(
      String id,
      String region,
      Scalable scalable,
      String description,
      String cause,
      Instant at,
      String status,
      String message) {}

  private final CloudEngine engine;
  private final ScalingTargets targets;
  private final ScalableTables tables;

  /** The newest one first. */
  private final Deque<Activity> activities = new ArrayDeque<>();

  ScalingActivities(CloudEngine engine, ScalingTargets targets, ScalableTables tables) {
    this.engine = engine;
    this.targets = targets;
    this.tables = tables;
  }

  /** Brings what is outside of the limits into them, a little later. */
  void holdLimits(String region, Scalable scalable) {
    engine.tasks().later(DELAY, () -> hold(region, scalable));
  }

  private void hold(String region, Scalable scalable) {
    long min;
    long max;
    synchronized (targets) {
      ScalableTarget target = targets.find(region, scalable).orElse(null);
      if (target == null) {
        return;
      }
      min = target.min();
      max = target.max();
    }
    OptionalLong capacity = tables.capacity(region, scalable);
    // On demand there is nothing to hold.
    if (capacity.isEmpty() || capacity.getAsLong() == 0) {
      return;
    }
    long units = Math.max(min, Math.min(max, capacity.getAsLong()));
    if (units == capacity.getAsLong()) {
      return;
    }
    String status = "Successful";
    String set = "set " + scalable.units() + " to " + units;
    String message = "Successfully " + set + ". Change successfully fulfilled by dynamodb.";
    try {
      tables.provision(region, scalable, units);
    } catch (AwsError e) {
      status = "Failed";
      message = "Failed to " + set + ". Reason: " + e.text();
    }
    String cause =
        units == min ? "minimum capacity was set to " + min : "maximum capacity was set to " + max;
    Activity activity =
        new Activity(
            engine.newId(),
            region,
            scalable,
            "Setting " + scalable.units() + " to " + units + ".",
            cause,
            engine.clock().instant(),
            status,
            message);
    synchronized (activities) {
      activities.addFirst(activity);
      forget(activity.at());
    }
  }

  private void forget(Instant now) {
    Instant oldest = now.minus(KEPT);
    while (!activities.isEmpty()
        && (activities.size() > MOST || activities.getLast().at().isBefore(oldest))) {
      activities.removeLast();
    }
  }

  ObjectNode describe(JsonCall call) {
    call.only(
        Set.of(
            ScalingRequest.NAMESPACE,
            ScalingRequest.RESOURCE,
            ScalingRequest.DIMENSION,
            "MaxResults",
            "NextToken"));
    ScalingRequest.requireNamespace(call);
    JsonNode resource = call.members().path(ScalingRequest.RESOURCE);
    List<ObjectNode> found = new ArrayList<>();
    synchronized (activities) {
      forget(engine.clock().instant());
      for (Activity activity : activities) {
        if (activity.region().equals(call.region())
            && ScalingRequest.wants(call, activity.scalable())
            && (resource.isMissingNode()
                || resource.asText().equals(activity.scalable().resourceId()))) {
          found.add(described(activity));
        }
      }
    }
    return ScalingPages.page(call, "ScalingActivities", found);
  }

  private static ObjectNode described(Activity activity) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ActivityId", activity.id())
        .put("ServiceNamespace", Scalable.NAMESPACE)
        .put("ResourceId", activity.scalable().resourceId())
        .put("ScalableDimension", activity.scalable().dimension())
        .put("Description", activity.description())
        .put("Cause", activity.cause())
        .put("StartTime", ScalingRequest.seconds(activity.at()))
        .put("EndTime", ScalingRequest.seconds(activity.at()))
        .put("StatusCode", activity.status())
        .put("StatusMessage", activity.message());
  }
}
