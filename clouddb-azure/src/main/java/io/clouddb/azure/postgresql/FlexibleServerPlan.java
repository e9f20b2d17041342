/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.instance.InstanceField.*;

import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import io.clouddb.DataSize;
import io.clouddb.azure.internal.ArmPipeline;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Storage;
import io.clouddb.instance.StorageType;
import io.clouddb.instance.TlsMode;
import io.clouddb.plan.Plan;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of each field of a spec on a flexible server, in the API version that is spoken
 * ({@link io.clouddb.azure.internal.ArmPipeline}), as far as the SDK's last stable release can ask
 * for it.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/postgresql/servers/create">Servers -
 *     Create</a>
 */
final class FlexibleServerPlan {
  /** How long a maintenance window is; nothing else can be asked for. */
  static final Duration WINDOW = Duration.ofHours(1);

  static final int LEAST_RETENTION = 7;
  static final int MOST_RETENTION = 35;

  /** Those that the published definition of the API version that is spoken lists, from 14 on. */
  static final Set<String> VERSIONS = Set.of("14", "15", "16", "17", "18");

  private static final Set<String> RESERVED_USERS =
      Set.of(
          "azure_superuser", "azure_pg_admin", "admin", "administrator", "root", "guest", "public");
  private static final Set<String> RESERVED_DATABASES =
      Set.of("azure_sys", "azure_maintenance", "template0", "template1");

  private FlexibleServerPlan() {}

  static Plan of(InstanceSpec spec) {
    Plan.Builder plan = Plan.builder("azure", spec);
    plan.honour(NAME, "name", spec.name());
    engine(plan, spec);
    size(plan, spec.size(), spec.availability());
    storage(plan, spec.storage());
    availability(plan, spec.availability(), Optional.of(spec.size()));
    spec.database().ifPresent(name -> database(plan, name));
    admin(plan, spec.admin());
    spec.backups().ifPresent(policy -> backups(plan, policy));
    spec.maintenance().ifPresent(window -> maintenance(plan, window));
    NetworkPlan.add(plan, spec);
    parameters(
        plan,
        spec.tls(),
        ServerParameters.of(spec),
        spec.parameters(),
        ServerParameters.contradictions(spec));
    insights(plan, spec.insights());
    TagPlan.add(plan, spec.tags());
    protection(plan, spec.deletionProtection().orElse(false));
    return plan.build();
  }

  /** Without a look at the server. */
  static Plan of(InstanceChange change) {
    return of(change, ServerView.Facts.UNKNOWN);
  }

  /** For a server as it is. */
  static Plan of(InstanceChange change, ServerView.Facts current) {
    Plan.Builder plan = Plan.builder("azure", change);
    change.size().ifPresent(size -> changedSize(plan, change, size, current));
    change.storageSize().ifPresent(size -> storageSize(plan, size));
    change
        .availability()
        .ifPresent(
            value -> {
              if (change.size().isEmpty() && Boolean.TRUE.equals(current.burstable())) {
                availability(plan, value, true);
              } else {
                availability(plan, value, change.size());
              }
            });
    plan.honour(ADMIN_LOGIN, "properties.administratorLoginPassword", "(secret)");
    change.backups().ifPresent(policy -> backups(plan, policy));
    change.maintenance().ifPresent(window -> maintenance(plan, window));
    parameters(
        plan,
        change.tls().orElse(TlsMode.REQUIRED),
        ServerParameters.of(change),
        change.parameters(),
        ServerParameters.contradictions(change));
    insights(plan, change.insights());
    TagPlan.add(plan, change.tags());
    protection(plan, change.deletionProtection().orElse(false));
    return plan.build();
  }

  /** The availability that a server has after a change, as far as it is known. */
  static Availability availability(InstanceChange change, ServerView.Facts current) {
    return change
        .availability()
        .orElse(
            Boolean.TRUE.equals(current.standby()) ? Availability.REGIONAL : Availability.ZONAL);
  }

  private static void changedSize(
      Plan.Builder plan, InstanceChange change, InstanceSize size, ServerView.Facts current) {
    Availability availability = availability(change, current);
    boolean burstable =
        ServerSizes.sku(size, availability)
            .map(sku -> SkuTier.BURSTABLE.equals(sku.tier()))
            .orElse(false);
    if (!burstable || change.availability().isPresent()) {
      size(plan, size, availability);
    } else if (availability == Availability.REGIONAL) {
      plan.refuse(
          SIZE,
          "burstable servers have no standby, and the server has one",
          "a General Purpose size such as Standard_D2ds_v5, or availability ZONAL with it");
    } else if (current.standby() == null) {
      plan.honour(SIZE, "sku", size + " (Burstable; refused by modify when there is a standby)");
    } else {
      size(plan, size, availability);
    }
  }

