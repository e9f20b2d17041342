/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.PASSWORD;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.azure.AzureProvider;
import io.clouddb.azure.internal.ArmErrors;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.OutcomeUnknownException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceState;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.operation.Operation;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.CreateInstance;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.Step;
import io.micrometer.observation.ObservationRegistry;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lost answers, failed operations, and other processes that go on. */
class InterruptionsTest {
  private final AzureOnThisMachine azure = new AzureOnThisMachine();

  @AfterEach
  void close() {
    try {
      assertThat(azure.azure.bugs()).isEmpty();
      assertThat(azure.azure.notSimulated()).isEmpty();
    } finally {
      azure.close();
    }
  }

  private InstanceDriver driver() {
    CloudConfig config = azure.config().build();
    RemoteCalls calls =
        new RemoteCalls(
            AzureProvider.ID, config.retryPolicy(), ObservationRegistry.NOOP, new ArmErrors());
    CloudDriver cloud = new AzureProvider().open(new DriverContext(config, calls));
    return cloud.instances();
  }

  @Test
  void adoptsACreationWhoseAnswerWasLost() {
    azure.azure.faults().on("Servers_Create").connectionResetAfter();
    try (CloudDb cloud = azure.open()) {
      Instance orders =
          cloud.instances().create(spec("orders").database("shop").build()).await(LIMIT);
      assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
      assertThat(azure.azure.requests("Servers_Create")).hasSize(1);
      assertThat(azure.azure.requests("Databases_Create")).hasSize(1);
    }
  }

  @Test
  void createsAgainWhatNeverArrived() {
    azure.azure.faults().on("Servers_Create").connectionResetBefore();
    try (CloudDb cloud = azure.open()) {
      Instance orders = cloud.instances().create(spec("orders").build()).await(LIMIT);
      assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
      assertThat(azure.azure.requests("Servers_Create")).hasSize(2);
    }
  }

  @Test
  void adoptsItsOwnAttemptOfAnotherProcessAndNoOther() {
    CreateInstance request =
        new CreateInstance(spec("orders").build(), "attempt-1", Customizations.NONE);
    PolledState first = driver().startCreate(request);
    PolledState again = driver().startCreate(request);
    assertThat(again.handle()).isNull();
    assertThat(again.resource()).isEqualTo(first.resource());
    assertThat(azure.azure.requests("Servers_Create")).hasSize(1);
    CreateInstance other =
        new CreateInstance(spec("orders").build(), "attempt-2", Customizations.NONE);
    assertThat(
            catchThrowableOfType(AlreadyExistsException.class, () -> driver().startCreate(other)))
        .hasMessageContaining("orders");
    assertThat(finish(again).name()).isEqualTo("orders");
  }

  @Test
  void repeatsWhatIsHarmlessAfterALostAnswer() {
    azure.azure.faults().on("Databases_Create").connectionResetAfter();
    azure.azure.faults().on("Configurations_Put").connectionResetBefore();
    azure.azure.faults().on("AzureAsyncOperation_Get").connectionResetAfter();
    azure.azure.faults().on("Servers_Get").throttled();
    try (CloudDb cloud = azure.open()) {
      Instance orders =
          cloud
              .instances()
              .create(spec("orders").database("shop").parameter("work_mem", "8192").build())
              .await(LIMIT);
      assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
      assertThat(azure.azure.faults().pending()).isZero();
    }
  }

