/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Instances;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Storage;
import io.clouddb.instance.TlsMode;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;

/**
 * All that will be asked for, planned before the first call: what a cloud cannot do is told then,
 * and gone without where it is no more than a wish.
 *
 * @param instance the database
 * @param replica its copy in the other region
 * @param protection its backup policy from then on, and the first backup by hand
 * @param backup a further backup by hand
 * @param failover how the replica takes over
 */
record Specs(
    InstanceSpec instance,
    ReplicaSpec replica,
    Protection protection,
    BackupSpec backup,
    Promotion failover) {
  /** The database on the instance. */
  static final String DATABASE = "shop";

  private static final BackupPolicy POLICY = BackupPolicy.daily().retainDays(7).withPointInTime();

  /** Points in time are left as they are: Cloud SQL has them for a week at most. */
  private static final BackupPolicy MONTH = BackupPolicy.daily().retainDays(30);

  static Specs plan(Place place, String name, AdminLogin admin, PlanTable table) {
    CloudDb home = place.home();
    CloudDb away = place.away();
    Instant now = place.clock().instant();
    ResourceId source = place.expected(Instances.KIND, name);
    BackupSpec manual = BackupSpec.manual(name, now);
    Promotion failover = Promotion.forced().login(admin);

    InstanceSpec instance =
        new Wishes<>("create", leastInstance(place, name, admin), home.instances()::plan, table)
            .wish(
                with(
                    spec ->
                        spec.backups(atNight(7).withPointInTime())
                            .preferring(
                                InstanceField.PUBLIC_ACCESS,
                                InstanceField.BACKUP_WINDOW,
                                InstanceField.BACKUP_WINDOW_LENGTH)))
            .wish(policy(backups -> backups.retainLogDays(7)))
            .wish(policy(backups -> backups.geoRedundant(true)))
            .wish(
                with(
                    spec ->
                        spec.maintenance(
                            MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(5, 0)))))
            .wish(with(spec -> spec.tls(TlsMode.REQUIRED)))
            .wish(with(spec -> spec.parameter("work_mem", "8192")))
            .wish(with(spec -> spec.insights(Insights.enabled())))
            .wish(with(spec -> spec.tag("Environment", "Production")))
            .granted();
    ReplicaSpec replica =
        new Wishes<>(
                "replicate",
                leastReplica(place, name),
                spec -> away.replicas().plan(source, spec),
                table)
            .wish(spec -> spec.tag("Role", "DisasterRecovery"))
            .granted();
    Protection protection =
        new Wishes<>(
                "protect",
                Protection.of(MONTH, BackupSpec.named(manual.name())),
                spec -> home.backups().plan(source, spec),
                table)
            .wish(spec -> Protection.of(atNight(30), spec.backup()))
            .wish(spec -> Protection.of(spec.policy(), manual))
            .granted();
    BackupSpec backup =
        new Wishes<>(
                "take",
                BackupSpec.named(name + "-before-release"),
                spec -> home.backups().plan(source, spec),
                table)
            .wish(spec -> spec.tag("why", "release"))
            .wish(spec -> spec.sharedWith("another-account"))
            .wish(spec -> spec.exportedTo("s3://archive/" + name))
            .granted();
    // What only the end of it would tell is told now; of a backup there is no id yet.
    RestoreSpec past = RestoreSpec.of(source).at(now.truncatedTo(ChronoUnit.SECONDS));
    restored("to moment", place, past.named(past(name)).login(admin), new PlanTable());
    away.replicas().planPromote(failover).orThrow();
    return new Specs(instance, replica, protection, backup, failover);
  }

  private static InstanceSpec leastInstance(Place place, String name, AdminLogin admin) {
    InstanceSpec.Builder spec =
        InstanceSpec.builder(name, Engine.POSTGRESQL, "16")
            .size(place.shape().size())
            .storage(Storage.ssd(place.shape().storage()))
            .database(DATABASE)
            .admin(admin)
            .backups(POLICY)
            .tag("made-by", "control-plane")
            .preferring(InstanceField.PUBLIC_ACCESS);
    place.shape().network().ifPresent(spec::network);
    return spec.build();
  }

  private static ReplicaSpec leastReplica(Place place, String name) {
    ReplicaSpec spec =
        ReplicaSpec.named(name + "-dr")
            .tag("made-by", "control-plane")
            .preferring(ReplicaField.PUBLIC_ACCESS);
    spec = place.shape().otherNetwork().map(spec::network).orElse(spec);
    return place.shape().otherKey().map(spec::encryptionKey).orElse(spec);
  }

  /** The name of what is restored from a backup. */
  static String copy(String name) {
    return name + "-copy";
  }

  /** The name of what is restored to a moment. */
  static String past(String name) {
    return name + "-past";
  }

  /**
   * What is asked of a restore.
   *
   * @param call what it is called in the table
   * @param place where
   * @param least of what, with its name and login
   * @param table where it is noted
   * @return as much as can be had
   */
  static RestoreSpec restored(String call, Place place, RestoreSpec least, PlanTable table) {
    RestoreSpec tagged =
        least.tag("made-by", "control-plane").preferring(RestoreField.PUBLIC_ACCESS);
    return new Wishes<>(call, tagged, place.home().backups()::plan, table)
        .wish(spec -> place.shape().network().map(spec::network).orElse(spec))
        .wish(spec -> spec.size(place.shape().restored()))
        .wish(spec -> spec.parameter("work_mem", "16384"))
        .wish(spec -> spec.tag("Purpose", "Investigation"))
        .granted();
  }

  private static UnaryOperator<InstanceSpec> with(UnaryOperator<InstanceSpec.Builder> more) {
    return spec -> more.apply(spec.toBuilder()).build();
  }

  private static UnaryOperator<InstanceSpec> policy(UnaryOperator<BackupPolicy> more) {
    return spec -> spec.toBuilder().backups(more.apply(spec.backups().orElseThrow())).build();
  }

  /** From three o'clock on, for an hour. */
  private static BackupPolicy atNight(int retainDays) {
    return BackupPolicy.daily(LocalTime.of(3, 0))
        .lasting(Duration.ofHours(1))
        .retainDays(retainDays);
  }
}
