/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.DeadlineException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceState;
import io.clouddb.operation.OperationKind;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;

/** States in which RDS takes some requests only, and those in which it never takes one. */
@Tag("slow")
class RdsRefusedStatesTest extends RdsOperations {
  private static final String LATER = "InvalidDBInstanceState";

  @Test
  void aFullDiskCanBeEnlargedAndNothingElseBeChanged() {
    Instance instance = create(RdsTestCloud.spec("full"));
    rds.simulator().rds().impose(RdsTestCloud.REGION, "full", "storage-full");
    assertThatThrownBy(() -> modify(instance, InstanceChange.builder().deletionProtection(false)))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("Enlarge its disk");

    Instance after =
        modify(instance, InstanceChange.builder().storageSize(DataSize.gib(40)).tag("a", "b"));

    assertThat(after.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(after.storageSize()).contains(DataSize.gib(40));
  }

  @Test
  void parametersThatKeepItFromStartingCanBeMended() throws Exception {
    Instance instance = create(RdsTestCloud.spec("wrong").parameter("work_mem", "8192"));
    rds.simulator().faults().failStarts(1);
    assertThatThrownBy(
            () -> modify(instance, InstanceChange.builder().parameter("max_connections", "70")))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("incompatible-parameters");

    int restarts = rebootsOf("wrong").size();
    rds.simulator().faults().on("RebootDBInstance").connectionResetAfter();

    Instance after = modify(instance, InstanceChange.builder().parameter("max_connections", "60"));

    assertThat(rebootsOf("wrong")).as("and a lost answer").hasSize(restarts + 1);
    assertThat(after.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(show(after, login(), "SHOW max_connections")).isEqualTo("60");
  }

  /** Nothing but its own note tells an instance that was restarted from one that was not. */
  @Test
  void anInstanceThatIsNotMarkedIsRestartedOnceThoughTheAnswerIsLost() {
    Instance unused = create(RdsTestCloud.spec("unmarked"));
    InstanceChange change = InstanceChange.builder().deletionProtection(false).build();
    Instant now = rds.clock().instant();
    StepRun<Instance> run =
        rds.run(
            cloud,
            InstanceDriver.MODIFY,
            rds.begun(InstanceDriver.MODIFY, "unmarked", change)
                .with("restart", "needed")
                .at("restart", "", now));
    rds.simulator().faults().on("RebootDBInstance").connectionResetAfter();
    int polls = 0;
    while (run.poll(now) instanceof StepRun.Outcome.Running) {
      now = now.plusSeconds(30);
      assertThat(polls++).as("polls").isLessThan(1000);
      Requests.eventually(
          () -> cloud.instances().get("unmarked").state() == InstanceState.AVAILABLE);
    }
    assertThat(rebootsOf("unmarked")).hasSize(1);
  }

  @Test
  void anInstanceWhoseKeyIsBackIsStarted() {
    Instance instance = create(RdsTestCloud.spec("keyless"));
    cloud.instances().stop(instance.id()).await(LIMIT);
    rds.simulator()
        .rds()
        .impose(RdsTestCloud.REGION, "keyless", "inaccessible-encryption-credentials-recoverable");
    assertThat(cloud.instances().get("keyless").state()).isEqualTo(InstanceState.FAILED);
    assertThatThrownBy(() -> modify(instance, InstanceChange.builder().deletionProtection(false)))
        .isInstanceOf(ConditionFailedException.class);

    Instance started = cloud.instances().start(instance.id()).await(LIMIT);

    assertThat(started.state()).isEqualTo(InstanceState.AVAILABLE);
  }

  /** A read replica, say, has the group of its source. */
  @Test
  void aDeletionEndsWhereAnotherInstanceUsesTheGroup() {
    Instance source = create(RdsTestCloud.spec("source").parameter("work_mem", "8192"));
    String group = groupsOf("source").get(0);
    Instance heir =
        cloud
            .instances()
            .create(
                RdsTestCloud.spec("heir").build(),
                Native.customize(
                    CreateDbInstanceRequest.Builder.class, b -> b.dbParameterGroupName(group)))
            .await(LIMIT);

    cloud.instances().delete(source.id()).await(LIMIT);

    assertThat(cloud.instances().find("source")).isEmpty();
    assertThat(groupsOf("source")).containsExactly(group);
    cloud.instances().delete(heir.id()).await(LIMIT);
    assertThat(groupsOf("source")).as("with the last that uses it").isEmpty();
  }

  @Test
  void aGroupThatIsNotLetGoIsNamedInTheEnd() {
    String group = "clouddb-held-0123456789";
    cloud
        .unwrap(RdsClient.class)
        .createDBParameterGroup(
            r ->
                r.dbParameterGroupName(group)
                    .dbParameterGroupFamily("postgres16")
                    .description("held"));
    OperationState gone = rds.begun(InstanceDriver.DELETE, "held", null).with("group", group);
    assertGivesUp(
        "DeleteDBParameterGroup",
        "InvalidDBParameterGroupState",
        rds.run(cloud, InstanceDriver.DELETE, gone),
        e ->
            assertThat(e.details().leftBehind())
                .hasValueSatisfying(
                    left -> assertThat(left).contains("the DB parameter group " + group)));
  }

  /** The code says "later" as well as "never". */
  @Test
  void aStateThatNeverBecomesRightIsNotWaitedForForEver() {
    Instance unused = create(RdsTestCloud.spec("never").parameter("work_mem", "8192"));
    InstanceChange change = InstanceChange.builder().deletionProtection(false).build();
    assertGivesUp("StopDBInstance", InstanceDriver.STOP, null);
    assertGivesUp("DeleteDBInstance", InstanceDriver.DELETE, null);
    assertGivesUp("ModifyDBInstance", InstanceDriver.MODIFY, change);
    StepRun<?> restart =
        rds.run(
            cloud,
            InstanceDriver.MODIFY,
            rds.begun(InstanceDriver.MODIFY, "never", change)
                .with("restart", "needed")
                .at("restart", "", rds.clock().instant()));
    assertGivesUp("RebootDBInstance", LATER, restart, e -> {});
  }

  private void assertGivesUp(
      String action, OperationKind<?> kind, @Nullable InstanceChange change) {
    assertGivesUp(action, LATER, rds.run(cloud, kind, rds.begun(kind, "never", change)), e -> {});
  }

  /** Each poll five minutes after the last one; whoever resumes it has the same time again. */
  private static void assertGivesUp(
      String action, String code, StepRun<?> run, Consumer<CloudDbException> more) {
    rds.simulator().faults().on(action).times(1000).refused(400, code, "has something in the way");
    for (int attempt = 0; attempt < 2; attempt++) {
      Instant begun = run.state().since().orElse(rds.clock().instant());
      Instant now = begun;
      CloudDbException end = null;
      while (end == null) {
        assertThat(Duration.between(begun, now)).as(action).isLessThan(Duration.ofHours(1));
        Instant at = now;
        end = catchThrowableOfType(CloudDbException.class, () -> run.poll(at));
        now = now.plus(Duration.ofMinutes(5));
      }
      assertThat(Duration.between(begun, now)).isGreaterThan(Duration.ofMinutes(15));
      assertThat(end)
          .as(action)
          .isInstanceOf(DeadlineException.class)
          .hasMessageContaining("has something in the way");
      assertThat(end.nextStep().orElse("")).contains("token");
      more.accept(end);
    }
    rds.simulator().faults().clear();
  }

  /** RDS refuses it by the code of what passes, and shows that it will never pass. */
  @Test
  void neitherASourceNorItsReplicaIsStoppedAndTheGroupStaysWithTheSource() {
    Instance source = create(RdsTestCloud.spec("primary").parameter("work_mem", "8192"));
    var unused =
        cloud
            .unwrap(RdsClient.class)
            .createDBInstanceReadReplica(
                r -> r.dbInstanceIdentifier("primary-copy").sourceDBInstanceIdentifier("primary"));
    Requests.eventually(
        () -> cloud.instances().get("primary-copy").state() == InstanceState.AVAILABLE);
    Instance replica = cloud.instances().get("primary-copy");
    assertThatThrownBy(() -> cloud.instances().stop(source.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("primary-copy");
    assertThatThrownBy(() -> cloud.instances().stop(replica.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("primary");
    assertThat(rds.simulator().requests("StopDBInstance"))
        .extracting(request -> RdsTestCloud.form(request).get("DBInstanceIdentifier"))
        .doesNotContain("primary", "primary-copy");

    String group = groupsOf("primary").get(0);
    assertThatThrownBy(() -> cloud.instances().delete(source.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("primary-copy");
    cloud.instances().delete(replica.id()).await(LIMIT);
    assertThat(groupsOf("primary")).containsExactly(group);
    cloud.instances().delete(source.id()).await(LIMIT);
    assertThat(groupsOf("primary")).isEmpty();
  }
}
