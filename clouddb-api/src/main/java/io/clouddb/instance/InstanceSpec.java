/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.backup.BackupPolicy;
import io.clouddb.internal.FieldChecks;
import io.clouddb.internal.PortableNames;
import io.clouddb.internal.Problems;
import io.clouddb.internal.json.Json;
import io.clouddb.internal.json.SchemaVersion;
import io.clouddb.internal.text.Quoted;
import io.clouddb.plan.Field;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a managed database instance has to be, on any cloud. Immutable. Everything that is set is
 * required: a provider that cannot honour it refuses the spec, unless the field is named by {@link
 * Builder#preferring}, in which case it may be adjusted, and {@link Instances#plan} says so.
 */
@SchemaVersion(1)
public final class InstanceSpec implements Specification, InstanceAccess {

  private final String name;
  private final Engine engine;
  private final String engineVersion;
  private final InstanceSize size;
  private final Storage storage;
  private final Availability availability;
  private final @Nullable String database;
  private final AdminLogin admin;
  private final @Nullable BackupPolicy backups;
  private final @Nullable MaintenanceWindow maintenance;
  private final @Nullable Network network;
  private final TlsMode tls;
  private final @Nullable Boolean deletionProtection;
  private final @Nullable Boolean logicalReplication;
  private final @Nullable Insights insights;
  private final Map<String, String> parameters;
  private final Map<String, String> tags;
  private final Set<InstanceField> preferring;

  private InstanceSpec(Builder builder, InstanceSize size, Storage storage, AdminLogin admin) {
    this.name = builder.name;
    this.engine = builder.engine;
    this.engineVersion = builder.engineVersion;
    this.size = size;
    this.storage = storage;
    this.availability = builder.availability;
    this.database = builder.database;
    this.admin = admin;
    this.backups = builder.backups;
    this.maintenance = builder.maintenance;
    this.network = builder.network;
    this.tls = builder.tls;
    this.deletionProtection = builder.deletionProtection;
    this.logicalReplication = builder.logicalReplication;
    this.insights = builder.insights;
    this.parameters = java.util.Collections.unmodifiableMap(new TreeMap<>(builder.parameters));
    this.tags = java.util.Collections.unmodifiableMap(new TreeMap<>(builder.tags));
    this.preferring = java.util.Collections.unmodifiableSet(new TreeSet<>(builder.preferring));
  }

  /**
   * Starts a spec.
   *
   * @param name the instance's name: 3 to 63 lower case letters, digits and single hyphens
   * @param engine the engine
   * @param engineVersion the engine's version as its maker counts it, for example {@code 16} for
   *     PostgreSQL; a major version leaves the minor one to the cloud
   * @return a builder
   */
  public static Builder builder(String name, Engine engine, String engineVersion) {
    return new Builder(name, engine, engineVersion);
  }

  /**
   * Reads a spec from JSON.
   *
   * @param json what {@link #toJson()} wrote
   * @return the spec
   * @throws io.clouddb.error.InvalidArgumentException when a field is unknown or wrong, the schema
   *     version is not one that this release reads, or a secret stands in it
   */
  public static InstanceSpec fromJson(String json) {
    return Json.read(json, InstanceSpec.class);
  }

  /**
   * Writes the spec as JSON, with a {@code schemaVersion}.
   *
   * @return JSON that {@link #fromJson(String)} reads
   * @throws io.clouddb.error.InvalidArgumentException when the admin's password is a literal
   */
  public String toJson() {
    return Json.write(this);
  }

  /**
   * The instance's name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * The engine.
   *
   * @return the engine
   */
  public Engine engine() {
    return engine;
  }

  /**
   * The engine's version.
   *
   * @return for example {@code 16}
   */
  public String engineVersion() {
    return engineVersion;
  }

  /**
   * The compute.
   *
   * @return the size
   */
  public InstanceSize size() {
    return size;
  }

  /**
   * The disk.
   *
   * @return the storage
   */
  public Storage storage() {
    return storage;
  }

  /**
   * What it survives without a hand.
   *
   * @return the availability, {@link Availability#ZONAL} unless said otherwise
   */
  public Availability availability() {
    return availability;
  }

  /**
   * A database to make in it.
   *
   * @return the name
   */
  @Override
  public Optional<String> database() {
    return Optional.ofNullable(database);
  }

  /**
   * The administrator.
   *
   * @return the login
   */
  @Override
  public AdminLogin admin() {
    return admin;
  }

  /**
   * When backups are taken.
   *
   * @return the policy; empty for the cloud's default
   */
  public Optional<BackupPolicy> backups() {
    return Optional.ofNullable(backups);
  }

  /**
   * When the cloud may restart it for maintenance.
   *
   * @return the window; empty when the cloud may choose
   */
  public Optional<MaintenanceWindow> maintenance() {
    return Optional.ofNullable(maintenance);
  }

  /**
   * Who can reach it.
   *
   * @return the network; empty for the account's default private network
   */
  public Optional<Network> network() {
    return Optional.ofNullable(network);
  }

  /**
   * What the server demands of connections.
   *
   * @return the mode, {@link TlsMode#REQUIRED} unless said otherwise
   */
  public TlsMode tls() {
    return tls;
  }

  /**
   * Whether the cloud refuses to delete it.
   *
   * @return true or false as asked for; empty for the cloud's default
   */
  public Optional<Boolean> deletionProtection() {
    return Optional.ofNullable(deletionProtection);
  }

  /**
   * Whether changes can be streamed out of it, as a migration from it needs.
   *
   * @return true or false as asked for; empty for the cloud's default
   */
  public Optional<Boolean> logicalReplication() {
    return Optional.ofNullable(logicalReplication);
  }

  /**
   * Whether the cloud collects statistics of queries.
   *
   * @return what is asked for; empty for the cloud's default
   */
  public Optional<Insights> insights() {
    return Optional.ofNullable(insights);
  }

  /**
   * The engine's parameters that differ from the cloud's defaults.
   *
   * @return name to value, as the engine spells them
   */
  public Map<String, String> parameters() {
    return parameters;
  }

  /**
   * Tags, called labels on Google Cloud.
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
   * The fields that this spec asks for, about each of which a plan has to say something. What is
   * set to false is asked for, too.
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
    values.put(InstanceField.NAME, name);
    values.put(InstanceField.ENGINE, engine);
    values.put(InstanceField.ENGINE_VERSION, engineVersion);
    values.put(InstanceField.SIZE, size);
    values.put(InstanceField.STORAGE_TYPE, storage.type());
    values.put(InstanceField.STORAGE_SIZE, storage.size());
    values.put(InstanceField.STORAGE_IOPS, storage.iops().orElse(null));
    values.put(InstanceField.STORAGE_GROWTH, storage.growth().orElse(null));
    values.put(InstanceField.STORAGE_GROWTH_LIMIT, storage.growthLimit().orElse(null));
    values.put(InstanceField.ENCRYPTION, storage.encrypted());
    values.put(InstanceField.ENCRYPTION_KEY, storage.encryptionKey().orElse(null));
    values.put(InstanceField.AVAILABILITY, availability);
    values.put(InstanceField.DATABASE, database);
    values.put(
        admin.managed() ? InstanceField.ADMIN_MANAGED_PASSWORD : InstanceField.ADMIN_LOGIN, admin);
    values.backups(backups);
    values.maintenance(maintenance);
    values.put(
        network != null && network.isPublic()
            ? InstanceField.PUBLIC_ACCESS
            : InstanceField.PRIVATE_NETWORK,
        network == null ? Network.unnamed() : network);
    values.put(InstanceField.TLS, tls);
    values.put(InstanceField.DELETION_PROTECTION, deletionProtection);
    values.put(InstanceField.LOGICAL_REPLICATION, logicalReplication);
    values.insights(insights);
    values.put(InstanceField.PARAMETERS, parameters);
    values.put(InstanceField.TAGS, tags);
    return values.all();
  }

  /**
   * A builder that starts with this spec.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder copy =
        new Builder(name, engine, engineVersion)
            .size(size)
            .storage(storage)
            .availability(availability)
            .admin(admin)
            .tls(tls)
            .parameters(parameters)
            .tags(tags);
    copy.deletionProtection = deletionProtection;
    copy.logicalReplication = logicalReplication;
    copy.insights = insights;
    copy.database = database;
    copy.backups = backups;
    copy.maintenance = maintenance;
    copy.network = network;
    copy.preferring.addAll(preferring);
    return copy;
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {
      name,
      engine,
      engineVersion,
      size,
      storage,
      availability,
      database,
      admin,
      backups,
      maintenance,
      network,
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
    return other instanceof InstanceSpec that && java.util.Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return java.util.Arrays.hashCode(parts());
  }

  /** Name, engine and version; no secret. */
  @Override
  public String toString() {
    return "InstanceSpec[" + name + ", " + engine + " " + engineVersion + "]";
  }

  @Override
  public InstanceSpec withoutSecrets() {
    return admin.password().filter(secret -> secret.kind() == SecretRef.Kind.LITERAL).isEmpty()
        ? this
        : toBuilder().admin(admin.passwordIn(SecretRef.environment(FORGOTTEN_SECRET))).build();
  }

  /** Builds an {@link InstanceSpec}. */
  public static final class Builder {
    private static final int LONGEST_VERSION = 40;

    private final String name;
    private final Engine engine;
    private final String engineVersion;
    private @Nullable InstanceSize size;
    private @Nullable Storage storage;
    private Availability availability = Availability.ZONAL;
    private @Nullable String database;
    private @Nullable AdminLogin admin;
    private @Nullable BackupPolicy backups;
    private @Nullable MaintenanceWindow maintenance;
    private @Nullable Network network;
    private TlsMode tls = TlsMode.REQUIRED;
    private @Nullable Boolean deletionProtection;
    private @Nullable Boolean logicalReplication;
    private @Nullable Insights insights;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final Set<InstanceField> preferring = EnumSet.noneOf(InstanceField.class);

    private Builder(String name, Engine engine, String engineVersion) {
      this.name = Objects.requireNonNull(name, "name");
      this.engine = Objects.requireNonNull(engine, "engine");
      this.engineVersion = Objects.requireNonNull(engineVersion, "engineVersion");
    }

    /**
     * Sets the compute. Required.
     *
     * @param value the size
     * @return this builder
     */
    public Builder size(InstanceSize value) {
      this.size = value;
      return this;
    }

    /**
     * Sets the disk. Required.
     *
     * @param value the storage
     * @return this builder
     */
    public Builder storage(Storage value) {
      this.storage = value;
      return this;
    }

    /**
     * Sets what it survives without a hand.
     *
     * @param value the availability
     * @return this builder
     */
    public Builder availability(Availability value) {
      this.availability = Objects.requireNonNull(value, "availability");
      return this;
    }

    /**
     * Names a database to make in it.
     *
     * @param value the name
     * @return this builder
     */
    public Builder database(String value) {
      this.database = value;
      return this;
    }

    /**
     * Sets the administrator. Required.
     *
     * @param value the login
     * @return this builder
     */
    public Builder admin(AdminLogin value) {
      this.admin = value;
      return this;
    }

    /**
     * Sets when backups are taken.
     *
     * @param value the policy
     * @return this builder
     */
    public Builder backups(BackupPolicy value) {
      this.backups = value;
      return this;
    }

    /**
     * Sets when the cloud may restart it for maintenance.
     *
     * @param value the window
     * @return this builder
     */
    public Builder maintenance(MaintenanceWindow value) {
      this.maintenance = value;
      return this;
    }

    /**
     * Sets who can reach it.
     *
     * @param value the network
     * @return this builder
     */
    public Builder network(Network value) {
      this.network = value;
      return this;
    }

    /**
     * Sets what the server demands of connections.
     *
     * @param value the mode
     * @return this builder
     */
    public Builder tls(TlsMode value) {
      this.tls = Objects.requireNonNull(value, "tls");
      return this;
    }

    /**
     * Sets whether the cloud refuses to delete it.
     *
     * @param value true when it does
     * @return this builder
     */
    public Builder deletionProtection(boolean value) {
      this.deletionProtection = value;
      return this;
    }

    /**
     * Sets whether changes can be streamed out of it.
     *
     * @param value true when they can
     * @return this builder
     */
    public Builder logicalReplication(boolean value) {
      this.logicalReplication = value;
      return this;
    }

    /**
     * Sets whether the cloud collects statistics of queries.
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
      preferring.addAll(java.util.Arrays.asList(fields));
      return this;
    }

    /**
     * Finishes the spec.
     *
     * @return the spec
     * @throws io.clouddb.error.InvalidArgumentException naming all that is wrong, at once
     */
    public InstanceSpec build() {
      Problems problems = new Problems("InstanceSpec " + Quoted.of(name));
      PortableNames.instance(name, problems);
      PortableNames.tags(tags, problems);
      problems.require(
          engine.id().matches("[a-z][a-z0-9_-]{0,62}"),
          "engine " + Quoted.of(engine.id()) + " is no id such as postgresql");
      problems.require(
          engineVersion.length() <= LONGEST_VERSION
              && engineVersion.matches("[0-9][0-9A-Za-z._-]*"),
          "engineVersion " + Quoted.of(engineVersion) + " is no version such as 16 or 16.4");
      if (database != null) {
        PortableNames.database(database, problems);
      }
      problems.require(size != null, "size is missing");
      if (size != null) {
        FieldChecks.size(size, problems);
      }
      problems.require(storage != null, "storage is missing");
      if (storage != null) {
        checkStorage(storage, problems);
      }
      problems.require(admin != null, "admin is missing");
      if (admin != null) {
        PortableNames.user(admin.user(), problems);
        problems.require(
            admin.managed() || admin.password().isPresent(),
            "admin has no password and is not managed");
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
      if (network != null) {
        FieldChecks.network(network, problems);
      }
      FieldChecks.parameters(parameters, problems);
      problems.orThrow();
      return new InstanceSpec(
          this,
          Objects.requireNonNull(size),
          Objects.requireNonNull(storage),
          Objects.requireNonNull(admin));
    }

    private static void checkStorage(Storage storage, Problems problems) {
      problems.require(storage.size().bytes() > 0, "storage has no size");
      problems.require(
          storage.iops().filter(iops -> iops <= 0).isEmpty(), "storage has no positive iops");
      problems.require(
          (storage.type() == StorageType.PROVISIONED_IOPS_SSD) == storage.iops().isPresent(),
          "iops go with storage of type PROVISIONED_IOPS_SSD, and with no other");
      problems.require(
          storage.growthLimit().filter(to -> to.compareTo(storage.size()) <= 0).isEmpty(),
          "storage grows to "
              + storage.growthLimit().orElse(null)
              + ", which is not more than its size");
      problems.require(
          storage.encrypted() || storage.encryptionKey().isEmpty(),
          "storage has a key and is not encrypted");
      problems.require(
          storage.growthLimit().isEmpty() || storage.growth().orElse(false),
          "storage has a limit of growth and does not grow");
      FieldChecks.plain(storage.encryptionKey().orElse(null), "the storage's key", problems);
    }
  }
}
