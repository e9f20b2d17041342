/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.ExpiryRule;
import io.clouddb.testkit.simulator.tables.Value;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** By which attribute items of a table expire: changed once in an hour. */
final class TimeToLive {
  private static final Duration BETWEEN_CHANGES = Duration.ofHours(1);

  /** What is older than this is taken for an error of its owner, and stays. */
  private static final long OLDEST_SECONDS = Duration.ofDays(5 * 365).toSeconds();

  private static final BigDecimal LATEST = BigDecimal.valueOf(Instant.MAX.getEpochSecond() / 2);

  private @Nullable String attribute;
  private boolean enabled;
  private @Nullable Instant changed;

  /** Refuses what it already is, and a change too soon after the last one. */
  void requireMayBecome(boolean on, String name, Instant now) {
    if (on && enabled) {
      throw Validation.error(
          name.equals(attribute)
              ? "TimeToLive is already enabled"
              : "TimeToLive is active on a different AttributeName: current AttributeName is "
                  + attribute);
    }
    if (!on && !enabled) {
      throw Validation.error("TimeToLive is already disabled");
    }
    if (!on && !name.equals(attribute)) {
      throw Validation.error(
          "TimeToLive is active on a different AttributeName: current AttributeName is "
              + attribute);
    }
    if (changed != null && changed.plus(BETWEEN_CHANGES).isAfter(now)) {
      throw Validation.error(
          "Time to live has been modified multiple times within a fixed interval");
    }
  }

  void become(boolean on, String name, Instant now) {
    enabled = on;
    attribute = name;
    changed = now;
  }

  /** Becomes what another is, as a new replica does. */
  void copy(TimeToLive other) {
    attribute = other.attribute;
    enabled = other.enabled;
    changed = other.changed;
  }

  boolean isEnabled() {
    return enabled;
  }

  /** When items go; null for never. */
  @Nullable ExpiryRule rule(Clock clock) {
    String name = attribute;
    if (!enabled || name == null) {
      return null;
    }
    return item -> {
      if (!(item.get(name) instanceof Value.Num number)
          || number.number().signum() <= 0
          || number.number().compareTo(LATEST) > 0) {
        return null;
      }
      long seconds = number.number().setScale(0, RoundingMode.FLOOR).longValueExact();
      return seconds < clock.instant().getEpochSecond() - OLDEST_SECONDS
          ? null
          : Instant.ofEpochSecond(seconds).plus(Timing.EXPIRED_KEPT);
    };
  }

  /** What descriptions say of it. */
  ObjectNode described(Instant now) {
    ObjectNode described = JsonNodeFactory.instance.objectNode();
    boolean settled = changed == null || !changed.plus(Timing.TIME_TO_LIVE).isAfter(now);
    if (enabled) {
      described.put("TimeToLiveStatus", settled ? "ENABLED" : "ENABLING");
    } else {
      described.put("TimeToLiveStatus", settled ? "DISABLED" : "DISABLING");
    }
    if (attribute != null && (enabled || !settled)) {
      described.put("AttributeName", attribute);
    }
    return described;
  }
}
