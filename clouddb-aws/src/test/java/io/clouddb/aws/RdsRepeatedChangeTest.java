/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.aws.rds.RdsInstanceDriver;
import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ThrottledException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
import java.time.Clock;
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
    throttleTags(4);
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
    RdsInstanceDriver driver = rds.driver(cloud, Clock.systemUTC());
    PolledState first =
        PolledState.of(PolledState.MODIFY, instance.id(), "prepare")
            .with("attempt", "0123456789")
            .with("parameter.max_connections", "67")
            .with("tag.a", "c");
    PolledState set = running(driver.poll(first));
    assertThat(set.step()).isEqualTo("set");
    assertThat(set.values()).containsEntry("restart", "needed");
    throttleTags(1);
    assertThatThrownBy(() -> driver.poll(set)).isInstanceOf(ThrottledException.class);

    long deadline = System.nanoTime() + LIMIT.toNanos();
    PolledState at = set;
    while (at != null) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      try {
        at = driver.poll(at) instanceof Step.Running running ? running.state() : null;
      } catch (BusyException e) {
        // The change that was made before the throttling goes on: an operation looks again.
        assertThat(e.retryable()).isTrue();
      }
    }

    assertThat(show(instance, login(), "SHOW max_connections")).isEqualTo("67");
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

  private static PolledState running(Step step) {
    assertThat(step).isInstanceOf(Step.Running.class);
    return ((Step.Running) step).state();
  }
}
