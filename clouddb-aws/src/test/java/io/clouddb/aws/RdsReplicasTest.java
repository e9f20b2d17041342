/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.plan.Plan;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaLag;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Replicas through the facade, in two regions of a simulated RDS with streaming replicas. */
@Tag("slow")
class RdsReplicasTest {
  private static final String HOME = RdsTestCloud.REGION;
  private static final String AWAY = "eu-west-1";
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final SecretRef PASSWORD = SecretRef.literal("correct-horse-battery");
  private static final AdminLogin LOGIN = AdminLogin.of("app_admin", PASSWORD);

  private final RdsTestCloud rds = new RdsTestCloud();
  private final CloudDb here = rds.open();
  private final CloudDb away = here.in(AWAY);

  @AfterEach
  void close() {
    here.close();
    rds.close();
  }

  private Instance primary(String name) throws SQLException {
    Instance primary =
        here.instances()
            .create(
                RdsTestCloud.spec(name)
                    .admin(LOGIN)
                    .backups(BackupPolicy.daily().retainDays(7))
                    .build())
            .await(LIMIT);
    run(primary, "CREATE TABLE t AS SELECT 1 AS a");
    return primary;
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

  private static String key(String region) {
    return "arn:aws:kms:" + region + ":123456789012:key/k";
  }

  private void caughtUp(String region, String name) {
    rds.simulator()
        .servers()
        .get(rds.simulator().rds().key(region, name))
        .server()
        .orElseThrow()
        .catchUp(LIMIT);
  }

  @Tag("slow")
  @Test
  void followsItsSourceInTheSameRegion() throws Exception {
    Instance orders = primary("orders");
    ReplicaSpec spec =
        ReplicaSpec.named("reader")
            .size(InstanceSize.named("db.m7g.xlarge"))
            .availability(Availability.REGIONAL)
            .deletionProtection(false)
            .tag("role", "reader");
    Instance reader = here.replicas().create(orders.id(), spec).await(LIMIT);
    assertThat(reader.nativeSize()).contains("db.m7g.xlarge");
    assertThat(reader.availability()).contains(Availability.REGIONAL);
    assertThat(reader.tags()).containsEntry("role", "reader");
    run(orders, "INSERT INTO t VALUES (2)");
    caughtUp(HOME, "reader");
    assertThat(ask(reader, "SELECT sum(a) FROM t")).isEqualTo("3");

    Replica found = here.replicas().get(reader.id());
    assertThat(found.state()).isEqualTo(Replica.State.REPLICATING);
    assertThat(found.nativeState()).isEqualTo("replicating");
    assertThat(found.source()).contains(orders.id());
    assertThat(here.replicas().list(orders.id())).containsExactly(reader.id());
    assertThat(here.replicas().find("orders")).isEmpty();
    assertThatThrownBy(() -> here.replicas().get(orders.id()))
        .isInstanceOf(NotFoundException.class);
    ReplicaLag lag = here.replicas().lag(reader.id(), LOGIN);
    assertThat(lag.replayedAll()).isTrue();
    assertThat(lag.lastReplayed()).isPresent();
    assertThatThrownBy(() -> here.replicas().lag(orders.id(), LOGIN))
        .isInstanceOf(NotFoundException.class);

    assertThatThrownBy(() -> here.instances().delete(orders.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContainingAll("orders has replicas", "reader");
    assertThatThrownBy(() -> here.replicas().create(orders.id(), spec))
        .isInstanceOf(AlreadyExistsException.class);
    here.instances().delete(reader.id()).await(LIMIT);
    assertThat(here.replicas().list(orders.id())).isEmpty();
    here.instances().delete(orders.id()).await(LIMIT);
  }

  @Tag("slow")
  @Test
  void aRegionDiesAndItsReplicaIsPromotedWithoutIt() throws Exception {
    Instance orders = primary("orders");
    ReplicaSpec spec =
        ReplicaSpec.named("orders-dr")
            .encryptionKey(key(AWAY))
            .network(Network.privateNetwork("network-1"));
    Instance far = away.replicas().create(orders.id(), spec).await(LIMIT);
    assertThat(far.id().location()).isEqualTo(AWAY);
    assertThat(far.unwrap(DBInstance.class).kmsKeyId()).isEqualTo(key(AWAY));
    assertThat(here.replicas().list(orders.id()))
        .extracting(ResourceId::location)
        .containsOnly(AWAY);
    Instant before = Instant.now();
    run(orders, "INSERT INTO t VALUES (2)");
    caughtUp(AWAY, "orders-dr");

    // From now on no call to the source's region is answered.
    rds.simulator().servers().get(rds.simulator().rds().key(HOME, "orders"));
    rds.simulator().clearRequests();
    rds.simulator().faults().on(Verb.READ, Call.INSTANCE).named("orders").times(1000).unavailable();
    Promoted promoted =
        away.replicas().promote(far.id(), Promotion.forced().login(LOGIN)).await(LIMIT);
    assertThat(promoted.formerSource().orElseThrow().name()).isEqualTo("orders");
    assertThat(promoted.lastReplayed().orElseThrow()).isAfterOrEqualTo(before.minusSeconds(1));
    assertThat(promoted.changes().toString())
        .contains("Connect to", "orders in " + HOME, "kept for");
    try (Connection connection = promoted.connection().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO t VALUES (3)");
    }
    assertThat(ask(promoted.instance(), "SELECT sum(a) FROM t")).isEqualTo("6");
    assertThat(rds.simulator().requests().toString()).doesNotContain("/" + HOME + "/rds");
    assertThat(away.replicas().find("orders-dr")).isEmpty();
    assertThatThrownBy(() -> away.replicas().promote(far.id(), Promotion.forced()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("is no replica");
  }

  @Test
  void whatCannotBeIsRefusedByNameBeforeAnyCall() throws Exception {
    ResourceId orders = rds.id("orders");
    rds.simulator().clearRequests();
    Plan near = here.replicas().plan(orders, ReplicaSpec.named("reader").encryptionKey(key(HOME)));
    assertThat(near.toString()).contains("encryption-key", "has its source's key");
    Plan far = away.replicas().plan(orders, ReplicaSpec.named("reader").encryptionKey(key(HOME)));
    assertThat(far.toString()).contains("the key is of " + HOME, AWAY);
    assertThat(
            here.replicas()
                .plan(
                    orders,
                    ReplicaSpec.named("reader")
                        .size(InstanceSize.named("n2-standard"))
                        .network(Network.publicAccess("203.0.113.0/24"))
                        .tag("aws:x", "y"))
                .entries(Plan.Outcome.REFUSED))
        .extracting(entry -> entry.field().id())
        .containsExactly("size", "public-access", "tags");
    assertThatThrownBy(() -> here.replicas().promote(orders, Promotion.switchingRoles()))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContainingAll("switchover", "Oracle only", "API_SwitchoverReadReplica");
    assertThatThrownBy(
            () ->
                here.replicas()
                    .create(
                        ResourceId.of("gcp", "shop", HOME, "instance", "orders"),
                        ReplicaSpec.named("reader")))
        .isInstanceOf(InvalidArgumentException.class);
    assertThat(rds.simulator().requests()).isEmpty();
    for (ReplicaField field : ReplicaField.values()) {
      Support support = here.capabilities().supports(Feature.of(field), FeatureContext.any());
      boolean switchover =
          field == ReplicaField.SWITCHOVER || field == ReplicaField.SWITCHOVER_FORCED;
      assertThat(support.answer() == Support.Answer.NO).as("%s", field).isEqualTo(switchover);
    }
  }

  @Test
  void aSourceThatCannotBeFollowedIsToldWithAllThatIsWrong() {
    Instance plain =
        here.instances()
            .create(RdsTestCloud.spec("plain").admin(LOGIN).backups(BackupPolicy.none()).build())
            .await(LIMIT);
    assertThatThrownBy(() -> away.replicas().create(plain.id(), ReplicaSpec.named("reader")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContainingAll("backups are off", "name a key of that region");
    assertThat(away.instances().find("reader")).isEmpty();
    ResourceId nobody = rds.id("nobody");
    assertThatThrownBy(() -> here.replicas().create(nobody, ReplicaSpec.named("reader")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nobody");
    assertThatThrownBy(() -> here.replicas().promote(plain.id(), Promotion.standalone()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("is no replica");
  }

  @Test
  void aFarReplicaIsNotPublicUnlessItIsAskedFor() throws Exception {
    Instance orders = primary("orders");
    away.replicas()
        .create(orders.id(), ReplicaSpec.named("reader").encryptionKey(key(AWAY)))
        .await(LIMIT);
    assertThat(rds.lastForm("CreateDBInstanceReadReplica"))
        .containsEntry("PubliclyAccessible", "false");
    assertThat(
            away.replicas()
                .plan(
                    orders.id(),
                    ReplicaSpec.named("reader")
                        .network(Network.publicAccess("203.0.113.0/24").securityGroup("sg-1"))
                        .preferring(ReplicaField.PUBLIC_ACCESS))
                .entries(Plan.Outcome.ADJUSTED))
        .extracting(entry -> entry.field().id())
        .containsExactly("public-access");
  }

  @Test
  void aReplicaThatSomebodyMakesMeanwhileKeepsItsSource() throws Exception {
    Instance orders = primary("orders");
    rds.simulator().faults().on("DeleteDBInstance").credentialsExpire();
    CloudDbException expired =
        org.assertj.core.api.Assertions.catchThrowableOfType(
            CloudDbException.class, () -> here.instances().delete(orders.id()).await(LIMIT));
    here.replicas().create(orders.id(), ReplicaSpec.named("reader")).await(LIMIT);
    String token = expired.details().operationToken().orElseThrow();
    assertThatThrownBy(() -> here.operations().resume(token, ResourceId.class).await(LIMIT))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("reader");
    assertThat(here.replicas().find("reader")).isPresent();
  }

  /** RDS would refuse it, after its caller has waited. */
  @Test
  void aChainIsNotBegunInAThirdRegion() throws Exception {
    Instance orders = primary("orders");
    Instance far =
        away.replicas()
            .create(orders.id(), ReplicaSpec.named("far").encryptionKey(key(AWAY)))
            .await(LIMIT);
    away.instances()
        .modify(
            far.id(), InstanceChange.builder().backups(BackupPolicy.daily().retainDays(1)).build())
        .await(LIMIT);
    rds.simulator().clearRequests();
    String third = "us-west-2";
    assertThatThrownBy(
            () ->
                here.in(third)
                    .replicas()
                    .create(far.id(), ReplicaSpec.named("farther").encryptionKey(key(third))))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContainingAll("far cannot have this replica", HOME, AWAY, third);
    assertThat(rds.simulator().requests("CreateDBInstanceReadReplica")).isEmpty();
  }

  @Test
  void aKeyOfTheCallersOwnChangesIsAKey() throws Exception {
    Instance orders = primary("orders");
    away.replicas()
        .create(
            orders.id(),
            ReplicaSpec.named("reader"),
            Native.customize(
                CreateDbInstanceReadReplicaRequest.Builder.class,
                request -> request.kmsKeyId(key(AWAY))))
        .await(LIMIT);
    assertThat(away.instances().get("reader").unwrap(DBInstance.class).kmsKeyId())
        .isEqualTo(key(AWAY));
    assertThat(
            away.replicas()
                .promote(away.instances().get("reader").id(), Promotion.forced())
                .await(LIMIT)
                .changes()
                .toString())
        .contains("the parameters of default.postgres16, whatever its former source has");
  }

  @Test
  void theCallersOwnChangesGoIntoTheRequest() throws Exception {
    Instance orders = primary("orders");
    here.replicas()
        .create(
            orders.id(),
            ReplicaSpec.named("reader"),
            Native.customize(
                CreateDbInstanceReadReplicaRequest.Builder.class,
                request -> request.copyTagsToSnapshot(true)))
        .await(LIMIT);
    assertThat(rds.lastForm("CreateDBInstanceReadReplica"))
        .containsEntry("CopyTagsToSnapshot", "true");
    assertThatThrownBy(
            () ->
                here.replicas()
                    .create(
                        orders.id(),
                        ReplicaSpec.named("other"),
                        Native.customize(
                            CreateDbInstanceReadReplicaRequest.Builder.class,
                            request -> request.sourceDBInstanceIdentifier("nobody"))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("another source");
  }

  @Tag("slow")
  @Test
  void lostAnswersMakeNoSecondReplicaAndPromoteOnce() throws Exception {
    Instance orders = primary("orders");
    rds.simulator().faults().on("CreateDBInstanceReadReplica").connectionResetAfter();
    Instance reader = here.replicas().create(orders.id(), ReplicaSpec.named("reader")).await(LIMIT);
    assertThat(here.replicas().list(orders.id())).containsExactly(reader.id());
    rds.simulator().faults().on("PromoteReadReplica").connectionResetAfter();
    Promoted promoted = here.replicas().promote(reader.id(), Promotion.standalone()).await(LIMIT);
    assertThat(promoted.instance().id()).isEqualTo(reader.id());
    assertThat(rds.simulator().requests("PromoteReadReplica")).hasSize(1);
  }

  @Tag("slow")
  @Test
  void aPromotionGoesOnFromItsTokenWhenCredentialsExpire() throws Exception {
    Instance orders = primary("orders");
    Instance reader = here.replicas().create(orders.id(), ReplicaSpec.named("reader")).await(LIMIT);
    rds.simulator().faults().on("PromoteReadReplica").credentialsExpire();
    CloudDbException expired =
        org.assertj.core.api.Assertions.catchThrowableOfType(
            CloudDbException.class,
            () -> here.replicas().promote(reader.id(), Promotion.forced()).await(LIMIT));
    String token = expired.details().operationToken().orElseThrow();
    CloudConfig again = rds.config().build();
    try (CloudDb other = CloudDb.open(again)) {
      Promoted promoted =
          other.operations().resume(token, ReplicaDriver.PROMOTE.result()).await(LIMIT);
      assertThat(promoted.formerSource()).contains(orders.id());
    }
  }
}
