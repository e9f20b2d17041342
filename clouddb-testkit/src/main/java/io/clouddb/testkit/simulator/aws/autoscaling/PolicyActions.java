/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsPartition;
import io.clouddb.testkit.simulator.aws.Constraints;
import io.clouddb.testkit.simulator.aws.JsonCall;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The actions on scaling policies, of which there are those that track a target. */
final class PolicyActions {
  private static final String CONFIGURATION = "TargetTrackingScalingPolicyConfiguration";
  private static final String TYPE = "TargetTrackingScaling";
  private static final double LEAST_UTILIZATION = 10;
  private static final double GREATEST_UTILIZATION = 90;
  private static final double LEAST_TARGET = 8.51592E-109;
  private static final int LONGEST_NAME = 256;
  private static final List<String> ALARMS =
      List.of("AlarmHigh", "AlarmLow", "ProvisionedCapacityHigh", "ProvisionedCapacityLow");
  private static final Set<String> CONFIGURABLE =
      Set.of(
          "TargetValue",
          "PredefinedMetricSpecification",
          "ScaleOutCooldown",
          "ScaleInCooldown",
          "DisableScaleIn");

  private final String account;
  private final CloudEngine engine;
  private final ScalingTargets targets;

  PolicyActions(String account, CloudEngine engine, ScalingTargets targets) {
    this.account = account;
    this.engine = engine;
    this.targets = targets;
  }

  ObjectNode put(JsonCall call) {
    call.only(
        Set.of(
            "PolicyName",
            ScalingRequest.NAMESPACE,
            ScalingRequest.RESOURCE,
            ScalingRequest.DIMENSION,
            "PolicyType",
            CONFIGURATION));
    String name = name(call);
    Scalable scalable = ScalingRequest.scalable(call);
    JsonNode type = call.members().path("PolicyType");
    if (!type.isMissingNode() && !type.asText().equals(TYPE)) {
      throw ScalingRequest.invalid(
          "Unsupported policy type " + type.asText() + " for service namespace dynamodb");
    }
    synchronized (targets) {
      ScalableTarget target =
          targets
              .find(call.region(), scalable)
              .orElseThrow(
                  () -> ScalingRequest.notFound("No scalable target registered", scalable, ""));
      Optional<ScalingPolicy> before = Optional.ofNullable(target.policies().get(name));
      JsonNode sent = call.members().path(CONFIGURATION);
      if (before.isEmpty() && (type.isMissingNode() || !sent.isObject())) {
        throw ScalingRequest.invalid(
            "PolicyType and " + CONFIGURATION + " are required when creating a scaling policy");
      }
      if (before.isEmpty() && !target.policies().isEmpty()) {
        throw ScalingRequest.invalid(
            "Only one TargetTrackingScaling policy for a given metric specification is allowed.");
      }
      ObjectNode configuration =
          sent.isObject()
              ? checked((ObjectNode) sent, scalable)
              : before.orElseThrow().configuration();
      ScalingPolicy policy =
          new ScalingPolicy(
              name,
              before.map(ScalingPolicy::arn).orElseGet(() -> arn(call.region(), scalable, name)),
              configuration,
              before.map(ScalingPolicy::alarms).orElseGet(() -> alarms(scalable)),
              before.map(ScalingPolicy::created).orElseGet(() -> engine.clock().instant()));
      target.policies().put(name, policy);
      ObjectNode result = JsonNodeFactory.instance.objectNode().put("PolicyARN", policy.arn());
      result.set("Alarms", policy.alarms(call.region(), account));
      return result;
    }
  }

  private static String name(JsonCall call) {
    JsonNode name = call.members().path("PolicyName");
    Constraints constraints = new Constraints();
    constraints.required(name, "policyName");
    constraints.length(name, "policyName", 1, LONGEST_NAME);
    constraints.check();
    return name.asText();
  }

