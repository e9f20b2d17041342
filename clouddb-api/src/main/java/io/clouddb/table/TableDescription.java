/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A table, as the cloud showed it when it was asked. Immutable. */
public final class TableDescription {
  private final ResourceId id;
  private final TableStatus status;
  private final GlobalTableSpec spec;
  private final Map<String, TableStatus> regions;
  private final Map<String, TableStatus> indexes;
  private final @Nullable Instant createdAt;
  private final @Nullable Long itemCount;
  private final @Nullable Long sizeBytes;
  private final Object vendor;

  private TableDescription(Builder builder) {
    this.id = builder.id;
    this.status = builder.status;
    this.spec = builder.spec;
    this.regions = Collections.unmodifiableMap(new TreeMap<>(builder.regions));
    this.indexes = Collections.unmodifiableMap(new TreeMap<>(builder.indexes));
    this.createdAt = builder.createdAt;
    this.itemCount = builder.itemCount;
    this.sizeBytes = builder.sizeBytes;
    this.vendor = builder.vendor;
  }

  /**
   * Begins a description. For drivers.
   *
   * @param id the table
   * @param status what becomes of it
   * @param spec what it is, as the cloud tells it
   * @param vendor the vendor's own object
   * @return a builder
   */
  public static Builder builder(
      ResourceId id, TableStatus status, GlobalTableSpec spec, Object vendor) {
    return new Builder(id, status, spec, vendor);
  }

  /**
   * The table.
   *
   * @return its id, of no one region
   */
  public ResourceId id() {
    return id;
  }

  /**
   * What becomes of it, seen from the region that was asked.
   *
   * @return the status
   */
  public TableStatus status() {
    return status;
  }

  /**
   * What it is, as the cloud tells it now: its name, key, indexes, regions and all else. What the
   * cloud does not tell, such as which attribute is a version, is empty.
   *
   * @return the same as a spec
   */
  public GlobalTableSpec spec() {
    return spec;
  }

  /**
   * What becomes of it in each region.
   *
   * @return the region to its status; the region that was asked is one of them
   */
  public Map<String, TableStatus> regions() {
    return regions;
  }

  /**
   * What becomes of its indexes, seen from the region that was asked.
   *
   * @return the index's name to its status
   */
  public Map<String, TableStatus> indexes() {
    return indexes;
  }

  /**
   * When it was made.
   *
   * @return the time; empty where the cloud does not tell
   */
  public Optional<Instant> createdAt() {
    return Optional.ofNullable(createdAt);
  }

  /**
   * How many items it has, as the cloud counted them some time ago.
   *
   * @return the number; empty where the cloud does not tell
   */
  public Optional<Long> itemCount() {
    return Optional.ofNullable(itemCount);
  }

  /**
   * How large it is, as the cloud counted it some time ago.
   *
   * @return bytes; empty where the cloud does not tell
   */
  public Optional<Long> sizeBytes() {
    return Optional.ofNullable(sizeBytes);
  }

  /**
   * The vendor's own object. Outside the compatibility promise of this library.
   *
   * @param type its class
   * @param <T> its class
   * @return the object
   * @throws io.clouddb.error.UnsupportedFeatureException when it is of another class
   */
  public <T> T unwrap(Class<T> type) {
    if (!type.isInstance(vendor)) {
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE,
              "This table does not unwrap to "
                  + type.getName()
                  + " but to "
                  + vendor.getClass().getName())
          .toException();
    }
    return type.cast(vendor);
  }

  @Override
  public String toString() {
    return id + " " + status;
  }

  /** Makes a {@link TableDescription}. For drivers. */
  public static final class Builder {
    private final ResourceId id;
    private final TableStatus status;
    private final GlobalTableSpec spec;
    private final Object vendor;
    private final Map<String, TableStatus> regions = new TreeMap<>();
    private final Map<String, TableStatus> indexes = new TreeMap<>();
    private @Nullable Instant createdAt;
    private @Nullable Long itemCount;
    private @Nullable Long sizeBytes;

    private Builder(ResourceId id, TableStatus status, GlobalTableSpec spec, Object vendor) {
      this.id = Objects.requireNonNull(id, "id");
      this.status = Objects.requireNonNull(status, "status");
      this.spec = Objects.requireNonNull(spec, "spec");
      this.vendor = Objects.requireNonNull(vendor, "vendor");
    }

    /**
     * Adds a region.
     *
     * @param name the vendor's name of it
     * @param its what becomes of the table there
     * @return this builder
     */
    public Builder region(String name, TableStatus its) {
      regions.put(name, its);
      return this;
    }

    /**
     * Adds an index.
     *
     * @param name its name
     * @param its what becomes of it
     * @return this builder
     */
    public Builder index(String name, TableStatus its) {
      indexes.put(name, its);
      return this;
    }

    /**
     * Sets when it was made.
     *
     * @param time the time; null where the cloud does not tell
     * @return this builder
     */
    public Builder createdAt(@Nullable Instant time) {
      this.createdAt = time;
      return this;
    }

    /**
     * Sets how much it holds.
     *
     * @param items how many items; null where the cloud does not tell
     * @param bytes how large; null where the cloud does not tell
     * @return this builder
     */
    public Builder content(@Nullable Long items, @Nullable Long bytes) {
      this.itemCount = items;
      this.sizeBytes = bytes;
      return this;
    }

    /**
     * Makes the description.
     *
     * @return the description
     */
    public TableDescription build() {
      return new TableDescription(this);
    }
  }
}
