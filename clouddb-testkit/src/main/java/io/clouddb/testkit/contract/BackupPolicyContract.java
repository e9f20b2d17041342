/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.ProtectedInstance;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestoreField;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.OnDrift;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Backup policies: set together with a backup by hand, what is not in force yet is told; and none
 * deletes what is there unless its caller says that it may.
 */
abstract class BackupPolicyContract extends BackupCases {
  private static final int DAYS = 30;

  /** Fewer than what a source has, and as few as each cloud can keep. */
  private static final int FEWER_DAYS = 7;

  private static final List<InstanceField> OF_A_POLICY =
      List.of(
          InstanceField.BACKUPS,
          InstanceField.BACKUP_WINDOW,
          InstanceField.BACKUP_WINDOW_LENGTH,
          InstanceField.BACKUP_RETENTION,
          InstanceField.POINT_IN_TIME);

  BackupPolicyContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void aPolicyAndABackupComeOfOneCall() {
    Instance orders = orders();
    Instant now = now();
    BackupPolicy policy = policy(orders);
    BackupSpec manual = manual(orders, now);
    ProtectedInstance done =
        cloud().backups().protect(orders.id(), Protection.of(policy, manual)).await(kit().limit());
    Backup backup = done.backup();
    try {
      assertThat(backup.name()).startsWith(orders.name() + "-manual-");
      assertThat(backup.state()).isEqualTo(Backup.State.AVAILABLE);
      assertThat(cloud().backups().get(backup.id())).isEqualTo(backup);
      if (!manual.tags().isEmpty()) {
        assertThat(backup.tags())
            .isEqualTo(Map.of("Type", "Manual", "CreatedDate", now.toString()));
      }
      assertThat(done.instance().id()).isEqualTo(orders.id());
      assertThat(done.pending())
          .allSatisfy(each -> assertThat(List.of(each.value(), each.when())).doesNotContain(""));
      // What is not pending is so.
      assertThat(differences(orders, policy))
          .isSubsetOf(done.pending().stream().map(ProtectedInstance.Pending::field).toList());
    } finally {
      cloud().backups().delete(backup.id()).await(kit().limit());
    }
  }

  /** With a window, where there is one. */
  private BackupPolicy policy(Instance orders) {
    BackupPolicy policy = BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(DAYS);
    BackupSpec any = BackupSpec.named(freshName());
    return cloud().backups().plan(orders.id(), Protection.of(policy, any)).feasible()
        ? policy
        : BackupPolicy.daily().retainDays(DAYS);
  }

  /** With its tags, where there are any. */
  private BackupSpec manual(Instance orders, Instant now) {
    BackupSpec manual = BackupSpec.manual(orders.name(), now);
    boolean tagged = cloud().backups().plan(orders.id(), manual).feasible();
    return tagged ? manual : BackupSpec.named(manual.name());
  }

  private List<Field> differences(Instance instance, BackupPolicy policy) {
    InstanceSpec wanted =
        sourceSpec(instance.name(), RestoreField.BACKUP).toBuilder().backups(policy).build();
    return cloud().instances().drift(wanted).differences().stream()
        .map(Drift.Difference::field)
        .filter(OF_A_POLICY::contains)
        .toList();
  }

  @Test
  void aPolicyThatWouldDeleteWhatIsThereNeedsItsCallersConsent() {
    Instance orders = orders();
    cloud()
        .instances()
        .modify(orders.id(), change(BackupPolicy.daily().retainDays(DAYS)))
        .await(kit().limit());
    BackupPolicy kept = BackupPolicy.daily().retainDays(DAYS);
    BackupPolicy fewer = BackupPolicy.daily().retainDays(FEWER_DAYS);
    for (BackupPolicy policy : List.of(fewer, BackupPolicy.none())) {
      isRefused(orders, policy);
      assertThat(differences(orders, kept)).isEmpty();
    }
    InstanceSpec lowered =
        sourceSpec(orders.name(), RestoreField.BACKUP).toBuilder().backups(fewer).build();
    assertThatThrownBy(
            () -> cloud().instances().ensure(lowered, OnDrift.APPLY).await(kit().limit()))
        .isInstanceOf(ConditionFailedException.class);
    BackupSpec more = BackupSpec.named(newBackupName(cloud()));
    assertThatThrownBy(
            () ->
                cloud()
                    .backups()
                    .protect(orders.id(), Protection.of(fewer, more))
                    .await(kit().limit()))
        .isInstanceOf(ConditionFailedException.class);
    assertThat(cloud().backups().find(orders.id(), more.name())).isEmpty();
    assertThat(differences(orders, kept)).isEmpty();

    cloud().instances().modify(orders.id(), change(fewer.discarding())).await(kit().limit());
    assertThat(differences(orders, fewer)).isEmpty();
  }

  /** Where a cloud has no way to do it at all, it is refused for that. */
  private void isRefused(Instance orders, BackupPolicy policy) {
    InstanceChange change = change(policy);
    boolean canBeDone = cloud().instances().planModify(change).feasible();
    CloudDbException e =
        catchThrowableOfType(
            CloudDbException.class,
            () -> cloud().instances().modify(orders.id(), change).await(kit().limit()));
    assertThat(e).as("%s", policy).isNotNull();
    if (canBeDone) {
      assertThat(e).isInstanceOf(ConditionFailedException.class);
      assertThat(e.nextStep()).hasValueSatisfying(s -> assertThat(s).contains("discarding"));
    }
  }

  private static InstanceChange change(BackupPolicy policy) {
    return InstanceChange.builder().backups(policy).build();
  }
}
