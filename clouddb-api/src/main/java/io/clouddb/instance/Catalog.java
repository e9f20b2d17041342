/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.DataSize;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The sizes and versions of one engine that a cloud offers an account in a region: what it told
 * when it was asked, by {@link Instances#catalog}. It is as old as {@link #readAt()}, and says
 * nothing about what is sold out. Immutable.
 */
public final class Catalog {
  private final String provider;
  private final String location;
  private final Engine engine;
  private final Instant readAt;
  private final String source;
  private final List<CatalogSize> sizes;
  private final List<CatalogVersion> versions;

  private Catalog(Builder builder) {
    this.provider = builder.provider;
    this.location = builder.location;
    this.engine = builder.engine;
    this.readAt = builder.readAt;
    this.source = builder.source;
    this.sizes = List.copyOf(builder.sizes);
    this.versions = List.copyOf(builder.versions);
  }

  /**
   * Starts a catalog. Called by providers.
   *
   * @param provider the provider's id
   * @param location the region
   * @param engine the engine
   * @param readAt when the cloud was asked
   * @return a builder
   */
  public static Builder builder(String provider, String location, Engine engine, Instant readAt) {
    return new Builder(provider, location, engine, readAt);
  }

  /**
   * Whose catalog it is.
   *
   * @return the provider's id
   */
  public String provider() {
    return provider;
  }

  /**
   * Of which region.
   *
   * @return the region
   */
  public String location() {
    return location;
  }

  /**
   * Of which engine.
   *
   * @return the engine
   */
  public Engine engine() {
    return engine;
  }

  /**
   * When the cloud was asked.
   *
   * @return the moment, by the clock of the configuration
   */
  public Instant readAt() {
    return readAt;
  }

  /**
   * What it was read from, and what of it is the provider's own table.
   *
   * @return a text for a person
   */
  public String source() {
    return source;
  }

  /**
   * The sizes that there are. A cloud that makes sizes by a rule has more of them than these.
   *
   * @return in the order in which the provider prefers those that are equally large
   */
  public List<CatalogSize> sizes() {
    return sizes;
  }

  /**
   * The versions that there are.
   *
   * @return in the cloud's order
   */
  public List<CatalogVersion> versions() {
    return versions;
  }

  /**
   * A size by name.
   *
   * @param name the vendor's own name, in upper or lower case
   * @return the size; empty when there is none
   */
  public Optional<CatalogSize> size(String name) {
    return sizes.stream().filter(size -> size.name().equalsIgnoreCase(name)).findFirst();
  }

  /**
   * The sizes that have at least so much, of those whose CPUs and memory are known. To have one of
   * them, name it in the spec: {@link CatalogSize#toSize()}.
   *
   * @param cpus virtual CPUs
   * @param memory memory
   * @return the smallest first; among equals, the one that the provider prefers
   */
  public List<CatalogSize> atLeast(int cpus, DataSize memory) {
    return sizes.stream()
        .filter(size -> size.cpus().filter(count -> count >= cpus).isPresent())
        .filter(size -> size.memory().filter(has -> has.compareTo(memory) >= 0).isPresent())
        .sorted(
            Comparator.comparing((CatalogSize size) -> size.cpus().orElseThrow())
                .thenComparing(size -> size.memory().orElseThrow()))
        .toList();
  }

  /**
   * Tells whether there is a version.
   *
   * @param version for example {@code 16}, for any of that major version, or {@code 16.4}
   * @return true when there is
   */
  public boolean offers(String version) {
    return versions.stream().anyMatch(each -> CatalogVersion.covers(version, each.version()));
  }

  /** Whose, how much, and when it was read. */
  @Override
  public String toString() {
    return provider
        + " catalog of "
        + engine
        + " in "
        + location
        + ", read at "
        + readAt
        + ": "
        + sizes.size()
        + " sizes, "
        + versions.size()
        + " versions";
  }

  /** Builds a {@link Catalog}. */
  public static final class Builder {
    private final String provider;
    private final String location;
    private final Engine engine;
    private final Instant readAt;
    private String source = "";
    private final List<CatalogSize> sizes = new ArrayList<>();
    private final List<CatalogVersion> versions = new ArrayList<>();

    private Builder(String provider, String location, Engine engine, Instant readAt) {
      this.provider = Objects.requireNonNull(provider, "provider");
      this.location = Objects.requireNonNull(location, "location");
      this.engine = Objects.requireNonNull(engine, "engine");
      this.readAt = Objects.requireNonNull(readAt, "readAt");
    }

    /**
     * Sets what it was read from, and what of it is the provider's own table.
     *
     * @param value a text for a person
     * @return this builder
     */
    public Builder source(String value) {
      this.source = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * Adds sizes.
     *
     * @param more of those that are equally large, the preferred one first
     * @return this builder
     */
    public Builder sizes(List<CatalogSize> more) {
      sizes.addAll(more);
      return this;
    }

    /**
     * Adds versions.
     *
     * @param more in the cloud's order
     * @return this builder
     */
    public Builder versions(List<CatalogVersion> more) {
      versions.addAll(more);
      return this;
    }

    /**
     * Makes the catalog.
     *
     * @return the catalog
     */
    public Catalog build() {
      return new Catalog(this);
    }
  }
}
