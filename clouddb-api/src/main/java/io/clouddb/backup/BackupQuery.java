/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.ResourceId;
import io.clouddb.table.Tables;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which backups are listed. Immutable; each method gives a new value. */
public final class BackupQuery {
  private final @Nullable ResourceId source;
  private final boolean tables;
  private final Backup.@Nullable Origin origin;
  private final @Nullable Instant from;
  private final @Nullable Instant before;
  private final Map<String, String> tags;

  private BackupQuery(
      @Nullable ResourceId source,
      boolean tables,
      Backup.@Nullable Origin origin,
      @Nullable Instant from,
      @Nullable Instant before,
      Map<String, String> tags) {
    this.source = source;
    this.tables = tables;
    this.origin = origin;
    this.from = from;
    this.before = before;
    this.tags = Collections.unmodifiableMap(new TreeMap<>(tags));
  }

  /**
   * All backups of instances of the region and account.
   *
   * @return the query
   */
  public static BackupQuery all() {
    return new BackupQuery(null, false, null, null, null, Map.of());
  }

  /**
   * All backups of tables of the region and account.
   *
   * @return the query
   */
  public static BackupQuery ofTables() {
    return new BackupQuery(null, true, null, null, null, Map.of());
  }

  /**
   * The backups of one instance, or of one table.
   *
   * @param source its id; it may be gone where its backups stay
   * @return the query
   */
  public static BackupQuery of(ResourceId source) {
    return new BackupQuery(source, source.kind().equals(Tables.KIND), null, null, null, Map.of());
  }

  /**
   * Of them, those of one origin.
   *
   * @param value where they come from
   * @return a new value
   */
  public BackupQuery origin(Backup.Origin value) {
    return new BackupQuery(source, tables, value, from, before, tags);
  }

  /**
   * Of them, those whose data is of a moment or later. One that is still being made has no moment,
   * and is not among them.
   *
   * @param moment the moment
   * @return a new value
   */
  public BackupQuery takenFrom(Instant moment) {
    return new BackupQuery(source, tables, origin, moment, before, tags);
  }

  /**
   * Of them, those whose data is of before a moment. One that is still being made has no moment,
   * and is not among them.
   *
   * @param moment the moment
   * @return a new value
   */
  public BackupQuery takenBefore(Instant moment) {
    return new BackupQuery(source, tables, origin, from, moment, tags);
  }

  /**
   * Of them, those with a tag.
   *
   * @param key its key
   * @param value its value
   * @return a new value
   */
  public BackupQuery tag(String key, String value) {
    Map<String, String> all = new TreeMap<>(tags);
    all.put(key, value);
    return new BackupQuery(source, tables, origin, from, before, all);
  }

  /**
   * Of what.
   *
   * @return the id of an instance or of a table; empty for those of all
   */
  public Optional<ResourceId> source() {
    return Optional.ofNullable(source);
  }

  /**
   * Of which instance.
   *
   * @return the instance's id; empty for those of all, or of a table
   */
  public Optional<ResourceId> instance() {
    return source().filter(id -> !tables);
  }

  /**
   * Whether backups of tables are wanted, or of instances.
   *
   * @return true for those of tables
   */
  public boolean tables() {
    return tables;
  }

  /**
   * Where they come from.
   *
   * @return the origin; empty for all
   */
  public Optional<Backup.Origin> origin() {
    return Optional.ofNullable(origin);
  }

  /**
   * From which moment on.
   *
   * @return the moment; empty for all
   */
  public Optional<Instant> takenFrom() {
    return Optional.ofNullable(from);
  }

  /**
   * Before which moment.
   *
   * @return the moment; empty for all
   */
  public Optional<Instant> takenBefore() {
    return Optional.ofNullable(before);
  }

  /**
   * With which tags.
   *
   * @return key to value
   */
  public Map<String, String> tags() {
    return tags;
  }

  /**
   * Tells whether a backup is one of them: for what a service does not filter itself.
   *
   * @param backup the backup
   * @return true when it is
   */
  public boolean matches(Backup backup) {
    return tables == backup.id().kind().equals(Backups.TABLE_KIND)
        && source().map(id -> backup.source().filter(id::equals).isPresent()).orElse(true)
        && origin().map(value -> backup.origin() == value).orElse(true)
        && takenFrom()
            .map(moment -> backup.takenAt().filter(at -> !at.isBefore(moment)).isPresent())
            .orElse(true)
        && takenBefore()
            .map(moment -> backup.takenAt().filter(at -> at.isBefore(moment)).isPresent())
            .orElse(true)
        && backup.tags().entrySet().containsAll(tags.entrySet());
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {source, tables, origin, from, before, tags};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BackupQuery that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "BackupQuery" + Arrays.toString(parts());
  }
}
