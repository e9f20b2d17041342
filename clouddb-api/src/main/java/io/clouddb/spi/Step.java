/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import io.clouddb.instance.Instance;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a poll found. */
public sealed interface Step {
  /**
   * The operation goes on.
   *
   * @param state where it stands now
   * @param pollAfter when the vendor wants to be asked again; null for the configured interval
   * @param message what it is doing, for a person
   */
  record Running(PolledState state, @Nullable Duration pollAfter, String message) implements Step {}

  /**
   * The operation is over.
   *
   * @param instance what came of it; null when the instance is gone, after a delete
   */
  record Done(@Nullable Instance instance) implements Step {}
}
