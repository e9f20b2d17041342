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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is to be otherwise of a table that is there. Immutable. What is left unset stays as it is.
 */
@SchemaVersion(1)
public final class TableChange extends TableSettings<TableField> {
  private final List<IndexSpec> addedIndexes;
  private final List<String> removedIndexes;
  private final List<TableRegion> addedRegions;
  private final List<String> removedRegions;
  private final List<String> removedTags;
  private final Map<String, Throughput> indexThroughput;
  private final Map<String, String> regionKeys;
  private final @Nullable TableConsistency consistency;
  private final @Nullable TableClass tableClass;
  private final boolean noTimeToLive;
  private final boolean noChangeFeed;

  private TableChange(
      @Part("addedIndexes") @Nullable List<IndexSpec> addedIndexes,
      @Part("removedIndexes") @Nullable List<String> removedIndexes,
      @Part("addedRegions") @Nullable List<TableRegion> addedRegions,
      @Part("removedRegions") @Nullable List<String> removedRegions,
      @Part("removedTags") @Nullable List<String> removedTags,
      @Part("indexThroughput") @Nullable Map<String, Throughput> indexThroughput,
      @Part("regionKeys") @Nullable Map<String, String> regionKeys,
      @Part("consistency") @Nullable TableConsistency consistency,
      @Part("throughput") @Nullable Throughput throughput,
      @Part("timeToLive") @Nullable TimeToLive timeToLive,
      @Part("changeFeed") @Nullable ChangeImages changeFeed,
      @Part("deletionProtection") @Nullable Boolean deletionProtection,
      @Part("pointInTimeRecoveryDays") @Nullable Integer pointInTimeRecoveryDays,
      @Part("tableClass") @Nullable TableClass tableClass,
      @Part("noTimeToLive") @Nullable Boolean noTimeToLive,
      @Part("noChangeFeed") @Nullable Boolean noChangeFeed,
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
    this.addedIndexes = addedIndexes == null ? List.of() : List.copyOf(addedIndexes);
    this.removedIndexes = removedIndexes == null ? List.of() : List.copyOf(removedIndexes);
    this.addedRegions = addedRegions == null ? List.of() : List.copyOf(addedRegions);
    this.removedRegions = removedRegions == null ? List.of() : List.copyOf(removedRegions);
    this.removedTags = removedTags == null ? List.of() : List.copyOf(removedTags);
    this.indexThroughput =
        Collections.unmodifiableMap(
            new TreeMap<>(indexThroughput == null ? Map.of() : indexThroughput));
    this.regionKeys =
        Collections.unmodifiableMap(new TreeMap<>(regionKeys == null ? Map.of() : regionKeys));
    this.consistency = consistency;
    this.tableClass = tableClass;
    this.noTimeToLive = Boolean.TRUE.equals(noTimeToLive);
    this.noChangeFeed = Boolean.TRUE.equals(noChangeFeed);
    TableChangeChecks.of(this).orThrow();
  }

  /**
   * Begins a change.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Begins another change with all of this one.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.addedIndexes.addAll(addedIndexes);
    builder.removedIndexes.addAll(removedIndexes);
    builder.addedRegions.addAll(addedRegions);
    builder.removedRegions.addAll(removedRegions);
    builder.removedTags.addAll(removedTags);
    builder.indexThroughput.putAll(indexThroughput);
    builder.regionKeys.putAll(regionKeys);
    builder.consistency = consistency;
    builder.tableClass = tableClass;
    builder.noTimeToLive = noTimeToLive;
    builder.noChangeFeed = noChangeFeed;
    return builder.settings(this);
  }

  /**
   * Reads a change.
   *
   * @param json what {@link #toJson()} wrote
   * @return the change
   * @throws InvalidArgumentException when it is malformed, or has a field that this release does
   *     not know
   */
  public static TableChange fromJson(String json) {
    return Json.read(json, TableChange.class);
  }

