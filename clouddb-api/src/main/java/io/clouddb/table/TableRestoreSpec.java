/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.Backups;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.internal.Problems;
import io.clouddb.internal.json.Json;
import io.clouddb.internal.json.Part;
import io.clouddb.internal.json.SchemaVersion;
import io.clouddb.internal.text.Quoted;
import io.clouddb.plan.Field;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
public final class TableRestoreSpec extends TableSettings<TableRestoreField> {
  private final String name;
  private final ResourceId source;
  private final @Nullable Instant moment;
  private final boolean latest;
  private final @Nullable String location;
  private final @Nullable Set<String> indexes;
  private final @Nullable String encryptionKey;

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
    super(
        throughput,
        timeToLive,
        changeFeed,
        deletionProtection,
        pointInTimeRecoveryDays,
        tags,
        preferring);
    this.name = Objects.requireNonNull(name, "name");
    this.source = Objects.requireNonNull(source, "source");
    this.moment = moment;
    this.latest = Boolean.TRUE.equals(latest);
    this.location = location;
    this.indexes = indexes == null ? null : Collections.unmodifiableSet(new TreeSet<>(indexes));
    this.encryptionKey = encryptionKey;
    check(indexes);
  }

  /** All that is wrong, at once. */
  private void check(@Nullable List<String> named) {
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
    GlobalTableChecks.settings(this, problems);
    pointInTimeRecoveryDays().ifPresent(days -> GlobalTableChecks.days(days, problems));
    if (named != null && indexes != null) {
      problems.require(named.size() == indexes.size(), "an index comes twice");
      indexes.forEach(index -> GlobalTableChecks.name(index, "index", problems));
    }
    if (encryptionKey != null) {
      GlobalTableChecks.encryptionKey(encryptionKey, "the key", problems);
    }
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
   * Begins another spec with the fields of this one.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder(source, name);
    builder.moment = moment;
    builder.latest = latest;
    builder.location = location;
    builder.indexes = indexes == null ? null : List.copyOf(indexes);
    builder.encryptionKey = encryptionKey;
    return builder.settings(this);
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
   * The key that encrypts it.
   *
   * @return the value; empty for what the plan says is taken from the source
   */
  public Optional<String> encryptionKey() {
    return Optional.ofNullable(encryptionKey);
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
    TableValues.put(all, TableRestoreField.THROUGHPUT, throughput().orElse(null));
    TableValues.put(all, TableRestoreField.ENCRYPTION_KEY, encryptionKey);
    TableValues.put(all, TableRestoreField.TIME_TO_LIVE, timeToLive().orElse(null));
    TableValues.put(all, TableRestoreField.CHANGE_FEED, changeFeed().orElse(null));
    TableValues.put(all, TableRestoreField.DELETION_PROTECTION, deletionProtection().orElse(null));
    TableValues.put(
        all, TableRestoreField.POINT_IN_TIME_RECOVERY, pointInTimeRecoveryDays().orElse(null));
    TableValues.put(all, TableRestoreField.TAGS, tags().isEmpty() ? null : tags());
    return Collections.unmodifiableMap(all);
  }

  /** There are no secrets in it. */
  @Override
  public TableRestoreSpec withoutSecrets() {
    return this;
  }

  @Override
  @Nullable Object[] parts() {
    return new @Nullable Object[] {name, source, moment, latest, location, indexes, encryptionKey};
  }

  @Override
  public String toString() {
    return "TableRestoreSpec '" + name + "'";
  }

  /** Makes a {@link TableRestoreSpec}. */
  public static final class Builder extends TableSettings.Builder<TableRestoreField, Builder> {
    private final String name;
    private final ResourceId source;
    private @Nullable Instant moment;
    private boolean latest;
    private @Nullable String location;
    private @Nullable List<String> indexes;
    private @Nullable String encryptionKey;

    private Builder(ResourceId source, String name) {
      this.source = Objects.requireNonNull(source, "source");
      this.name = Objects.requireNonNull(name, "name");
    }

    @Override
    Builder self() {
      return this;
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
      this.indexes = List.of(names);
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
