/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.internal.FieldChecks;
import io.clouddb.internal.PortableNames;
import io.clouddb.internal.Problems;
import io.clouddb.internal.json.Json;
import io.clouddb.internal.json.Part;
import io.clouddb.internal.json.SchemaVersion;
import io.clouddb.internal.text.Quoted;
import io.clouddb.plan.Field;
import io.clouddb.plan.Specification;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is to be otherwise of a table that is there. Immutable. What is left unset stays as it is.
 */
@SchemaVersion(1)
public final class TableChange implements Specification {
  private final List<IndexSpec> addedIndexes;
  private final List<String> removedIndexes;
  private final List<TableRegion> addedRegions;
  private final List<String> removedRegions;
  private final List<String> removedTags;
  private final Map<String, Throughput> indexThroughput;
  private final Map<String, String> regionKeys;
  private final @Nullable TableConsistency consistency;
  private final @Nullable Throughput throughput;
  private final @Nullable TimeToLive timeToLive;
  private final @Nullable ChangeImages changeFeed;
  private final @Nullable Boolean deletionProtection;
  private final @Nullable Integer pointInTimeRecoveryDays;
  private final @Nullable TableClass tableClass;
  private final boolean noTimeToLive;
  private final boolean noChangeFeed;
  private final Map<String, String> tags;
  private final Set<TableField> preferring;

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
    this.throughput = throughput;
    this.timeToLive = timeToLive;
    this.changeFeed = changeFeed;
    this.deletionProtection = deletionProtection;
    this.pointInTimeRecoveryDays = pointInTimeRecoveryDays;
    this.tableClass = tableClass;
    this.noTimeToLive = Boolean.TRUE.equals(noTimeToLive);
    this.noChangeFeed = Boolean.TRUE.equals(noChangeFeed);
    this.tags = Collections.unmodifiableMap(new TreeMap<>(tags == null ? Map.of() : tags));
    this.preferring =
        Collections.unmodifiableSet(new TreeSet<>(preferring == null ? List.of() : preferring));
    check();
  }

  /** All that is wrong, at once. */
  private void check() {
    Problems problems = new Problems("TableChange");
    indexes(problems);
    regions(problems);
    if (throughput != null) {
      GlobalTableChecks.throughput(throughput, "throughput", problems);
    }
    if (timeToLive != null) {
      GlobalTableChecks.timeToLive(timeToLive, problems);
    }
    problems.require(!noTimeToLive || timeToLive == null, "time to live is set and taken away");
    problems.require(!noChangeFeed || changeFeed == null, "the change feed is set and taken away");
    if (pointInTimeRecoveryDays != null && pointInTimeRecoveryDays != 0) {
      GlobalTableChecks.days(pointInTimeRecoveryDays, problems);
    }
    PortableNames.tags(tags, problems);
    problems.require(
        removedTags.stream().noneMatch(tags::containsKey), "a tag is set and taken away");
    once(removedTags, "removed tag", problems);
    problems.require(!values().isEmpty(), "it changes nothing");
    problems.orThrow();
  }

  private void indexes(Problems problems) {
    once(removedIndexes, "removed index", problems);
    Set<String> names = new HashSet<>(removedIndexes);
    Map<String, KeyType> types = new HashMap<>();
    for (IndexSpec index : addedIndexes) {
      String name = Quoted.of(index.name());
      GlobalTableChecks.index(index, types, problems);
      problems.require(
          names.add(index.name()), "index " + name + " comes twice, or is removed too");
      problems.require(
          !index.isLocal(), "index " + name + " is local: such a one is made with the table");
    }
    indexThroughput.forEach(
        (index, own) -> {
          GlobalTableChecks.throughput(own, "throughput of index " + Quoted.of(index), problems);
          problems.require(
              !names.contains(index),
              "index "
                  + Quoted.of(index)
                  + " gets a throughput, and is removed; or is added: say it with that");
        });
    if (throughput != null && throughput.isOnDemand()) {
      Set<String> own = new TreeSet<>(indexThroughput.keySet());
      addedIndexes.stream()
          .filter(index -> index.throughput().isPresent())
          .forEach(index -> own.add(index.name()));
      own.forEach(
          index ->
              problems.require(
                  false,
                  "index "
                      + Quoted.of(index)
                      + " gets a throughput of its own, and the table becomes one on demand"));
    }
  }

  private void regions(Problems problems) {
    GlobalTableChecks.regions(addedRegions, problems);
    once(removedRegions, "removed region", problems);
    Set<String> added = new HashSet<>();
    for (TableRegion region : addedRegions) {
      added.add(region.name());
      problems.require(
          !removedRegions.contains(region.name()),
          "region " + Quoted.of(region.name()) + " is added and removed");
    }
    regionKeys.forEach(
        (region, key) -> {
          String name = Quoted.of(region);
          problems.require(!key.isBlank(), "the key of " + name + " is empty");
          FieldChecks.plain(key, "the key of a region", problems);
          problems.require(
              !removedRegions.contains(region), "region " + name + " gets a key, and is removed");
          problems.require(
              !added.contains(region), "region " + name + " is added: say its key with that");
        });
  }

  private static void once(List<String> names, String what, Problems problems) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      problems.require(!name.isBlank(), "a " + what + " has no name");
      problems.require(seen.add(name), what + " " + Quoted.of(name) + " comes twice");
    }
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
   * Writes the change.
   *
   * @return JSON with a schema version
   */
  public String toJson() {
    return Json.write(this);
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
   * How much it can do in a second.
   *
   * @return the value; empty when it stays as it is
   */
  public Optional<Throughput> throughput() {
    return Optional.ofNullable(throughput);
  }

  /**
   * When items expire by themselves.
   *
   * @return the value; empty when it stays as it is
   */
  public Optional<TimeToLive> timeToLive() {
    return Optional.ofNullable(timeToLive);
  }

  /**
   * What the change feed has of an item that changes.
   *
   * @return the value; empty when it stays as it is
   */
  public Optional<ChangeImages> changeFeed() {
    return Optional.ofNullable(changeFeed);
  }

  /**
   * Whether it cannot be deleted before this is taken back.
   *
   * @return the value; empty when it stays as it is
   */
  public Optional<Boolean> deletionProtection() {
    return Optional.ofNullable(deletionProtection);
  }

  /**
   * How many days back it can be restored to any moment; 0 for not at all.
   *
   * @return the value; empty when it stays as it is
   */
  public Optional<Integer> pointInTimeRecoveryDays() {
    return Optional.ofNullable(pointInTimeRecoveryDays);
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

  /**
   * Tags that are set.
   *
   * @return key to value
   */
  public Map<String, String> tags() {
    return tags;
  }

  @Override
  public Set<TableField> preferring() {
    return preferring;
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
    TableValues.put(all, TableField.THROUGHPUT, throughput);
    TableValues.put(all, TableField.TIME_TO_LIVE, noTimeToLive ? (Object) "none" : timeToLive);
    TableValues.put(all, TableField.CHANGE_FEED, noChangeFeed ? (Object) "none" : changeFeed);
    TableValues.put(all, TableField.DELETION_PROTECTION, deletionProtection);
    TableValues.put(all, TableField.POINT_IN_TIME_RECOVERY, pointInTimeRecoveryDays);
    TableValues.put(all, TableField.TABLE_CLASS, tableClass);
    TableValues.put(all, TableField.TAGS, tags.isEmpty() ? null : tags);
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

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {
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
      preferring
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TableChange that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "TableChange of " + values().keySet().stream().map(Field::id).toList();
  }

  /** Makes a {@link TableChange}. */
  public static final class Builder {
    private final List<IndexSpec> addedIndexes = new ArrayList<>();
    private final List<String> removedIndexes = new ArrayList<>();
    private final List<TableRegion> addedRegions = new ArrayList<>();
    private final List<String> removedRegions = new ArrayList<>();
    private final List<String> removedTags = new ArrayList<>();
    private final Map<String, Throughput> indexThroughput = new TreeMap<>();
    private final Map<String, String> regionKeys = new TreeMap<>();
    private @Nullable TableConsistency consistency;
    private @Nullable Throughput throughput;
    private @Nullable TimeToLive timeToLive;
    private @Nullable ChangeImages changeFeed;
    private @Nullable Boolean deletionProtection;
    private @Nullable Integer pointInTimeRecoveryDays;
    private @Nullable TableClass tableClass;
    private boolean noTimeToLive;
    private boolean noChangeFeed;
    private final Map<String, String> tags = new TreeMap<>();
    private final Set<TableField> preferring = new TreeSet<>();

    private Builder() {}

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
     * Sets how much it can do in a second.
     *
     * @param value the value
     * @return this builder
     */
    public Builder throughput(Throughput value) {
      this.throughput = value;
      return this;
    }

    /**
     * Sets when items expire by themselves.
     *
     * @param value the value
     * @return this builder
     */
    public Builder timeToLive(TimeToLive value) {
      this.timeToLive = value;
      return this;
    }

    /**
     * Sets what the change feed has of an item that changes.
     *
     * @param value the value
     * @return this builder
     */
    public Builder changeFeed(ChangeImages value) {
      this.changeFeed = value;
      return this;
    }

    /**
     * Sets whether it cannot be deleted before this is taken back.
     *
     * @param value the value
     * @return this builder
     */
    public Builder deletionProtection(boolean value) {
      this.deletionProtection = value;
      return this;
    }

    /**
     * Sets how many days back it can be restored to any moment; 0 for not at all.
     *
     * @param value the value
     * @return this builder
     */
    public Builder pointInTimeRecoveryDays(int value) {
      this.pointInTimeRecoveryDays = value;
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
     * Sets a tag.
     *
     * @param tagKey its key
     * @param value its value
     * @return this builder
     */
    public Builder tag(String tagKey, String value) {
      tags.put(tagKey, value);
      return this;
    }

    /**
     * Adds fields that may be adjusted where the cloud cannot honour them.
     *
     * @param fields the fields
     * @return this builder
     */
    public Builder preferring(TableField... fields) {
      preferring.addAll(Arrays.asList(fields));
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
