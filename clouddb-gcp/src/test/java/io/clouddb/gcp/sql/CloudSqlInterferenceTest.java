/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.spi.ReplicaDriver.PROMOTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What others do to a pair while it is to change places. */
class CloudSqlInterferenceTest {
  private static final String ALONE = "\"instanceType\": \"CLOUD_SQL_INSTANCE\"";
  private static final String REPLICA =
      "\"instanceType\": \"READ_REPLICA_INSTANCE\", \"masterInstanceName\": \"p:orders\"";

  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
  private final SimulatedCloudSql gcp = SimulatedCloudSql.start();
  private final Stepwise steps = new Stepwise(gcp.config().clock(clock).build());

  @AfterEach
  void close() {
    steps.close();
    gcp.close();
  }

  /** Has every look at one of them answered by these members beside its name. */
  private void shown(String name, String members) {
    shown(name, "RUNNABLE", members);
  }

  private void shown(String name, String state, String members) {
    shown(name, 100, state, members);
  }

  private void shown(String name, int times, String state, String members) {
    gcp.simulator
        .faults()
        .on("instances.get")
        .named(name)
        .times(times)
        .intercepted(
            200,
            "application/json",
            """
            {"kind": "sql#instance", "name": "%s", "region": "%s", "state": "%s",
             "databaseVersion": "POSTGRES_16", %s,
             "settings": {"activationPolicy": "ALWAYS", "settingsVersion": "1"}}
            """
                .formatted(name, SimulatedCloudSql.REGION, state, members));
  }

  private StepRun<Promoted> at(String step, boolean asked) {
    return at(Promotion.switchingRoles(), step, asked);
  }

  private StepRun<Promoted> at(Promotion promotion, String step, boolean asked) {
    OperationState state =
        steps
            .state(PROMOTE, "orders-dr", promotion)
            .with(ReplicaWorkflows.SOURCE, "orders")
            .with(ReplicaWorkflows.DESIGNATE, "true");
    return steps.resume(
        PROMOTE, asked ? steps.asked(state, step, null) : state.at(step, "", clock.instant()));
  }

  @Test
  void somebodyPromotesTheReplicaAlone() {
    shown("orders", ALONE);
    shown("orders-dr", ALONE);
    StepRun<Promoted> run = at("promote", false);
    steps.goesOn(run);
    clock.advance(OwnOperation.UNSEEN_LIMIT.minusSeconds(1));
    steps.goesOn(run);
    clock.advance(OwnOperation.UNSEEN_LIMIT);
    assertThatThrownBy(() -> steps.poll(run))
        .isInstanceOfSatisfying(
            ConditionFailedException.class,
            e -> {
              assertThat(run.isOver(e)).isTrue();
              assertThat(e.details().leftBehind()).get().asString().contains("orders-dr", "orders");
            })
        .hasMessageContainingAll("orders-dr was promoted alone", "orders");
    assertThat(gcp.simulator.requests("instances.switchover")).isEmpty();
  }

  @Test
  void somebodyPromotesTheReplicaAloneAndDeletesItsPrimary() {
    shown("orders-dr", ALONE);
    StepRun<Promoted> run = at("promote", true);
    steps.goesOn(run);
    clock.advance(OwnOperation.UNSEEN_LIMIT);
    assertThatThrownBy(() -> steps.poll(run))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("orders, which is gone");
  }

  /** Rights can be of single instances, and what is promoted stays it whoever may look. */
  @Test
  void aPrimaryThatMayNotBeReadDoesNotFailAPromotionThatIsDone() {
    gcp.simulator
        .faults()
        .on("instances.get")
        .named("orders")
        .times(100)
        .refused(403, "notAuthorized", "The client is not authorized to make this request.");
    shown("orders-dr", ALONE);
    StepRun<Promoted> run = at("promote", true);
    steps.goesOn(run);
    clock.advance(OwnOperation.UNSEEN_LIMIT);
    steps.goesOn(run);
    clock.advance(FormerSourceStep.WAIT);
    assertThat(steps.toTheEnd(run).changes().toString())
        .contains("orders could not be looked at", "keep whoever writes away from it");
  }

  @Test
  void somebodyPromotesTheReplicaAloneWhileItIsForced() {
    shown("orders-dr", ALONE);
    Promoted promoted = steps.toTheEnd(at(Promotion.switchingRoles().byForce(), "promote", false));
    assertThat(promoted.changes().toString())
        .contains("by whose request is not known", "orders may come back", "take writes")
        .doesNotContain("Cloud SQL makes orders a replica");
  }

