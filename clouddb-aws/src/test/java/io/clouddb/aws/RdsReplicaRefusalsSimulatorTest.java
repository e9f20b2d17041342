/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static io.clouddb.aws.ReplicaCloud.AWAY;
import static io.clouddb.aws.ReplicaCloud.HOME;
import static io.clouddb.aws.ReplicaCloud.arn;
import static io.clouddb.aws.ReplicaCloud.refused;
import static io.clouddb.aws.ReplicaCloud.shown;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/** What the simulated RDS refuses to sources and replicas, by the vendor's own client. */
@Tag("slow")
class RdsReplicaRefusalsSimulatorTest {
  private static final String STATE = "InvalidDBInstanceState";
  private static final String COMBINATION = "InvalidParameterCombination";

  private final ReplicaCloud rds = new ReplicaCloud();

  @AfterEach
  void close() {
    rds.close();
  }

  private void refusedReplica(
      RdsClient client,
      String source,
      String code,
      int status,
      String text,
      Consumer<CreateDbInstanceReadReplicaRequest.Builder> more) {
    refused(
        code,
        status,
        text,
        () ->
            client.createDBInstanceReadReplica(
                request -> {
                  request.dbInstanceIdentifier("reader").sourceDBInstanceIdentifier(source);
                  more.accept(request);
                }));
  }

  private void refusedReplica(
      RdsClient client, String source, String code, int status, String text) {
    refused(
        code,
        status,
        text,
        () ->
            client.createDBInstanceReadReplica(
                request ->
                    request.dbInstanceIdentifier("reader").sourceDBInstanceIdentifier(source)));
  }

  private void modify(String name, Consumer<ModifyDbInstanceRequest.Builder> change) {
    rds.home.modifyDBInstance(
        request -> {
          request.dbInstanceIdentifier(name).applyImmediately(true);
          change.accept(request);
        });
    rds.clock.advanceUntilIdle();
  }

  @Test
  void refusesSourcesThatCanHaveNone() throws Exception {
    refusedReplica(rds.home, "orders", "DBInstanceNotFound", 404, "orders");
    refusedReplica(rds.home, arn(AWAY, "orders"), "DBInstanceNotFound", 404, "orders");
    rds.primary("orders");
    // By its name it is looked for in the region of the request.
    refusedReplica(rds.away, "orders", "DBInstanceNotFound", 404, "orders");
    refusedReplica(rds.away, "arn:aws:rds:x", "InvalidParameterValue", 400, "SourceDBInstance");
    modify("orders", change -> change.backupRetentionPeriod(0));
    refusedReplica(rds.home, "orders", STATE, 400, "Automated backups are not enabled for this");
    modify("orders", change -> change.backupRetentionPeriod(1));
    rds.home.stopDBInstance(request -> request.dbInstanceIdentifier("orders"));
    refusedReplica(rds.home, "orders", STATE, 400, "not in available state");
    rds.clock.advanceUntilIdle();
    refusedReplica(rds.home, "orders", STATE, 400, "not in available state");

    rds.primary("managed", request -> request.manageMasterUserPassword(true));
    refusedReplica(
        rds.home,
        "managed",
        "InvalidParameterValue",
        400,
        "where ManageMasterUserPassword is enabled is not supported");
    assertThat(rds.simulator.servers().list(ReplicaCloud.ACCOUNT + "/" + HOME)).hasSize(2);
  }

