/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static io.clouddb.aws.ReplicaCloud.AWAY;
import static io.clouddb.aws.ReplicaCloud.HOME;
import static io.clouddb.aws.ReplicaCloud.LIMIT;
import static io.clouddb.aws.ReplicaCloud.arn;
import static io.clouddb.aws.ReplicaCloud.ask;
import static io.clouddb.aws.ReplicaCloud.refused;
import static io.clouddb.aws.ReplicaCloud.run;
import static io.clouddb.aws.ReplicaCloud.shown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import io.clouddb.testkit.simulator.server.Timings;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceStatusInfo;
import software.amazon.awssdk.services.rds.model.Parameter;
import software.amazon.awssdk.services.rds.model.Tag;

/** What the simulated RDS does with read replicas, by the vendor's own client. */
@org.junit.jupiter.api.Tag("slow")
class RdsReplicaSimulatorTest {

  private final ReplicaCloud rds = new ReplicaCloud();

  @AfterEach
  void close() {
    rds.close();
  }

  @Test
  void followsItsSourceInTheSameRegion() throws Exception {
    rds.home.createDBParameterGroup(
        request ->
            request
                .dbParameterGroupName("tuned")
                .dbParameterGroupFamily("postgres16")
                .description("d"));
    rds.home.modifyDBParameterGroup(
        request ->
            request
                .dbParameterGroupName("tuned")
                .parameters(
                    Parameter.builder()
                        .parameterName("work_mem")
                        .parameterValue("7168")
                        .applyMethod(ApplyMethod.IMMEDIATE)
                        .build()));
    SimulatedInstance orders =
        rds.primary(
            "orders",
            request ->
                request
                    .dbParameterGroupName("tuned")
                    .vpcSecurityGroupIds("sg-0a1b2c3d4e5f60718")
                    .storageEncrypted(true)
                    .copyTagsToSnapshot(true)
                    .deletionProtection(true)
                    .preferredBackupWindow("01:00-02:00"));
    DBInstance source = shown(rds.home, "orders");
    DBInstance answer =
        rds.home
            .createDBInstanceReadReplica(
                request ->
                    request
                        .dbInstanceIdentifier("reader")
                        .sourceDBInstanceIdentifier("Orders")
                        .dbInstanceClass("db.m7g.xlarge")
                        .tags(Tag.builder().key("role").value("reader").build()))
            .dbInstance();
    assertThat(answer.dbInstanceStatus()).isEqualTo("creating");
    assertThat(answer.readReplicaSourceDBInstanceIdentifier()).isEqualTo("orders");
    assertThat(answer.endpoint()).isNull();
    assertThat(answer.pendingModifiedValues().masterUserPassword()).isNull();
    assertThat(answer.hasStatusInfos()).isFalse();
    // The source goes on, and has it already.
    assertThat(shown(rds.home, "orders").dbInstanceStatus()).isEqualTo("available");
    assertThat(shown(rds.home, "orders").readReplicaDBInstanceIdentifiers())
        .containsExactly("reader");
    rds.clock.advance(Timings.USUAL.create());

    DBInstance reader = shown(rds.home, "reader");
    assertThat(reader.dbInstanceStatus()).isEqualTo("available");
    assertThat(reader.dbInstanceArn()).isEqualTo(arn(HOME, "reader"));
    assertThat(reader.statusInfos())
        .containsExactly(
            DBInstanceStatusInfo.builder()
                .statusType("read replication")
                .normal(true)
                .status("replicating")
                .build());
    assertThat(reader.backupRetentionPeriod()).isZero();
    assertThat(reader.dbInstanceClass()).isEqualTo("db.m7g.xlarge");
    assertThat(reader.dbParameterGroups().get(0).dbParameterGroupName()).isEqualTo("tuned");
    assertThat(reader.vpcSecurityGroups()).isEqualTo(source.vpcSecurityGroups());
    assertThat(reader.kmsKeyId()).isEqualTo(source.kmsKeyId()).isNotNull();
    assertThat(reader.storageEncrypted()).isTrue();
    assertThat(reader.copyTagsToSnapshot()).isFalse();
    assertThat(reader.deletionProtection()).isFalse();
    assertThat(reader.preferredBackupWindow()).isEqualTo("01:00-02:00");
    assertThat(reader.engineVersion()).isEqualTo(source.engineVersion());
    assertThat(reader.allocatedStorage()).isEqualTo(20);
    assertThat(reader.masterUsername()).isEqualTo("app_admin");
    assertThat(reader.dbName()).isEqualTo("shop");
    assertThat(reader.tagList()).hasSize(1);
    assertThat(source.statusInfos()).isEmpty();
    assertThat(reader.endpoint().port()).isNotEqualTo(source.endpoint().port());

    SimulatedInstance replica = rds.simulated(HOME, "reader");
    assertThat(ask(replica, "SHOW work_mem")).isEqualTo("7MB");
    run(orders, "INSERT INTO t VALUES (2)");
    rds.server(HOME, "reader").catchUp(LIMIT);
    assertThat(ask(replica, "SELECT sum(a) FROM t")).isEqualTo("3");
    assertThatThrownBy(() -> run(replica, "INSERT INTO t VALUES (4)"))
        .hasMessageContaining("read-only");
    // What is still possible: a change of its own, tags, a restart.
    rds.home.modifyDBInstance(
        request ->
            request
                .dbInstanceIdentifier("reader")
                .dbInstanceClass("db.m7g.2xlarge")
                .backupRetentionPeriod(3)
                .applyImmediately(true));
    rds.clock.advanceUntilIdle();
    rds.home.rebootDBInstance(request -> request.dbInstanceIdentifier("reader"));
    rds.clock.advanceUntilIdle();
    assertThat(shown(rds.home, "reader").dbInstanceClass()).isEqualTo("db.m7g.2xlarge");
    assertThat(shown(rds.home, "reader").backupRetentionPeriod()).isEqualTo(3);
    // Named by its ARN, without a subnet group: nothing of its source's network.
    DBInstance apart = rds.replica(rds.home, "apart", arn(HOME, "orders"));
    assertThat(apart.dbSubnetGroup().dbSubnetGroupName()).isEqualTo("default");
    assertThat(apart.vpcSecurityGroups()).isNotEqualTo(source.vpcSecurityGroups());
  }