  @Test
  void aFormerSourceThatIsDeletedIsToldOf() {
    assertThat(withoutItsFormerSource(OwnOperation.UNSEEN_LIMIT)).contains("orders is gone");
  }

  @Test
  void aFormerSourceThatFailsIsToldOf() {
    shown("orders", "FAILED", ALONE);
    assertThat(withoutItsFormerSource(OwnOperation.UNSEEN_LIMIT)).contains("is FAILED");
  }

  @Test
  void aFormerSourceThatDoesNotAnswerIsToldOf() {
    gcp.simulator
        .faults()
        .on("instances.get")
        .named("orders")
        .times(100)
        .refused(503, "backendError", "A sentence.");
    assertThat(withoutItsFormerSource(FormerSourceStep.WAIT)).contains("could not be looked at");
    StepRun<Promoted> lost = at("promote", true);
    steps.goesOn(lost);
    clock.advance(OwnOperation.UNSEEN_LIMIT);
    steps.goesOn(lost);
    assertThat(lost.state().step()).isNotEqualTo("promote");
  }

  private String withoutItsFormerSource(Duration limit) {
    shown("orders-dr", ALONE);
    StepRun<Promoted> run = at("former source", false);
    steps.goesOn(run);
    clock.advance(limit.minusSeconds(1));
    steps.goesOn(run);
    clock.advance(Duration.ofSeconds(1));
    String changes = steps.toTheEnd(run).changes().toString();
    assertThat(changes).contains("Write to orders-dr", "keep whoever writes away from it");
    return changes;
  }

  private void over(String members) {
    gcp.simulator
        .faults()
        .on("operations.get")
        .times(100)
        .intercepted(
            200,
            "application/json",
            "{\"name\": \"op\", \"operationType\": \"SWITCHOVER\", \"status\": \"DONE\""
                + members
                + "}");
  }

  private StepRun<Promoted> sent() {
    OperationState state =
        steps
            .state(PROMOTE, "orders-dr", Promotion.switchingRoles())
            .with(ReplicaWorkflows.SOURCE, "orders");
    return steps.resume(PROMOTE, steps.asked(state, "promote", "op"));
  }

