/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.JsonCall;
import java.util.Set;

/** The tags of scalable targets. */
final class TargetTags {
  private static final int MOST = 50;
  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 256;

  private final ScalingTargets targets;

  TargetTags(ScalingTargets targets) {
    this.targets = targets;
  }

  /** Refuses tags that cannot be added to as many. */
  static void check(JsonNode tags, int there) {
    tags.properties()
        .forEach(
            tag -> {
              String key = tag.getKey();
              if (key.isEmpty()
                  || key.length() > LONGEST_KEY
                  || key.startsWith("aws:")
                  || tag.getValue().asText().length() > LONGEST_VALUE) {
                throw ScalingRequest.invalid("The tag " + key + " is not valid");
              }
            });
    if (there + tags.size() > MOST) {
      throw AwsError.badRequest(
          "TooManyTagsException", "A resource cannot have more than " + MOST + " tags");
    }
  }

  ObjectNode tag(JsonCall call) {
    call.only(Set.of("ResourceARN", "Tags"));
    JsonNode tags = call.members().path("Tags");
    synchronized (targets) {
      ScalableTarget target = target(call);
      long known = target.tags().keySet().stream().filter(tags::has).count();
      check(tags, target.tags().size() - (int) known);
      tags.properties().forEach(tag -> target.tags().put(tag.getKey(), tag.getValue().asText()));
    }
    return JsonNodeFactory.instance.objectNode();
  }

  ObjectNode untag(JsonCall call) {
    call.only(Set.of("ResourceARN", "TagKeys"));
    synchronized (targets) {
      ScalableTarget target = target(call);
      call.members().path("TagKeys").forEach(key -> target.tags().remove(key.asText()));
    }
    return JsonNodeFactory.instance.objectNode();
  }

  ObjectNode list(JsonCall call) {
    call.only(Set.of("ResourceARN"));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ObjectNode tags = result.putObject("Tags");
    synchronized (targets) {
      target(call).tags().forEach(tags::put);
    }
    return result;
  }

  private ScalableTarget target(JsonCall call) {
    String arn = call.members().path("ResourceARN").asText();
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    return targets
        .byId(call.region(), id)
        .filter(target -> arn.contains(":application-autoscaling:" + call.region() + ":"))
        .orElseThrow(
            () ->
                AwsError.badRequest(
                    "ResourceNotFoundException", "The specified resource doesn't exist: " + arn));
  }
}
