/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.internal.json.Json;
import io.clouddb.internal.json.Part;
import io.clouddb.internal.json.SchemaVersion;
import io.clouddb.plan.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a table has to be, in all its regions. Immutable. What is left unset is the cloud's to
 * choose and is not compared; a change feed that is unset is none.
 *
 * <pre>{@code
 * GlobalTableSpec spec =
 *     GlobalTableSpec.builder("app", Key.partition("pk", KeyType.STRING).sort("sk", KeyType.STRING))
 *         .index("gsi1", Key.partition("gsi1pk", KeyType.STRING).sort("gsi1sk", KeyType.STRING))
 *         .region(TableRegion.of("us-east-1"))
 *         .region(TableRegion.of("eu-west-1"))
 *         .writes(Writes.ONE_REGION)
 *         .throughput(Throughput.onDemand())
 *         .timeToLive(TimeToLive.at("expires_at"))
 *         .build();
 * }</pre>
 */
@SchemaVersion(1)
public final class GlobalTableSpec extends TableSettings<TableField> {
  private final String name;
  private final Key key;
  private final List<IndexSpec> indexes;
  private final List<TableRegion> regions;
  private final @Nullable TableHost host;
  private final @Nullable Writes writes;
  private final @Nullable TableConsistency consistency;
  private final @Nullable String version;
  private final @Nullable TableClass tableClass;

  private GlobalTableSpec(
      @Part("name") String name,
      @Part("key") Key key,
      @Part("indexes") @Nullable List<IndexSpec> indexes,
      @Part("regions") @Nullable List<TableRegion> regions,
      @Part("host") @Nullable TableHost host,
      @Part("writes") @Nullable Writes writes,
      @Part("consistency") @Nullable TableConsistency consistency,
      @Part("throughput") @Nullable Throughput throughput,
      @Part("timeToLive") @Nullable TimeToLive timeToLive,
      @Part("version") @Nullable String version,
      @Part("changeFeed") @Nullable ChangeImages changeFeed,
      @Part("deletionProtection") @Nullable Boolean deletionProtection,
      @Part("pointInTimeRecoveryDays") @Nullable Integer pointInTimeRecoveryDays,
      @Part("tableClass") @Nullable TableClass tableClass,
      @Part("tags") @Nullable Map<String, String> tags,
      @Part("preferring") @Nullable List<TableField> preferring) {
    super(
        throughput,
        timeToLive,
        changeFeed,
        deletionProtection,
        pointInTimeRecoveryDays,
        tags,
        preferring);
    this.name = Objects.requireNonNull(name, "name");
    this.key = Objects.requireNonNull(key, "key");
    this.indexes = indexes == null ? List.of() : List.copyOf(indexes);
    this.regions = regions == null ? List.of() : List.copyOf(regions);
    this.host = host;
    this.writes = writes;
    this.consistency = consistency;
    this.version = version;
    this.tableClass = tableClass;
    GlobalTableChecks.of(this).orThrow();
  }

  /**
   * Begins a spec.
   *
   * @param name 3 to 255 letters, digits, hyphens, dots and underscores; a cloud that takes fewer
   *     says so in its plan
   * @param key the attributes that name an item
   * @return a builder
   */
  public static Builder builder(String name, Key key) {
    return new Builder(name, key);
  }

  /**
   * Reads a spec.
   *
   * @param json what {@link #toJson()} wrote
   * @return the spec
   * @throws InvalidArgumentException when it is malformed, or has a field that this release does
   *     not know
   */
  public static GlobalTableSpec fromJson(String json) {
    return Json.read(json, GlobalTableSpec.class);
  }

  /**
   * Begins another spec with the fields of this one.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder(name, key);
    builder.indexes.addAll(indexes);
    builder.regions.addAll(regions);
    builder.host = host;
    builder.writes = writes;
    builder.consistency = consistency;
    builder.version = version;
    builder.tableClass = tableClass;
    return builder.settings(this);
  }

  /**
   * Its name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * The attributes that name an item.
   *
   * @return the key
   */
  public Key key() {
    return key;
  }

  /**
   * Its secondary indexes.
   *
   * @return in the order in which they were given
   */
  public List<IndexSpec> indexes() {
    return indexes;
  }

  /**
   * An index.
   *
   * @param wanted its name
   * @return the index; empty when the spec has none of that name
   */
  public Optional<IndexSpec> index(String wanted) {
    return indexes.stream().filter(index -> index.name().equals(wanted)).findFirst();
  }

  /**
   * Its regions.
   *
   * @return the first one is where {@link Writes#ONE_REGION} writes; none for the region of the
   *     cloud that is open
   */
  public List<TableRegion> regions() {
    return regions;
  }

  /**
   * What the table is in, where the cloud has such a thing; made when it is not there.
   *
   * @return the value; empty when it is left to the cloud
   */
  public Optional<TableHost> host() {
    return Optional.ofNullable(host);
  }

  /**
   * In which regions items are written.
   *
   * @return the value; empty when it is left to the cloud
   */
  public Optional<Writes> writes() {
    return Optional.ofNullable(writes);
  }

  /**
   * What a consistent read sees of writes in other regions.
   *
   * @return the value; empty when it is left to the cloud
   */
  public Optional<TableConsistency> consistency() {
    return Optional.ofNullable(consistency);
  }

  /**
   * The attribute that counts an item's writes, for optimistic locking: a number that the library
   * sets.
   *
   * @return the value; empty when it is left to the cloud
   */
  public Optional<String> version() {
    return Optional.ofNullable(version);
  }