  private static void engine(Plan.Builder plan, InstanceSpec spec) {
    if (!spec.engine().equals(Engine.POSTGRESQL)) {
      plan.refuse(
          ENGINE, "only PostgreSQL (flexible server) is driven on Azure", "Engine.POSTGRESQL");
      plan.refuse(ENGINE_VERSION, "there is no version of " + spec.engine(), "");
      return;
    }
    plan.honour(ENGINE, "type", "Microsoft.DBforPostgreSQL/flexibleServers");
    String version = spec.engineVersion();
    String major = version.replaceFirst("[.].*", "");
    if (VERSIONS.contains(version)) {
      plan.honour(ENGINE_VERSION, "properties.version", version);
    } else if (VERSIONS.contains(major)) {
      plan.adjust(
          ENGINE_VERSION, "properties.version", major, "Azure chooses the minor version itself");
    } else {
      plan.refuse(
          ENGINE_VERSION,
          "PostgreSQL "
              + version
              + " is not offered: neither below 14 here, nor what Azure's API version "
              + ArmPipeline.API_VERSION
              + " does not list",
          "one of 14, 15, 16, 17, 18");
    }
  }

  private static void size(Plan.Builder plan, InstanceSize size, Availability availability) {
    Optional<Sku> sku = ServerSizes.sku(size, availability);
    if (sku.isPresent()) {
      plan.honour(SIZE, "sku", sku.get().name() + " (" + sku.get().tier() + ")");
    } else if (size.name().isPresent()) {
      plan.refuse(
          SIZE,
          "'" + size + "' is no size of a flexible server",
          "a name such as Standard_B2s, Standard_D2ds_v5 or Standard_E2ds_v5");
    } else {
      plan.refuse(
          SIZE,
          "no size has " + size,
          "at most " + ServerSizes.MOST_CPUS + " vCPU and " + ServerSizes.MOST_GIB + " GiB");
    }
  }

  private static void storage(Plan.Builder plan, Storage storage) {
    if (storage.type() == StorageType.SSD) {
      plan.honour(STORAGE_TYPE, "properties.storage", "Premium SSD");
    } else {
      plan.adjust(
          STORAGE_TYPE,
          "properties.storage",
          "Premium SSD",
          "the SDK's stable release can ask for no other disk");
    }
    plan.adjust(
        STORAGE_IOPS,
        "properties.storage",
        "those that come with the disk's size",
        "the SDK's stable release can ask for no operations per second");
    storageSize(plan, storage.size());
    if (storage.growth().orElse(false)) {
      plan.adjust(
          STORAGE_GROWTH,
          "properties.storage.storageSizeGB",
          "a fixed size, enlarged by modify(storageSize)",
          "the SDK's stable release cannot ask for autoGrow");
    } else {
      plan.honour(
          STORAGE_GROWTH, "properties.storage.storageSizeGB", "a fixed size, as without autoGrow");
    }
    plan.adjust(
        STORAGE_GROWTH_LIMIT,
        "properties.storage.storageSizeGB",
        "a fixed size",
        "Azure knows no limit of growth");
    if (storage.encrypted()) {
      plan.honour(ENCRYPTION, "properties.dataEncryption.type", "SystemManaged");
    } else {
      plan.refuse(ENCRYPTION, "flexible servers are always encrypted", "encryptedByProvider()");
    }
    plan.refuse(
        ENCRYPTION_KEY,
        "a customer's key needs a user assigned identity that may use it, which a spec cannot name",
        "Native.customize(ServerInner.class, ...) with withDataEncryption and withIdentity");
  }

  private static void storageSize(Plan.Builder plan, DataSize size) {
    Optional<DataSize> sold = StorageSizes.smallest(size);
    if (sold.isEmpty()) {
      plan.refuse(
          STORAGE_SIZE,
          size + " is more than Azure sells",
          "at most " + StorageSizes.MOST_GIB + " GiB");
    } else if (StorageSizes.isSold(size)) {
      plan.honour(STORAGE_SIZE, "properties.storage.storageSizeGB", sold.get().toGibExact());
    } else {
      plan.adjust(
          STORAGE_SIZE,
          "properties.storage.storageSizeGB",
          sold.get().toGibExact(),
          "disks have " + StorageSizes.ALL);
    }
  }

  private static void availability(
      Plan.Builder plan, Availability availability, Optional<InstanceSize> size) {
    availability(
        plan,
        availability,
        size.flatMap(asked -> ServerSizes.sku(asked, availability))
            .map(sku -> SkuTier.BURSTABLE.equals(sku.tier()))
            .orElse(false));
  }

  private static void availability(
      Plan.Builder plan, Availability availability, boolean burstable) {
    String field = "properties.highAvailability.mode";
    if (availability == Availability.ZONAL) {
      plan.honour(AVAILABILITY, field, "Disabled");
    } else if (burstable) {
      plan.refuse(
          AVAILABILITY,
          "burstable servers have no standby",
          "a General Purpose size such as Standard_D2ds_v5");
    } else {
      plan.honour(AVAILABILITY, field, "ZoneRedundant");
    }
  }

