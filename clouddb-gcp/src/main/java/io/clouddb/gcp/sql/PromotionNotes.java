/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.Optional;

/** What the looks at a promotion have seen that is to be said at its end. */
final class PromotionNotes {
  private static final String ALREADY = "already";
  private static final String FORMER = "former";

  private PromotionNotes() {}

  /** It takes writes, and it is not seen that the own request has made it so. */
  static Map<String, String> already() {
    return Map.of(ALREADY, "yes");
  }

  static boolean wasAlready(StepContext context) {
    return context.value(ALREADY).isPresent();
  }

  /** The former source does not follow; what is seen of it instead. */
  static Map<String, String> former(String instead) {
    return Map.of(FORMER, instead);
  }

  /** What was seen of a former source that does not follow; empty when it does. */
  static Optional<String> former(StepContext context) {
    return context.value(FORMER);
  }
}
