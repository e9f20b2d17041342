/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.ResourceId;
import io.clouddb.aws.RdsTestCloud;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Protection;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.rds.model.PendingModifiedValues;

/** A policy that came to nothing is not taken for one that is in force, or to come. */
class PolicyShownStepTest {
  private static Protection of(int days) {
    return Protection.of(
        days == 0 ? BackupPolicy.none().discarding() : BackupPolicy.daily().retainDays(days),
        BackupSpec.named("by-hand"));
  }

  private static DBInstance shown(int days, @Nullable Integer pending) {
    return DBInstance.builder()
        .backupRetentionPeriod(days)
        .pendingModifiedValues(
            pending == null
                ? null
                : PendingModifiedValues.builder().backupRetentionPeriod(pending).build())
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "30, 30,   , true",
    "30,  8,   , false",
    "30,  8, 30, true",
    "30,  8, 14, false",
    "30, 30, 14, false",
    "30, 14, 30, true",
    " 0,  8,  0, true",
    " 0,  8, 14, false",
    " 0,  0, 14, false",
    " 0,  0,   , true"
  })
  void onlyWhatWasAskedForIsShown(
      int asked, int days, @Nullable Integer pending, boolean expected) {
    assertThat(PolicyShownStep.isShown(of(asked), shown(days, pending))).isEqualTo(expected);
  }

  /** What is to go on as it is has been turned off by somebody, from the next window on. */
  @Test
  void whatIsSoonTurnedOffIsToldAsThat() {
    Protection on = Protection.of(BackupPolicy.daily(), BackupSpec.named("by-hand"));
    assertThat(PolicyShownStep.isShown(on, shown(7, null))).isTrue();
    AnsweringRds rds = new AnsweringRds();
    rds.answers(DescribeDbInstancesResponse.builder().dbInstances(shown(7, 0)));
    Instant begun = Instant.parse("2026-01-01T00:00:00Z");
    ResourceId orders = ResourceId.of("aws", "1", "eu-west-1", "instance", "orders");
    StepContext context =
        RdsTestCloud.context(
            OperationState.begin(BackupDriver.PROTECT.id(), orders, "op", begun, on)
                .at("policy shown", "", begun),
            begun.plus(Duration.ofMinutes(11)));
    assertThat(new PolicyShownStep(rds.calls()).look(context))
        .isInstanceOfSatisfying(
            Look.Failed.class,
            failed ->
                assertThat(failed.why())
                    .hasMessageContaining("keeps backups for 7 days")
                    .hasMessageContaining("and is to keep them for 0 days"));
  }
}