  /**
   * What is added: an index over all partitions, which is filled with what is there.
   *
   * @return in the order in which they were given
   */
  public List<IndexSpec> addedIndexes() {
    return addedIndexes;
  }

  /**
   * What is removed: an index.
   *
   * @return in the order in which they were given
   */
  public List<String> removedIndexes() {
    return removedIndexes;
  }

  /**
   * What is added: a region, into which all items are copied.
   *
   * @return in the order in which they were given
   */
  public List<TableRegion> addedRegions() {
    return addedRegions;
  }

  /**
   * What is removed: a region, with the copy of the items there.
   *
   * @return in the order in which they were given
   */
  public List<String> removedRegions() {
    return removedRegions;
  }

  /**
   * What is removed: a tag.
   *
   * @return in the order in which they were given
   */
  public List<String> removedTags() {
    return removedTags;
  }

  /**
   * Throughput of single indexes.
   *
   * @return the index's name to what it is to have
   */
  public Map<String, Throughput> indexThroughput() {
    return indexThroughput;
  }

  /**
   * Keys that encrypt the table from now on.
   *
   * @return the region to the vendor's name of a key there
   */
  public Map<String, String> regionKeys() {
    return regionKeys;
  }

  /**
   * What a consistent read sees of writes in other regions.
   *
   * @return the value; empty when it stays as it is
   */
  public Optional<TableConsistency> consistency() {
    return Optional.ofNullable(consistency);
  }

  /**
   * How storage and requests are priced against each other.
   *
   * @return the value; empty when it stays as it is
   */
  public Optional<TableClass> tableClass() {
    return Optional.ofNullable(tableClass);
  }

  /**
   * Whether items are not to expire any more.
   *
   * @return true when they are not
   */
  public boolean isNoTimeToLive() {
    return noTimeToLive;
  }

  /**
   * Whether there is to be no change feed any more.
   *
   * @return true when there is not
   */
  public boolean isNoChangeFeed() {
    return noChangeFeed;
  }

  @Override
  public Map<Field, Object> values() {
    Map<Field, Object> all = new LinkedHashMap<>();
    list(all, TableField.ADDED_INDEXES, addedIndexes);
    list(all, TableField.REMOVED_INDEXES, removedIndexes);
    TableValues.details(all, addedIndexes, indexThroughput);
    list(all, TableField.ADDED_REGIONS, addedRegions);
    list(all, TableField.REMOVED_REGIONS, removedRegions);
    Map<String, String> keys = new TreeMap<>(regionKeys);
    addedRegions.forEach(region -> region.key().ifPresent(key -> keys.put(region.name(), key)));
    TableValues.put(all, TableField.ENCRYPTION_KEY, keys.isEmpty() ? null : keys);
    TableValues.put(all, TableField.CONSISTENCY, consistency);
    TableValues.put(all, TableField.THROUGHPUT, throughput().orElse(null));
    TableValues.put(
        all, TableField.TIME_TO_LIVE, noTimeToLive ? "none" : timeToLive().orElse(null));
    TableValues.put(all, TableField.CHANGE_FEED, noChangeFeed ? "none" : changeFeed().orElse(null));
    TableValues.put(all, TableField.DELETION_PROTECTION, deletionProtection().orElse(null));
    TableValues.put(all, TableField.POINT_IN_TIME_RECOVERY, pointInTimeRecoveryDays().orElse(null));
    TableValues.put(all, TableField.TABLE_CLASS, tableClass);
    TableValues.put(all, TableField.TAGS, tags().isEmpty() ? null : tags());
    list(all, TableField.REMOVED_TAGS, removedTags);
    return Collections.unmodifiableMap(all);
  }

  private static void list(Map<Field, Object> all, Field field, List<?> values) {
    TableValues.put(all, field, values.isEmpty() ? null : values);
  }

