/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.operation.Operation;
import io.clouddb.replica.ReplicaField;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Interruptions, in every kind of operation of instances and replicas: throttling, errors of the
 * service, lost connections, expired credentials, operations that fail half-way, and a process that
 * is killed.
 *
 * <p>Under each of them an instance lives a whole life, from its creation to its deletion.
 */
abstract class InterruptionsContract extends InterruptionCases<InterruptedKind> {
  private static final Set<InterruptedKind> FIRST =
      EnumSet.of(InterruptedKind.CREATE, InterruptedKind.PROMOTE);

  @SuppressWarnings("NullAway.Init") // Written before each test.
  private InstanceSpec spec;

  @SuppressWarnings("NullAway.Init") // Made before each test.
  private OrdersAndReader there;

  InterruptionsContract(SimulatedCloudContract kit) {
    super(kit);
  }

  @Override
  final void start(AdminLogin admin) {
    spec = kit().source(InterruptedKind.ORDERS, admin).build();
    there = new OrdersAndReader(cloud(), spec, LIMIT);
  }

  @Override
  final void prepare(InterruptedKind kind) {
    there.prepare(kind);
  }

  @Override
  final Operation<?> begin(CloudDb where, InterruptedKind kind) {
    return kind.begin(where, spec);
  }

  @Override
  final Class<? extends KilledProcess.Beginning> beginning() {
    return InterruptedKind.Beginning.class;
  }

  @Override
  final Map<String, String> asked(InterruptedKind kind) {
    return kind.asked(spec);
  }

  @Override
  final void assertDone(InterruptedKind kind) {
    there.assertDone(kind);
  }

  @Override
  final void assertNotDone(InterruptedKind kind, Optional<String> leftBehind) {
    there.assertNotDone(kind, leftBehind);
  }

  @Override
  final void removeAll() {
    there.removeAll();
    assertThat(there.names()).isEmpty();
  }

  /** In the order of a life. */
  private Stream<InterruptedKind> kinds() {
    Support replicas =
        cloud().capabilities().supports(Feature.of(ReplicaField.STANDALONE), FeatureContext.any());
    return Stream.of(InterruptedKind.values())
        .filter(kind -> !kind.isOfReplicas() || replicas.answer() != Support.Answer.NO);
  }

  /** Its effect is there, and nobody was told: the one that is most easily done twice. */
  @TestFactory
  Stream<DynamicTest> whatIsLostOnTheWayBackDoesNotEndAnOperationAndIsNotDoneTwice() {
    return passing(kinds(), Passing.RESET_AFTER);
  }

  /** Known to have had no effect; unknown, and none is found; and only late. */
  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> norDoesWhatElsePasses() {
    return Stream.of(Passing.THROTTLED, Passing.RESET_BEFORE, Passing.UNAVAILABLE, Passing.SLOW)
        .flatMap(fault -> passing(kinds(), fault));
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> expiredCredentialsEndItWithATokenFromWhichItGoesOn() {
    return expired(kinds());
  }

  @TestFactory
  Stream<DynamicTest> anOperationThatFailsHalfWayLeavesNothingUnnamed() {
    return failed(kinds());
  }

  /** What makes an instance, and what cannot be taken back. */
  @TestFactory
  Stream<DynamicTest> whatAKilledProcessBeganIsFoundInItsLogAndGoneOnWith() {
    return killedWithLog(kinds().filter(FIRST::contains));
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> soIsWhateverElseAKilledProcessBegan() {
    return killedWithLog(kinds().filter(kind -> !FIRST.contains(kind)));
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> whatAKilledProcessBeganIsGoneOnWithByItsToken() {
    return killedWithToken(kinds());
  }
}
