/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.arm.KnownFields;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a request for a promotion says.
 *
 * @param switchover whether replica and source change places; else the replica becomes a server of
 *     its own
 * @param forced whether it does not wait until the replica has all
 */
record PromotionWords(boolean switchover, boolean forced) {
  /**
   * Reads a body. {@code replicationRole: None} alone is the older way, which is documented as
   * deprecated.
   */
  static PromotionWords of(KnownFields body) {
    Optional<String> role =
        body.text("properties.replica.role").or(() -> body.text("properties.replicationRole"));
    Optional<String> mode = lower(body, "properties.replica.promoteMode");
    Optional<String> option = lower(body, "properties.replica.promoteOption");
    if (mode.isPresent() && !Set.of("standalone", "switchover").contains(mode.get())) {
      throw ArmRefusal.invalid("replica.promoteMode", mode.get());
    }
    if (option.isPresent() && !Set.of("planned", "forced").contains(option.get())) {
      throw ArmRefusal.invalid("replica.promoteOption", option.get());
    }
    boolean switchover = mode.isPresent() && mode.get().equals("switchover");
    if (role.isPresent() && !role.get().equals(switchover ? "Primary" : "None")) {
      throw ArmRefusal.invalid("replica.role", role.get() + " is not what it is promoted to");
    }
    if (mode.isEmpty() && role.isEmpty()) {
      throw ArmRefusal.missing("properties.replica.promoteMode");
    }
    return new PromotionWords(switchover, option.isPresent() && option.get().equals("forced"));
  }

  /** Recorded: these words are taken in lower case, too, in which older definitions have them. */
  private static Optional<String> lower(KnownFields body, String field) {
    return body.text(field).map(value -> value.toLowerCase(Locale.ROOT));
  }
}
