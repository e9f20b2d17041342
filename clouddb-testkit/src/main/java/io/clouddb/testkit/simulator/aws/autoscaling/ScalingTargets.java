/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.autoscaling;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is registered, in all regions of an account. It is the service's memory, and what DynamoDB
 * looks into before it copies a table with provisioned throughput to another region. For any
 * thread, each of which holds this object's lock while it uses a target.
 */
public final class ScalingTargets {
  private record Key(String region, Scalable scalable) {}

  private final Map<Key, ScalableTarget> targets = new LinkedHashMap<>();
  private final Supplier<String> ids;

  /**
   * Makes it without targets.
   *
   * @param ids gives a new id at each call
   */
  public ScalingTargets(Supplier<String> ids) {
    this.ids = ids;
  }

  /**
   * Tells whether something has a target and a policy.
   *
   * @param region where
   * @param scalable what
   * @return true when both are there
   */
  public synchronized boolean isScaled(String region, Scalable scalable) {
    return find(region, scalable).filter(target -> !target.policies().isEmpty()).isPresent();
  }

  /**
   * Registers in another region what scales the writes of a table and of its indexes, as DynamoDB
   * does by itself for a new replica.
   *
   * @param from the region that has them
   * @param to the region that gets them
   * @param table name of the table
   * @param now when
   */
  public synchronized void copyWrites(String from, String to, String table, Instant now) {
    for (ScalableTarget source : List.copyOf(targets.values())) {
      Scalable scalable = source.scalable();
      if (source.region().equals(from) && scalable.table().equals(table) && scalable.writes()) {
        ScalableTarget copy = register(to, scalable, now);
        copy.limits(source.min(), source.max());
        source
            .policies()
            .forEach(
                (name, policy) ->
                    copy.policies()
                        .put(
                            name,
                            new ScalingPolicy(
                                name,
                                policy.arn().replace(":" + from + ":", ":" + to + ":"),
                                policy.configuration().deepCopy(),
                                policy.alarms(),
                                now)));
      }
    }
  }

  synchronized Optional<ScalableTarget> find(String region, Scalable scalable) {
    return Optional.ofNullable(targets.get(new Key(region, scalable)));
  }

  synchronized Optional<ScalableTarget> byId(String region, String id) {
    return in(region).stream().filter(target -> target.id().equals(id)).findFirst();
  }

  synchronized ScalableTarget register(String region, Scalable scalable, Instant now) {
    return targets.computeIfAbsent(
        new Key(region, scalable),
        key -> {
          // The service's ids have 36 letters without hyphens.
          String id = (ids.get() + ids.get()).replace("-", "").substring(0, 36);
          ObjectNode suspended =
              JsonNodeFactory.instance
                  .objectNode()
                  .put("DynamicScalingInSuspended", false)
                  .put("DynamicScalingOutSuspended", false)
                  .put("ScheduledScalingSuspended", false);
          return new ScalableTarget(region, scalable, id, now, suspended);
        });
  }

  synchronized void remove(ScalableTarget target) {
    targets.remove(new Key(target.region(), target.scalable()));
  }

  synchronized List<ScalableTarget> in(String region) {
    List<ScalableTarget> found = new ArrayList<>();
    targets.forEach(
        (key, target) -> {
          if (key.region().equals(region)) {
            found.add(target);
          }
        });
    return found;
  }
}