  private Instance finish(PolledState state) {
    PolledState now = state;
    while (true) {
      Step step = driver().poll(now);
      if (step instanceof Step.Done done) {
        return Optional.ofNullable(done.instance()).orElseThrow();
      }
      now = ((Step.Running) step).state();
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  /**
   * Every poll by a new driver; each state is polled twice, as after a crash before its storing.
   */
  @Test
  void anotherProcessGoesOnFromEachStep() {
    PolledState state =
        driver()
            .startCreate(
                new CreateInstance(
                    spec("orders")
                        .database("shop")
                        .network(Network.publicAccess("10.0.0.0/8", "192.0.2.1/32"))
                        .logicalReplication(true)
                        .maintenance(
                            MaintenanceWindow.weekly(DayOfWeek.MONDAY, LocalTime.of(1, 15)))
                        .build(),
                    "attempt-1",
                    Customizations.NONE));
    Set<String> steps = new LinkedHashSet<>();
    Step step;
    do {
      assertThat(state.secrets()).isEmpty();
      assertThat(state.toString()).doesNotContain(PASSWORD.resolve());
      steps.add(state.step());
      try {
        step = driver().poll(state);
      } catch (CloudDbException busy) {
        // Two requests for the same change at once: Azure is busy with the first.
        assertThat(busy.retryable()).isTrue();
        step = new Step.Running(state, null, "busy");
      }
      if (step instanceof Step.Running running) {
        boolean moved = !running.state().step().equals(state.step());
        PolledState before = state;
        state = running.state();
        if (moved) {
          driverPolledTwice(before);
        }
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    } while (step instanceof Step.Running);
    assertThat(steps)
        .containsExactly(
            "server",
            "database",
            "firewall.10.0.0.0/8",
            "firewall.192.0.2.1/32",
            "maintenance",
            "parameter.wal_level",
            "restart");
    Instance orders = Optional.ofNullable(((Step.Done) step).instance()).orElseThrow();
    assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(orders.database()).contains("shop");
  }

  private void driverPolledTwice(PolledState before) {
    try {
      assertThat(driver().poll(before)).isNotNull();
    } catch (CloudDbException busy) {
      assertThat(busy.category()).isEqualTo(ErrorCategory.BUSY);
    }
  }

  @Test
  void goesOnByTokenInANewCloud() {
    String token;
    try (CloudDb first = azure.open()) {
      Operation<Instance> operation =
          first.instances().create(spec("orders").logicalReplication(true).build());
      token = operation.token();
    }
    try (CloudDb second = azure.open()) {
      Instance orders = second.operations().resume(token, Instance.class).await(LIMIT);
      assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
      String deletion = second.instances().delete(orders.id()).token();
      try (CloudDb third = azure.open()) {
        assertThat(third.operations().resume(deletion, ResourceId.class).await(LIMIT))
            .isEqualTo(orders.id());
        assertThat(third.instances().find("orders")).isEmpty();
      }
    }
  }

  @Test
  void looksAtTheServerWhenAzureHasForgottenTheOperation() {
    PolledState state =
        driver()
            .startCreate(
                new CreateInstance(
                    spec("orders").database("shop").logicalReplication(true).build(),
                    "attempt-1",
                    Customizations.NONE));
    Step step = new Step.Running(state, null, "");
    Set<String> forgotten = new LinkedHashSet<>();
    while (step instanceof Step.Running running) {
      if (forgotten.add(running.state().step())) {
        azure.azure.forgetOperations();
      }
      try {
        step = driver().poll(running.state());
      } catch (CloudDbException busy) {
        assertThat(busy.category()).isEqualTo(ErrorCategory.BUSY);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    assertThat(forgotten).contains("server", "database", "parameter.wal_level", "restart");
    assertThat(Optional.ofNullable(((Step.Done) step).instance()).orElseThrow().state())
        .isEqualTo(InstanceState.AVAILABLE);
  }

  @Test
  void refusesATokenThatNamesAnotherPlace() {
    PolledState forged =
        PolledState.of(
                PolledState.MODIFY,
                ResourceId.of(
                    "azure",
                    AzureOnThisMachine.SUBSCRIPTION + "/" + AzureOnThisMachine.GROUP,
                    AzureOnThisMachine.LOCATION,
                    "instance",
                    "orders"),
                "server")
            .at("server", "@evil.example.com/steal");
    assertThat(catchThrowableOfType(InvalidArgumentException.class, () -> driver().poll(forged)))
        .hasMessageContaining("nothing of Azure Resource Manager");
  }

  @Test
  void tellsWhyAnOperationFailed() {
    azure
        .azure
        .faults()
        .on("Servers_Create")
        .operationFails("ServerQuotaExceeded", "The region is full.");
    try (CloudDb cloud = azure.open()) {
      Operation<Instance> operation = cloud.instances().create(spec("orders").build());
      CloudDbException e =
          catchThrowableOfType(CloudDbException.class, () -> operation.await(LIMIT));
      assertThat(e.category()).isEqualTo(ErrorCategory.QUOTA);
      assertThat(e.retryable()).isFalse();
      assertThat(e).hasMessageContaining("The region is full.");
      assertThat(e.details().providerCode()).contains("ServerQuotaExceeded");
      assertThat(e.details().requestId()).isPresent();
      assertThat(e.details().leftBehind().orElseThrow()).contains("perhaps the server orders");
    }
  }

  @Test
  void namesWhatALaterStepLeftBehind() {
    azure
        .azure
        .faults()
        .on("FirewallRules_CreateOrUpdate")
        .operationFails("InvalidParameterValue", "It broke.");
    try (CloudDb cloud = azure.open()) {
      CloudDbException e =
          catchThrowableOfType(
              CloudDbException.class,
              () -> cloud.instances().create(spec("orders").build()).await(LIMIT));
      assertThat(e).hasMessageContaining("It broke.");
      assertThat(e.details().leftBehind().orElseThrow())
          .isEqualTo("the server orders, without [firewall.127.0.0.0/8]");
      azure.azure.faults().on("Servers_Update").operationFails("SkuNotAvailable", "Not here.");
      ResourceId id = shown(cloud, "orders").id();
      CloudDbException change =
          catchThrowableOfType(
              CloudDbException.class,
              () ->
                  cloud
                      .instances()
                      .modify(id, InstanceChange.builder().tag("a", "b").build())
                      .await(LIMIT));
      assertThat(change.category()).isEqualTo(ErrorCategory.UNSUPPORTED_FEATURE);
      assertThat(change.details().leftBehind()).isEmpty();
    }
  }

  /** Azure shows a new server after a while only, also one that failed. */
  private static Instance shown(CloudDb cloud, String name) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      Optional<Instance> found = cloud.instances().find(name);
      if (found.isPresent()) {
        return found.get();
      }
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Test
  void aDatabaseThatDoesNotStartFailsTheCreation() {
    azure.azure.faults().failStarts(1);
    try (CloudDb cloud = azure.open()) {
      CloudDbException e =
          catchThrowableOfType(
              CloudDbException.class,
              () -> cloud.instances().create(spec("orders").build()).await(LIMIT));
      assertThat(e.details().providerCode()).contains("InternalServerError");
      assertThat(shown(cloud, "orders").state()).isEqualTo(InstanceState.FAILED);
      assertThat(
              catchThrowableOfType(
                  CloudDbException.class,
                  () -> cloud.instances().ensure(spec("orders").build()).await(LIMIT)))
          .hasMessageContaining("orders is Disabled");
    }
  }

  @Test
  void anUnknownOutcomeThatStaysUnknownIsNotCalledAFailure() {
    azure.azure.faults().on("Servers_Create").refused(504, "GatewayTimeout", "No answer.");
    try (CloudDb cloud =
        CloudDb.open(azure.config().retryPolicy(io.clouddb.spi.RetryPolicy.NONE).build())) {
      OutcomeUnknownException e =
          catchThrowableOfType(
              OutcomeUnknownException.class,
              () -> cloud.instances().create(spec("orders").build()));
      assertThat(e.details().outcomeKnown()).isFalse();
    }
  }

  @Test
  void aReadThatAGatewayGivesUpDoesNotEndTheOperation() {
    try (CloudDb cloud = azure.open()) {
      Operation<Instance> operation = cloud.instances().create(spec("orders").build());
      // As many as a read is tried.
      for (int i = 0; i < 5; i++) {
        azure
            .azure
            .faults()
            .on("AzureAsyncOperation_Get")
            .refused(504, "GatewayTimeout", "No answer.");
      }
      assertThat(operation.await(LIMIT).state()).isEqualTo(InstanceState.AVAILABLE);
    }
  }

  @Test
  void aStoppedServerIsStartedByEnsure() {
    try (CloudDb cloud = azure.open()) {
      Instance orders = cloud.instances().create(spec("orders").build()).await(LIMIT);
      cloud.instances().stop(orders.id()).await(LIMIT);
      assertThat(cloud.instances().ensure(spec("orders").build()).await(LIMIT).state())
          .isEqualTo(InstanceState.AVAILABLE);
    }
  }

  @Test
  void aRestartIsMadeOnceWhateverBecomesOfItsAnswer() {
    azure.azure.faults().on("Servers_Restart").connectionResetAfter();
    try (CloudDb cloud = azure.open()) {
      Instance orders =
          cloud.instances().create(spec("orders").logicalReplication(true).build()).await(LIMIT);
      assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
      assertThat(azure.azure.faults().pending()).isZero();
      assertThat(azure.azure.requests("Servers_Restart")).hasSize(1);
    }
  }
}
