/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static io.clouddb.aws.ReplicaCloud.AWAY;
import static io.clouddb.aws.ReplicaCloud.HOME;
import static io.clouddb.aws.ReplicaCloud.arn;
import static io.clouddb.aws.ReplicaCloud.refused;
import static io.clouddb.aws.ReplicaCloud.shown;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;
import software.amazon.awssdk.services.rds.model.Filter;

/**
 * Automated backups that another region of the simulated RDS keeps, asked by the vendor's own
 * client.
 */
class RdsReplicatedBackupsSimulatorTest {
  private static ReplicaCloud cloud;

  @BeforeAll
  static void start() {
    cloud = new ReplicaCloud();
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @Test
  void replicatedBackupsAreOfTheServicesRules() throws SQLException {
    var unused = cloud.primary("kept");
    cloud.clock.advance(Duration.ofHours(1));
    String kept = arn(HOME, "kept");
    refused(
        "InvalidParameterCombination",
        400,
        "into its own region",
        () ->
            cloud.home.startDBInstanceAutomatedBackupsReplication(
                request -> request.sourceDBInstanceArn(kept)));
    DBInstanceAutomatedBackup begun =
        cloud
            .away
            .startDBInstanceAutomatedBackupsReplication(
                request -> request.sourceDBInstanceArn(kept).sourceRegion(HOME))
            .dbInstanceAutomatedBackup();
    assertThat(begun.status()).isEqualTo("pending");
    assertThat(begun.region()).isEqualTo(HOME);
    assertThat(begun.backupRetentionPeriod()).isEqualTo(7);
    assertThat(begun.dbInstanceAutomatedBackupsArn()).contains(":" + AWAY + ":");
    refused(
        "InvalidDBInstanceAutomatedBackupState",
        400,
        "replicated here already",
        () ->
            cloud.away.startDBInstanceAutomatedBackupsReplication(
                request -> request.sourceDBInstanceArn(kept).sourceRegion(HOME)));
    assertThat(shown(cloud.home, "kept").dbInstanceAutomatedBackupsReplications()).hasSize(1);
    cloud.clock.advance(Duration.ofHours(1));
    assertThat(described(begun).status()).isEqualTo("replicating");
    refused(
        "InvalidDBInstanceAutomatedBackupState",
        400,
        "cannot be deleted",
        () ->
            cloud.away.deleteDBInstanceAutomatedBackup(
                request ->
                    request.dbInstanceAutomatedBackupsArn(begun.dbInstanceAutomatedBackupsArn())));

    // They outlive the instance, also when nothing is kept beside it.
    var unusedDeletion =
        cloud.home.deleteDBInstance(
            request -> request.dbInstanceIdentifier("kept").skipFinalSnapshot(true));
    cloud.clock.advanceUntilIdle();
    assertThat(described(begun).status()).isEqualTo("retained");
    refused(
        "DBInstanceAutomatedBackupNotFound",
        404,
        "kept",
        () ->
            cloud.home.describeDBInstanceAutomatedBackups(
                request -> request.dbInstanceIdentifier("kept")));
    var unusedEnd =
        cloud.away.deleteDBInstanceAutomatedBackup(
            request ->
                request.dbInstanceAutomatedBackupsArn(begun.dbInstanceAutomatedBackupsArn()));
    refused("DBInstanceAutomatedBackupNotFound", 404, "ab-", () -> described(begun));
  }

  private static Duration kept(DBInstanceAutomatedBackup backup) {
    return Duration.between(backup.restoreWindow().earliestTime(), cloud.clock.instant());
  }

  @Test
  void aReplicationKeepsForDaysOfItsOwn() throws SQLException {
    var unusedSource = cloud.primary("orders");
    DBInstanceAutomatedBackup begun =
        cloud
            .away
            .startDBInstanceAutomatedBackupsReplication(
                request ->
                    request
                        .sourceDBInstanceArn(arn(HOME, "orders"))
                        .sourceRegion(HOME)
                        .backupRetentionPeriod(12))
            .dbInstanceAutomatedBackup();
    cloud.clock.advance(Duration.ofDays(20));
    DBInstanceAutomatedBackup own =
        cloud
            .home
            .describeDBInstanceAutomatedBackups(request -> request.dbInstanceIdentifier("orders"))
            .dbInstanceAutomatedBackups()
            .get(0);
    assertThat(kept(own).toDays()).isBetween(6L, 7L);
    assertThat(kept(described(begun)).toDays()).isBetween(11L, 12L);
    var unused =
        cloud.away.stopDBInstanceAutomatedBackupsReplication(
            request -> request.sourceDBInstanceArn(arn(HOME, "orders")));
    Instant ended = described(begun).restoreWindow().latestTime();
    cloud.clock.advance(Duration.ofDays(4));
    assertThat(described(begun).status()).isEqualTo("retained");
    assertThat(described(begun).restoreWindow().latestTime()).isEqualTo(ended);
    cloud.clock.advance(Duration.ofDays(9));
    refused("DBInstanceAutomatedBackupNotFound", 404, "ab-", () -> described(begun));
  }

  /** "You can replicate up to 20 backups to each destination AWS Region for each AWS account." */
  @Test
  void aRegionHasTwentyReplications() {
    // None of the instances is there before time passes.
    try (ReplicaCloud many = new ReplicaCloud()) {
      for (int i = 0; i <= 20; i++) {
        String name = "i-" + i;
        var unused =
            many.home.createDBInstance(
                request ->
                    request
                        .dbInstanceIdentifier(name)
                        .engine("postgres")
                        .dbInstanceClass("db.m7g.large")
                        .allocatedStorage(20)
                        .masterUsername("app_admin")
                        .masterUserPassword("correct-horse-battery"));
      }
      for (int i = 0; i < 20; i++) {
        replicate(many, "i-" + i);
      }
      refused(
          "DBInstanceAutomatedBackupQuotaExceeded",
          400,
          "20 replicated automated backups",
          () -> replicate(many, "i-20"));
      var unused =
          many.away.stopDBInstanceAutomatedBackupsReplication(
              request -> request.sourceDBInstanceArn(arn(HOME, "i-3")));
      replicate(many, "i-20");
    }
  }

  /** What is refused takes nothing, and what is kept by one deletion is not by the next. */
  @Test
  void aDeletionThatIsRefusedTakesNoBackups() {
    var unused =
        cloud.home.createDBInstance(
            request ->
                request
                    .dbInstanceIdentifier("busy")
                    .engine("postgres")
                    .dbInstanceClass("db.m7g.large")
                    .allocatedStorage(20)
                    .masterUsername("app_admin")
                    .masterUserPassword("correct-horse-battery"));
    refused("InvalidDBInstanceState", 400, "busy", () -> delete("busy", true));
    cloud.clock.advanceUntilIdle();
    cloud.clock.advance(Duration.ofHours(1));
    assertThat(own("busy")).extracting(DBInstanceAutomatedBackup::status).containsExactly("active");
    assertThat(
            cloud
                .home
                .describeDBSnapshots(
                    request -> request.snapshotType("automated").dbInstanceIdentifier("busy"))
                .dbSnapshots())
        .isNotEmpty();

    cloud.simulator.faults().on("DeleteDBInstance").operationFails();
    delete("busy", false);
    cloud.clock.advanceUntilIdle();
    assertThat(own("busy")).extracting(DBInstanceAutomatedBackup::status).containsExactly("active");
    delete("busy", true);
    cloud.clock.advanceUntilIdle();
    assertThat(own("busy")).isEmpty();
  }

  private static void delete(String name, boolean discarding) {
    var unused =
        cloud.home.deleteDBInstance(
            request ->
                request
                    .dbInstanceIdentifier(name)
                    .skipFinalSnapshot(true)
                    .deleteAutomatedBackups(discarding));
  }

  private static List<DBInstanceAutomatedBackup> own(String name) {
    Filter filter = Filter.builder().name("db-instance-id").values(name).build();
    return cloud
        .home
        .describeDBInstanceAutomatedBackups(request -> request.filters(filter))
        .dbInstanceAutomatedBackups();
  }

  private static void replicate(ReplicaCloud in, String name) {
    var unused =
        in.away.startDBInstanceAutomatedBackupsReplication(
            request -> request.sourceDBInstanceArn(arn(HOME, name)).sourceRegion(HOME));
  }

  private static DBInstanceAutomatedBackup described(DBInstanceAutomatedBackup backup) {
    return cloud
        .away
        .describeDBInstanceAutomatedBackups(
            request ->
                request.dbInstanceAutomatedBackupsArn(backup.dbInstanceAutomatedBackupsArn()))
        .dbInstanceAutomatedBackups()
        .get(0);
  }
}
