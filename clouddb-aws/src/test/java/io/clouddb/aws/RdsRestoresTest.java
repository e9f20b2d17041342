/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.plan.Plan;
import io.clouddb.security.SecretRef;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Restores through the facade, of one instance of a simulated RDS with real databases. */
@Tag("slow")
class RdsRestoresTest {
  private static final String AWAY = "eu-west-1";
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final AdminLogin LOGIN =
      AdminLogin.of("app_admin", SecretRef.literal("correct-horse-battery"));
  private static final String FAR_KEY = "arn:aws:kms:" + AWAY + ":123456789012:key/k";
  private static final String GROUP = "sg-0123456789ab";

  private static RdsTestCloud rds;
  private static CloudDb here;
  private static CloudDb away;
  private static Instance orders;

  @BeforeAll
  static void start() throws SQLException {
    rds = new RdsTestCloud(builder -> builder.hiddenDescriptions(1));
    here = rds.open();
    away = here.in(AWAY);
    orders =
        here.instances()
            .create(
                RdsTestCloud.spec("orders")
                    .admin(LOGIN)
                    .availability(Availability.REGIONAL)
                    .network(Network.privateNetwork("network-1").securityGroup(GROUP))
                    .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7))
                    .maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(5, 0)))
                    .parameter("work_mem", "8192")
                    .tag("team", "shop")
                    .tag("stage", "production")
                    .build())
            .await(LIMIT);
    run(orders, "CREATE TABLE t (n int)");
    run(orders, "INSERT INTO t VALUES (1)");
  }

  @AfterAll
  static void stop() {
    try (var first = rds;
        var second = here) {
      // Closed by leaving.
    }
  }

  private static void run(Instance instance, String sql) throws SQLException {
    try (Connection connection = instance.connection(LOGIN).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(Instance instance, String sql) throws SQLException {
    try (Connection connection = instance.connection(LOGIN).connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static DBInstance shown(CloudDb cloud, String name) {
    return cloud
        .unwrap(RdsClient.class)
        .describeDBInstances(request -> request.dbInstanceIdentifier(name))
        .dbInstances()
        .get(0);
  }

  /** Waits until the window of an instance has what is looked for. */
  private static void reached(Instance instance, Predicate<RestorableWindow> there) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!there.test(here.backups().window(instance.id()))) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void aRestoreHoldsTheDataOfItsBackupAndWhatRdsWouldLose() throws SQLException {
    String before = ask(orders, "SELECT count(*) FROM t");
    Backup backup = here.backups().take(orders.id(), BackupSpec.named("kept")).await(LIMIT);
    run(orders, "INSERT INTO t VALUES (2)");
    Instance restored =
        here.backups()
            .restore(RestoreSpec.from(backup).named("again").tag("stage", "test").login(LOGIN))
            .await(LIMIT);
    assertThat(ask(restored, "SELECT count(*) FROM t")).isEqualTo(before);
    assertThat(ask(restored, "SHOW work_mem")).isEqualTo("8MB");
    assertThat(restored.admin().orElseThrow().password()).isEqualTo(LOGIN.password());
    assertThat(restored.availability()).contains(Availability.REGIONAL);
    assertThat(restored.tags()).containsEntry("team", "shop").containsEntry("stage", "test");
    DBInstance now = shown(here, "again");
    assertThat(now.dbSubnetGroup().dbSubnetGroupName()).isEqualTo("network-1");
    assertThat(now.vpcSecurityGroups().get(0).vpcSecurityGroupId()).isEqualTo(GROUP);
    assertThat(now.publiclyAccessible()).isFalse();
    assertThat(now.backupRetentionPeriod()).isEqualTo(7);
    assertThat(now.preferredMaintenanceWindow()).startsWith("sun:05:00");
    assertThat(now.storageEncrypted()).isTrue();
    String group = now.dbParameterGroups().get(0).dbParameterGroupName();
    assertThat(group)
        .isNotEqualTo(shown(here, "orders").dbParameterGroups().get(0).dbParameterGroupName())
        .startsWith("clouddb-again-");

    // Its parameters are its own.
    assertThat(
            here.instances()
                .modify(
                    restored.id(), InstanceChange.builder().parameter("work_mem", "16384").build())
                .await(LIMIT)
                .name())
        .isEqualTo("again");
    assertThat(ask(orders, "SHOW work_mem")).isEqualTo("8MB");
    assertThatThrownBy(() -> here.backups().restore(RestoreSpec.from(backup).named("again")))
        .isInstanceOf(AlreadyExistsException.class);
    assertThat(here.instances().delete(restored.id()).await(LIMIT)).isEqualTo(restored.id());
    assertThat(rds.simulator().rds().parameterGroups(RdsTestCloud.REGION)).doesNotContain(group);
  }

  @Test
  void aRestoreHasWhatIsAskedFor() throws SQLException {
    Backup backup = here.backups().take(orders.id(), BackupSpec.named("asked")).await(LIMIT);
    RestoreSpec spec =
        RestoreSpec.from(backup)
            .named("own")
            .size(InstanceSize.named("db.m7g.xlarge"))
            .availability(Availability.ZONAL)
            .network(Network.privateNetwork("default"))
            .deletionProtection(true)
            .parameter("work_mem", "32768");
    Plan plan = here.backups().plan(spec);
    assertThat(plan.feasible()).isTrue();
    assertThat(plan.inherited())
        .extracting(Plan.Inherited::field)
        .doesNotContain(RestoreField.SIZE, RestoreField.AVAILABILITY);
    Instance restored = here.backups().restore(spec).await(LIMIT);
    assertThat(restored.nativeSize()).contains("db.m7g.xlarge");
    assertThat(restored.availability()).contains(Availability.ZONAL);
    assertThat(restored.deletionProtection()).isTrue();
    assertThat(ask(restored, "SHOW work_mem")).isEqualTo("32MB");
    DBInstance now = shown(here, "own");
    assertThat(now.dbSubnetGroup().dbSubnetGroupName()).isEqualTo("default");
    assertThat(now.publiclyAccessible()).isFalse();
    assertThatThrownBy(
            () ->
                here.backups()
                    .restore(RestoreSpec.from(backup).named("keyed").encryptionKey("alias/mine")))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("copy the backup with encryptionKey(...)");
  }

  @Test
  void aMomentHoldsWhatWasCommittedUntilThen() throws SQLException {
    run(orders, "CREATE TABLE moments (n int)");
    run(orders, "INSERT INTO moments VALUES (1)");
    Instant between = rds.clock().instant().truncatedTo(ChronoUnit.MILLIS).plusMillis(1);
    reached(orders, window -> window.contains(between));
    run(orders, "INSERT INTO moments VALUES (2)");
    Instance restored =
        here.backups()
            .restore(RestoreSpec.of(orders.id()).at(between).named("as-it-was"))
            .await(LIMIT);
    assertThat(ask(restored, "SELECT sum(n) FROM moments")).isEqualTo("1");
    assertThat(ask(restored, "SHOW work_mem")).isEqualTo("8MB");
    assertThat(rds.lastForm("RestoreDBInstanceToPointInTime"))
        .containsEntry("RestoreTime", between.toString())
        .containsEntry("SourceDbiResourceId", shown(here, "orders").dbiResourceId());

    RestorableWindow window = here.backups().window(orders.id());
    int before = rds.simulator().requests("RestoreDBInstanceToPointInTime").size();
    for (Instant outside :
        new Instant[] {
          window.earliest().orElseThrow().minusSeconds(1).truncatedTo(ChronoUnit.MILLIS),
          rds.clock().instant().plusSeconds(86_400).truncatedTo(ChronoUnit.MILLIS)
        }) {
      assertThatThrownBy(
              () ->
                  here.backups().restore(RestoreSpec.of(orders.id()).at(outside).named("outside")))
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("orders can be restored to moments from");
    }
    assertThat(rds.simulator().requests("RestoreDBInstanceToPointInTime")).hasSize(before);
    assertThatThrownBy(
            () ->
                here.backups()
                    .restore(RestoreSpec.of(rds.id("nobody")).latest().named("of-nobody")))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aDeletedInstanceIsRestoredFromWhatItLeft() throws SQLException {
    Instance passing =
        here.instances()
            .create(
                RdsTestCloud.spec("passing")
                    .admin(LOGIN)
                    .availability(Availability.REGIONAL)
                    .network(Network.privateNetwork("network-1").securityGroup(GROUP))
                    .parameter("work_mem", "8192")
                    .tag("team", "shop")
                    .backups(BackupPolicy.daily().retainDays(3))
                    .build())
            .await(LIMIT);
    run(passing, "CREATE TABLE t AS SELECT 7 AS n");
    Backup byHand = here.backups().take(passing.id(), BackupSpec.named("by-hand")).await(LIMIT);
    reached(passing, window -> window.latest().isPresent());
    assertThat(here.instances().deleteKeepingBackups(passing.id()).await(LIMIT))
        .isEqualTo(passing.id());
    assertThat(rds.lastForm("DeleteDBInstance")).containsEntry("DeleteAutomatedBackups", "false");

    RestorableWindow left = here.backups().window(passing.id());
    assertThat(left.instanceDeleted()).isTrue();
    assertThat(left.latest()).isPresent();
    assertThat(here.backups().list(BackupQuery.of(passing.id())).stream().map(Backup::name))
        .contains("by-hand")
        .anyMatch(name -> name.startsWith("rds:passing-"));
    Instance latest =
        here.backups()
            .restore(RestoreSpec.of(passing.id()).latest().named("from-the-log"))
            .await(LIMIT);
    assertThat(ask(latest, "SELECT n FROM t")).isEqualTo("7");
    Instance restored =
        here.backups().restore(RestoreSpec.from(byHand).named("passing-2")).await(LIMIT);
    assertThat(ask(restored, "SELECT n FROM t")).isEqualTo("7");
    for (String name : List.of("from-the-log", "passing-2")) {
      DBInstance now = shown(here, name);
      assertThat(now.publiclyAccessible()).isFalse();
      assertThat(now.multiAZ()).isTrue();
      assertThat(now.dbSubnetGroup().dbSubnetGroupName()).isEqualTo("network-1");
      assertThat(now.vpcSecurityGroups().get(0).vpcSecurityGroupId()).isEqualTo(GROUP);
      assertThat(here.instances().get(name).tags()).containsEntry("team", "shop");
    }
    assertThat(ask(latest, "SHOW work_mem")).isEqualTo("8MB");
    assertThat(ask(restored, "SHOW work_mem")).isEqualTo("8MB");
  }

  @Test
  void aCopyIsRestoredInItsRegion() throws SQLException {
    Backup backup = here.backups().take(orders.id(), BackupSpec.named("for-away")).await(LIMIT);
    assertThatThrownBy(() -> away.backups().restore(RestoreSpec.from(backup).named("too-far")))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("RDS restores a snapshot in its own region");
    Backup copy =
        away.backups()
            .copy(backup.id(), BackupSpec.named("for-away").encryptionKey(FAR_KEY))
            .await(LIMIT);
    Instance restored = away.backups().restore(RestoreSpec.from(copy).named("away")).await(LIMIT);
    assertThat(restored.id().location()).isEqualTo(AWAY);
    assertThat(ask(restored, "SELECT min(n) FROM t")).isEqualTo("1");
    assertThat(ask(restored, "SHOW work_mem")).as("read in the source's region").isEqualTo("8MB");
    assertThat(restored.availability()).contains(Availability.REGIONAL);
    assertThat(restored.tags()).containsAllEntriesOf(Map.of("team", "shop"));
    assertThat(shown(away, "away").dbSubnetGroup().dbSubnetGroupName()).isEqualTo("default");
    assertThat(shown(away, "away").publiclyAccessible()).isFalse();
    assertThat(shown(away, "away").kmsKeyId()).isEqualTo(FAR_KEY);
  }

  @Test
  void replicatedBackupsAreRestoredInAnotherRegion() throws SQLException {
    assertThatThrownBy(
            () -> away.backups().replicate(orders.id(), BackupReplicationSpec.replicated()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("its key cannot be used in " + AWAY);
    BackupReplicationSpec spec =
        BackupReplicationSpec.replicated().retainDays(5).encryptionKey(FAR_KEY);
    RestorableWindow window = away.backups().replicate(orders.id(), spec).await(LIMIT);
    assertThat(window.instance()).isEqualTo(orders.id());
    assertThat(window.latest()).as("the first of them is there").isPresent();
    assertThat(window.instanceDeleted()).isFalse();
    assertThatThrownBy(() -> away.backups().replicate(orders.id(), spec))
        .isInstanceOf(AlreadyExistsException.class);
    Instance restored =
        away.backups()
            .restore(RestoreSpec.of(orders.id()).latest().named("from-the-replica"))
            .await(LIMIT);
    assertThat(ask(restored, "SELECT min(n) FROM t")).isEqualTo("1");
    assertThat(rds.lastForm("RestoreDBInstanceToPointInTime"))
        .containsKey("SourceDBInstanceAutomatedBackupsArn")
        .containsEntry("UseLatestRestorableTime", "true");

    assertThat(away.backups().endReplication(orders.id()).await(LIMIT).name()).isEqualTo("orders");
    assertThatThrownBy(() -> away.backups().window(orders.id()))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> away.backups().endReplication(orders.id()))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void nothingIsKeptOfAnInstanceThatIsDeletedAltogether() {
    Instance plain =
        here.instances()
            .create(RdsTestCloud.spec("plain").backups(BackupPolicy.none()).build())
            .await(LIMIT);
    assertThatThrownBy(() -> here.instances().deleteKeepingBackups(plain.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("RDS would keep nothing of it");
    var unused =
        here.instances()
            .modify(
                plain.id(),
                InstanceChange.builder().backups(BackupPolicy.daily().retainDays(1)).build())
            .await(LIMIT);
    assertThat(here.instances().delete(plain.id()).await(LIMIT)).isEqualTo(plain.id());
    assertThatThrownBy(() -> here.backups().window(plain.id()))
        .isInstanceOf(NotFoundException.class);
    assertThat(here.backups().list(BackupQuery.of(plain.id()))).isEmpty();
  }
}
