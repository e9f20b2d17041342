/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.Backups;
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
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
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
 * What a table has to be that is made of a backup, or of a table as it was at a moment. It is in
 * the region of the cloud that is asked, and in no other: more are added by a {@link TableChange}.
 * Immutable. What is left unset is what the plan says is taken from the source.
 *
 * <pre>{@code
 * TableRestoreSpec spec =
 *     TableRestoreSpec.of(table.id(), "app-restored").at(yesterday).pointInTimeRecoveryDays(35).build();
 * }</pre>
 */
@SchemaVersion(1)
public final class TableRestoreSpec implements Specification {
  private final String name;
  private final ResourceId source;
  private final @Nullable Instant moment;
  private final boolean latest;
  private final @Nullable String location;
  private final @Nullable Set<String> indexes;
  private final @Nullable Throughput throughput;
  private final @Nullable String encryptionKey;
  private final @Nullable TimeToLive timeToLive;
  private final @Nullable ChangeImages changeFeed;
  private final @Nullable Boolean deletionProtection;
  private final @Nullable Integer pointInTimeRecoveryDays;
  private final Map<String, String> tags;
  private final Set<TableRestoreField> preferring;

  private TableRestoreSpec(
      @Part("name") String name,
      @Part("source") ResourceId source,
      @Part("moment") @Nullable Instant moment,
      @Part("latest") @Nullable Boolean latest,
      @Part("location") @Nullable String location,
      @Part("indexes") @Nullable List<String> indexes,
      @Part("throughput") @Nullable Throughput throughput,
      @Part("encryptionKey") @Nullable String encryptionKey,
      @Part("timeToLive") @Nullable TimeToLive timeToLive,
      @Part("changeFeed") @Nullable ChangeImages changeFeed,
      @Part("deletionProtection") @Nullable Boolean deletionProtection,
      @Part("pointInTimeRecoveryDays") @Nullable Integer pointInTimeRecoveryDays,
      @Part("tags") @Nullable Map<String, String> tags,
      @Part("preferring") @Nullable List<TableRestoreField> preferring) {
    this.name = Objects.requireNonNull(name, "name");
    this.source = Objects.requireNonNull(source, "source");
    this.moment = moment;
    this.latest = Boolean.TRUE.equals(latest);
    this.location = location;
    this.indexes = indexes == null ? null : Collections.unmodifiableSet(new TreeSet<>(indexes));
    this.throughput = throughput;
    this.encryptionKey = encryptionKey;
    this.timeToLive = timeToLive;
    this.changeFeed = changeFeed;
    this.deletionProtection = deletionProtection;
    this.pointInTimeRecoveryDays = pointInTimeRecoveryDays;
    this.tags = Collections.unmodifiableMap(new TreeMap<>(tags == null ? Map.of() : tags));
    this.preferring =
        Collections.unmodifiableSet(new TreeSet<>(preferring == null ? List.of() : preferring));
    check();
  }

  /** All that is wrong, at once. */
  private void check() {
    Problems problems = new Problems("TableRestoreSpec " + Quoted.of(name));
    GlobalTableChecks.name(name, "name", problems);
    boolean ofTable = source.kind().equals(Tables.KIND);
    problems.require(
        ofTable || source.kind().equals(Backups.TABLE_KIND),
        source + " is no table and no backup of one");
    problems.require(
        !ofTable || latest != (moment != null),
        "a table is restored to a moment, at(...), or to the latest(), one of the two");
    problems.require(
        ofTable || (!latest && moment == null), "a backup has its own moment, and no other");
    problems.require(
        !ofTable || !source.name().equals(name), "the new table has the name of the one it is of");
    if (throughput != null) {
      GlobalTableChecks.throughput(throughput, "throughput", problems);
    }
    if (timeToLive != null) {
      GlobalTableChecks.timeToLive(timeToLive, problems);
    }
    if (pointInTimeRecoveryDays != null) {
      GlobalTableChecks.days(pointInTimeRecoveryDays, problems);
    }
    if (indexes != null) {
      indexes.forEach(index -> GlobalTableChecks.name(index, "index", problems));
    }
    FieldChecks.plain(encryptionKey, "the key", problems);
    problems.require(encryptionKey == null || !encryptionKey.isBlank(), "the key is empty");
    PortableNames.tags(tags, problems);
    problems.orThrow();
  }

  /**
   * Begins a table of a backup.
   *
   * @param backup the backup, of a table
   * @param name the new table's name, as of {@link GlobalTableSpec#builder}
   * @return a builder
   */
  public static Builder from(Backup backup, String name) {
    return from(backup.id(), name);
  }

