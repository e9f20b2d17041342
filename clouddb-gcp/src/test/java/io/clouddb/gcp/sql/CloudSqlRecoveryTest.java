/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static io.clouddb.spi.InstanceDriver.CREATE;
import static io.clouddb.spi.InstanceDriver.DELETE;
import static io.clouddb.spi.InstanceDriver.MODIFY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is lost on the way, and what another process goes on with. */
class CloudSqlRecoveryTest {
  private final SimulatedCloudSql gcp = SimulatedCloudSql.start();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    assertThat(gcp.simulator.notSimulated()).isEmpty();
    assertThat(gcp.simulator.bugs()).isEmpty();
    gcp.close();
  }

  private InstanceSpec spec() throws IOException {
    return SimulatedCloudSql.spec("orders", folder).database("shop").build();
  }

  @Test
  void aCreationWhoseAnswerWasLostIsAdopted() throws Exception {
    gcp.simulator.faults().on("instances.insert").connectionResetAfter();
    try (CloudDb cloud = gcp.open()) {
      Instance orders = cloud.instances().create(spec()).await(LIMIT);

      assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
      try (Connection connection = orders.connection().connect()) {
        assertThat(connection.isValid(5)).isTrue();
      }
    }
    assertThat(gcp.simulator.faults().pending()).isZero();
    assertThat(gcp.simulator.servers().list(SimulatedCloudSql.PROJECT)).hasSize(1);
  }

  @Test
  void aCreationThatNeverArrivedIsSentAgain() throws Exception {
    gcp.simulator.faults().on("instances.insert").connectionResetBefore();
    try (CloudDb cloud = gcp.open()) {
      assertThat(cloud.instances().create(spec()).await(LIMIT).state())
          .isEqualTo(InstanceState.AVAILABLE);
    }
  }

  @Test
  void anotherOnesInstanceIsNotAdopted() throws Exception {
    try (CloudDb cloud = gcp.open();
        Stepwise steps = new Stepwise(gcp.config().build())) {
      StepRun<Instance> second = steps.begin(CREATE, "orders", spec());
      // Somebody is faster.
      cloud.instances().create(spec()).await(LIMIT);
      gcp.simulator.faults().on("instances.insert").connectionResetBefore();

      assertThatThrownBy(() -> steps.toTheEnd(second))
          .isInstanceOfSatisfying(
              AlreadyExistsException.class,
              e -> {
                assertThat(e.details().outcomeKnown()).isTrue();
                assertThat(e.details().leftBehind()).isEmpty();
              });
      gcp.simulator.faults().clear();
      InstanceSpec third = spec();
      assertThatThrownBy(() -> cloud.instances().create(third))
          .as("at once, before anything is sent")
          .isInstanceOf(AlreadyExistsException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"users.insert", "databases.insert"})
  void aLaterStepWhoseAnswerWasLostIsFoundOut(String method) throws Exception {
    gcp.simulator.faults().on(method).connectionResetAfter();
    try (CloudDb cloud = gcp.open()) {
      Instance orders = cloud.instances().create(spec()).await(LIMIT);
      try (Connection connection = orders.connection().connect()) {
        assertThat(connection.getCatalog()).isEqualTo("shop");
        assertThat(connection.getMetaData().getUserName()).isEqualTo("app_admin");
      }
    }
    assertThat(gcp.simulator.faults().pending()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"instances.patch", "users.update"})
  void aChangeWhoseAnswerWasLostIsMade(String method) throws Exception {
    try (CloudDb cloud = gcp.open()) {
      Instance orders = cloud.instances().create(spec()).await(LIMIT);
      gcp.simulator.faults().on(method).connectionResetAfter();

      Instance changed =
          cloud
              .instances()
              .modify(
                  orders.id(),
                  InstanceChange.builder()
                      .tag("a", "b")
                      .parameter("max_connections", "77")
                      .adminPassword(SecretRef.literal("another"))
                      .build())
              .await(LIMIT);

      assertThat(changed.tags()).containsEntry("a", "b");
    }
    assertThat(gcp.simulator.faults().pending()).isZero();
  }

  @Test
  void aDeletionWhoseAnswerWasLostIsMade() throws Exception {
    try (CloudDb cloud = gcp.open()) {
      Instance orders = cloud.instances().create(spec()).await(LIMIT);
      gcp.simulator.faults().on("instances.delete").connectionResetAfter();

      cloud.instances().delete(orders.id()).await(LIMIT);

      assertThat(cloud.instances().find("orders")).isEmpty();
    }
  }

  @Test
  void aStoppedInstanceIsStartedByEnsure() throws Exception {
    try (CloudDb cloud = gcp.open()) {
      Instance orders = cloud.instances().create(spec()).await(LIMIT);
      cloud.instances().stop(orders.id()).await(LIMIT);
      // Stopping what is stopped changes nothing.
      cloud.instances().stop(orders.id()).await(LIMIT);

      assertThat(cloud.instances().ensure(spec()).await(LIMIT).state())
          .isEqualTo(InstanceState.AVAILABLE);
    }
  }

  @Test
  void everyStepIsTakenByAnotherProcess() throws Exception {
    OperationState state;
    try (Stepwise first = new Stepwise(gcp.config().build())) {
      state = first.begin(CREATE, "orders", spec()).state();
    }
    List<String> steps = new ArrayList<>();
    Optional<Instance> made = Optional.empty();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (made.isEmpty() && System.nanoTime() < deadline) {
      // Each look is another process', and is made twice, as after a crash before it was noted.
      try (Stepwise next = new Stepwise(gcp.config().build())) {
        for (int time = 0; time < 2 && made.isEmpty(); time++) {
          StepRun<Instance> run = next.resume(CREATE, state);
          if (next.poll(run) instanceof StepRun.Outcome.Done<Instance> done) {
            made = Optional.of(done.value());
          }
          steps.add(run.state().step());
          if (time > 0) {
            state = run.state();
          }
        }
      }
    }
    Instance orders = made.orElseThrow();
    assertThat(steps).containsSubsequence("insert", "user", "database");
    assertThat(orders.database()).contains("shop");
    assertThat(gcp.simulator.servers().list(SimulatedCloudSql.PROJECT)).hasSize(1);
    try (Connection connection = orders.connection(spec().admin()).connect()) {
      assertThat(connection.getMetaData().getUserName()).isEqualTo("app_admin");
    }
  }

  @Test
  void aTokenIsResumedByAnotherCloudDb() throws Exception {
    String creation;
    String change;
    String deletion;
    try (CloudDb cloud = gcp.open()) {
      creation = cloud.instances().create(spec()).token();
    }
    assertThat(creation).startsWith("clouddb-op-");
    ResourceId id;
    try (CloudDb cloud = gcp.open()) {
      Instance orders = cloud.operations().resume(creation, Instance.class).await(LIMIT);
      id = orders.id();
      assertThat(orders.database()).contains("shop");
      change = cloud.instances().modify(id, InstanceChange.builder().tag("a", "b").build()).token();
    }
    try (CloudDb cloud = gcp.open()) {
      assertThat(cloud.operations().resume(change, Instance.class).await(LIMIT).tags())
          .containsEntry("a", "b");
      deletion = cloud.instances().delete(id).token();
    }
    try (CloudDb cloud = gcp.open()) {
      Operation<ResourceId> gone = cloud.operations().resume(deletion, ResourceId.class);
      assertThat(gone.await(LIMIT)).isEqualTo(id);
      assertThat(cloud.instances().find("orders")).isEmpty();
    }
  }

  @Test
  void anOldTokenOfADeletionLeavesANewInstanceAlone() throws Exception {
    try (CloudDb cloud = gcp.open();
        Stepwise steps = new Stepwise(gcp.config().build())) {
      cloud.instances().create(spec()).await(LIMIT);
      StepRun<ResourceId> unsent =
          steps.resume(
              DELETE,
              steps
                  .state(DELETE, "orders", null)
                  .with(TheInstance.CREATED, "2020-01-01T00:00:00Z"));

      assertThat(steps.poll(unsent)).isInstanceOf(StepRun.Outcome.Done.class);
      assertThat(cloud.instances().find("orders")).isPresent();
    }
  }

  @Test
  void anOldTokenOfAChangeLeavesANewInstanceAlone() throws Exception {
    try (CloudDb cloud = gcp.open();
        Stepwise steps = new Stepwise(gcp.config().build())) {
      cloud.instances().create(spec()).await(LIMIT);
      OperationState old =
          steps
              .begin(MODIFY, "orders", InstanceChange.builder().tag("a", "b").build())
              .state()
              .with(TheInstance.CREATED, "2020-01-01T00:00:00Z");

      assertThatThrownBy(() -> steps.poll(steps.resume(MODIFY, old)))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("orders", "was deleted");
      assertThat(gcp.simulator.requests("instances.patch")).isEmpty();
    }
  }
}