  private static void database(Plan.Builder plan, String name) {
    if (RESERVED_DATABASES.contains(name)) {
      plan.refuse(DATABASE, "the name " + name + " is Azure's own", "another name");
    } else {
      plan.honour(DATABASE, "databases", name);
    }
  }

  private static void admin(Plan.Builder plan, AdminLogin admin) {
    plan.refuse(
        ADMIN_MANAGED_PASSWORD,
        "Azure makes no password of a flexible server",
        "AdminLogin.of(user, SecretRef)");
    if (RESERVED_USERS.contains(admin.user()) || admin.user().startsWith("pg_")) {
      plan.refuse(ADMIN_LOGIN, "Azure refuses the login " + admin.user(), "another name");
    } else {
      plan.honour(ADMIN_LOGIN, "properties.administratorLogin", admin.user());
    }
  }

  private static void backups(Plan.Builder plan, BackupPolicy policy) {
    if (policy.enabled()) {
      plan.honour(BACKUPS, "properties.backup", "daily");
    } else {
      plan.refuse(BACKUPS, "flexible servers are always backed up", "BackupPolicy.daily()");
    }
    plan.adjust(
        BACKUP_WINDOW,
        "properties.backup",
        "a time that Azure chooses",
        "flexible servers have no backup window");
    plan.adjust(
        BACKUP_WINDOW_LENGTH,
        "properties.backup",
        "a time that Azure chooses",
        "flexible servers have no backup window");
    plan.honour(POINT_IN_TIME, "properties.backup", "always");
    policy
        .retentionDays()
        .ifPresent(
            days -> {
              String field = "properties.backup.backupRetentionDays";
              int kept = Math.max(LEAST_RETENTION, Math.min(MOST_RETENTION, days));
              if (kept == days) {
                plan.honour(BACKUP_RETENTION, field, days);
              } else {
                plan.adjust(BACKUP_RETENTION, field, kept, "backups are kept for 7 to 35 days");
              }
            });
  }

  private static void maintenance(Plan.Builder plan, MaintenanceWindow window) {
    LocalTime start = window.start().truncatedTo(ChronoUnit.MINUTES);
    String value = window.day() + " " + start + " UTC";
    if (window.length().orElse(WINDOW).equals(WINDOW)) {
      plan.honour(MAINTENANCE_WINDOW_LENGTH, "properties.maintenanceWindow", "1 hour");
    } else {
      plan.adjust(
          MAINTENANCE_WINDOW_LENGTH,
          "properties.maintenanceWindow",
          "1 hour",
          "Azure's maintenance windows last an hour");
    }
    if (start.equals(window.start())) {
      plan.honour(MAINTENANCE_WINDOW, "properties.maintenanceWindow", value);
    } else {
      plan.adjust(
          MAINTENANCE_WINDOW, "properties.maintenanceWindow", value, "windows begin at a minute");
    }
  }

  private static void parameters(
      Plan.Builder plan,
      TlsMode tls,
      Map<String, String> all,
      Map<String, String> named,
      List<String> contradictions) {
    if (tls == TlsMode.CLIENT_CERTIFICATE) {
      plan.refuse(
          TLS, "flexible servers check no client certificates", "TlsMode.REQUIRED and a password");
    } else {
      plan.honour(
          TLS,
          ServerParameters.TLS,
          all.getOrDefault(ServerParameters.TLS, "on (Azure's default)"));
    }
    plan.honour(
        LOGICAL_REPLICATION,
        ServerParameters.WAL_LEVEL,
        all.getOrDefault(ServerParameters.WAL_LEVEL, ""));
    plan.honour(
        INSIGHTS, ServerParameters.QUERY_STORE, all.getOrDefault(ServerParameters.QUERY_STORE, ""));
    if (contradictions.isEmpty()) {
      plan.honour(PARAMETERS, "configurations", named.keySet());
    } else {
      plan.refuse(
          PARAMETERS,
          contradictions + " says something else than tls, logicalReplication or insights",
          "one of the two only");
    }
  }

  private static void insights(Plan.Builder plan, Optional<Insights> insights) {
    insights
        .flatMap(Insights::retentionDays)
        .ifPresent(
            days -> {
              if (days <= ServerParameters.MOST_QUERY_STORE_DAYS) {
                plan.honour(INSIGHTS_RETENTION, ServerParameters.QUERY_STORE_DAYS, days);
              } else {
                plan.adjust(
                    INSIGHTS_RETENTION,
                    ServerParameters.QUERY_STORE_DAYS,
                    ServerParameters.MOST_QUERY_STORE_DAYS,
                    "the query store keeps 1 to 30 days");
              }
            });
  }

  private static void protection(Plan.Builder plan, boolean on) {
    if (!on) {
      plan.honour(DELETION_PROTECTION, "nothing", "none, as there is no such setting");
      return;
    }
    plan.refuse(
        DELETION_PROTECTION,
        "flexible servers have no such setting",
        "a management lock (CanNotDelete) on the server, made by whoever owns the resource group");
  }
}
