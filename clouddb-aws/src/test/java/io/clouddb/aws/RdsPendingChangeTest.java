/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Insights;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.security.SecretRef;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/** {@code ApplyImmediately} also applies what somebody else left for the maintenance window. */
@Tag("slow")
class RdsPendingChangeTest extends RdsOperations {
  private static final String NAME = "window";
  private Instance instance;

  /** Somebody else put a larger machine off. */
  @BeforeEach
  void putOff() {
    instance = cloud.instances().find(NAME).orElseGet(() -> create(RdsTestCloud.spec(NAME)));
    rds.simulator()
        .servers()
        .find(rds.simulator().rds().key(RdsTestCloud.REGION, NAME))
        .orElseThrow()
        .putAttribute("PendingModifiedValues", Map.of("DBInstanceClass", "db.m7g.large"));
  }

  @Test
  void aChangeThatNeedsNoWindowDoesNotApplyWhatSomebodyElsePutOff() {
    modify(
        instance,
        InstanceChange.builder()
            .deletionProtection(false)
            .insights(Insights.enabled())
            .maintenance(MaintenanceWindow.weekly(now().getDayOfWeek().plus(3), LocalTime.of(5, 0)))
            .adminPassword(SecretRef.literal("correct-horse-battery")));

    assertThat(rds.lastForm("ModifyDBInstance")).doesNotContainKey("ApplyImmediately");
    assertThat(described().pendingModifiedValues().dbInstanceClass()).isEqualTo("db.m7g.large");
    assertThat(described().dbInstanceClass()).isEqualTo("db.t4g.medium");
  }

  @Test
  void aChangeThatNeedsItIsRefusedBeforeAnythingIsSent() {
    int requests = rds.simulator().requests("ModifyDBInstance").size();

    assertThatThrownBy(
            () ->
                cloud
                    .instances()
                    .modify(
                        instance.id(),
                        InstanceChange.builder()
                            .storageSize(DataSize.gib(40))
                            .tag("not", "set")
                            .build()))
        .isInstanceOfSatisfying(
            ConditionFailedException.class,
            e -> {
              assertThat(e.nextStep())
                  .hasValueSatisfying(text -> assertThat(text).contains("applyImmediately(true)"));
              assertThat(e.details().leftBehind()).isEmpty();
            })
        .hasMessageContaining("DBInstanceClass");

    assertThat(rds.simulator().requests("ModifyDBInstance")).hasSize(requests);
    assertThat(cloud.instances().get(NAME).tags()).doesNotContainKey("not");
  }

  /** RDS applies what waits for the window when the window is now. */
  @Test
  void theWindowIsNotMovedOverThePresent() {
    ZonedDateTime started = now().minusMinutes(10).truncatedTo(ChronoUnit.MINUTES);
    assertThatThrownBy(
            () ->
                modify(
                    instance,
                    InstanceChange.builder()
                        // Whatever the time of day, the backup window is not in the way.
                        .backups(BackupPolicy.daily(started.plusHours(12).toLocalTime()))
                        .maintenance(
                            MaintenanceWindow.weekly(
                                started.getDayOfWeek(), started.toLocalTime()))))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("DBInstanceClass");
  }

  private static ZonedDateTime now() {
    return ZonedDateTime.now(rds.clock());
  }

  @Test
  void whoSaysSoHasItAppliedAsWell() {
    cloud
        .instances()
        .modify(
            instance.id(),
            InstanceChange.builder()
                .storageSize(DataSize.gib(described().allocatedStorage() + 10))
                .build(),
            Native.customize(
                ModifyDbInstanceRequest.Builder.class, request -> request.applyImmediately(true)))
        .await(LIMIT);

    assertThat(described().dbInstanceClass()).isEqualTo("db.m7g.large");
    assertThat(described().pendingModifiedValues().dbInstanceClass()).isNull();
    modify(instance, InstanceChange.builder().size(InstanceSize.named("db.t4g.medium")));
  }

  @Test
  void aChangeOfWhatIsPendingItselfTakesItsPlace() {
    modify(instance, InstanceChange.builder().size(InstanceSize.named("db.t4g.medium")));

    assertThat(rds.lastForm("ModifyDBInstance")).containsEntry("ApplyImmediately", "true");
    assertThat(described().dbInstanceClass()).isEqualTo("db.t4g.medium");
    assertThat(described().pendingModifiedValues().dbInstanceClass()).isNull();
  }

  /** The operation would have ended before the change has. */
  @Test
  void aChangeIsNotPutOffToTheWindow() {
    assertThatThrownBy(
            () ->
                cloud
                    .instances()
                    .modify(
                        instance.id(),
                        InstanceChange.builder().deletionProtection(false).build(),
                        Native.customize(
                            ModifyDbInstanceRequest.Builder.class,
                            request -> request.applyImmediately(false))))
        .isInstanceOf(InvalidArgumentException.class);
  }

  private DBInstance described() {
    return cloud.instances().get(NAME).unwrap(DBInstance.class);
  }
}