  /** API Reference, {@code StorageType}: "io1 if Iops is specified. Otherwise, gp3". */
  @Test
  void hasADiskOfItsOwnType() throws Exception {
    rds.primary("fast", request -> request.storageType("io2").iops(1000).allocatedStorage(100));
    refused(
        "InvalidParameterCombination",
        400,
        "io2 requires iops",
        () ->
            rds.home.createDBInstanceReadReplica(
                request ->
                    request
                        .dbInstanceIdentifier("reader")
                        .sourceDBInstanceIdentifier("fast")
                        .storageType("io2")));
    // Their databases are not made here.
    rds.home.createDBInstanceReadReplica(
        request -> request.dbInstanceIdentifier("plain").sourceDBInstanceIdentifier("fast"));
    assertThat(shown(rds.home, "plain").storageType()).isEqualTo("gp3");
    assertThat(shown(rds.home, "plain").iops()).isEqualTo(3000);
    rds.home.createDBInstanceReadReplica(
        request ->
            request
                .dbInstanceIdentifier("equal")
                .sourceDBInstanceIdentifier("fast")
                .storageType("io2")
                .iops(1000));
    assertThat(shown(rds.home, "equal").storageType()).isEqualTo("io2");
    assertThat(shown(rds.home, "equal").iops()).isEqualTo(1000);
  }

