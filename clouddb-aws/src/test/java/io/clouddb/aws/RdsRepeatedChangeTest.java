/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ThrottledException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A change that failed in its middle: what is there of it, and what making it again does. */
class RdsRepeatedChangeTest extends RdsOperations {
  private static final String NAME = "again";
  private Instance instance;

  @BeforeEach
  void instance() {
    instance =
        cloud
            .instances()
            .find(NAME)
            .orElseGet(() -> create(RdsTestCloud.spec(NAME).parameter("work_mem", "8192")));
    // Its first backup, or what the last test did; a change begins at once only when that is over.
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (cloud.instances().get(NAME).state() != InstanceState.AVAILABLE) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Test
  void aChangeThatIsMadeAgainAfterAFailureStillRestarts() throws Exception {
    InstanceChange.Builder change =
        InstanceChange.builder().parameter("max_connections", "66").tag("a", "b");
    throttleTags(20);
    assertThatThrownBy(() -> modify(instance, change)).isInstanceOf(ThrottledException.class);

    modify(instance, change);

    assertThat(show(instance, login(), "SHOW max_connections")).isEqualTo("66");
    int restarts = rebootsOf(NAME).size();
    modify(instance, change);
    assertThat(rebootsOf(NAME)).as("nothing is left to restart for").hasSize(restarts);
  }

  /** Whatever RDS shows of the group meanwhile: the state says that a restart is to come. */
  @Test
  void aStepThatIsTakenAgainKeepsItsRestart() throws Exception {
    OperationState begun =
        rds.begun(
            InstanceDriver.MODIFY,
            NAME,
            InstanceChange.builder().parameter("max_connections", "67").tag("a", "c").build());
    OperationState prepared =
        rds.workflow(cloud, InstanceDriver.MODIFY)
            .prepare(RdsTestCloud.context(begun, rds.clock().instant()));
    assertThat(prepared.values()).containsEntry("restart", "needed");
    StepRun<Instance> run = rds.run(cloud, InstanceDriver.MODIFY, prepared);
    throttleTags(1);
    int throttled = 0;
    Instance changed = null;
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (changed == null) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      try {
        if (run.poll(rds.clock().instant()) instanceof StepRun.Outcome.Done<Instance> done) {
          changed = done.value();
        }
      } catch (ThrottledException e) {
        throttled++;
      }
    }

    assertThat(throttled).isEqualTo(1);
    assertThat(show(cloud.instances().get(changed.name()), login(), "SHOW max_connections"))
        .isEqualTo("67");
  }

  /** RDS answers with success, and the change comes to nothing: only the instance tells. */
  @Test
  void aChangeThatIsAcceptedAndNotMadeIsNoSuccess() {
    rds.simulator().faults().on("ModifyDBInstance").operationFails();
    assertThatThrownBy(
            () -> modify(instance, InstanceChange.builder().storageSize(DataSize.gib(40))))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("does not show it: AllocatedStorage");
  }

  @Test
  void aChangeThatIsHalfMadeSaysSo() {
    rds.simulator()
        .faults()
        .on("ModifyDBInstance")
        .refused(400, "InvalidParameterCombination", "No.");
    assertThatThrownBy(
            () ->
                modify(
                    instance,
                    InstanceChange.builder()
                        .parameter("work_mem", "16384")
                        .tag("half", "made")
                        .deletionProtection(false)))
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e ->
                assertThat(e.details().leftBehind())
                    .hasValueSatisfying(
                        left -> assertThat(left).contains("work_mem").contains("[half]")));
    assertThat(cloud.instances().get(NAME).tags()).as("made").containsEntry("half", "made");
  }

  private static void throttleTags(int times) {
    rds.simulator().faults().on("AddTagsToResource").times(times).throttled();
  }
}
