/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.TlsMode;
import io.clouddb.plan.Plan;
import io.clouddb.security.SecretRef;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what Cloud SQL makes of a spec or a change. What is said here is what is sent. */
final class CloudSqlPlans {
  private static final String PROVIDER = "gcp";
  // PROJECT:INSTANCE has to fit.
  private static final int LONGEST_NAME_WITH_PROJECT = 98;

  /** How long a maintenance window is; nothing else can be asked for. */
  private static final Duration WINDOW = Duration.ofHours(1);

  /** How long Query Insights are kept; no field says it. */
  static final int INSIGHT_DAYS = 7;

  private final String project;
  private final String region;

  CloudSqlPlans(String project, String region) {
    this.project = project;
    this.region = region;
  }

  Plan plan(InstanceSpec spec) {
    Plan.Builder plan = Plan.builder(PROVIDER, spec);
    if ((project + ":" + spec.name()).length() > LONGEST_NAME_WITH_PROJECT) {
      plan.refuse(
          InstanceField.NAME,
          "project and name together have more than 97 characters",
          "a shorter name");
    } else {
      plan.honour(InstanceField.NAME, "name", spec.name());
    }
    planEngine(plan, spec);
    planSize(plan, spec.size(), "");
    Tier tier = edition(spec.size());
    StorageSettings.plan(plan, spec.storage(), region, tier);
    BackupPolicy backups = spec.backups().orElse(null);
    BackupSettings.planAvailability(plan, spec.availability(), backups);
    BackupSettings.plan(plan, backups, tier);
    spec.database().ifPresent(name -> plan.honour(InstanceField.DATABASE, "databases.name", name));
    planAdmin(plan, spec.admin());
    spec.maintenance().ifPresent(window -> planMaintenance(plan, window));
    NetworkSettings.plan(plan, spec.network().orElse(null));
    planTls(plan, spec.tls());
    spec.deletionProtection()
        .ifPresent(
            on ->
                plan.honour(
                    InstanceField.DELETION_PROTECTION, "settings.deletionProtectionEnabled", on));
    planFlags(plan, spec.parameters(), spec.logicalReplication().orElse(null));
    spec.insights().ifPresent(insights -> planInsights(plan, insights));
    planTags(plan, spec.tags());
    return plan.build();
  }

  Plan plan(InstanceChange change) {
    Plan.Builder plan = Plan.builder(PROVIDER, change);
    change.size().ifPresent(size -> planSize(plan, size, withIt(change, edition(size))));
    change.storageSize().ifPresent(size -> StorageSettings.planSize(plan, size));
    BackupPolicy backups = change.backups().orElse(null);
    change
        .availability()
        .ifPresent(availability -> BackupSettings.planAvailability(plan, availability, backups));
    BackupSettings.plan(plan, backups, change.size().map(CloudSqlPlans::edition).orElse(null));
    change.adminPassword().ifPresent(password -> planPassword(plan, password, "users.password"));
    change.maintenance().ifPresent(window -> planMaintenance(plan, window));
    change.tls().ifPresent(tls -> planTls(plan, tls));
    change
        .deletionProtection()
        .ifPresent(
            on ->
                plan.honour(
                    InstanceField.DELETION_PROTECTION, "settings.deletionProtectionEnabled", on));
    planFlags(plan, change.parameters(), change.logicalReplication().orElse(null));
    change.insights().ifPresent(insights -> planInsights(plan, insights));
    planTags(plan, change.tags());
    return plan.build();
  }

  /** What a change of the size brings with it, where the instance is not so already. */
  private static String withIt(InstanceChange change, Tier tier) {
    String disk =
        tier.hasHyperdisk() ? ", with a disk " + tier.ssd() + " to which the data is moved" : "";
    boolean namesLogs =
        change
            .backups()
            .filter(BackupPolicy::pointInTime)
            .flatMap(BackupPolicy::retentionDays)
            .isPresent();
    return tier.edition().equals(Tier.ENTERPRISE) && !namesLogs
        ? disk + ", which keeps " + tier.mostLogDays() + " days of logs at most"
        : disk;
  }

  /**
   * A tier of the size's edition.
   *
   * @param size the size
   * @return the tier, of the lesser edition where the size is none
   */
  static Tier edition(InstanceSize size) {
    return Tier.of(size).orElseGet(() -> new Tier("", Tier.ENTERPRISE));
  }

  private static void planEngine(Plan.Builder plan, InstanceSpec spec) {
    if (!spec.engine().equals(Engine.POSTGRESQL)) {
      String why = "this provider makes PostgreSQL only";
      plan.refuse(InstanceField.ENGINE, why, Engine.POSTGRESQL.id());
      plan.refuse(InstanceField.ENGINE_VERSION, why, "");
      return;
    }
    plan.honour(InstanceField.ENGINE, "databaseVersion", "POSTGRES");
    String version = spec.engineVersion();
    Optional<String> exact = EngineVersion.databaseVersion(version);
    Optional<String> major = EngineVersion.databaseVersion(EngineVersion.major(version));
    Tier tier = edition(spec.size());
    if (major.isPresent() && EngineVersion.number(version) < tier.firstVersion()) {
      plan.refuse(
          InstanceField.ENGINE_VERSION,
          tier.edition() + " begins with PostgreSQL " + tier.firstVersion(),
          "a later version, or a size of " + Tier.ENTERPRISE);
    } else if (exact.isPresent()) {
      plan.honour(InstanceField.ENGINE_VERSION, "databaseVersion", exact.get());
    } else if (major.isPresent()) {
      plan.adjust(
          InstanceField.ENGINE_VERSION,
          "databaseVersion",
          major.get(),
          "Cloud SQL chooses the minor version itself");
    } else {
      plan.refuse(
          InstanceField.ENGINE_VERSION,
          "Cloud SQL has no PostgreSQL " + version,
          "9.6 or 10 to 18");
    }
  }

