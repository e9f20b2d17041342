/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsPartition;
import io.clouddb.testkit.simulator.aws.JsonCall;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The actions on scalable targets. */
final class TargetActions {
  /** Which the service uses whatever role a request names. */
  private static final String ROLE =
      ":role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com"
          + "/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable";

  private final String account;
  private final CloudEngine engine;
  private final ScalingTargets targets;
  private final ScalableTables tables;
  private final ScalingActivities activities;

  TargetActions(
      String account,
      CloudEngine engine,
      ScalingTargets targets,
      ScalableTables tables,
      ScalingActivities activities) {
    this.account = account;
    this.engine = engine;
    this.targets = targets;
    this.tables = tables;
    this.activities = activities;
  }

  ObjectNode register(JsonCall call) {
    call.only(
        Set.of(
            ScalingRequest.NAMESPACE,
            ScalingRequest.RESOURCE,
            ScalingRequest.DIMENSION,
            "MinCapacity",
            "MaxCapacity",
            "RoleARN",
            "SuspendedState",
            "Tags"));
    Scalable scalable = ScalingRequest.scalable(call);
    if (tables.capacity(call.region(), scalable).isEmpty()) {
      throw ScalingRequest.invalid(
          "DynamoDB "
              + (scalable.index().isPresent() ? "index" : "table")
              + " does not exist: "
              + scalable.resourceId());
    }
    ScalableTarget target = registered(call, scalable);
    activities.holdLimits(call.region(), scalable);
    return JsonNodeFactory.instance.objectNode().put("ScalableTargetARN", arn(target));
  }

  private ScalableTarget registered(JsonCall call, Scalable scalable) {
    synchronized (targets) {
      Optional<ScalableTarget> before = targets.find(call.region(), scalable);
      JsonNode least = call.members().path("MinCapacity");
      JsonNode most = call.members().path("MaxCapacity");
      if (before.isEmpty() && (least.isMissingNode() || most.isMissingNode())) {
        throw ScalingRequest.invalid(
            "Both MinCapacity and MaxCapacity are required when registering a new scalable target");
      }
      long min = least.isMissingNode() ? before.orElseThrow().min() : least.asLong();
      long max = most.isMissingNode() ? before.orElseThrow().max() : most.asLong();
      if (min < 1) {
        throw ScalingRequest.invalid("Minimum capacity cannot be less than 1");
      }
      if (max < min) {
        throw ScalingRequest.invalid("Maximum capacity cannot be less than minimum capacity");
      }
      JsonNode tags = call.members().path("Tags");
      if (before.isPresent() && !tags.isEmpty()) {
        throw ScalingRequest.invalid(
            "Tags cannot be specified when updating an existing scalable target. Use TagResource.");
      }
      TargetTags.check(tags, 0);
      ScalableTarget target = targets.register(call.region(), scalable, engine.clock().instant());
      target.limits(min, max);
      tags.properties().forEach(tag -> target.tags().put(tag.getKey(), tag.getValue().asText()));
      call.members()
          .path("SuspendedState")
          .properties()
          .forEach(state -> target.suspended().set(state.getKey(), state.getValue()));
      return target;
    }
  }

  ObjectNode deregister(JsonCall call) {
    call.only(Set.of(ScalingRequest.NAMESPACE, ScalingRequest.RESOURCE, ScalingRequest.DIMENSION));
    Scalable scalable = ScalingRequest.scalable(call);
    synchronized (targets) {
      targets.remove(
          targets
              .find(call.region(), scalable)
              .orElseThrow(
                  () -> ScalingRequest.notFound("No scalable target found", scalable, "")));
    }
    return JsonNodeFactory.instance.objectNode();
  }

  ObjectNode describe(JsonCall call) {
    call.only(
        Set.of(
            ScalingRequest.NAMESPACE,
            "ResourceIds",
            ScalingRequest.DIMENSION,
            "MaxResults",
            "NextToken"));
    ScalingRequest.requireNamespace(call);
    List<String> ids = new ArrayList<>();
    call.members().path("ResourceIds").forEach(id -> ids.add(id.asText()));
    List<ObjectNode> found = new ArrayList<>();
    synchronized (targets) {
      for (ScalableTarget target : targets.in(call.region())) {
        Scalable scalable = target.scalable();
        if (ScalingRequest.wants(call, scalable)
            && (ids.isEmpty() || ids.contains(scalable.resourceId()))) {
          found.add(described(target));
        }
      }
    }
    return ScalingPages.page(call, "ScalableTargets", found);
  }

  private ObjectNode described(ScalableTarget target) {
    ObjectNode described =
        JsonNodeFactory.instance
            .objectNode()
            .put("ServiceNamespace", Scalable.NAMESPACE)
            .put("ResourceId", target.scalable().resourceId())
            .put("ScalableDimension", target.scalable().dimension())
            .put("MinCapacity", target.min())
            .put("MaxCapacity", target.max())
            .put("RoleARN", "arn:" + AwsPartition.of(target.region()) + ":iam::" + account + ROLE)
            .put("CreationTime", ScalingRequest.seconds(target.created()))
            .put("ScalableTargetARN", arn(target));
    described.set("SuspendedState", target.suspended().deepCopy());
    return described;
  }

  private String arn(ScalableTarget target) {
    return String.join(
        ":",
        "arn",
        AwsPartition.of(target.region()),
        "application-autoscaling",
        target.region(),
        account,
        "scalable-target/" + target.id());
  }
}
