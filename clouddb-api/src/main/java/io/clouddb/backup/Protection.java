/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.internal.Problems;
import io.clouddb.internal.json.Json;
import io.clouddb.internal.json.Part;
import io.clouddb.internal.json.SchemaVersion;
import io.clouddb.plan.Field;
import io.clouddb.plan.Specification;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Backups#protect} asks for: a policy, and a backup by hand after it. Immutable; each
 * method gives a new value.
 */
@SchemaVersion(1)
public final class Protection implements Specification {
  /** What a plan says of a {@link BackupPolicy}. */
  private static final Set<InstanceField> OF_A_POLICY =
      Collections.unmodifiableSet(
          EnumSet.of(
              InstanceField.BACKUPS,
              InstanceField.BACKUP_WINDOW,
              InstanceField.BACKUP_WINDOW_LENGTH,
              InstanceField.BACKUP_RETENTION,
              InstanceField.POINT_IN_TIME,
              InstanceField.LOG_RETENTION,
              InstanceField.BACKUP_LOCATION,
              InstanceField.GEO_REDUNDANT_BACKUP));

  private final BackupPolicy policy;
  private final BackupSpec backup;
  private final Set<InstanceField> preferring;

  private Protection(
      @Part("policy") BackupPolicy policy,
      @Part("backup") BackupSpec backup,
      @Part("preferring") @Nullable List<InstanceField> preferring) {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.backup = Objects.requireNonNull(backup, "backup");
    this.preferring =
        Collections.unmodifiableSet(new TreeSet<>(preferring == null ? Set.of() : preferring));
  }

  /**
   * A policy and a backup.
   *
   * @param policy when backups are taken from now on, and how long they are kept
   * @param backup the one that is taken by hand
   * @return the protection
   */
  public static Protection of(BackupPolicy policy, BackupSpec backup) {
    return new Protection(policy, backup, List.of());
  }

  /**
   * Reads a protection.
   *
   * @param json what {@link #toJson()} wrote
   * @return the protection
   * @throws io.clouddb.error.InvalidArgumentException when it is malformed, or has a field that
   *     this release does not know
   */
  public static Protection fromJson(String json) {
    return Json.read(json, Protection.class);
  }

  /**
   * Writes the protection.
   *
   * @return JSON with a schema version
   */
  public String toJson() {
    return Json.write(this);
  }

  /**
   * With another backup, and the policy and what is preferred of it as they are.
   *
   * @param other the one that is taken by hand
   * @return a new value
   */
  Protection with(BackupSpec other) {
    return new Protection(policy, other, List.copyOf(preferring));
  }

  /**
   * With fields that may be adjusted where the cloud cannot honour them, beside those that may be
   * already: of the policy an {@link InstanceField}, of the backup a {@link BackupField}.
   *
   * @param fields the fields
   * @return a new value
   * @throws io.clouddb.error.InvalidArgumentException when one is no field of a policy or a backup
   */
  public Protection preferring(Field... fields) {
    Problems problems = new Problems(toString());
    Set<InstanceField> ofPolicy = new TreeSet<>(preferring);
    Set<BackupField> ofBackup = new TreeSet<>(backup.preferring());
    for (Field field : fields) {
      if (field instanceof BackupField known) {
        ofBackup.add(known);
      } else if (field instanceof InstanceField known && OF_A_POLICY.contains(known)) {
        ofPolicy.add(known);
      } else {
        // An instance has tags, too: nobody would hear that those of the backup are not preferred.
        problems.require(
            false,
            "preferring("
                + field
                + ") names a field of "
                + field.getClass().getSimpleName()
                + " that is none of a backup policy or a backup");
      }
    }
    problems.orThrow();
    return new Protection(
        policy, backup.preferring(ofBackup.toArray(BackupField[]::new)), List.copyOf(ofPolicy));
  }

  /**
   * When backups are taken from now on.
   *
   * @return the policy
   */
  public BackupPolicy policy() {
    return policy;
  }

  /**
   * The policy as a change of the instance, with what is preferred of it.
   *
   * @return the change, of nothing else
   */
  public InstanceChange change() {
    return InstanceChange.builder()
        .backups(policy)
        .preferring(preferring.toArray(InstanceField[]::new))
        .build();
  }

  /**
   * The backup that is taken by hand, with what is preferred of it.
   *
   * @return the spec
   */
  public BackupSpec backup() {
    return backup;
  }

  @Override
  public Map<Field, Object> values() {
    Map<Field, Object> all = new LinkedHashMap<>(change().values());
    all.putAll(backup.values());
    return Collections.unmodifiableMap(all);
  }

  @Override
  public Set<Field> preferring() {
    Set<Field> all = new LinkedHashSet<>(preferring);
    all.addAll(backup.preferring());
    return Collections.unmodifiableSet(all);
  }

  @Override
  public Protection withoutSecrets() {
    return this;
  }

  private Object[] parts() {
    return new Object[] {policy, backup, preferring};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Protection that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "Protection of " + policy + " with " + backup;
  }
}
