/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import io.clouddb.instance.Engine;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a feature is asked for: what is not known is left out. Immutable. */
public final class FeatureContext {
  private final @Nullable Engine engine;
  private final @Nullable String edition;
  private final @Nullable String location;

  private FeatureContext(
      @Nullable Engine engine, @Nullable String edition, @Nullable String location) {
    this.engine = engine;
    this.edition = edition;
    this.location = location;
  }

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
   * For any engine, edition and region.
   *
   * @return the context
   */
  public static FeatureContext any() {
    return new FeatureContext(null, null, null);
  }

  /**
   * For one of the vendor's editions.
   *
   * @param name its name
   * @return a new value
   */
  public FeatureContext withEdition(String name) {
    return new FeatureContext(engine, name, location);
  }

  /**
   * For a region.
   *
   * @param region the region
   * @return a new value
   */
  public FeatureContext withLocation(String region) {
    return new FeatureContext(engine, edition, region);
  }

  /**
   * The engine.
   *
   * @return the engine; empty when it is not known
   */
  public Optional<Engine> engine() {
    return Optional.ofNullable(engine);
  }

  /**
   * The vendor's edition or tier.
   *
   * @return the edition; empty when it is not known
   */
  public Optional<String> edition() {
    return Optional.ofNullable(edition);
  }

  /**
   * The region.
   *
   * @return the region; empty when it is not known
   */
  public Optional<String> location() {
    return Optional.ofNullable(location);
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {engine, edition, location};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FeatureContext that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "FeatureContext" + Arrays.toString(parts());
  }
}