  @Test
  void anOperationThatFailsAfterThePromotionNamesTheWriter() {
    over(", \"error\": {\"errors\": [{\"code\": \"INTERNAL\", \"message\": \"Half.\"}]}");
    shown("orders-dr", ALONE);
    StepRun<Promoted> run = sent();
    assertThatThrownBy(() -> steps.poll(run))
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e ->
                assertThat(e.details().leftBehind())
                    .get()
                    .asString()
                    .contains("orders-dr, which takes writes"))
        .hasMessageContainingAll("Half.", "orders-dr follows nobody and takes writes");
  }

  /** Has the next look at the operations of the replica answered by these, the newest first. */
  private void listed(String... operations) {
    gcp.simulator
        .faults()
        .on("operations.list")
        .intercepted(
            200,
            "application/json",
            "{\"kind\": \"sql#operationsList\", \"items\": ["
                + String.join(",", operations)
                + "]}");
  }

  private static String operation(String name, String type, String more) {
    return "{\"name\": \"%s\", \"operationType\": \"%s\", \"status\": \"DONE\"%s}"
        .formatted(name, type, more);
  }

  private static String failed(String message) {
    return ", \"error\": {\"errors\": [{\"code\": \"INTERNAL_ERROR\", \"message\": \"%s\"}]}"
        .formatted(message);
  }

  static Stream<Arguments> lostRequests() {
    return Stream.of(
        Arguments.of(Promotion.switchingRoles(), "instances.switchover", "SWITCHOVER"),
        Arguments.of(
            Promotion.switchingRoles().byForce(), "instances.promoteReplica", "PROMOTE_REPLICA"),
        Arguments.of(Promotion.standalone(), "instances.promoteReplica", "PROMOTE_REPLICA"));
  }

  /** Nobody was answered the name of the operation, and the list of them has it. */
  @ParameterizedTest
  @MethodSource("lostRequests")
  void anOperationWhoseAnswerWasLostTellsItsFailure(
      Promotion promotion, String method, String type) {
    String earlier = operation("op-1", type, failed("Of long ago."));
    shown("orders-dr", REPLICA);
    listed(earlier);
    gcp.simulator.faults().on(method).connectionResetBefore();
    StepRun<Promoted> run = at(promotion, "promote", false);
    steps.goesOn(run);
    // It takes a moment to show: what was there before is no answer.
    listed(earlier);
    steps.goesOn(run);
    listed(operation("op-2", type, failed("It lags too far.")), earlier);
    assertThatThrownBy(() -> steps.poll(run))
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e -> assertThat(e.details().requestId()).as("for the support").contains("op-2"))
        .hasMessageContaining("It lags too far.");
    assertThat(gcp.simulator.requests(method)).hasSize(1);
  }

  @Test
  void anOperationWhoseAnswerWasLostIsWaitedForByItsName() {
    shown("orders-dr", REPLICA);
    listed();
    gcp.simulator.faults().on("instances.switchover").connectionResetBefore();
    StepRun<Promoted> run = at("promote", false);
    steps.goesOn(run);
    clock.advance(OwnOperation.UNSEEN_LIMIT);
    listed(operation("op-1", "SWITCHOVER", "").replace("DONE", "RUNNING"));
    assertThat(steps.poll(run))
        .isInstanceOfSatisfying(
            StepRun.Outcome.Running.class,
            running -> assertThat(running.message()).isEqualTo("SWITCHOVER is RUNNING"));
    assertThat(gcp.simulator.requests("instances.switchover")).hasSize(1);
  }

  /** The list tells neither who began an operation nor in which form: both have the same type. */
  @Test
  void aPromotionWhoseAnswerWasLostIsNotKnownFromSomebodyElses() {
    shown("orders-dr", REPLICA);
    listed();
    gcp.simulator.faults().on("instances.promoteReplica").connectionResetBefore();
    StepRun<Promoted> run = at(Promotion.switchingRoles().byForce(), "promote", false);
    steps.goesOn(run);
    gcp.simulator.faults().clear();
    shown("orders-dr", ALONE);
    listed(operation("op-1", "PROMOTE_REPLICA", ""));
    assertThat(steps.toTheEnd(run).changes().toString())
        .contains("by whose request is not known", "orders may come back", "take writes")
        .doesNotContain("Cloud SQL makes orders a replica");
  }

  /** Somebody's was over before the request was accepted, whose operation takes time to show. */
  @Test
  void anOperationWhoseNameIsKnownIsNotTakenForAnother() {
    shown("orders-dr", REPLICA);
    gcp.simulator
        .faults()
        .on("instances.switchover")
        .intercepted(
            200,
            "application/json",
            "{\"name\": \"op-2\", \"operationType\": \"SWITCHOVER\", \"status\": \"PENDING\"}");
    listed();
    StepRun<Promoted> run = at("promote", false);
    steps.goesOn(run);
    assertThat(run.state().handle()).contains("op-2");
    String somebodys = operation("op-1", "SWITCHOVER", failed("Of somebody else's."));
    listed(somebodys);
    steps.goesOn(run);
    listed(operation("op-2", "SWITCHOVER", failed("It lags too far.")), somebodys);
    assertThatThrownBy(() -> steps.poll(run)).hasMessageContaining("It lags too far.");
    assertThat(gcp.simulator.requests("instances.switchover")).hasSize(1);
  }

  @Test
  void somebodyHasThemChangePlacesWhileItIsPromotedAlone() {
    shown(
        "orders",
        "\"instanceType\": \"READ_REPLICA_INSTANCE\","
            + " \"masterInstanceName\": \"shop-project:orders-dr\"");
    shown("orders-dr", ALONE);
    Promoted promoted = steps.toTheEnd(at(Promotion.standalone(), "promote", false));
    assertThat(promoted.changes().toString())
        .contains("by whose request is not known", "orders may follow orders-dr")
        .doesNotContain("orders goes on as it was", "still follow it");
  }

  @Test
  void aPairThatIsSwitchedBackIsNotWaitedForForEver() {
    over("");
    shown("orders-dr", REPLICA);
    StepRun<Promoted> run = sent();
    steps.goesOn(run);
    clock.advance(OwnOperation.UNSEEN_LIMIT);
    assertThatThrownBy(() -> steps.poll(run))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("orders-dr is a replica");
  }

  @Test
  void somebodyHasThemChangePlaces() {
    shown(
        "orders",
        "\"instanceType\": \"READ_REPLICA_INSTANCE\","
            + " \"masterInstanceName\": \"shop-project:orders-dr\"");
    shown("orders-dr", ALONE);
    assertThat(steps.toTheEnd(at("promote", false)).formerSource()).isEmpty();
    assertThat(gcp.simulator.requests("instances.switchover")).isEmpty();
  }

  static Stream<Arguments> whoseNameMoves() {
    return Stream.of(
        Arguments.of(Promotion.switchingRoles(), true),
        Arguments.of(Promotion.switchingRoles().byForce(), true),
        Arguments.of(Promotion.standalone(), false),
        Arguments.of(Promotion.forced(), false));
  }

  /** The name that leads to the writer of a pair stays with the primary of one that left it. */
  @ParameterizedTest
  @MethodSource("whoseNameMoves")
  void onlyWhoWritesToAPairChangesNothing(Promotion promotion, boolean moves) {
    shown(
        "orders",
        "\"instanceType\": \"READ_REPLICA_INSTANCE\","
            + " \"masterInstanceName\": \"shop-project:orders-dr\"");
    shown(
        "orders-dr",
        ALONE + ", \"replicationCluster\": {\"psaWriteEndpoint\": \"writer.example.internal\"}");
    String changes = steps.toTheEnd(at(promotion, "promote", false)).changes().toString();
    assertThat(changes.contains("Who writes to writer.example.internal changes nothing"))
        .isEqualTo(moves);
  }

  @Test
  void somebodyDesignatesAnotherReplica() {
    shown(
        "orders",
        "\"instanceType\": \"CLOUD_SQL_INSTANCE\","
            + " \"replicaNames\": [\"orders-dr\", \"other\"],"
            + " \"replicationCluster\": {\"failoverDrReplicaName\": \"shop-project:other\"}");
    for (boolean asked : new boolean[] {false, true}) {
      StepRun<Promoted> run = at("designate", asked);
      assertThatThrownBy(() -> steps.poll(run))
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("orders has designated another disaster recovery replica, other");
    }
    assertThat(gcp.simulator.requests("instances.patch")).isEmpty();
  }

  /**
   * Between the look and the request: who was told that both take writes would delete a follower.
   */
  @Test
  void somebodyHasThemChangePlacesBeforeTheDesignation() {
    shown(
        "orders",
        1,
        "RUNNABLE",
        "\"instanceType\": \"CLOUD_SQL_INSTANCE\", \"replicaNames\": [\"orders-dr\"]");
    shown(
        "orders",
        "\"instanceType\": \"READ_REPLICA_INSTANCE\","
            + " \"masterInstanceName\": \"shop-project:orders-dr\"");
    shown("orders-dr", ALONE);
    gcp.simulator.faults().on("instances.patch").refused(400, "invalid", "No primary.");
    assertThat(steps.toTheEnd(at("designate", false)).changes().toString())
        .contains("orders follows orders-dr now");
    assertThat(gcp.simulator.requests("instances.switchover")).isEmpty();
  }

  @Test
  void aReplicaThatIsDeletedBeforeItsDesignationTakesNoWrites() {
    shown("orders", "\"instanceType\": \"CLOUD_SQL_INSTANCE\"");
    gcp.simulator.faults().on("instances.patch").refused(400, "invalid", "No such replica.");
    StepRun<Promoted> run = at("designate", false);
    assertThatThrownBy(() -> steps.poll(run))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("No such replica.")
        .hasMessageNotContaining("take writes");
  }

  @Test
  void somebodyPromotesTheReplicaAloneBeforeItsDesignation() {
    shown("orders", "\"instanceType\": \"CLOUD_SQL_INSTANCE\"");
    shown("orders-dr", ALONE);
    gcp.simulator.faults().on("instances.patch").refused(400, "invalid", "No such replica.");
    StepRun<Promoted> run = at("designate", false);
    assertThatThrownBy(() -> steps.poll(run))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContainingAll("orders-dr was promoted alone", "both take writes");
  }

  @Test
  void aDoubtThatIsThePrimarysNamesIt() {
    shown("orders", "\"instanceType\": \"CLOUD_SQL_INSTANCE\", \"replicaNames\": [\"orders-dr\"]");
    gcp.simulator.faults().on("instances.patch").refused(409, "invalidState", "A sentence.");
    assertThat(steps.poll(at("designate", false)))
        .isInstanceOfSatisfying(
            StepRun.Outcome.Running.class,
            running ->
                assertThat(running.message())
                    .contains("'designate' of orders-dr", "orders is RUNNABLE", "A sentence."));
    assertThat(gcp.simulator.requests("instances.patch"))
        .singleElement()
        .satisfies(request -> assertThat(request.body()).contains("settingsVersion"));
  }
}