  @Test
  void refusesMembersThatDoNotFit() throws Exception {
    rds.primary("plain");
    rds.primary("sealed", request -> request.storageEncrypted(true));
    refusedReplica(
        rds.home,
        "plain",
        "DBInstanceAlreadyExists",
        400,
        "plain",
        r -> r.dbInstanceIdentifier("plain"));
    refusedReplica(
        rds.home,
        "plain",
        COMBINATION,
        400,
        "parameter group can't be",
        r -> r.dbParameterGroupName("x"));
    refusedReplica(
        rds.away,
        arn(HOME, "plain"),
        COMBINATION,
        400,
        "parameter group can't be",
        r -> r.dbParameterGroupName("default.postgres16"));
    refusedReplica(
        rds.home,
        "plain",
        "DBSubnetGroupNotAllowedFault",
        400,
        "same region as the master",
        r -> r.dbSubnetGroupName("network-1"));
    refusedReplica(
        rds.away,
        arn(HOME, "plain"),
        "DBSubnetGroupNotFoundFault",
        404,
        "nowhere",
        r -> r.dbSubnetGroupName("nowhere"));
    refusedReplica(
        rds.home, "sealed", COMBINATION, 400, "does not require the KMS key", r -> r.kmsKeyId("k"));
    refusedReplica(rds.away, arn(HOME, "sealed"), COMBINATION, 400, "unencrypted read replica");
    refusedReplica(
        rds.away, arn(HOME, "plain"), COMBINATION, 400, "unencrypted source", r -> r.kmsKeyId("k"));
    refusedReplica(
        rds.away,
        arn(HOME, "sealed"),
        "KMSKeyNotAccessibleFault",
        400,
        "does not exist",
        r -> r.kmsKeyId("arn:aws:kms:" + HOME + ":" + ReplicaCloud.ACCOUNT + ":key/k"));
    refusedReplica(
        rds.home, "plain", COMBINATION, 400, "Invalid storage size", r -> r.allocatedStorage(21));
    refusedReplica(
        rds.home,
        "plain",
        COMBINATION,
        400,
        "DatabaseInsightsMode",
        r -> r.databaseInsightsMode("standard"));
    // By its ARN a source in the same region may have its replica in another network.
    assertThat(
            rds.replica(
                    rds.home,
                    "elsewhere",
                    arn(HOME, "plain"),
                    r -> r.dbSubnetGroupName("network-1").allocatedStorage(22))
                .readReplicaSourceDBInstanceIdentifier())
        .isEqualTo("plain");
    assertThat(shown(rds.home, "elsewhere").dbSubnetGroup().dbSubnetGroupName())
        .isEqualTo("network-1");
    assertThat(shown(rds.home, "elsewhere").allocatedStorage()).isEqualTo(22);
  }

  @Test
  void refusesChainsThatAreTooLong() throws Exception {
    rds.primary("zero");
    String last = "zero";
    for (String next : new String[] {"one", "two", "three"}) {
      rds.replica(rds.home, next, last);
      modify(next, change -> change.backupRetentionPeriod(1));
      last = next;
    }
    refusedReplica(rds.home, "three", STATE, 400, "at most 3");
    rds.replica(rds.away, "far", arn(HOME, "zero"));
    rds.away.modifyDBInstance(
        request ->
            request.dbInstanceIdentifier("far").backupRetentionPeriod(1).applyImmediately(true));
    rds.clock.advanceUntilIdle();
    try (RdsClient third = rds.client("us-west-2")) {
      refusedReplica(third, arn(AWAY, "far"), STATE, 400, "at most 2 regions");
    }
  }

  @Test
  void refusesChainsOfTheFirstVersions() throws Exception {
    // RDS makes none of it any more; who has one keeps it.
    rds.primary("old", request -> request.engineVersion("14"))
        .putAttribute("EngineVersion", "14.0");
    rds.replica(rds.home, "first", "old");
    refused(
        STATE,
        400,
        "DB Backups not supported on a read replica for engine postgres",
        () -> modify("first", change -> change.backupRetentionPeriod(1)));
    rds.simulated(HOME, "first").putAttribute("BackupRetentionPeriod", 1);
    refusedReplica(rds.home, "first", STATE, 400, "from version 14.1 on");
  }

