/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.aws.rds.RdsInstanceDriver;
import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;

/** States in which RDS takes some requests only, and those in which it never takes one. */
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

    Instance after = modify(instance, InstanceChange.builder().parameter("max_connections", "60"));

    assertThat(after.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(show(after, login(), "SHOW max_connections")).isEqualTo("60");
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
  }

  @Test
  void aGroupThatIsNotLetGoIsNamedInTheEnd() {
    String group = "clouddb-held-0123456789";
    ResourceId id = ResourceId.of("aws", "", RdsTestCloud.REGION, "instance", "held");
    ManualClock clock = clock();
    PolledState gone =
        PolledState.of(PolledState.DELETE, id, "wait-until-gone").with("group", group);
    refuse("DeleteDBParameterGroup", "InvalidDBParameterGroupState", "is still used");
    PolledState waiting = running(driver(clock).poll(gone));
    clock.advance(Duration.ofMinutes(15));
    refuse("DeleteDBParameterGroup", "InvalidDBParameterGroupState", "is still used");
    assertThatThrownBy(() -> driver(clock).poll(waiting))
        .isInstanceOfSatisfying(
            BusyException.class,
            e -> {
              assertThat(e.retryable()).isFalse();
              assertThat(e.details().leftBehind()).contains("the DB parameter group " + group);
            });
  }

  /** The code says "later" as well as "never": a stop of an instance with replicas, say. */
  @Test
  void aStateThatNeverBecomesRightIsNotWaitedForForEver() {
    Instance instance = create(RdsTestCloud.spec("never").parameter("work_mem", "8192"));
    ResourceId id = instance.id();
    assertGivesUp("StopDBInstance", PolledState.of(PolledState.STOP, id, "begin"));
    assertGivesUp("DeleteDBInstance", PolledState.of(PolledState.DELETE, id, "busy"));
    assertGivesUp("RebootDBInstance", PolledState.of(PolledState.MODIFY, id, "reboot"));
    assertGivesUp(
        "ModifyDBInstance",
        PolledState.of(PolledState.MODIFY, id, "apply")
            .with("request.DeletionProtection", "false"));
  }

  private void assertGivesUp(String action, PolledState first) {
    ManualClock clock = clock();
    refuse(action, LATER, "has a read replica");
    PolledState state = running(driver(clock).poll(first));
    clock.advance(Duration.ofMinutes(14));
    refuse(action, LATER, "has a read replica");
    PolledState waiting = running(driver(clock).poll(state));
    clock.advance(Duration.ofMinutes(1));
    refuse(action, LATER, "has a read replica");
    assertThatThrownBy(() -> driver(clock).poll(waiting))
        .as(action)
        .isInstanceOfSatisfying(
            BusyException.class, e -> assertThat(e.retryable()).as("looked again").isFalse())
        .hasMessageContaining("has a read replica");
  }

  private static void refuse(String action, String code, String message) {
    rds.simulator().faults().on(action).refused(400, code, message);
  }

  private static ManualClock clock() {
    return SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
  }

  private RdsInstanceDriver driver(ManualClock clock) {
    return rds.driver(cloud, clock);
  }

  private static PolledState running(Step step) {
    assertThat(step).isInstanceOf(Step.Running.class);
    return ((Step.Running) step).state();
  }
}