  @Test
  void followsItsSourceInAnotherRegionUnderTheSameName() throws Exception {
    SimulatedInstance orders =
        rds.primary("orders", request -> request.storageEncrypted(true).multiAZ(true));
    String key = "arn:aws:kms:" + AWAY + ":" + ReplicaCloud.ACCOUNT + ":key/k";
    DBInstance answer =
        rds.away
            .createDBInstanceReadReplica(
                request ->
                    request
                        .dbInstanceIdentifier("orders")
                        .sourceDBInstanceIdentifier(arn(HOME, "orders"))
                        .sourceRegion(HOME)
                        .dbSubnetGroupName("network-1")
                        .kmsKeyId(key))
            .dbInstance();
    assertThat(answer.readReplicaSourceDBInstanceIdentifier()).isEqualTo(arn(HOME, "orders"));
    // A presigned address is a secret of the caller's.
    assertThat(rds.simulator.requests("CreateDBInstanceReadReplica"))
        .singleElement()
        .satisfies(request -> assertThat(request.toString()).doesNotContain("X-Amz-Signature"));
    // Until its snapshot is there.
    assertThat(shown(rds.home, "orders").dbInstanceStatus()).isEqualTo("modifying");
    rds.clock.advance(Timings.USUAL.modify());
    assertThat(shown(rds.home, "orders").dbInstanceStatus()).isEqualTo("available");
    assertThat(shown(rds.away, "orders").dbInstanceStatus()).isEqualTo("creating");
    rds.clock.advance(Timings.USUAL.create().minus(Timings.USUAL.modify()));

    DBInstance far = shown(rds.away, "orders");
    assertThat(far.dbInstanceStatus()).isEqualTo("available");
    assertThat(far.dbInstanceArn()).isEqualTo(arn(AWAY, "orders"));
    assertThat(far.kmsKeyId()).isEqualTo(key);
    assertThat(far.multiAZ()).isFalse();
    assertThat(far.availabilityZone()).startsWith(AWAY);
    assertThat(far.dbSubnetGroup().dbSubnetGroupName()).isEqualTo("network-1");
    assertThat(far.dbParameterGroups().get(0).dbParameterGroupName())
        .isEqualTo("default.postgres16");
    assertThat(shown(rds.home, "orders").readReplicaDBInstanceIdentifiers())
        .containsExactly(arn(AWAY, "orders"));
    run(orders, "INSERT INTO t VALUES (2)");
    rds.server(AWAY, "orders").catchUp(LIMIT);
    assertThat(ask(rds.simulated(AWAY, "orders"), "SELECT sum(a) FROM t")).isEqualTo("3");
  }

  @Test
  void isPromotedToAnInstanceOfItsOwn() throws Exception {
    SimulatedInstance orders = rds.primary("orders");
    rds.replica(rds.away, "reader", arn(HOME, "orders"));
    run(orders, "INSERT INTO t VALUES (2)");
    rds.server(AWAY, "reader").catchUp(LIMIT);
    DBInstance answer =
        rds.away
            .promoteReadReplica(
                request ->
                    request
                        .dbInstanceIdentifier("reader")
                        .backupRetentionPeriod(5)
                        .preferredBackupWindow("03:00-03:30"))
            .dbInstance();
    assertThat(answer.dbInstanceStatus()).isEqualTo("modifying");
    assertThat(answer.readReplicaSourceDBInstanceIdentifier()).isEqualTo(arn(HOME, "orders"));
    assertThat(answer.backupRetentionPeriod()).isZero();
    rds.clock.advance(Timings.USUAL.promote());
    assertThat(shown(rds.away, "reader").dbInstanceStatus()).isEqualTo("rebooting");
    rds.clock.advance(Timings.USUAL.reboot());
    assertThat(shown(rds.away, "reader").dbInstanceStatus()).isEqualTo("backing-up");
    rds.clock.advance(Duration.ofMinutes(1));

    DBInstance alone = shown(rds.away, "reader");
    assertThat(alone.dbInstanceStatus()).isEqualTo("available");
    assertThat(alone.readReplicaSourceDBInstanceIdentifier()).isNull();
    assertThat(alone.hasStatusInfos()).isFalse();
    assertThat(alone.backupRetentionPeriod()).isEqualTo(5);
    assertThat(alone.preferredBackupWindow()).isEqualTo("03:00-03:30");
    assertThat(shown(rds.home, "orders").readReplicaDBInstanceIdentifiers()).isEmpty();
    run(rds.simulated(AWAY, "reader"), "INSERT INTO t VALUES (4)");
    assertThat(ask(rds.simulated(AWAY, "reader"), "SELECT sum(a) FROM t")).isEqualTo("7");
    assertThat(ask(orders, "SELECT sum(a) FROM t")).isEqualTo("3");
    // It takes a password of its own now, and replicas.
    rds.away.modifyDBInstance(
        request ->
            request.dbInstanceIdentifier("reader").masterUserPassword("another-horse-battery"));
    rds.clock.advanceUntilIdle();
    rds.replica(rds.away, "second", "reader");
  }

