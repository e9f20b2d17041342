/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.finish;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.CreateInstance;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
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
  private static final Map<String, PolledState> OLD = new LinkedHashMap<>();
  private static AzureOnThisMachine azure;
  private static CloudDb cloud;

  @BeforeAll
  static void replace() {
    azure = new AzureOnThisMachine(100, 40, Duration.ZERO, 6000);
    cloud = azure.open();
    InstanceDriver driver = azure.driver();
    PolledState creation =
        driver.startCreate(
            new CreateInstance(
                spec("orders").database("shop").build(), "attempt-1", Customizations.NONE));
    OLD.put("creation, begun", creation);
    while (creation.step().equals("server")) {
      creation = ((Step.Running) driver.poll(creation)).state();
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    OLD.put("creation, server made", creation);
    finish(driver, creation);
    ResourceId id = cloud.instances().get("orders").id();
    OLD.put(
        "change of a parameter",
        driver.startModify(
            id,
            InstanceChange.builder().parameter("work_mem", "8192").build(),
            Customizations.NONE));
    azure
        .azure
        .faults()
        .on("Servers_Update")
        .operationFails("ServerIsBusy", "Server 'orders' is busy.");
    OLD.put(
        "change, to be repeated",
        due(
            driver.startModify(
                id, InstanceChange.builder().tag("a", "b").build(), Customizations.NONE)));
    azure
        .azure
        .faults()
        .on("Servers_Stop")
        .operationFails("ServerIsBusy", "Server 'orders' is busy.");
    OLD.put("stop, to be repeated", due(driver.startStop(id)));
    cloud.instances().stop(id).await(LIMIT);
    azure
        .azure
        .faults()
        .on("Servers_Start")
        .operationFails("ServerIsBusy", "Server 'orders' is busy.");
    OLD.put("start, to be repeated", due(driver.startStart(id)));
    azure
        .azure
        .faults()
        .on("Servers_Delete")
        .operationFails("ServerIsBusy", "Server 'orders' is busy.");
    PolledState deletion = driver.startDelete(id);
    OLD.put("deletion, begun", deletion);
    OLD.put("deletion, to be repeated", due(deletion));
    cloud.instances().delete(id).await(LIMIT);
    cloud.instances().create(spec("orders").tag("with", "new-data").build()).await(LIMIT);
  }

  private static PolledState due(PolledState begun) {
    PolledState next = ((Step.Running) azure.driver().poll(begun)).state();
    assertThat(Attempts.of(next).due()).isTrue();
    return next;
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

  private static PolledState old(String name) {
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
    assertThat(finish(azure.driver(), old(name))).isEmpty();
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
    CloudDbException e =
        catchThrowableOfType(CloudDbException.class, () -> finish(azure.driver(), old(name)));
    assertThat(e).hasMessageContaining("belongs to another server");
    assertThat(e.category()).isEqualTo(category);
    assertThat(e.retryable()).isFalse();
    nothingWasDone();
  }
}
