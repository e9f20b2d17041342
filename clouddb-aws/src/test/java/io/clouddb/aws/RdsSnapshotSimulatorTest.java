/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static io.clouddb.aws.ReplicaCloud.HOME;
import static io.clouddb.aws.ReplicaCloud.refused;
import static io.clouddb.aws.ReplicaCloud.shown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.rds.model.CopyDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceToPointInTimeRequest;
import software.amazon.awssdk.services.rds.model.Tag;

/** Snapshots and automated backups of the simulated RDS, asked by the vendor's own client. */
class RdsSnapshotSimulatorTest {
  private static ReplicaCloud cloud;

  @BeforeAll
  static void start() throws SQLException {
    cloud = new ReplicaCloud();
    var unused =
        cloud.primary(
            "orders",
            request ->
                request
                    .preferredBackupWindow("03:00-03:30")
                    .multiAZ(true)
                    .deletionProtection(true)
                    .copyTagsToSnapshot(true)
                    .tags(Tag.builder().key("team").value("shop").build()));
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  private static DBSnapshot take(String name) {
    var unused =
        cloud.home.createDBSnapshot(
            request -> request.dbSnapshotIdentifier(name).dbInstanceIdentifier("orders"));
    cloud.clock.advanceUntilIdle();
    return snapshot(name);
  }

  private static DBSnapshot snapshot(String name) {
    return cloud
        .home
        .describeDBSnapshots(request -> request.dbSnapshotIdentifier(name))
        .dbSnapshots()
        .get(0);
  }

  private static List<DBSnapshot> automated() {
    return cloud
        .home
        .describeDBSnapshots(
            request -> request.snapshotType("automated").dbInstanceIdentifier("orders"))
        .dbSnapshots();
  }

  @Test
  void aSnapshotIsBeingMadeAndHoldsTheInstance() {
    DBSnapshot begun =
        cloud
            .home
            .createDBSnapshot(
                request -> request.dbSnapshotIdentifier("First").dbInstanceIdentifier("orders"))
            .dbSnapshot();
    assertThat(begun.status()).isEqualTo("creating");
    assertThat(begun.dbSnapshotIdentifier()).as("a lowercase string").isEqualTo("first");
    assertThat(begun.snapshotCreateTime()).isNull();
    assertThat(begun.tagList()).as("none were named").extracting(Tag::key).contains("team");
    assertThat(shown(cloud.home, "orders").dbInstanceStatus()).isEqualTo("backing-up");
    refused(
        "InvalidDBInstanceState",
        400,
        "Cannot create a snapshot because the database instance orders is not currently in the"
            + " available state.",
        () -> take("second"));
    refused(
        "InvalidDBSnapshotState",
        400,
        "not currently in the available",
        () -> cloud.home.deleteDBSnapshot(request -> request.dbSnapshotIdentifier("first")));
    refused(
        "InvalidDBSnapshotState",
        400,
        "not currently in the available state",
        () ->
            cloud.home.restoreDBInstanceFromDBSnapshot(
                request -> request.dbInstanceIdentifier("early").dbSnapshotIdentifier("first")));
    cloud.clock.advanceUntilIdle();
    DBSnapshot made = snapshot("first");
    assertThat(made.status()).isEqualTo("available");
    assertThat(made.percentProgress()).isEqualTo(100);
    assertThat(made.snapshotCreateTime()).isEqualTo(made.originalSnapshotCreateTime());
    refused(
        "DBSnapshotAlreadyExists",
        400,
        "Cannot create the snapshot because a snapshot with the identifier first already exists.",
        () -> take("first"));
    refused("InvalidParameterValue", 400, "is not a valid identifier", () -> take("rds:mine"));
    refused("DBSnapshotNotFound", 404, "nobody", () -> snapshot("nobody"));
  }

  /** "can't be prefixed with aws: or rds:" */
  @ParameterizedTest
  @CsvSource({
    "aws:team, shop, tag key 'aws:team'",
    "rds:team, shop, tag key 'rds:team'",
    "what?, shop, tag key 'what?'",
    "team, rds:shop, value of the tag 'team'",
    "team, what?, value of the tag 'team'"
  })
  void tagsThatAreNoneAreRefused(String key, String value, String why) {
    refused(
        "InvalidParameterValue",
        400,
        why,
        () ->
            cloud.home.createDBSnapshot(
                request ->
                    request
                        .dbSnapshotIdentifier("tagged")
                        .dbInstanceIdentifier("orders")
                        .tags(Tag.builder().key(key).value(value).build())));
  }

  @Test
  void automatedSnapshotsComeDailyAndExpire() {
    cloud.clock.advance(Duration.ofDays(3));
    List<DBSnapshot> all = automated();
    assertThat(all).hasSizeGreaterThanOrEqualTo(3);
    String name = all.get(all.size() - 1).dbSnapshotIdentifier();
    assertThat(name).matches("rds:orders-\\d{4}-\\d{2}-\\d{2}-03-00");
    refused("DBSnapshotNotFound", 404, name, () -> snapshot(name));
    refused(
        "InvalidDBSnapshotState",
        400,
        "automated snapshots cannot be deleted.",
        () -> cloud.home.deleteDBSnapshot(request -> request.dbSnapshotIdentifier(name)));
    cloud.clock.advance(Duration.ofDays(20));
    assertThat(automated())
        .hasSizeBetween(7, 8)
        .extracting(DBSnapshot::dbSnapshotIdentifier)
        .doesNotContain(name);
  }

  @Test
  void whatIsRestoredHasTheDefaultsOfTheService() {
    DBSnapshot snapshot = take("plain");
    DBInstance restored =
        cloud
            .home
            .restoreDBInstanceFromDBSnapshot(
                request -> request.dbInstanceIdentifier("again").dbSnapshotIdentifier("plain"))
            .dbInstance();
    assertThat(restored.dbInstanceStatus()).isEqualTo("creating");
    assertThat(restored.multiAZ()).isFalse();
    assertThat(restored.deletionProtection()).isFalse();
    assertThat(restored.publiclyAccessible()).as("of the default subnet group").isTrue();
    assertThat(restored.copyTagsToSnapshot()).isFalse();
    assertThat(restored.dbParameterGroups().get(0).dbParameterGroupName())
        .isEqualTo("default.postgres16");
    assertThat(restored.tagList()).as("none were named").extracting(Tag::key).contains("team");
    assertThat(restored.backupRetentionPeriod()).isEqualTo(7);
    assertThat(restored.preferredBackupWindow()).isEqualTo("03:00-03:30");
    assertThat(restored.allocatedStorage()).isEqualTo(snapshot.allocatedStorage());
    refused(
        "DBInstanceAlreadyExists",
        400,
        "again",
        () ->
            cloud.home.restoreDBInstanceFromDBSnapshot(
                request -> request.dbInstanceIdentifier("again").dbSnapshotIdentifier("plain")));
    refused(
        "DBSnapshotNotFound",
        404,
        "nobody",
        () ->
            cloud.home.restoreDBInstanceFromDBSnapshot(
                request -> request.dbInstanceIdentifier("more").dbSnapshotIdentifier("nobody")));
    cloud.clock.advanceUntilIdle();
  }

  private static void copy(Consumer<CopyDbSnapshotRequest.Builder> more) {
    var unused =
        cloud.away.copyDBSnapshot(
            request -> {
              request.sourceRegion(HOME);
              more.accept(request);
            });
  }

  @Test
  void copiesAreOfTheServicesRules() {
    DBSnapshot source = take("source");
    String own = source.dbSnapshotArn();
    for (int i = 0; i < 20; i++) {
      String name = "copy-" + i;
      copy(request -> request.sourceDBSnapshotIdentifier(own).targetDBSnapshotIdentifier(name));
    }
    DBSnapshot pending =
        cloud
            .away
            .describeDBSnapshots(request -> request.dbSnapshotIdentifier("copy-0"))
            .dbSnapshots()
            .get(0);
    assertThat(pending.status()).isEqualTo("pending");
    assertThat(pending.sourceRegion()).isEqualTo(HOME);
    assertThat(pending.sourceDBSnapshotIdentifier()).isEqualTo(own);
    refused(
        "SnapshotQuotaExceeded",
        400,
        "Cannot copy more than 20 snapshots across regions",
        () ->
            copy(
                request ->
                    request.sourceDBSnapshotIdentifier(own).targetDBSnapshotIdentifier("more")));
    cloud.clock.advanceUntilIdle();
    refused(
        "KMSKeyNotAccessibleFault",
        400,
        "does not exist",
        () ->
            copy(
                request ->
                    request
                        .sourceDBSnapshotIdentifier(own)
                        .targetDBSnapshotIdentifier("keyed")
                        .kmsKeyId("arn:aws:kms:" + HOME + ":1:key/k")));
    var unused =
        cloud.home.copyDBSnapshot(
            request ->
                request
                    .sourceDBSnapshotIdentifier("source")
                    .targetDBSnapshotIdentifier("encrypted")
                    .kmsKeyId("alias/mine"));
    cloud.clock.advanceUntilIdle();
    assertThat(snapshot("encrypted").encrypted()).isTrue();
    refused(
        "InvalidParameterValue",
        400,
        "Must specify new KMS key for cross region encrypted snapshot copy.",
        () ->
            copy(
                request ->
                    request
                        .sourceDBSnapshotIdentifier(snapshot("encrypted").dbSnapshotArn())
                        .targetDBSnapshotIdentifier("keyless")));
  }

  /** "If the snapshot is being copied, the copy operation is terminated." */
  @Test
  void aDeletedSnapshotEndsItsCopies() {
    String own = take("fleeting").dbSnapshotArn();
    copy(request -> request.sourceDBSnapshotIdentifier(own).targetDBSnapshotIdentifier("in-time"));
    cloud.clock.advanceUntilIdle();
    copy(request -> request.sourceDBSnapshotIdentifier(own).targetDBSnapshotIdentifier("late"));
    var unused = cloud.home.deleteDBSnapshot(request -> request.dbSnapshotIdentifier("fleeting"));
    cloud.clock.advanceUntilIdle();
    List<DBSnapshot> copies = cloud.away.describeDBSnapshots().dbSnapshots();
    assertThat(copies)
        .filteredOn(copy -> own.equals(copy.sourceDBSnapshotIdentifier()))
        .extracting(DBSnapshot::dbSnapshotIdentifier, DBSnapshot::status)
        .containsExactly(tuple("in-time", "available"), tuple("late", "failed"));
    var gone = cloud.away.deleteDBSnapshot(request -> request.dbSnapshotIdentifier("late"));
    assertThat(gone.dbSnapshot().status()).isEqualTo("deleted");
    cloud.clock.advanceUntilIdle();
  }

  private static void restore(Consumer<RestoreDbInstanceToPointInTimeRequest.Builder> more) {
    var unused =
        cloud.home.restoreDBInstanceToPointInTime(
            request -> {
              request.targetDBInstanceIdentifier("moment");
              more.accept(request);
            });
  }

  @Test
  void aMomentIsWithinTheWindowAndHasOneSource() throws SQLException {
    cloud.clock.advance(Duration.ofHours(1));
    DBInstanceAutomatedBackup backup =
        cloud
            .home
            .describeDBInstanceAutomatedBackups(request -> request.dbInstanceIdentifier("orders"))
            .dbInstanceAutomatedBackups()
            .get(0);
    assertThat(backup.status()).isEqualTo("active");
    Instant latest = backup.restoreWindow().latestTime();
    assertThat(latest)
        .as("uploaded every five minutes")
        .isBetween(
            cloud.clock.instant().minus(Duration.ofMinutes(6)),
            cloud.clock.instant().minus(Duration.ofMinutes(4)));
    assertThat(shown(cloud.home, "orders").latestRestorableTime()).isEqualTo(latest);
    refused(
        "InvalidParameterCombination",
        400,
        "Exactly one of",
        () -> restore(request -> request.useLatestRestorableTime(true)));
    refused(
        "InvalidParameterCombination",
        400,
        "Either RestoreTime or UseLatestRestorableTime",
        () -> restore(request -> request.sourceDBInstanceIdentifier("orders")));
    refused(
        "InvalidParameterValue",
        400,
        "cannot be restored to",
        () ->
            restore(
                request ->
                    request
                        .sourceDBInstanceIdentifier("orders")
                        .restoreTime(latest.plusSeconds(60))));
    var unused = cloud.primary("plain", request -> request.backupRetentionPeriod(0));
    refused(
        "PointInTimeRestoreNotEnabled",
        400,
        "plain",
        () ->
            restore(
                request ->
                    request.sourceDBInstanceIdentifier("plain").useLatestRestorableTime(true)));
    refused(
        "DBInstanceNotFound",
        404,
        "nobody",
        () ->
            restore(
                request ->
                    request.sourceDBInstanceIdentifier("nobody").useLatestRestorableTime(true)));
  }
}
