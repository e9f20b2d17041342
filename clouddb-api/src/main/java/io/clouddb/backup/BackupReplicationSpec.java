/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.ResourceId;
import io.clouddb.internal.FieldChecks;
import io.clouddb.internal.Problems;
import io.clouddb.internal.json.Json;
import io.clouddb.internal.json.Part;
import io.clouddb.internal.json.SchemaVersion;
import io.clouddb.plan.Field;
import io.clouddb.plan.Specification;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the automated backups of an instance are kept in another region, too. Immutable; each method
 * gives a new value.
 */
@SchemaVersion(1)
public final class BackupReplicationSpec implements Specification {
  private static final int MOST_RETENTION_DAYS = 3650;

  private final @Nullable ResourceId source;
  private final @Nullable Integer retentionDays;
  private final @Nullable String encryptionKey;

  private BackupReplicationSpec(
      @Part("source") @Nullable ResourceId source,
      @Part("retentionDays") @Nullable Integer retentionDays,
      @Part("encryptionKey") @Nullable String encryptionKey) {
    this.source = source;
    this.retentionDays = retentionDays;
    this.encryptionKey = encryptionKey;
  }

  /**
   * Kept as long as the cloud keeps them by default.
   *
   * @return the spec
   */
  public static BackupReplicationSpec replicated() {
    return new BackupReplicationSpec(null, null, null);
  }

  /**
   * Reads a spec.
   *
   * @param json what {@link #toJson()} wrote
   * @return the spec
   * @throws io.clouddb.error.InvalidArgumentException when it is malformed, or has a field that
   *     this release does not know
   */
  public static BackupReplicationSpec fromJson(String json) {
    return Json.read(json, BackupReplicationSpec.class);
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
   * With the instance whose backups they are, which {@link Backups#replicate} sets.
   *
   * @param instance its id, of another region
   * @return a new value
   */
  public BackupReplicationSpec of(ResourceId instance) {
    return new BackupReplicationSpec(instance, retentionDays, encryptionKey);
  }

  /**
   * Kept for a number of days.
   *
   * @param days how many
   * @return a new value
   */
  public BackupReplicationSpec retainDays(int days) {
    return new BackupReplicationSpec(source, days, encryptionKey);
  }

  /**
   * With the key that encrypts them there.
   *
   * @param id the vendor's name of a key of that region
   * @return a new value
   */
  public BackupReplicationSpec encryptionKey(String id) {
    return new BackupReplicationSpec(source, retentionDays, id);
  }

  /**
   * The instance whose backups they are.
   *
   * @return its id; empty before it is set
   */
  public Optional<ResourceId> source() {
    return Optional.ofNullable(source);
  }

  /**
   * How many days they are kept.
   *
   * @return the days; empty for the cloud's default
   */
  public Optional<Integer> retentionDays() {
    return Optional.ofNullable(retentionDays);
  }

  /**
   * The key that encrypts them there.
   *
   * @return the vendor's name of the key
   */
  public Optional<String> encryptionKey() {
    return Optional.ofNullable(encryptionKey);
  }

  @Override
  public Map<Field, Object> values() {
    Map<BackupField, Object> all = new EnumMap<>(BackupField.class);
    if (source != null) {
      all.put(BackupField.REPLICATION, source);
    }
    if (retentionDays != null) {
      all.put(BackupField.REPLICATION_RETENTION, retentionDays);
    }
    if (encryptionKey != null) {
      all.put(BackupField.REPLICATION_KEY, encryptionKey);
    }
    return Collections.unmodifiableMap(new LinkedHashMap<>(all));
  }

  @Override
  public Set<BackupField> preferring() {
    return Set.of();
  }

  @Override
  public BackupReplicationSpec withoutSecrets() {
    return this;
  }

  /** All that is wrong, at once. */
  BackupReplicationSpec checked() {
    Problems problems = new Problems("BackupReplicationSpec");
    problems.require(
        retentionDays == null || (retentionDays > 0 && retentionDays <= MOST_RETENTION_DAYS),
        "backups are kept for 1 to " + MOST_RETENTION_DAYS + " days, not " + retentionDays);
    FieldChecks.plain(encryptionKey, "the key", problems);
    problems.require(encryptionKey == null || !encryptionKey.isBlank(), "the key is empty");
    problems.orThrow();
    return this;
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {source, retentionDays, encryptionKey};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BackupReplicationSpec that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "BackupReplicationSpec" + (source == null ? "" : " of " + source.name());
  }
}
