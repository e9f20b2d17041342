/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceState;
import io.clouddb.operation.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Interruptions of what is done with backups, as {@link InterruptionsContract} has them of
 * instances. One instance and one backup of it serve all kinds under one of them.
 */
abstract class BackupInterruptionsContract extends InterruptionCases<InterruptedBackupKind> {
  private static final String ORDERS = "orders";

  /** There before anything is interrupted. */
  private static final String BEFORE = "orders-before";

  /** Taken, and deleted again. */
  private static final String TAKEN = "orders-taken";

  private static final String COPIED = "orders-copied";

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private AdminLogin admin;

  private @Nullable Instance orders;
  private List<String> before = List.of();

  BackupInterruptionsContract(SimulatedCloudContract kit) {
    super(kit);
  }

  @Override
  final void start(AdminLogin login) {
    admin = login;
  }

  private CloudDb away() {
    return cloud().in(kit().backupRegion());
  }

  private Instance orders() {
    Instance found = orders;
    if (found == null) {
      found =
          cloud()
              .instances()
              .create(kit().backedUp(ORDERS, admin, RestoreField.BACKUP).build())
              .await(LIMIT);
      orders = found;
    }
    return found;
  }

  private Backup ensure(String name) {
    return BackupCases.find(cloud(), name)
        .filter(found -> found.state() == Backup.State.AVAILABLE)
        .orElseGet(
            () -> {
              remove(cloud(), name);
              return cloud().backups().take(orders().id(), BackupSpec.named(name)).await(LIMIT);
            });
  }

  private void remove(CloudDb where, String name) {
    BackupCases.find(where, name)
        .ifPresent(found -> where.backups().delete(found.id()).await(LIMIT));
  }

  private void removeRestored() {
    cloud()
        .instances()
        .find(InterruptedBackupKind.RESTORED)
        .ifPresent(found -> cloud().instances().delete(found.id()).await(LIMIT));
  }

  @Override
  final void prepare(InterruptedBackupKind kind) {
    ensure(BEFORE);
    switch (kind) {
      case TAKE, PROTECT -> remove(cloud(), TAKEN);
      case COPY -> remove(away(), COPIED);
      case RESTORE -> removeRestored();
      case DELETE -> ensure(TAKEN);
    }
    before = names();
  }

  private InterruptedBackupKind.Subject subject(InterruptedBackupKind kind) {
    String spec =
        switch (kind) {
          case TAKE, PROTECT -> BackupSpec.named(TAKEN).toJson();
          case COPY -> kit().farCopy(COPIED).toJson();
          case RESTORE ->
              kit()
                  .restoring(
                      RestoreSpec.from(ensure(BEFORE))
                          .named(InterruptedBackupKind.RESTORED)
                          .login(admin))
                  .toJson();
          case DELETE -> "";
        };
    String of = kind == InterruptedBackupKind.DELETE ? TAKEN : BEFORE;
    return new InterruptedBackupKind.Subject(
        orders().id(), ensure(of).id(), spec, kit().backupRegion());
  }

  @Override
  final Operation<?> begin(CloudDb where, InterruptedBackupKind kind) {
    return kind.begin(where, subject(kind));
  }

  @Override
  final CloudDb at(CloudDb opened, InterruptedBackupKind kind) {
    return kind == InterruptedBackupKind.COPY ? opened.in(kit().backupRegion()) : opened;
  }

  @Override
  final Class<? extends KilledProcess.Beginning> beginning() {
    return InterruptedBackupKind.Beginning.class;
  }

  @Override
  final Map<String, String> asked(InterruptedBackupKind kind) {
    return kind.asked(subject(kind));
  }

  /** The names of all instances and backups by hand, each as often as it is there. */
  private List<String> names() {
    List<String> names = new ArrayList<>();
    cloud().instances().list().forEach(instance -> names.add(instance.name()));
    for (CloudDb where : copies() ? List.of(cloud(), away()) : List.of(cloud())) {
      for (Backup backup : where.backups().list(BackupQuery.all())) {
        if (backup.origin() != Backup.Origin.AUTOMATIC) {
          names.add(backup.name());
        }
      }
    }
    return names.stream().sorted().toList();
  }

