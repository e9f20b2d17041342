/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.internal.FieldChecks;
import io.clouddb.internal.PortableNames;
import io.clouddb.internal.Problems;
import io.clouddb.internal.json.Json;
import io.clouddb.internal.json.SchemaVersion;
import io.clouddb.plan.Field;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is to change about an instance. Immutable; what is not set stays as it is. The change is
 * made at once, also where that means a restart; {@link Instances#planModify} says so.
 */
@SchemaVersion(1)
public final class InstanceChange implements Specification {

  private final @Nullable InstanceSize size;
  private final @Nullable DataSize storageSize;
  private final @Nullable Availability availability;
  private final @Nullable SecretRef adminPassword;
  private final @Nullable BackupPolicy backups;
  private final @Nullable MaintenanceWindow maintenance;
  private final @Nullable TlsMode tls;
  private final @Nullable Boolean deletionProtection;
  private final @Nullable Boolean logicalReplication;
  private final @Nullable Insights insights;
  private final Map<String, String> parameters;
  private final Map<String, String> tags;
  private final Set<InstanceField> preferring;

  private InstanceChange(Builder builder) {
    this.size = builder.size;
    this.storageSize = builder.storageSize;
    this.availability = builder.availability;
    this.adminPassword = builder.adminPassword;
    this.backups = builder.backups;
    this.maintenance = builder.maintenance;
    this.tls = builder.tls;
    this.deletionProtection = builder.deletionProtection;
    this.logicalReplication = builder.logicalReplication;
    this.insights = builder.insights;
    this.parameters = java.util.Collections.unmodifiableMap(new TreeMap<>(builder.parameters));
    this.tags = java.util.Collections.unmodifiableMap(new TreeMap<>(builder.tags));
    this.preferring = java.util.Collections.unmodifiableSet(EnumSet.copyOf(builder.preferring));
  }

  /**
   * Starts a change.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads a change from JSON.
   *
   * @param json what {@link #toJson()} wrote
   * @return the change
   * @throws io.clouddb.error.InvalidArgumentException when it is malformed
   */
  public static InstanceChange fromJson(String json) {
    return Json.read(json, InstanceChange.class);
  }

  /**
   * Writes the change as JSON, with a {@code schemaVersion}.
   *
   * @return JSON that {@link #fromJson(String)} reads
   * @throws io.clouddb.error.InvalidArgumentException when the password is a literal
   */
  public String toJson() {
    return Json.write(this);
  }

  /**
   * The new compute.
   *
   * @return the size, empty when it stays
   */
  public Optional<InstanceSize> size() {
    return Optional.ofNullable(size);
  }

  /**
   * The new size of the disk; no cloud makes a disk smaller.
   *
   * @return the size, empty when it stays
   */
  public Optional<DataSize> storageSize() {
    return Optional.ofNullable(storageSize);
  }

  /**
   * The new availability.
   *
   * @return the availability, empty when it stays
   */
  public Optional<Availability> availability() {
    return Optional.ofNullable(availability);
  }

  /**
   * The administrator's new password.
   *
   * @return where it is, empty when it stays
   */
  public Optional<SecretRef> adminPassword() {
    return Optional.ofNullable(adminPassword);
  }

  /**
   * The new backup policy.
   *
   * @return the policy, empty when it stays
   */
  public Optional<BackupPolicy> backups() {
    return Optional.ofNullable(backups);
  }

  /**
   * The new maintenance window.
   *
   * @return the window, empty when it stays
   */
  public Optional<MaintenanceWindow> maintenance() {
    return Optional.ofNullable(maintenance);
  }

  /**
   * The new demand on connections.
   *
   * @return the mode, empty when it stays
   */
  public Optional<TlsMode> tls() {
    return Optional.ofNullable(tls);
  }

  /**
   * Whether the cloud shall refuse to delete the instance.
   *
   * @return the setting, empty when it stays
   */
  public Optional<Boolean> deletionProtection() {
    return Optional.ofNullable(deletionProtection);
  }

  /**
   * Whether changes can be streamed out of it.
   *
   * @return the setting, empty when it stays
   */
  public Optional<Boolean> logicalReplication() {
    return Optional.ofNullable(logicalReplication);
  }

  /**
   * Whether the cloud collects statistics of queries.
   *
   * @return the setting, empty when it stays
   */
  public Optional<Insights> insights() {
    return Optional.ofNullable(insights);
  }

  /**
   * Parameters to set; others stay.
   *
   * @return name to value
   */
  public Map<String, String> parameters() {
    return parameters;
  }

  /**
   * Tags to set; others stay.
   *
   * @return key to value
   */
  public Map<String, String> tags() {
    return tags;
  }

  /**
   * The fields that may be adjusted where the cloud cannot honour them.
   *
   * @return the fields
   */
  @Override
  public Set<InstanceField> preferring() {
    return preferring;
  }

  /**
   * The fields that this change asks for.
   *
   * @return the fields
   */
  public Set<InstanceField> fields() {
    Set<InstanceField> set = EnumSet.noneOf(InstanceField.class);
    values().keySet().forEach(field -> set.add((InstanceField) field));
    return set;
  }

  @Override
  public Map<Field, Object> values() {
    FieldValues values = new FieldValues();
    values.put(InstanceField.SIZE, size);
    values.put(InstanceField.STORAGE_SIZE, storageSize);
    values.put(InstanceField.AVAILABILITY, availability);
    values.put(InstanceField.ADMIN_LOGIN, adminPassword);
    values.backups(backups);
    values.maintenance(maintenance);
    values.put(InstanceField.TLS, tls);
    values.put(InstanceField.DELETION_PROTECTION, deletionProtection);
    values.put(InstanceField.LOGICAL_REPLICATION, logicalReplication);
    values.insights(insights);
    values.put(InstanceField.PARAMETERS, parameters);
    values.put(InstanceField.TAGS, tags);
    return values.all();
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {
      size,
      storageSize,
      availability,
      adminPassword,
      backups,
      maintenance,
      tls,
      deletionProtection,
      logicalReplication,
      insights,
      parameters,
      tags,
      preferring
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InstanceChange that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  /** The fields that change; no value. */
  @Override
  public String toString() {
    return "InstanceChange" + fields();
  }

  /** What a change can be about; the rest stays as an instance was made. */
  static final Set<Field> CHANGEABLE =
      Set.of(
          InstanceField.SIZE,
          InstanceField.STORAGE_SIZE,
          InstanceField.AVAILABILITY,
          InstanceField.BACKUPS,
          InstanceField.BACKUP_WINDOW,
          InstanceField.BACKUP_WINDOW_LENGTH,
          InstanceField.BACKUP_RETENTION,
          InstanceField.POINT_IN_TIME,
          InstanceField.BACKUP_LOCATION,
          InstanceField.LOG_RETENTION,
          InstanceField.GEO_REDUNDANT_BACKUP,
          InstanceField.MAINTENANCE_WINDOW,
          InstanceField.MAINTENANCE_WINDOW_LENGTH,
          InstanceField.TLS,
          InstanceField.DELETION_PROTECTION,
          InstanceField.LOGICAL_REPLICATION,
          InstanceField.INSIGHTS,
          InstanceField.INSIGHTS_RETENTION,
          InstanceField.PARAMETERS,
          InstanceField.TAGS);

  /** The change that makes these fields of an instance what a spec says. */
  static InstanceChange towards(InstanceSpec spec, Collection<Field> fields) {
    Builder change = builder();
    for (Field field : fields) {
      switch ((InstanceField) field) {
        case SIZE -> change.size(spec.size());
        case STORAGE_SIZE -> change.storageSize(spec.storage().size());
        case AVAILABILITY -> change.availability(spec.availability());
        case BACKUPS,
            BACKUP_WINDOW,
            BACKUP_WINDOW_LENGTH,
            BACKUP_RETENTION,
            POINT_IN_TIME,
            BACKUP_LOCATION,
            LOG_RETENTION,
            GEO_REDUNDANT_BACKUP ->
            spec.backups().ifPresent(change::backups);
        case MAINTENANCE_WINDOW, MAINTENANCE_WINDOW_LENGTH ->
            spec.maintenance().ifPresent(change::maintenance);
        case TLS -> change.tls(spec.tls());
        case DELETION_PROTECTION -> spec.deletionProtection().ifPresent(change::deletionProtection);
        case LOGICAL_REPLICATION -> spec.logicalReplication().ifPresent(change::logicalReplication);
        case INSIGHTS, INSIGHTS_RETENTION -> spec.insights().ifPresent(change::insights);
        case PARAMETERS -> spec.parameters().forEach(change::parameter);
        case TAGS -> spec.tags().forEach(change::tag);
        default -> throw new IllegalArgumentException(field.id() + " cannot be changed");
      }
    }
    change.preferring(spec.preferring().toArray(InstanceField[]::new));
    return change.build();
  }

  /**
   * A builder that starts with this change.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.size = size;
    copy.storageSize = storageSize;
    copy.availability = availability;
    copy.adminPassword = adminPassword;
    copy.backups = backups;
    copy.maintenance = maintenance;
    copy.tls = tls;
    copy.deletionProtection = deletionProtection;
    copy.logicalReplication = logicalReplication;
    copy.insights = insights;
    copy.parameters.putAll(parameters);
    copy.tags.putAll(tags);
    copy.preferring.addAll(preferring);
    return copy;
  }

  @Override
  public InstanceChange withoutSecrets() {
    return Optional.ofNullable(adminPassword)
            .filter(secret -> secret.kind() == SecretRef.Kind.LITERAL)
            .isEmpty()
        ? this
        : toBuilder().adminPassword(SecretRef.environment(FORGOTTEN_SECRET)).build();
  }

  /** Builds an {@link InstanceChange}. */
  public static final class Builder {
    private @Nullable InstanceSize size;
    private @Nullable DataSize storageSize;
    private @Nullable Availability availability;
    private @Nullable SecretRef adminPassword;
    private @Nullable BackupPolicy backups;
    private @Nullable MaintenanceWindow maintenance;
    private @Nullable TlsMode tls;
    private @Nullable Boolean deletionProtection;
    private @Nullable Boolean logicalReplication;
    private @Nullable Insights insights;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final Set<InstanceField> preferring = EnumSet.noneOf(InstanceField.class);

    private Builder() {}

    /**
     * Changes the compute.
     *
     * @param value the new size
     * @return this builder
     */
    public Builder size(InstanceSize value) {
      this.size = value;
      return this;
    }

    /**
     * Enlarges the disk.
     *
     * @param value the new size
     * @return this builder
     */
    public Builder storageSize(DataSize value) {
      this.storageSize = value;
      return this;
    }

    /**
     * Changes the availability.
     *
     * @param value the new availability
     * @return this builder
     */
    public Builder availability(Availability value) {
      this.availability = value;
      return this;
    }

    /**
     * Changes the administrator's password.
     *
     * @param value where the new one is
     * @return this builder
     */
    public Builder adminPassword(SecretRef value) {
      this.adminPassword = value;
      return this;
    }

    /**
     * Changes the backup policy.
     *
     * @param value the new policy
     * @return this builder
     */
    public Builder backups(BackupPolicy value) {
      this.backups = value;
      return this;
    }

    /**
     * Changes the maintenance window.
     *
     * @param value the new window
     * @return this builder
     */
    public Builder maintenance(MaintenanceWindow value) {
      this.maintenance = value;
      return this;
    }

    /**
     * Changes the demand on connections.
     *
     * @param value the new mode
     * @return this builder
     */
    public Builder tls(TlsMode value) {
      this.tls = value;
      return this;
    }

    /**
     * Changes whether the cloud refuses to delete the instance.
     *
     * @param value true when it shall
     * @return this builder
     */
    public Builder deletionProtection(boolean value) {
      this.deletionProtection = value;
      return this;
    }

    /**
     * Changes whether changes can be streamed out of it.
     *
     * @param value true when they shall
     * @return this builder
     */
    public Builder logicalReplication(boolean value) {
      this.logicalReplication = value;
      return this;
    }

    /**
     * Changes whether the cloud collects statistics of queries.
     *
     * @param value whether they are collected, and how long they are kept
     * @return this builder
     */
    public Builder insights(Insights value) {
      this.insights = value;
      return this;
    }

    /**
     * Sets one of the engine's parameters.
     *
     * @param parameter its name
     * @param value its value
     * @return this builder
     */
    public Builder parameter(String parameter, String value) {
      parameters.put(parameter, value);
      return this;
    }

    /**
     * Sets several of the engine's parameters.
     *
     * @param values name to value
     * @return this builder
     */
    public Builder parameters(Map<String, String> values) {
      parameters.putAll(values);
      return this;
    }

    /**
     * Sets one tag.
     *
     * @param key its key
     * @param value its value
     * @return this builder
     */
    public Builder tag(String key, String value) {
      tags.put(key, value);
      return this;
    }

    /**
     * Sets several tags.
     *
     * @param values key to value
     * @return this builder
     */
    public Builder tags(Map<String, String> values) {
      tags.putAll(values);
      return this;
    }

    /**
     * Lets fields be adjusted where the cloud cannot honour them.
     *
     * @param fields the fields
     * @return this builder
     */
    public Builder preferring(InstanceField... fields) {
      preferring.addAll(Arrays.asList(fields));
      return this;
    }

    /**
     * Finishes the change.
     *
     * @return the change
     * @throws io.clouddb.error.InvalidArgumentException naming all that is wrong, at once
     */
    public InstanceChange build() {
      InstanceChange change = new InstanceChange(this);
      Problems problems = new Problems("InstanceChange");
      problems.require(!change.fields().isEmpty(), "nothing is to change");
      PortableNames.tags(tags, problems);
      problems.require(storageSize == null || storageSize.bytes() > 0, "the disk has no size");
      if (size != null) {
        FieldChecks.size(size, problems);
      }
      if (backups != null) {
        FieldChecks.backups(backups, problems);
      }
      if (maintenance != null) {
        FieldChecks.maintenance(maintenance, problems);
      }
      if (insights != null) {
        FieldChecks.insights(insights, problems);
      }
      FieldChecks.parameters(parameters, problems);
      problems.orThrow();
      return change;
    }
  }
}
