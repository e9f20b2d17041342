/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.ProtectedInstance;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.OnDrift;
import io.clouddb.testkit.contract.internal.Eventually;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
      Eventually.holds(
          "what is pending is in force: " + done.pending(),
          kit().limit(),
          () -> differences(orders, policy).isEmpty());
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

  /** What of a policy is not so, or nobody tells. */
  private List<Field> differences(Instance instance, BackupPolicy policy) {
    InstanceSpec wanted =
        sourceSpec(instance.name(), RestoreField.BACKUP).toBuilder().backups(policy).build();
    Drift drift = cloud().instances().drift(wanted);
    return Stream.concat(drift.differences().stream(), drift.unknown().stream())
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
    if (canBeDone) {
      assertThat(e).as("%s", policy).isInstanceOf(ConditionFailedException.class);
      assertThat(e.nextStep()).hasValueSatisfying(s -> assertThat(s).contains("discarding"));
    } else {
      assertThat(e).as("%s", policy).isInstanceOf(UnsupportedFeatureException.class);
    }
  }

  private static InstanceChange change(BackupPolicy policy) {
    return InstanceChange.builder().backups(policy).build();
  }

  @Test
  void automaticOnesAreListedFoundAndRestoredAndNotDeleted() {
    BackupQuery query = BackupQuery.of(orders().id());
    BackupQuery automatic = query.origin(Backup.Origin.AUTOMATIC);
    Eventually.holds(
        "one is there", kit().limit(), () -> available(automatic).findFirst().isPresent());
    Backup own = available(automatic).findFirst().orElseThrow();
    assertThat(own.origin()).isEqualTo(Backup.Origin.AUTOMATIC);
    assertThat(own.instance()).contains(orders().id());
    assertThat(cloud().backups().get(own.id())).isEqualTo(own);
    assertThat(ids(query)).contains(own.id());
    assertThat(ids(BackupQuery.all())).contains(own.id());
    assertThat(ids(query.origin(Backup.Origin.MANUAL))).doesNotContain(own.id());
    assertThat(restore(restoring(RestoreSpec.from(own))).state())
        .isEqualTo(InstanceState.AVAILABLE);
    assertThatThrownBy(() -> cloud().backups().delete(own.id()).await(kit().limit()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining(own.name());
    assertThat(cloud().backups().get(own.id())).isEqualTo(own);
  }

  private Stream<Backup> available(BackupQuery query) {
    return cloud().backups().list(query).stream()
        .filter(backup -> backup.state() == Backup.State.AVAILABLE);
  }

  private List<ResourceId> ids(BackupQuery query) {
    return cloud().backups().list(query).stream().map(Backup::id).toList();
  }

  @Test
  void whatHasNothingToRestoreIsNotDeletedAsIfItsBackupsWereKept() {
    assumeTrue(keepsBackups(), "The cloud says that it keeps no backups of what is deleted");
    Instance bare =
        create(
            sourceSpec(newName(), RestoreField.BACKUP).toBuilder()
                .backups(BackupPolicy.none())
                .build());
    ConditionFailedException e =
        catchThrowableOfType(
            ConditionFailedException.class,
            () -> cloud().instances().deleteKeepingBackups(bare.id()).await(kit().limit()));
    assertThat(e).isNotNull().hasMessageContaining(bare.name());
    assertThat(e.nextStep()).as("what can be done instead").isPresent();
    assertThat(cloud().instances().get(bare.id()).state()).isEqualTo(InstanceState.AVAILABLE);
  }
}
