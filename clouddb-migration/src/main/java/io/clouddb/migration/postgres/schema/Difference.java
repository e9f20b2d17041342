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
  /** Of one definition, in a message; a view's or a function's has no limit of its own. */
  private static final int SHOWN = 4_000;

  /**
   * What is the matter with it, to go on after its name: both definitions and where they differ.
   */
  String how() {
    if (onSource.isEmpty()) {
      return "is on the target only: " + shown(onTarget.orElse(""));
    }
    if (onTarget.isEmpty()) {
      return "is missing on the target: " + shown(onSource.orElse(""));
    }
    DifferingPart part = DifferingPart.of(onSource.get(), onTarget.get());
    return "differs. Only on the source: "
        + partShown(part.onSource())
        + ". Only on the target: "
        + partShown(part.onTarget())
        + ". The whole definition on the source: "
        + shown(onSource.get())
        + ". On the target: "
        + shown(onTarget.get());
  }

  private static String partShown(String part) {
    return part.isEmpty() ? "nothing" : shown(part);
  }

  private static String shown(String definition) {
    return definition.length() <= SHOWN
        ? definition
        : definition.substring(0, SHOWN) + " ... (" + definition.length() + " characters)";
  }

  /** For messages: what differs, with both definitions and the part in which they do. */
  @Override
  public String toString() {
    return kind.label() + " " + object + " " + how();
  }
}