  /**
   * Begins a table of a backup.
   *
   * @param backup the backup's id, of kind {@link Backups#TABLE_KIND}
   * @param name the new table's name
   * @return a builder
   */
  public static Builder from(ResourceId backup, String name) {
    return new Builder(backup, name);
  }

  /**
   * Begins a table of a table as it was, which stays as it is.
   *
   * @param table the table's id
   * @param name the new table's name, another one
   * @return a builder, which needs a moment or {@link Builder#latest()}
   */
  public static Builder of(ResourceId table, String name) {
    return new Builder(table, name);
  }

  /**
   * Reads a spec.
   *
   * @param json what {@link #toJson()} wrote
   * @return the spec
   * @throws InvalidArgumentException when it is malformed, or has a field that this release does
   *     not know
   */
  public static TableRestoreSpec fromJson(String json) {
    return Json.read(json, TableRestoreSpec.class);
  }

  /**
   * Writes the spec.
   *
   * @return JSON with a schema version
   */
  public String toJson() {
    return Json.write(this);
  }

  /**
   * Begins another spec with the fields of this one.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder(source, name);
    builder.moment = moment;
    builder.latest = latest;
    builder.location = location;
    builder.indexes = indexes;
    builder.throughput = throughput;
    builder.encryptionKey = encryptionKey;
    builder.timeToLive = timeToLive;
    builder.changeFeed = changeFeed;
    builder.deletionProtection = deletionProtection;
    builder.pointInTimeRecoveryDays = pointInTimeRecoveryDays;
    builder.tags.putAll(tags);
    builder.preferring.addAll(preferring);
    return builder;
  }

  /**
   * With where the new table is to be, which {@link Backups#restoreTable} sets.
   *
   * @param region the region
   * @return a new value
   */
  public TableRestoreSpec in(String region) {
    Builder builder = toBuilder();
    builder.location = Objects.requireNonNull(region, "region");
    return builder.build();
  }

  /**
   * The new table's name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * What it is made of.
   *
   * @return the id of a table, or of a backup of one
   */
  public ResourceId source() {
    return source;
  }

  /**
   * The backup of which it is made.
   *
   * @return its id; empty when it is made of a table at a moment
   */
  public Optional<ResourceId> backup() {
    return Optional.of(source).filter(id -> id.kind().equals(Backups.TABLE_KIND));
  }

  /**
   * The moment.
   *
   * @return the time; empty when it is that of a backup, or the latest
   */
  public Optional<Instant> moment() {
    return Optional.ofNullable(moment);
  }

  /**
   * Whether it is made of a table as it was as lately as the cloud can tell.
   *
   * @return true when it is
   */
  public boolean isLatest() {
    return latest;
  }

  /**
   * Where the new table is to be.
   *
   * @return the region; empty before it is set
   */
  public Optional<String> location() {
    return Optional.ofNullable(location);
  }

  /**
   * Which of its indexes the new table has.
   *
   * @return an empty set for none; empty for all
   */
  public Optional<Set<String>> indexes() {
    return Optional.ofNullable(indexes);
  }

  /**
   * How much it can do in a second.
   *
   * @return the value; empty for what the plan says is taken from the source
   */
  public Optional<Throughput> throughput() {
    return Optional.ofNullable(throughput);
  }

  /**
   * The key that encrypts it.
   *
   * @return the value; empty for what the plan says is taken from the source
   */
  public Optional<String> encryptionKey() {
    return Optional.ofNullable(encryptionKey);
  }

  /**
   * When items expire by themselves.
   *
   * @return the value; empty for what the plan says is taken from the source
   */
  public Optional<TimeToLive> timeToLive() {
    return Optional.ofNullable(timeToLive);
  }

  /**
   * What the change feed has of an item that changes.
   *
   * @return the value; empty for what the plan says is taken from the source
   */
  public Optional<ChangeImages> changeFeed() {
    return Optional.ofNullable(changeFeed);
  }

  /**
   * Whether it cannot be deleted before this is taken back.
   *
   * @return the value; empty for what the plan says is taken from the source
   */
  public Optional<Boolean> deletionProtection() {
    return Optional.ofNullable(deletionProtection);
  }

  /**
   * How many days back it can be restored to any moment.
   *
   * @return the value; empty for what the plan says is taken from the source
   */
  public Optional<Integer> pointInTimeRecoveryDays() {
    return Optional.ofNullable(pointInTimeRecoveryDays);
  }

  /**
   * Its tags.
   *
   * @return key to value
   */
  public Map<String, String> tags() {
    return tags;
  }

