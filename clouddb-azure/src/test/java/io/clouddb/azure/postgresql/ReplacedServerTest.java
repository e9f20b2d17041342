/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceState;
import io.clouddb.operation.OperationKind;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A token may be resumed long after it was written, when another server has the name: every kind of
 * operation that a server was in the middle of when it was replaced.
 */
class ReplacedServerTest {
  private static final Map<String, Old<?>> OLD = new LinkedHashMap<>();
  private static AzureOnThisMachine azure;
  private static CloudDb cloud;

  private record Old<T>(OperationKind<T> kind, OperationState state) {
    T finish() {
      OneRun runs = azure.runs();
      return runs.finish(runs.resume(kind, state));
    }
  }

  private static <T> void keep(String name, OperationKind<T> kind, StepRun<T> run) {
    OLD.put(name, new Old<>(kind, run.state()));
  }

  @BeforeAll
  static void replace() {
    azure = new AzureOnThisMachine(100, 40, Duration.ZERO, 2400);
    cloud = azure.open();
    OneRun runs = azure.runs();
    StepRun<Instance> creation =
        runs.begin(
            InstanceDriver.CREATE, "orders", "attempt-1", spec("orders").database("shop").build());
    send(creation);
    keep("creation, begun", InstanceDriver.CREATE, creation);
    while (creation.state().step().equals("server")) {
      assertThat(runs.poll(creation)).isInstanceOf(StepRun.Outcome.Running.class);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    keep("creation, server made", InstanceDriver.CREATE, creation);
    ResourceId id = runs.finish(creation).id();
    keep(
        "change of a parameter",
        InstanceDriver.MODIFY,
        runs.begin(
            InstanceDriver.MODIFY,
            "orders",
            InstanceChange.builder().parameter("work_mem", "8192").build()));
    busy("Servers_Update");
    StepRun<Instance> change =
        runs.begin(InstanceDriver.MODIFY, "orders", InstanceChange.builder().tag("a", "b").build());
    send(change);
    keep("change, to be repeated", InstanceDriver.MODIFY, due(change));
    busy("Servers_Stop");
    StepRun<Instance> stop = runs.begin(InstanceDriver.STOP, "orders", null);
    send(stop);
    keep("stop, to be repeated", InstanceDriver.STOP, due(stop));
    cloud.instances().stop(id).await(LIMIT);
    busy("Servers_Start");
    StepRun<Instance> start = runs.begin(InstanceDriver.START, "orders", null);
    send(start);
    keep("start, to be repeated", InstanceDriver.START, due(start));
    busy("Servers_Delete");
    StepRun<ResourceId> deletion = runs.begin(InstanceDriver.DELETE, "orders", null);
    send(deletion);
    keep("deletion, begun", InstanceDriver.DELETE, deletion);
    keep("deletion, to be repeated", InstanceDriver.DELETE, due(deletion));
    cloud.instances().delete(id).await(LIMIT);
    cloud.instances().create(spec("orders").tag("with", "new-data").build()).await(LIMIT);
  }

  private static void busy(String operation) {
    azure.azure.faults().on(operation).operationFails("ServerIsBusy", "Server 'orders' is busy.");
  }

  private static void send(StepRun<?> run) {
    assertThat(azure.runs().poll(run)).isInstanceOf(StepRun.Outcome.Running.class);
    assertThat(run.state().asked()).isPresent();
  }

  private static <T> StepRun<T> due(StepRun<T> run) {
    assertThat(azure.runs().poll(run)).isInstanceOf(StepRun.Outcome.Running.class);
    assertThat(run.state().asked()).isEmpty();
    assertThat(run.state().tries()).isEqualTo(1);
    return run;
  }

  @AfterAll
  static void stop() {
    try {
      cloud.close();
      assertThat(azure.azure.bugs()).isEmpty();
      assertThat(azure.azure.notSimulated()).isEmpty();
    } finally {
      azure.close();
    }
  }

  @BeforeEach
  void forget() {
    azure.azure.clearRequests();
  }

  private static Old<?> old(String name) {
    return Objects.requireNonNull(OLD.get(name), name);
  }

  private static void nothingWasDone() {
    assertThat(azure.changes()).isEmpty();
    assertThat(cloud.instances().get("orders").tags()).containsEntry("with", "new-data");
    assertThat(cloud.instances().get("orders").state()).isEqualTo(InstanceState.AVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"deletion, begun", "deletion, to be repeated"})
  void aDeletionIsDoneAndLeavesTheNewServerAlone(String name) {
    assertThat(old(name).finish()).isEqualTo(azure.runs().id("orders"));
    nothingWasDone();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "creation, begun | ALREADY_EXISTS",
        "creation, server made | CONDITION_FAILED",
        "change of a parameter | CONDITION_FAILED",
        "change, to be repeated | CONDITION_FAILED",
        "stop, to be repeated | CONDITION_FAILED",
        "start, to be repeated | CONDITION_FAILED",
      })
  void everythingElseEndsAndLeavesTheNewServerAlone(String name, ErrorCategory category) {
    CloudDbException e = catchThrowableOfType(CloudDbException.class, () -> old(name).finish());
    assertThat(e).hasMessageContaining("belongs to another server");
    assertThat(e.category()).isEqualTo(category);
    assertThat(e.retryable()).isFalse();
    nothingWasDone();
  }
}