  private static void planSize(Plan.Builder plan, InstanceSize size, String withIt) {
    Optional<String> whyNot = Tier.whyNot(size);
    if (whyNot.isPresent()) {
      plan.refuse(
          InstanceField.SIZE,
          whyNot.get(),
          "InstanceSize.named(...) with a tier such as db-custom-2-8192 or db-perf-optimized-N-8");
      return;
    }
    Tier tier = Tier.of(size).orElseThrow();
    plan.honour(
        InstanceField.SIZE,
        "settings.tier",
        tier.name()
            + " ("
            + tier.edition()
            + withIt
            + (size.name().isPresent()
                ? ")"
                : ", the smallest by the rules of Cloud SQL's custom machine types)"));
  }

  private static void planAdmin(Plan.Builder plan, AdminLogin admin) {
    plan.refuse(
        InstanceField.ADMIN_MANAGED_PASSWORD,
        "Cloud SQL makes no passwords",
        "AdminLogin.of(user, password)");
    String user = admin.user();
    if (user.startsWith("cloudsql") || user.startsWith("pg_")) {
      plan.refuse(
          InstanceField.ADMIN_LOGIN,
          "names beginning with cloudsql or pg_ are the service's own",
          "another name");
      return;
    }
    SecretRef secret = admin.password().orElse(null);
    if (secret != null) {
      planPassword(
          plan,
          secret,
          user.equals(CloudSqlInstances.DEFAULT_ADMIN)
              ? "rootPassword of the user " + user
              : "users.name = " + user + ", users.password");
    }
  }

  private static void planPassword(Plan.Builder plan, SecretRef secret, String field) {
    if (secret.kind() == SecretRef.Kind.STORE) {
      plan.refuse(
          InstanceField.ADMIN_LOGIN,
          "this provider does not read passwords out of Google's Secret Manager",
          "SecretRef.environment or SecretRef.file");
    } else {
      plan.honour(InstanceField.ADMIN_LOGIN, field, secret);
    }
  }

  private static void planMaintenance(Plan.Builder plan, MaintenanceWindow window) {
    String field = "settings.maintenanceWindow";
    if (window.length().orElse(WINDOW).equals(WINDOW)) {
      plan.honour(InstanceField.MAINTENANCE_WINDOW_LENGTH, field, "1 hour");
    } else {
      plan.adjust(
          InstanceField.MAINTENANCE_WINDOW_LENGTH,
          field,
          "1 hour",
          "Cloud SQL's maintenance windows last an hour");
    }
    String value = "day " + window.day().getValue() + ", hour " + window.start().getHour();
    if (window.start().equals(LocalTime.of(window.start().getHour(), 0))) {
      plan.honour(InstanceField.MAINTENANCE_WINDOW, field, value);
    } else {
      plan.adjust(InstanceField.MAINTENANCE_WINDOW, field, value, "windows begin at full hours");
    }
  }

  private static void planTls(Plan.Builder plan, TlsMode tls) {
    plan.honour(
        InstanceField.TLS, "settings.ipConfiguration.sslMode", NetworkSettings.sslMode(tls));
  }

  private static void planFlags(
      Plan.Builder plan, Map<String, String> parameters, @Nullable Boolean logical) {
    if (logical != null) {
      plan.honour(
          InstanceField.LOGICAL_REPLICATION,
          "settings.databaseFlags." + Flags.LOGICAL_DECODING,
          logical ? "on" : "off");
    }
    Optional<Map.Entry<String, String>> whyNot = Flags.whyNot(parameters, logical);
    if (whyNot.isPresent()) {
      plan.refuse(InstanceField.PARAMETERS, whyNot.get().getKey(), whyNot.get().getValue());
    } else {
      plan.honour(InstanceField.PARAMETERS, "settings.databaseFlags", parameters);
    }
  }

  private static void planInsights(Plan.Builder plan, Insights insights) {
    String field = "settings.insightsConfig.queryInsightsEnabled";
    plan.honour(InstanceField.INSIGHTS, field, insights.collected());
    if (insights.retentionDays().orElse(INSIGHT_DAYS) == INSIGHT_DAYS) {
      plan.honour(InstanceField.INSIGHTS_RETENTION, field, INSIGHT_DAYS + " days");
    } else {
      plan.adjust(
          InstanceField.INSIGHTS_RETENTION,
          field,
          INSIGHT_DAYS + " days",
          "Query Insights are kept for seven days, and no other retention can be asked for");
    }
  }

  private static void planTags(Plan.Builder plan, Map<String, String> tags) {
    if (tags.size() > Labels.MOST_TAGS) {
      plan.refuse(
          InstanceField.TAGS,
          "an instance has at most " + Labels.MOST_TAGS + " labels beside this library's own",
          "fewer tags");
      return;
    }
    Optional<String> whyNot = Labels.whyNot(tags);
    if (whyNot.isPresent()) {
      plan.refuse(InstanceField.TAGS, whyNot.get(), "a label of Google's, such as environment");
    } else {
      plan.honour(InstanceField.TAGS, "settings.userLabels", tags);
    }
  }
}
