/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import java.util.Optional;

/**
 * An object of the schema that is not the same on both sides.
 *
 * @param kind what it is
 * @param object its name, qualified and quoted as SQL wants it
 * @param onSource how the source defines it; empty when it is not there
 * @param onTarget how the target defines it; empty when it is not there
 */
public record Difference(
    ObjectKind kind, String object, Optional<String> onSource, Optional<String> onTarget) {
  /** What is the matter with it, to go on after its name. */
  String how() {
    if (onSource.isEmpty()) {
      return "is on the target only";
    }
    return onTarget.isEmpty() ? "is missing on the target" : "differs";
  }

  /** For messages: what differs, without the definitions. */
  @Override
  public String toString() {
    return kind.label() + " " + object + " " + how();
  }
}
