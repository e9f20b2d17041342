/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.ResourceId;
import io.clouddb.aws.RdsTestCloud;
import io.clouddb.error.DeadlineException;
import io.clouddb.operation.OperationKind;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceStatusInfo;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.MasterUserSecret;

/** States that an available instance may never leave, on descriptions as RDS gives them. */
class NeverEndingStatesTest {
  private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration HALF = Duration.ofMinutes(30);

  private static StepContext after(OperationKind<?> kind, Duration time) {
    OperationState state =
        OperationState.begin(
            kind.id(),
            ResourceId.of("aws", "", "eu-west-1", "instance", "orders"),
            "1",
            BEGUN,
            null);
    return RdsTestCloud.context(state.at("ready", "", BEGUN), BEGUN.plus(time));
  }

  private static DBInstance.Builder available() {
    return DBInstance.builder().dbInstanceIdentifier("orders").dbInstanceStatus("available");
  }

  private static DBInstance applying(String status) {
    return available()
        .dbParameterGroups(
            DBParameterGroupStatus.builder()
                .dbParameterGroupName("clouddb-orders-1")
                .parameterApplyStatus(status)
                .build())
        .build();
  }

  private static DBInstance secret(String status) {
    return available()
        .masterUserSecret(MasterUserSecret.builder().secretStatus(status).build())
        .build();
  }

  private static Look ready(DBInstance instance, Duration time) {
    return ReadyStep.look(after(InstanceDriver.CREATE, time), instance);
  }

  @Test
  void parametersThatFailedToApplyEndIt() {
    assertThat(ready(applying("in-sync"), Duration.ZERO)).isInstanceOf(Look.Happened.class);
    assertThat(ready(applying("failed-to-apply"), Duration.ZERO))
        .isInstanceOfSatisfying(
            Look.Failed.class,
            look ->
                assertThat(look.why())
                    .hasMessageContainingAll("parameters of orders", "failed-to-apply"));
  }

  @Test
  void parametersThatAreNeverAppliedEndItAfterHalfAnHour() {
    for (String status : new String[] {"applying", "pending-reboot"}) {
      assertThat(ready(applying(status), HALF.minusSeconds(1))).isInstanceOf(Look.Going.class);
      assertThatThrownBy(() -> ready(applying(status), HALF))
          .isInstanceOf(DeadlineException.class)
          .hasMessageContainingAll("available", status);
    }
  }

  @Test
  void aPasswordThatCanBeReadIsReady() {
    for (String status : new String[] {"active", "rotating", "impaired"}) {
      assertThat(ready(secret(status), Duration.ZERO)).isInstanceOf(Look.Happened.class);
    }
    assertThat(ready(secret("creating"), HALF.minusSeconds(1))).isInstanceOf(Look.Going.class);
    assertThatThrownBy(() -> ready(secret("creating"), HALF))
        .isInstanceOf(DeadlineException.class)
        .hasMessageContaining("has not made its password");
  }

  private static Look following(String status, @Nullable String message, Duration time) {
    DBInstance replica =
        available()
            .readReplicaSourceDBInstanceIdentifier("source")
            .statusInfos(
                DBInstanceStatusInfo.builder()
                    .statusType("read replication")
                    .status(status)
                    .message(message)
                    .build())
            .build();
    return ReplicatingStep.look(after(ReplicaDriver.CREATE, time), replica);
  }

  @Test
  void aReplicationThatIsBrokenEndsItWithWhatRdsSaysOfIt() {
    assertThat(following("replicating", null, Duration.ZERO)).isInstanceOf(Look.Happened.class);
    for (String status : new String[] {"error", "replication degraded"}) {
      assertThat(following(status, "disk is full", HALF.minusSeconds(1)))
          .isInstanceOfSatisfying(
              Look.Going.class,
              look -> assertThat(look.message()).isEqualTo(status + ": disk is full"));
      assertThatThrownBy(() -> following(status, "disk is full", HALF))
          .isInstanceOf(DeadlineException.class)
          .hasMessageContaining(status + ": disk is full");
    }
    assertThat(following("terminated", "30 days", Duration.ZERO))
        .isInstanceOfSatisfying(
            Look.Failed.class,
            look -> assertThat(look.why()).hasMessageContaining("terminated: 30 days"));
  }
}
