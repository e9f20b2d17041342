/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When the time of an item is over. */
@FunctionalInterface
public interface ExpiryRule {
  /**
   * Tells when an item is to go.
   *
   * @param item its attributes
   * @return the moment; null for never
   */
  @Nullable Instant expiryOf(Map<String, Value> item);
}
