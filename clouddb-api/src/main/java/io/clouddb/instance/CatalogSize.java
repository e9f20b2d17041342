/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.DataSize;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A size in a {@link Catalog}: what the cloud tells of it. Immutable. */
public final class CatalogSize {
  private final String name;
  private final @Nullable Integer cpus;
  private final @Nullable DataSize memory;
  private final String tier;
  private final List<String> zones;
  private final @Nullable Boolean regional;
  private final List<String> versions;

  private CatalogSize(Builder builder) {
    this.name = builder.name;
    this.cpus = builder.cpus;
    this.memory = builder.memory;
    this.tier = builder.tier;
    this.zones = builder.zones;
    this.regional = builder.regional;
    this.versions = builder.versions;
  }

  /**
   * Starts a size. Called by providers.
   *
   * @param name the vendor's own name
   * @return a builder
   */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /**
   * The vendor's own name.
   *
   * @return for example {@code db.m7g.large}
   */
  public String name() {
    return name;
  }

  /**
   * The size, for a spec.
   *
   * @return {@link InstanceSize#named} of it
   */
  public InstanceSize toSize() {
    return InstanceSize.named(name);
  }

  /**
   * Virtual CPUs.
   *
   * @return the number; empty where neither the cloud nor the provider's own table tells it
   */
  public Optional<Integer> cpus() {
    return Optional.ofNullable(cpus);
  }

  /**
   * Memory.
   *
   * @return the memory; empty where neither the cloud nor the provider's own table tells it
   */
  public Optional<DataSize> memory() {
    return Optional.ofNullable(memory);
  }

  /**
   * The vendor's word for what sort of size it is.
   *
   * @return for example {@code Burstable} or {@code ENTERPRISE_PLUS}; empty where there is none
   */
  public String tier() {
    return tier;
  }

  /**
   * The zones in which the region has it.
   *
   * @return as the cloud names them; empty where it does not tell
   */
  public List<String> zones() {
    return zones;
  }

  /**
   * Tells whether an instance of it can be {@link Availability#REGIONAL}, as the cloud says.
   *
   * @return empty where it does not tell
   */
  public Optional<Boolean> regional() {
    return Optional.ofNullable(regional);
  }

  /**
   * The versions of the engine that run on it.
   *
   * @return as {@link CatalogVersion#version()}; empty where the cloud does not tell by size
   */
  public List<String> versions() {
    return versions;
  }

  /**
   * Tells whether a version runs on it.
   *
   * @param version for example {@code 16}, for any of that major version, or {@code 16.4}
   * @return true also where the cloud does not tell by size
   */
  public boolean runs(String version) {
    return versions.isEmpty()
        || versions.stream().anyMatch(each -> CatalogVersion.covers(version, each));
  }

  /** Name, CPUs and memory. */
  @Override
  public String toString() {
    return name
        + " ("
        + cpus().map(Object::toString).orElse("?")
        + " vCPU, "
        + memory().map(Object::toString).orElse("? memory")
        + ")";
  }

  /** Builds a {@link CatalogSize}. */
  public static final class Builder {
    private final String name;
    private @Nullable Integer cpus;
    private @Nullable DataSize memory;
    private String tier = "";
    private List<String> zones = List.of();
    private @Nullable Boolean regional;
    private List<String> versions = List.of();

    private Builder(String name) {
      this.name = Objects.requireNonNull(name, "name");
    }

    /**
     * Sets how many virtual CPUs it has.
     *
     * @param value the number
     * @return this builder
     */
    public Builder cpus(int value) {
      this.cpus = value;
      return this;
    }

    /**
     * Sets how much memory it has.
     *
     * @param value the memory
     * @return this builder
     */
    public Builder memory(DataSize value) {
      this.memory = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * Sets the vendor's word for what sort of size it is.
     *
     * @param value the word
     * @return this builder
     */
    public Builder tier(String value) {
      this.tier = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * Sets the zones in which the region has it.
     *
     * @param value their names
     * @return this builder
     */
    public Builder zones(List<String> value) {
      this.zones = List.copyOf(value);
      return this;
    }

    /**
     * Sets whether an instance of it can be {@link Availability#REGIONAL}.
     *
     * @param value what the cloud says; null where it does not tell
     * @return this builder
     */
    public Builder regional(@Nullable Boolean value) {
      this.regional = value;
      return this;
    }

    /**
     * Sets the versions that run on it.
     *
     * @param value as {@link CatalogVersion#version()}
     * @return this builder
     */
    public Builder versions(List<String> value) {
      this.versions = List.copyOf(value);
      return this;
    }

    /**
     * Makes the size.
     *
     * @return the size
     */
    public CatalogSize build() {
      return new CatalogSize(this);
    }
  }
}