  private static ObjectNode checked(ObjectNode configuration, Scalable scalable) {
    configuration
        .fieldNames()
        .forEachRemaining(
            member -> {
              if (!CONFIGURABLE.contains(member)) {
                throw new NotSimulatedException("the member " + member + " of a scaling policy");
              }
            });
    JsonNode target = configuration.path("TargetValue");
    Constraints constraints = new Constraints();
    constraints.required(target, "targetTrackingScalingPolicyConfiguration.targetValue");
    constraints.check();
    double value = target.asDouble();
    if (value < LEAST_TARGET) {
      throw ScalingRequest.invalid(
          "For target tracking scaling, target value must be between '8.51592E-109' and"
              + " '1.174271E108', but was '"
              + value
              + "'.");
    }
    JsonNode metric =
        configuration.path("PredefinedMetricSpecification").path("PredefinedMetricType");
    if (metric.isMissingNode()) {
      throw ScalingRequest.invalid(
          "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification is"
              + " required");
    }
    if (!metric.asText().equals(scalable.metric())) {
      throw ScalingRequest.invalid(
          "Predefined metric type "
              + metric.asText()
              + " is not supported for scalable dimension "
              + scalable.dimension());
    }
    if (value < LEAST_UTILIZATION || value > GREATEST_UTILIZATION) {
      throw ScalingRequest.invalid(
          "For predefined metric type "
              + metric.asText()
              + ", target value must be between '10.0' and '90.0', but was '"
              + value
              + "'.");
    }
    ObjectNode kept = configuration.deepCopy();
    // The service answers with a number that has a fraction, whatever it was sent.
    kept.put("TargetValue", value);
    return kept;
  }

  private String arn(String region, Scalable scalable, String name) {
    return String.join(
        ":",
        "arn",
        AwsPartition.of(region),
        "autoscaling",
        region,
        account,
        "scalingPolicy",
        engine.newId(),
        "resource/dynamodb/" + scalable.resourceId(),
        "policyName/" + name);
  }

  private List<String> alarms(Scalable scalable) {
    return ALARMS.stream()
        .map(kind -> "TargetTracking-" + scalable.resourceId() + "-" + kind + "-" + engine.newId())
        .toList();
  }

  ObjectNode delete(JsonCall call) {
    call.only(
        Set.of(
            "PolicyName",
            ScalingRequest.NAMESPACE,
            ScalingRequest.RESOURCE,
            ScalingRequest.DIMENSION));
    String name = name(call);
    Scalable scalable = ScalingRequest.scalable(call);
    synchronized (targets) {
      boolean removed =
          targets
              .find(call.region(), scalable)
              .map(target -> target.policies().remove(name) != null)
              .orElse(false);
      if (!removed) {
        throw ScalingRequest.notFound(
            "No scaling policy found", scalable, ", policy name: " + name);
      }
    }
    return JsonNodeFactory.instance.objectNode();
  }

  ObjectNode describe(JsonCall call) {
    call.only(
        Set.of(
            "PolicyNames",
            ScalingRequest.NAMESPACE,
            ScalingRequest.RESOURCE,
            ScalingRequest.DIMENSION,
            "MaxResults",
            "NextToken"));
    ScalingRequest.requireNamespace(call);
    JsonNode resource = call.members().path(ScalingRequest.RESOURCE);
    if (resource.isMissingNode() && call.members().has(ScalingRequest.DIMENSION)) {
      throw ScalingRequest.invalid("A ScalableDimension cannot be specified without a ResourceId");
    }
    List<String> names = new ArrayList<>();
    call.members().path("PolicyNames").forEach(name -> names.add(name.asText()));
    List<ObjectNode> found = new ArrayList<>();
    synchronized (targets) {
      for (ScalableTarget target : targets.in(call.region())) {
        Scalable scalable = target.scalable();
        if (!ScalingRequest.wants(call, scalable)
            || (!resource.isMissingNode() && !resource.asText().equals(scalable.resourceId()))) {
          continue;
        }
        for (ScalingPolicy policy : target.policies().values()) {
          if (names.isEmpty() || names.contains(policy.name()) || names.contains(policy.arn())) {
            found.add(described(target, policy));
          }
        }
      }
    }
    return ScalingPages.page(call, "ScalingPolicies", found);
  }

  private ObjectNode described(ScalableTarget target, ScalingPolicy policy) {
    ObjectNode described =
        JsonNodeFactory.instance
            .objectNode()
            .put("PolicyARN", policy.arn())
            .put("PolicyName", policy.name())
            .put("ServiceNamespace", Scalable.NAMESPACE)
            .put("ResourceId", target.scalable().resourceId())
            .put("ScalableDimension", target.scalable().dimension())
            .put("PolicyType", TYPE)
            .put("CreationTime", ScalingRequest.seconds(policy.created()));
    described.set(CONFIGURATION, policy.configuration().deepCopy());
    described.set("Alarms", policy.alarms(target.region(), account));
    return described;
  }
}