  private static String made(InterruptedBackupKind kind) {
    return switch (kind) {
      case TAKE, PROTECT, DELETE -> TAKEN;
      case COPY -> COPIED;
      case RESTORE -> InterruptedBackupKind.RESTORED;
    };
  }

  @Override
  final void assertDone(InterruptedBackupKind kind) {
    List<String> after = new ArrayList<>(before);
    if (kind == InterruptedBackupKind.DELETE) {
      after.remove(made(kind));
    } else {
      after.add(made(kind));
    }
    assertThat(names()).containsExactlyInAnyOrderElementsOf(after);
    switch (kind) {
      case TAKE, PROTECT -> isAvailable(cloud(), TAKEN);
      case COPY -> isAvailable(away(), COPIED);
      case RESTORE ->
          assertThat(cloud().instances().get(InterruptedBackupKind.RESTORED).state())
              .isEqualTo(InstanceState.AVAILABLE);
      case DELETE -> assertThat(BackupCases.find(cloud(), TAKEN)).isEmpty();
    }
  }

  private void isAvailable(CloudDb where, String name) {
    assertThat(BackupCases.find(where, name)).map(Backup::state).contains(Backup.State.AVAILABLE);
  }

  @Override
  final void assertNotDone(InterruptedBackupKind kind, Optional<String> leftBehind) {
    assertThat(names()).containsAll(before);
    assertThat(names())
        .allMatch(
            name ->
                before.contains(name)
                    || leftBehind.filter(text -> text.contains(name)).isPresent());
    isAvailable(cloud(), BEFORE);
    assertThat(cloud().instances().get(ORDERS).state()).isEqualTo(InstanceState.AVAILABLE);
  }

  @Override
  final void removeAll() {
    Instance found = orders;
    if (found == null) {
      return;
    }
    removeRestored();
    if (copies()) {
      remove(away(), COPIED);
    }
    remove(cloud(), TAKEN);
    remove(cloud(), BEFORE);
    cloud().instances().delete(found.id()).await(LIMIT);
    orders = null;
  }

  private boolean has(BackupField field) {
    return cloud()
            .capabilities()
            .supports(Feature.of(field), FeatureContext.of(Engine.POSTGRESQL))
            .answer()
        != Support.Answer.NO;
  }

  private boolean copies() {
    return has(BackupField.COPY);
  }

  private Stream<InterruptedBackupKind> kinds() {
    return has(BackupField.TAKE)
        ? Stream.of(InterruptedBackupKind.values())
            .filter(kind -> kind != InterruptedBackupKind.COPY || copies())
        : Stream.empty();
  }

  private Stream<InterruptedBackupKind> only(InterruptedBackupKind... some) {
    return kinds().filter(List.of(some)::contains);
  }

  /** The answer that is lost was to a request that had its effect, and to one without any. */
  @TestFactory
  Stream<DynamicTest> aLostAnswerAndAKilledProcessLeaveOneOfEach() {
    return Stream.of(
            passing(
                only(InterruptedBackupKind.TAKE, InterruptedBackupKind.RESTORE),
                Passing.RESET_AFTER),
            passing(only(InterruptedBackupKind.DELETE), Passing.RESET_BEFORE),
            killedWithLog(only(InterruptedBackupKind.RESTORE)))
        .flatMap(tests -> tests);
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> whatPassesDoesNotEndAnOperationAndIsNotDoneTwice() {
    return Stream.of(Passing.values()).flatMap(fault -> passing(kinds(), fault));
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> expiredCredentialsEndItWithATokenFromWhichItGoesOn() {
    return expired(kinds());
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> anOperationThatFailsHalfWayLeavesNothingUnnamed() {
    return failed(kinds());
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> whatAKilledProcessBeganIsFoundInItsLogAndGoneOnWith() {
    return killedWithLog(kinds());
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> whatAKilledProcessBeganIsGoneOnWithByItsToken() {
    return killedWithToken(kinds());
  }
}