  /**
   * How storage and requests are priced against each other.
   *
   * @return the value; empty when it is left to the cloud
   */
  public Optional<TableClass> tableClass() {
    return Optional.ofNullable(tableClass);
  }

  @Override
  public Map<Field, Object> values() {
    Map<Field, Object> all = new LinkedHashMap<>();
    all.put(TableField.NAME, name);
    all.put(TableField.KEY, key);
    TableValues.put(all, TableField.HOST, host);
    TableValues.indexes(all, indexes);
    TableValues.put(all, TableField.REGIONS, regions.isEmpty() ? null : regions);
    TableValues.keys(all, regions);
    TableValues.put(all, TableField.WRITES, writes);
    TableValues.put(all, TableField.CONSISTENCY, consistency);
    TableValues.put(all, TableField.THROUGHPUT, throughput().orElse(null));
    TableValues.put(all, TableField.TIME_TO_LIVE, timeToLive().orElse(null));
    TableValues.put(all, TableField.VERSION, version);
    TableValues.put(all, TableField.CHANGE_FEED, changeFeed().orElse(null));
    TableValues.put(all, TableField.DELETION_PROTECTION, deletionProtection().orElse(null));
    TableValues.put(all, TableField.POINT_IN_TIME_RECOVERY, pointInTimeRecoveryDays().orElse(null));
    TableValues.put(all, TableField.TABLE_CLASS, tableClass);
    TableValues.put(all, TableField.TAGS, tags().isEmpty() ? null : tags());
    return Collections.unmodifiableMap(all);
  }

  /** There are no secrets in it. */
  @Override
  public GlobalTableSpec withoutSecrets() {
    return this;
  }

  @Override
  @Nullable Object[] parts() {
    return new @Nullable Object[] {
      name, key, indexes, regions, host, writes, consistency, version, tableClass
    };
  }

  @Override
  public String toString() {
    return "GlobalTableSpec '" + name + "'";
  }

  /** Makes a {@link GlobalTableSpec}. */
  public static final class Builder extends TableSettings.Builder<TableField, Builder> {
    private final String name;
    private final Key key;
    private final List<IndexSpec> indexes = new ArrayList<>();
    private final List<TableRegion> regions = new ArrayList<>();
    private @Nullable TableHost host;
    private @Nullable Writes writes;
    private @Nullable TableConsistency consistency;
    private @Nullable String version;
    private @Nullable TableClass tableClass;

    private Builder(String name, Key key) {
      this.name = name;
      this.key = key;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Adds an index over all partitions, with all attributes.
     *
     * @param indexName its name
     * @param indexKey its key
     * @return this builder
     */
    public Builder index(String indexName, Key indexKey) {
      return index(IndexSpec.of(indexName, indexKey));
    }

    /**
     * Adds an index.
     *
     * @param index the index
     * @return this builder
     */
    public Builder index(IndexSpec index) {
      indexes.add(Objects.requireNonNull(index, "index"));
      return this;
    }

    /**
     * Adds a region.
     *
     * @param region the vendor's name of it
     * @return this builder
     */
    public Builder region(String region) {
      return region(TableRegion.of(region));
    }

    /**
     * Adds a region. Without any, the table is in that of the cloud that is open.
     *
     * @param region the region; the first one is where {@link Writes#ONE_REGION} writes
     * @return this builder
     */
    public Builder region(TableRegion region) {
      regions.add(Objects.requireNonNull(region, "region"));
      return this;
    }

    /**
     * Sets what the table is in, where the cloud has such a thing; made when it is not there.
     *
     * @param value the value
     * @return this builder
     */
    public Builder host(TableHost value) {
      this.host = value;
      return this;
    }

    /**
     * Sets in which regions items are written.
     *
     * @param value the value
     * @return this builder
     */
    public Builder writes(Writes value) {
      this.writes = value;
      return this;
    }

    /**
     * Sets what a consistent read sees of writes in other regions.
     *
     * @param value the value
     * @return this builder
     */
    public Builder consistency(TableConsistency value) {
      this.consistency = value;
      return this;
    }

    /**
     * Sets the attribute that counts the writes of each item, so that nobody writes over what
     * somebody else has written meanwhile: {@link Table#put(Item)}.
     *
     * <p>A table has no memory of what was deleted: an item that is made anew begins with version 1
     * again, as with the {@code VersionedRecordExtension} of the AWS SDK's enhanced client. Who
     * read version 1 of an item, after which it was deleted and made anew by somebody else, writes
     * over the new one. Where that can happen, do not delete but mark items as deleted, by a put
     * that counts on, and let a {@link TimeToLive} take them away; or make a new item's key of
     * something that never comes twice.
     *
     * @param value the attribute's name
     * @return this builder
     */
    public Builder version(String value) {
      this.version = value;
      return this;
    }

    /**
     * Sets how storage and requests are priced against each other.
     *
     * @param value the value
     * @return this builder
     */
    public Builder tableClass(TableClass value) {
      this.tableClass = value;
      return this;
    }

    /**
     * Makes the spec.
     *
     * @return the spec
     * @throws InvalidArgumentException with all that is wrong, at once
     */
    public GlobalTableSpec build() {
      return new GlobalTableSpec(
          name,
          key,
          indexes,
          regions,
          host,
          writes,
          consistency,
          throughput,
          timeToLive,
          version,
          changeFeed,
          deletionProtection,
          pointInTimeRecoveryDays,
          tableClass,
          tags,
          List.copyOf(preferring));
    }
  }
}
