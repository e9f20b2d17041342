/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.gcp.GcpProvider;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.CreateInstance;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.Step;
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
    try (CloudDb cloud = gcp.open()) {
      cloud.instances().create(spec()).await(LIMIT);
      InstanceSpec second = spec();
      gcp.simulator.faults().on("instances.insert").connectionResetBefore();

      assertThatThrownBy(() -> cloud.instances().create(second))
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

  /** Opens the driver itself, so that a test decides when it polls. */
  private CloudDriver driver() {
    CloudConfig config = gcp.config().build();
    return new GcpProvider()
        .open(
            new DriverContext(
                config,
                new RemoteCalls(
                    "gcp",
                    config.retryPolicy(),
                    config.observations(),
                    failure -> Optional.empty())));
  }

  @Test
  void everyStepIsTakenByAnotherProcess() throws Exception {
    PolledState state;
    try (CloudDriver first = driver()) {
      state =
          first
              .instances()
              .startCreate(new CreateInstance(spec(), "attempt-1", Customizations.NONE));
    }
    List<String> steps = new ArrayList<>(List.of(state.step()));
    Optional<Instance> made = Optional.empty();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (made.isEmpty() && System.nanoTime() < deadline) {
      // Each look is another process', and is made twice, as after a crash before it was noted.
      try (CloudDriver next = driver()) {
        Step once = next.instances().poll(state);
        Step step = once instanceof Step.Done ? once : next.instances().poll(state);
        if (step instanceof Step.Running running) {
          state = running.state();
          if (!steps.get(steps.size() - 1).equals(state.step())) {
            steps.add(state.step());
          }
        } else if (step instanceof Step.Done done) {
          made = Optional.ofNullable(done.instance());
        }
      }
    }
    Instance orders = made.orElseThrow();
    assertThat(steps).containsExactly("insert", "user", "database");
    assertThat(orders.database()).contains("shop");
    assertThat(state.secrets()).isEmpty();
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
        CloudDriver driver = driver()) {
      Instance first = cloud.instances().create(spec()).await(LIMIT);
      PolledState unsent =
          PolledState.of(PolledState.DELETE, first.id(), OperationSteps.DELETE)
              .with(OperationSteps.CREATED, "2020-01-01T00:00:00Z");
      InstanceDriver instances = driver.instances();

      assertThat(instances.poll(unsent)).isInstanceOf(Step.Done.class);
      assertThat(cloud.instances().find("orders")).isPresent();
    }
  }
}
