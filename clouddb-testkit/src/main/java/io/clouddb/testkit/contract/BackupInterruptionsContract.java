/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.CloudDb;
import io.clouddb.instance.AdminLogin;
import io.clouddb.operation.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Interruptions of what is done with backups, as {@link InterruptionsContract} has them of
 * instances.
 */
abstract class BackupInterruptionsContract extends InterruptionCases<InterruptedBackupKind> {
  @SuppressWarnings("NullAway.Init") // Made before each test.
  private OrdersAndBackups there;

  BackupInterruptionsContract(SimulatedCloudContract kit) {
    super(kit);
  }

  @Override
  final void start(AdminLogin admin) {
    there = new OrdersAndBackups(kit(), cloud(), admin, LIMIT);
  }

  @Override
  final void prepare(InterruptedBackupKind kind) {
    there.prepare(kind);
  }

  @Override
  final Operation<?> begin(CloudDb where, InterruptedBackupKind kind) {
    return kind.begin(where, there.subject(kind));
  }

  @Override
  final CloudDb at(CloudDb opened, InterruptedBackupKind kind) {
    return kind.isElsewhere() ? opened.in(kit().backupRegion()) : opened;
  }

  @Override
  final Class<? extends KilledProcess.Beginning> beginning() {
    return InterruptedBackupKind.Beginning.class;
  }

  @Override
  final Map<String, String> asked(InterruptedBackupKind kind) {
    return kind.asked(there.subject(kind));
  }

  @Override
  final void assertDone(InterruptedBackupKind kind) {
    there.assertDone(kind);
  }

  @Override
  final void assertNotDone(InterruptedBackupKind kind, Optional<String> leftBehind) {
    there.assertNotDone(kind, leftBehind);
  }

  @Override
  final void removeAll() {
    there.removeAll();
  }

  private Stream<InterruptedBackupKind> only(InterruptedBackupKind... some) {
    return there.kinds().filter(List.of(some)::contains);
  }

  /** The answer that is lost was to a request that had its effect, and to one without any. */
  @TestFactory
  Stream<DynamicTest> aLostAnswerLeavesOneOfEach() {
    return Stream.of(
            passing(
                only(
                    InterruptedBackupKind.TAKE,
                    InterruptedBackupKind.RESTORE,
                    InterruptedBackupKind.REPLICATE),
                Passing.RESET_AFTER),
            passing(only(InterruptedBackupKind.DELETE), Passing.RESET_BEFORE))
        .flatMap(tests -> tests);
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> whatPassesDoesNotEndAnOperationAndIsNotDoneTwice() {
    return Stream.of(Passing.values()).flatMap(fault -> passing(there.kinds(), fault));
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> expiredCredentialsEndItWithATokenFromWhichItGoesOn() {
    return expired(there.kinds());
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> anOperationThatFailsHalfWayLeavesNothingUnnamed() {
    return failed(there.kinds());
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> whatAKilledProcessBeganIsFoundInItsLogAndGoneOnWith() {
    return killedWithLog(there.kinds());
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> whatAKilledProcessBeganIsGoneOnWithByItsToken() {
    return killedWithToken(there.kinds());
  }
}