  @Override
  public Set<TableRestoreField> preferring() {
    return preferring;
  }

  @Override
  public Map<Field, Object> values() {
    Map<Field, Object> all = new LinkedHashMap<>();
    all.put(TableRestoreField.NAME, name);
    TableValues.put(all, TableRestoreField.BACKUP, backup().orElse(null));
    TableValues.put(all, TableRestoreField.MOMENT, moment);
    TableValues.put(all, TableRestoreField.LATEST, latest ? true : null);
    TableValues.put(
        all,
        TableRestoreField.OTHER_REGION,
        backup()
            .map(ResourceId::location)
            .filter(region -> location != null && !region.equals(location))
            .orElse(null));
    TableValues.put(all, TableRestoreField.INDEXES, indexes);
    TableValues.put(all, TableRestoreField.THROUGHPUT, throughput);
    TableValues.put(all, TableRestoreField.ENCRYPTION_KEY, encryptionKey);
    TableValues.put(all, TableRestoreField.TIME_TO_LIVE, timeToLive);
    TableValues.put(all, TableRestoreField.CHANGE_FEED, changeFeed);
    TableValues.put(all, TableRestoreField.DELETION_PROTECTION, deletionProtection);
    TableValues.put(all, TableRestoreField.POINT_IN_TIME_RECOVERY, pointInTimeRecoveryDays);
    TableValues.put(all, TableRestoreField.TAGS, tags.isEmpty() ? null : tags);
    return Collections.unmodifiableMap(all);
  }

  /** There are no secrets in it. */
  @Override
  public TableRestoreSpec withoutSecrets() {
    return this;
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {
      name,
      source,
      moment,
      latest,
      location,
      indexes,
      throughput,
      encryptionKey,
      timeToLive,
      changeFeed,
      deletionProtection,
      pointInTimeRecoveryDays,
      tags,
      preferring
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TableRestoreSpec that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "TableRestoreSpec '" + name + "'";
  }

  /** Makes a {@link TableRestoreSpec}. */
  public static final class Builder {
    private final String name;
    private final ResourceId source;
    private @Nullable Instant moment;
    private boolean latest;
    private @Nullable String location;
    private @Nullable Set<String> indexes;
    private @Nullable Throughput throughput;
    private @Nullable String encryptionKey;
    private @Nullable TimeToLive timeToLive;
    private @Nullable ChangeImages changeFeed;
    private @Nullable Boolean deletionProtection;
    private @Nullable Integer pointInTimeRecoveryDays;
    private final Map<String, String> tags = new TreeMap<>();
    private final Set<TableRestoreField> preferring = new TreeSet<>();

    private Builder(ResourceId source, String name) {
      this.source = Objects.requireNonNull(source, "source");
      this.name = Objects.requireNonNull(name, "name");
    }

    /**
     * Sets the moment, with all that was written until then, and nothing later.
     *
     * @param value the moment, in the {@link Backups#window(ResourceId) window}
     * @return this builder
     */
    public Builder at(Instant value) {
      this.moment = Objects.requireNonNull(value, "moment");
      return this;
    }

    /**
     * Sets that it is as the table was as lately as the cloud can tell.
     *
     * @return this builder
     */
    public Builder latest() {
      this.latest = true;
      return this;
    }

    /**
     * Sets which of the source's indexes the new table has; all of them when it is not called.
     *
     * @param names their names; none for no index at all
     * @return this builder
     */
    public Builder indexes(String... names) {
      this.indexes = Set.of(names);
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
     * Sets the key that encrypts it, of the new table's region.
     *
     * @param value the value
     * @return this builder
     */
    public Builder encryptionKey(String value) {
      this.encryptionKey = value;
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
     * Sets how many days back it can be restored to any moment: 1 to 35.
     *
     * @param value the value
     * @return this builder
     */
    public Builder pointInTimeRecoveryDays(int value) {
      this.pointInTimeRecoveryDays = value;
      return this;
    }

    /**
     * Adds a tag.
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
    public Builder preferring(TableRestoreField... fields) {
      preferring.addAll(Arrays.asList(fields));
      return this;
    }

    /**
     * Makes the spec.
     *
     * @return the spec
     * @throws InvalidArgumentException with all that is wrong, at once
     */
    public TableRestoreSpec build() {
      return new TableRestoreSpec(
          name,
          source,
          moment,
          latest,
          location,
          indexes == null ? null : List.copyOf(indexes),
          throughput,
          encryptionKey,
          timeToLive,
          changeFeed,
          deletionProtection,
          pointInTimeRecoveryDays,
          tags,
          List.copyOf(preferring));
    }
  }
}
