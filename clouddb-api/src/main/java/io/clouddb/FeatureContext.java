/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import io.clouddb.instance.Engine;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a feature is asked for: what is not known is left out.
 *
 * @param engineOrNull the engine
 * @param edition the vendor's edition or tier
 * @param location the region
 */
public record FeatureContext(
    @Nullable Engine engineOrNull, @Nullable String edition, @Nullable String location) {
  /**
   * For an engine, whatever edition and region.
   *
   * @param engine the engine
   * @return the context
   */
  public static FeatureContext of(Engine engine) {
    return new FeatureContext(engine, null, null);
  }

  /**
   * The engine.
   *
   * @return the engine, empty when it is not known
   */
  public Optional<Engine> engine() {
    return Optional.ofNullable(engineOrNull);
  }
}