  @Test
  void hasReplicasOfItsOwn() throws Exception {
    SimulatedInstance orders = rds.primary("orders");
    rds.replica(rds.home, "first", "orders");
    rds.home.modifyDBInstance(
        request ->
            request.dbInstanceIdentifier("first").backupRetentionPeriod(1).applyImmediately(true));
    rds.clock.advanceUntilIdle();
    rds.replica(rds.away, "second", arn(HOME, "first"));
    assertThat(shown(rds.home, "orders").readReplicaDBInstanceIdentifiers())
        .containsExactly("first");
    assertThat(shown(rds.home, "first").readReplicaDBInstanceIdentifiers())
        .containsExactly(arn(AWAY, "second"));
    run(orders, "INSERT INTO t VALUES (2)");
    rds.server(HOME, "first").catchUp(LIMIT);
    rds.server(AWAY, "second").catchUp(LIMIT);
    assertThat(ask(rds.simulated(AWAY, "second"), "SELECT sum(a) FROM t")).isEqualTo("3");
    // Who follows it goes on to when it is promoted. Its backups are on: none is taken now.
    rds.home.promoteReadReplica(request -> request.dbInstanceIdentifier("first"));
    rds.clock.advance(Timings.USUAL.promote());
    rds.clock.advance(Timings.USUAL.reboot());
    assertThat(shown(rds.home, "first").dbInstanceStatus()).isEqualTo("available");
    assertThat(shown(rds.away, "second").readReplicaSourceDBInstanceIdentifier())
        .isEqualTo(arn(HOME, "first"));
    run(rds.simulated(HOME, "first"), "INSERT INTO t VALUES (4)");
    rds.server(AWAY, "second").catchUp(LIMIT);
    assertThat(ask(rds.simulated(AWAY, "second"), "SELECT sum(a) FROM t")).isEqualTo("7");
  }

  @Test
  void takesOverOrEndsWhenItsSourceIsDeleted() throws Exception {
    SimulatedInstance orders = rds.primary("orders");
    rds.replica(rds.home, "near", "orders");
    rds.replica(rds.away, "far", arn(HOME, "orders"));
    run(orders, "INSERT INTO t VALUES (2)");
    rds.home.deleteDBInstance(
        request -> request.dbInstanceIdentifier("orders").skipFinalSnapshot(true));
    rds.clock.advanceUntilIdle();

    DBInstance near = shown(rds.home, "near");
    assertThat(near.dbInstanceStatus()).isEqualTo("available");
    assertThat(near.readReplicaSourceDBInstanceIdentifier()).isNull();
    assertThat(near.hasStatusInfos()).isFalse();
    run(rds.simulated(HOME, "near"), "INSERT INTO t VALUES (4)");
    assertThat(ask(rds.simulated(HOME, "near"), "SELECT sum(a) FROM t")).isEqualTo("7");

    DBInstance far = shown(rds.away, "far");
    assertThat(far.dbInstanceStatus()).isEqualTo("available");
    assertThat(far.readReplicaSourceDBInstanceIdentifier()).isEqualTo(arn(HOME, "orders"));
    assertThat(far.statusInfos().get(0).status()).isEqualTo("terminated");
    assertThat(far.statusInfos().get(0).normal()).isFalse();
    assertThat(ask(rds.simulated(AWAY, "far"), "SELECT sum(a) FROM t")).isEqualTo("3");
    rds.away.promoteReadReplica(
        request -> request.dbInstanceIdentifier("far").backupRetentionPeriod(0));
    rds.clock.advanceUntilIdle();
    assertThat(shown(rds.away, "far").readReplicaSourceDBInstanceIdentifier()).isNull();
    // One of that name that comes later is no source of it.
    rds.primary("orders");
    assertThat(shown(rds.home, "orders").readReplicaDBInstanceIdentifiers()).isEmpty();
  }