  @Test
  void refusesTheSixteenth() throws Exception {
    rds.primary("orders");
    for (int i = 1; i <= 15; i++) {
      String name = "r" + i;
      rds.home.createDBInstanceReadReplica(
          request -> request.dbInstanceIdentifier(name).sourceDBInstanceIdentifier("orders"));
    }
    // Their databases are never made here: it is the number that counts.
    refusedReplica(rds.home, "orders", "InstanceQuotaExceeded", 400, "15");
  }

  @Test
  void refusesTheSixthOfAReplica() throws Exception {
    rds.primary("orders");
    rds.replica(rds.home, "first", "orders");
    modify("first", change -> change.backupRetentionPeriod(1));
    for (int i = 1; i <= 5; i++) {
      String name = "r" + i;
      rds.home.createDBInstanceReadReplica(
          request -> request.dbInstanceIdentifier(name).sourceDBInstanceIdentifier("first"));
    }
    refusedReplica(rds.home, "first", "InstanceQuotaExceeded", 400, "has 5 read replicas");
  }

  @Test
  void refusesWhatReplicasAndTheirSourcesCannotDo() throws Exception {
    rds.primary("orders");
    rds.replica(rds.home, "reader", "orders");
    refused(
        STATE,
        400,
        "Cannot stop or start a Read-Replica instance",
        () -> rds.home.stopDBInstance(request -> request.dbInstanceIdentifier("reader")));
    refused(
        STATE,
        400,
        "Read-Replica",
        () -> rds.home.stopDBInstance(request -> request.dbInstanceIdentifier("orders")));
    refused(
        COMBINATION,
        400,
        "Cannot change master user password on an RDS postgres Read Replica",
        () -> modify("reader", change -> change.masterUserPassword("another-horse-battery")));
    refused(
        COMBINATION,
        400,
        "BackupRetentionPeriod",
        () -> modify("orders", change -> change.backupRetentionPeriod(0)));
    refused(
        COMBINATION,
        400,
        "FinalDBSnapshotIdentifier can not be specified when deleting a replica instance",
        () ->
            rds.home.deleteDBInstance(
                request ->
                    request.dbInstanceIdentifier("reader").finalDBSnapshotIdentifier("last")));
    refused(
        STATE,
        400,
        "isn't supported",
        () -> rds.home.switchoverReadReplica(request -> request.dbInstanceIdentifier("reader")));
  }

  @Test
  void refusesToPromoteWhatIsNoReplicaOrNotReady() throws Exception {
    refused(
        "DBInstanceNotFound",
        404,
        "reader",
        () -> rds.home.promoteReadReplica(request -> request.dbInstanceIdentifier("reader")));
    rds.primary("orders");
    refused(
        STATE,
        400,
        "DB Instance is not a read replica",
        () -> rds.home.promoteReadReplica(request -> request.dbInstanceIdentifier("orders")));
    rds.home.createDBInstanceReadReplica(
        request -> request.dbInstanceIdentifier("reader").sourceDBInstanceIdentifier("orders"));
    refused(
        STATE,
        400,
        "DB Instance is not in available state",
        () -> rds.home.promoteReadReplica(request -> request.dbInstanceIdentifier("reader")));
    rds.clock.advanceUntilIdle();
    refused(
        "InvalidParameterValue",
        400,
        "between 0 and 35",
        () ->
            rds.home.promoteReadReplica(
                request -> request.dbInstanceIdentifier("reader").backupRetentionPeriod(36)));
    rds.simulator.rds().impose(HOME, "reader", "backing-up");
    refused(
        STATE,
        400,
        "DB Instance is not in available state",
        () -> rds.home.promoteReadReplica(request -> request.dbInstanceIdentifier("reader")));
    rds.simulator.rds().impose(HOME, "reader", "");
    modify("reader", change -> change.backupRetentionPeriod(1));
    rds.replica(rds.home, "last", "reader");
    refused(
        COMBINATION,
        400,
        "BackupRetentionPeriod can't be set to 0",
        () ->
            rds.home.promoteReadReplica(
                request -> request.dbInstanceIdentifier("reader").backupRetentionPeriod(0)));
  }
}
