/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.Constraints;
import io.clouddb.testkit.simulator.aws.JsonCall;
import java.time.Instant;
import java.util.List;

/** What this service's requests have in common. */
final class ScalingRequest {
  static final String NAMESPACE = "ServiceNamespace";
  static final String RESOURCE = "ResourceId";
  static final String DIMENSION = "ScalableDimension";

  private static final List<String> NAMESPACES =
      List.of(
          "appstream",
          "cassandra",
          "comprehend",
          "custom-resource",
          "dynamodb",
          "ec2",
          "ecs",
          "elasticache",
          "elasticmapreduce",
          "kafka",
          "lambda",
          "neptune",
          "rds",
          "sagemaker",
          "workspaces");
  private static final int LONGEST_RESOURCE = 1600;

  private ScalingRequest() {}

  /** What a request is about, which it has to name. */
  static Scalable scalable(JsonCall call) {
    JsonNode namespace = call.members().path(NAMESPACE);
    JsonNode resource = call.members().path(RESOURCE);
    JsonNode dimension = call.members().path(DIMENSION);
    Constraints constraints = new Constraints();
    namespace(constraints, call);
    constraints.required(resource, "resourceId");
    constraints.length(resource, "resourceId", 1, LONGEST_RESOURCE);
    constraints.required(dimension, "scalableDimension");
    constraints.check();
    return Scalable.of(namespace.asText(), resource.asText(), dimension.asText());
  }

  /** The namespace alone, as descriptions ask for it. */
  static void requireNamespace(JsonCall call) {
    Constraints constraints = new Constraints();
    namespace(constraints, call);
    constraints.check();
  }

  private static void namespace(Constraints constraints, JsonCall call) {
    JsonNode namespace = call.members().path(NAMESPACE);
    constraints.required(namespace, "serviceNamespace");
    constraints.oneOf(namespace, "serviceNamespace", NAMESPACES);
  }

  /** Whether a description asks for what is registered for something. */
  static boolean wants(JsonCall call, Scalable scalable) {
    JsonNode dimension = call.members().path(DIMENSION);
    return call.members().path(NAMESPACE).asText().equals(Scalable.NAMESPACE)
        && (dimension.isMissingNode() || dimension.asText().equals(scalable.dimension()));
  }

  /** A moment as answers have it. */
  static double seconds(Instant moment) {
    return moment.toEpochMilli() / 1000.0;
  }

  static AwsError invalid(String text) {
    return AwsError.badRequest("ValidationException", text);
  }

  static AwsError notFound(String what, Scalable scalable, String more) {
    return AwsError.badRequest(
        "ObjectNotFoundException",
        what
            + " for service namespace: "
            + Scalable.NAMESPACE
            + ", resource ID: "
            + scalable.resourceId()
            + ", scalable dimension: "
            + scalable.dimension()
            + more);
  }
}