  @Test
  void showsThatItsSourceIsDown() throws Exception {
    rds.primary("orders");
    rds.replica(rds.home, "reader", "orders");
    rds.server(HOME, "orders").kill();
    DBInstanceStatusInfo down = shown(rds.home, "reader").statusInfos().get(0);
    assertThat(down.status()).isEqualTo("error");
    assertThat(down.normal()).isFalse();
    assertThat(down.message()).contains("does not answer");
    assertThat(ask(rds.simulated(HOME, "reader"), "SELECT sum(a) FROM t")).isEqualTo("1");
    rds.home.rebootDBInstance(request -> request.dbInstanceIdentifier("orders"));
    rds.clock.advanceUntilIdle();
    assertThat(shown(rds.home, "reader").statusInfos().get(0).status()).isEqualTo("replicating");
  }

  @Test
  void isDeletedAsAnyInstance() throws Exception {
    rds.primary("orders");
    rds.replica(rds.home, "reader", "orders");
    DBInstance answer =
        rds.home
            .deleteDBInstance(
                request -> request.dbInstanceIdentifier("reader").skipFinalSnapshot(true))
            .dbInstance();
    assertThat(answer.dbInstanceStatus()).isEqualTo("deleting");
    assertThat(shown(rds.home, "orders").readReplicaDBInstanceIdentifiers())
        .containsExactly("reader");
    rds.clock.advanceUntilIdle();
    assertThat(shown(rds.home, "orders").readReplicaDBInstanceIdentifiers()).isEmpty();
    rds.home.stopDBInstance(request -> request.dbInstanceIdentifier("orders"));
    rds.clock.advanceUntilIdle();
    assertThat(shown(rds.home, "orders").dbInstanceStatus()).isEqualTo("stopped");
  }

  @Test
  void failsWhereATestHasItFail() throws Exception {
    rds.primary("orders");
    rds.simulator.faults().on(Verb.CREATE, Call.INSTANCE).named("reader").operationFails();
    rds.home.createDBInstanceReadReplica(
        request -> request.dbInstanceIdentifier("reader").sourceDBInstanceIdentifier("orders"));
    rds.clock.advanceUntilIdle();
    assertThat(shown(rds.home, "reader").dbInstanceStatus()).isEqualTo("failed");
    rds.home.deleteDBInstance(
        request -> request.dbInstanceIdentifier("reader").skipFinalSnapshot(true));
    rds.clock.advanceUntilIdle();

    rds.replica(rds.home, "reader", "orders");
    rds.simulator.faults().on(Verb.PROMOTE, Call.INSTANCE).operationFails();
    rds.home.promoteReadReplica(request -> request.dbInstanceIdentifier("reader"));
    rds.clock.advanceUntilIdle();
    DBInstance reader = shown(rds.home, "reader");
    assertThat(reader.dbInstanceStatus()).isEqualTo("available");
    assertThat(reader.readReplicaSourceDBInstanceIdentifier()).isEqualTo("orders");
    assertThat(reader.backupRetentionPeriod()).isZero();
    assertThat(rds.simulator.faults().pending()).isZero();
  }
}
