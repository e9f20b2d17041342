/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the service answered to a step's request.
 *
 * @param handle the vendor's id of the operation that it began, null when it named none
 * @param pollAfter when to look, null for the cloud's own pause
 * @param message what goes on now
 * @param notes what later looks and steps need
 */
public record Begun(
    @Nullable String handle,
    @Nullable Duration pollAfter,
    String message,
    Map<String, String> notes) {
  /**
   * An accepted request that has no operation of its own.
   *
   * @param message what goes on now
   * @return the answer
   */
  public static Begun accepted(String message) {
    return new Begun(null, null, message, Map.of());
  }

  /**
   * An accepted request.
   *
   * @param handle the vendor's id of the operation that it began
   * @param message what goes on now
   * @return the answer
   */
  public static Begun accepted(@Nullable String handle, String message) {
    return new Begun(handle, null, message, Map.of());
  }

  /**
   * A request that is over with its answer, so that the look may be at once.
   *
   * @param message what was done
   * @return the answer
   */
  public static Begun done(String message) {
    return new Begun(null, Duration.ZERO, message, Map.of());
  }

  /**
   * With something that later looks and steps need.
   *
   * @param more values by their names
   * @return a new value
   */
  public Begun noting(Map<String, String> more) {
    return new Begun(handle, pollAfter, message, Map.copyOf(more));
  }
}
