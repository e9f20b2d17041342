/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.autoscaling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is registered for one table or index: within which limits it is scaled, and how. */
final class ScalableTarget {
  private final String region;
  private final Scalable scalable;
  private final String id;
  private final Instant created;
  private final Map<String, ScalingPolicy> policies = new LinkedHashMap<>();
  private final Map<String, String> tags = new LinkedHashMap<>();
  private final ObjectNode suspended;
  private long min;
  private long max;

  ScalableTarget(
      String region, Scalable scalable, String id, Instant created, ObjectNode suspended) {
    this.region = region;
    this.scalable = scalable;
    this.id = id;
    this.created = created;
    this.suspended = suspended;
  }

  String region() {
    return region;
  }

  Scalable scalable() {
    return scalable;
  }

  /** The last part of its ARN. */
  String id() {
    return id;
  }

  Instant created() {
    return created;
  }

  Map<String, ScalingPolicy> policies() {
    return policies;
  }

  Map<String, String> tags() {
    return tags;
  }

  ObjectNode suspended() {
    return suspended;
  }

  long min() {
    return min;
  }

  long max() {
    return max;
  }

  void limits(long least, long most) {
    this.min = least;
    this.max = most;
  }
}
