/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * With which key a table is encrypted: with none that anybody sees, the service's own in KMS, or
 * one of its owner. Changed four times in a day, and then every six hours.
 */
final class Encryption {
  private static final int FREE_CHANGES = 4;
  private static final Duration WINDOW = Duration.ofHours(24);
  private static final Duration BETWEEN = Duration.ofHours(6);

  private final Deque<Instant> changes = new ArrayDeque<>();
  private @Nullable String key;
  private boolean updating;
  private @Nullable Instant inaccessible;

  Encryption(@Nullable String key) {
    this.key = key;
  }

  /**
   * What a request asks for.
   *
   * @param on whether a key of KMS is to be used
   * @param named the key; null for the service's own
   */
  record Asked(boolean on, @Nullable String named) {
    static Asked of(Members specification) {
      Boolean enabled = specification.flagOrNull("Enabled");
      String type = specification.textOrNull("SSEType");
      String key = specification.textOrNull("KMSMasterKeyId");
      if (Boolean.FALSE.equals(enabled)) {
        if (type != null) {
          throw Validation.parameter("SSEType can not be specified if Enabled is false");
        }
        if (key != null) {
          throw Validation.parameter("KMSMasterKeyId can not be specified if Enabled is false");
        }
        return new Asked(false, null);
      }
      if ("AES256".equals(type)) {
        throw Validation.parameter("SSEType AES256 is not supported");
      }
      if (key != null && type == null) {
        throw Validation.parameter("SSEType KMS is required if KMSMasterKeyId is specified");
      }
      return new Asked(enabled != null || type != null, key);
    }

    /** The ARN of the key in a region; null for none that anybody sees. */
    @Nullable String keyIn(String region, MasterKeys keys) {
      return on ? keys.resolve(region, named == null ? MasterKeys.MANAGED : named) : null;
    }
  }

  /** The ARN of the key; null for none that anybody sees. */
  @Nullable String key() {
    return key;
  }

  void setKey(@Nullable String next) {
    key = next;
  }

  boolean isUpdating() {
    return updating;
  }

  void setUpdating(boolean now) {
    updating = now;
  }

  void setInaccessible(@Nullable Instant since) {
    inaccessible = since;
  }

  boolean isInaccessible() {
    return inaccessible != null;
  }

  /** Refuses a change too many. */
  void requireMayChange(Instant now) {
    while (!changes.isEmpty() && !changes.getFirst().plus(WINDOW).isAfter(now)) {
      changes.removeFirst();
    }
    if (changes.size() >= FREE_CHANGES && changes.getLast().plus(BETWEEN).isAfter(now)) {
      throw Refusals.limit(
          "Encryption mode changes are limited in the 24h window ending at "
              + changes.getFirst().plus(WINDOW)
              + ". After the first 4 change, each subsequent change in the same window can be"
              + " performed at most once every 21600 seconds. Number of updates today: "
              + changes.size()
              + ". Last change at "
              + changes.getLast()
              + ". Next changes can be made at "
              + changes.getLast().plus(BETWEEN));
    }
  }

  void noteChange(Instant now) {
    changes.addLast(now);
  }

  /** What descriptions say of it; null for nothing. */
  @Nullable ObjectNode described() {
    if (key == null && !updating) {
      return null;
    }
    ObjectNode described =
        JsonNodeFactory.instance.objectNode().put("Status", updating ? "UPDATING" : "ENABLED");
    if (key != null) {
      described.put("SSEType", "KMS").put("KMSMasterKeyArn", key);
    }
    if (inaccessible != null) {
      described.put("InaccessibleEncryptionDateTime", Json.seconds(inaccessible));
    }
    return described;
  }
}