  /** There are no secrets in it. */
  @Override
  public TableChange withoutSecrets() {
    return this;
  }

  @Override
  @Nullable Object[] parts() {
    return new @Nullable Object[] {
      addedIndexes,
      removedIndexes,
      addedRegions,
      removedRegions,
      removedTags,
      indexThroughput,
      regionKeys,
      consistency,
      tableClass,
      noTimeToLive,
      noChangeFeed
    };
  }

  @Override
  public String toString() {
    return "TableChange of " + values().keySet().stream().map(Field::id).toList();
  }

  /** Makes a {@link TableChange}. */
  public static final class Builder extends TableSettings.Builder<TableField, Builder> {
    private final List<IndexSpec> addedIndexes = new ArrayList<>();
    private final List<String> removedIndexes = new ArrayList<>();
    private final List<TableRegion> addedRegions = new ArrayList<>();
    private final List<String> removedRegions = new ArrayList<>();
    private final List<String> removedTags = new ArrayList<>();
    private final Map<String, Throughput> indexThroughput = new TreeMap<>();
    private final Map<String, String> regionKeys = new TreeMap<>();
    private @Nullable TableConsistency consistency;
    private @Nullable TableClass tableClass;
    private boolean noTimeToLive;
    private boolean noChangeFeed;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Adds an index over all partitions, which is filled with what is there.
     *
     * @param index which
     * @return this builder
     */
    public Builder addIndex(IndexSpec index) {
      addedIndexes.add(Objects.requireNonNull(index, "index"));
      return this;
    }

    /**
     * Removes an index.
     *
     * @param name which
     * @return this builder
     */
    public Builder removeIndex(String name) {
      removedIndexes.add(Objects.requireNonNull(name, "name"));
      return this;
    }

    /**
     * Adds a region, into which all items are copied.
     *
     * @param region which
     * @return this builder
     */
    public Builder addRegion(TableRegion region) {
      addedRegions.add(Objects.requireNonNull(region, "region"));
      return this;
    }

    /**
     * Removes a region, with the copy of the items there.
     *
     * @param region which
     * @return this builder
     */
    public Builder removeRegion(String region) {
      removedRegions.add(Objects.requireNonNull(region, "region"));
      return this;
    }

    /**
     * Removes a tag.
     *
     * @param tagKey which
     * @return this builder
     */
    public Builder untag(String tagKey) {
      removedTags.add(Objects.requireNonNull(tagKey, "tagKey"));
      return this;
    }

    /**
     * Gives an index another throughput.
     *
     * @param index its name
     * @param own how much
     * @return this builder
     */
    public Builder indexThroughput(String index, Throughput own) {
      indexThroughput.put(index, Objects.requireNonNull(own, "own"));
      return this;
    }

    /**
     * Encrypts the table in a region by another key.
     *
     * @param region the region
     * @param key the vendor's name of a key there
     * @return this builder
     */
    public Builder regionKey(String region, String key) {
      regionKeys.put(region, Objects.requireNonNull(key, "key"));
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
     * Lets no item expire any more.
     *
     * @return this builder
     */
    public Builder noTimeToLive() {
      this.noTimeToLive = true;
      return this;
    }

    /**
     * Ends the change feed.
     *
     * @return this builder
     */
    public Builder noChangeFeed() {
      this.noChangeFeed = true;
      return this;
    }

    /**
     * Makes the change.
     *
     * @return the change
     * @throws InvalidArgumentException with all that is wrong, at once
     */
    public TableChange build() {
      return new TableChange(
          addedIndexes,
          removedIndexes,
          addedRegions,
          removedRegions,
          removedTags,
          indexThroughput,
          regionKeys,
          consistency,
          throughput,
          timeToLive,
          changeFeed,
          deletionProtection,
          pointInTimeRecoveryDays,
          tableClass,
          noTimeToLive,
          noChangeFeed,
          tags,
          List.copyOf(preferring));
    }
  }
}
