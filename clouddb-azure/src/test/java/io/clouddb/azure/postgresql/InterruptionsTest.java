/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.PASSWORD;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceState;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;

/** Lost answers, failed operations, and other processes that go on. */
class InterruptionsTest {
  private final AzureOnThisMachine azure = new AzureOnThisMachine();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    try {
      assertThat(azure.azure.bugs()).isEmpty();
      assertThat(azure.azure.notSimulated()).isEmpty();
    } finally {
      azure.close();
    }
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
    OneRun runs = azure.runs();
    StepRun<Instance> first =
        runs.begin(InstanceDriver.CREATE, "orders", "attempt-1", spec("orders").build());
    OperationState before = first.state();
    assertThat(runs.poll(first)).isInstanceOf(StepRun.Outcome.Running.class);
    StepRun<Instance> again = azure.runs().resume(InstanceDriver.CREATE, before);
    assertThat(runs.poll(again)).isInstanceOf(StepRun.Outcome.Running.class);
    assertThat(again.state().handle()).isEmpty();
    assertThat(
            catchThrowableOfType(
                AlreadyExistsException.class,
                () ->
                    azure
                        .runs()
                        .begin(
                            InstanceDriver.CREATE, "orders", "attempt-2", spec("orders").build())))
        .hasMessageContaining("orders");
    assertThat(runs.finish(again).name()).isEqualTo("orders");
    assertThat(azure.azure.requests("Servers_Create")).hasSize(1);
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

  /**
   * Every poll by a new driver; each state is polled twice, as after a crash before its storing.
   */
  @Test
  void anotherProcessGoesOnFromEachStep() {
    OperationState state =
        azure
            .runs()
            .begin(
                InstanceDriver.CREATE,
                "orders",
                spec("orders")
                    .database("shop")
                    .network(Network.publicAccess("10.0.0.0/8", "192.0.2.1/32"))
                    .logicalReplication(true)
                    .maintenance(MaintenanceWindow.weekly(DayOfWeek.MONDAY, LocalTime.of(1, 15)))
                    .build())
            .state();
    Set<String> steps = new LinkedHashSet<>();
    StepRun.Outcome<Instance> outcome;
    do {
      OneRun runs = azure.runs();
      StepRun<Instance> run = runs.resume(InstanceDriver.CREATE, state);
      outcome = poll(runs, run);
      assertThat(run.state().toString()).doesNotContain(PASSWORD.resolve());
      boolean moved = !step(run.state()).equals(step(state));
      OperationState before = state;
      state = run.state();
      steps.add(step(state));
      if (moved) {
        OneRun other = azure.runs();
        assertThat(poll(other, other.resume(InstanceDriver.CREATE, before))).isNotNull();
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    } while (outcome instanceof StepRun.Outcome.Running);
    assertThat(steps)
        .containsExactly(
            "server",
            "database",
            "firewall rule 10.0.0.0/8",
            "firewall rule 192.0.2.1/32",
            "maintenance window",
            "parameter wal_level",
            "restart",
            "ready");
    Instance orders = ((StepRun.Outcome.Done<Instance>) outcome).value();
    assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(orders.database()).contains("shop");
    assertThat(azure.azure.requests("Servers_Create")).hasSize(1);
  }

  private static String step(OperationState state) {
    return (state.step() + " " + state.item()).strip();
  }

  /** Two requests for the same change at once: Azure is busy with the first. */
  private static StepRun.Outcome<Instance> poll(OneRun runs, StepRun<Instance> run) {
    try {
      return runs.poll(run);
    } catch (CloudDbException busy) {
      assertThat(busy.retryable()).isTrue();
      return new StepRun.Outcome.Running<>(null, "busy");
    }
  }

  @Test
  void goesOnByTokenInANewCloud() throws Exception {
    // A literal one is in no token, so there is none before the server is made.
    SecretRef password =
        SecretRef.file(Files.writeString(folder.resolve("password"), PASSWORD.resolve()));
    String token;
    try (CloudDb first = azure.open()) {
      Operation<Instance> operation =
          first
              .instances()
              .create(
                  spec("orders")
                      .admin(AdminLogin.of("app_admin", password))
                      .logicalReplication(true)
                      .build());
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
    OneRun runs = azure.runs();
    StepRun<Instance> run =
        runs.begin(
            InstanceDriver.CREATE,
            "orders",
            spec("orders").database("shop").logicalReplication(true).build());
    StepRun.Outcome<Instance> outcome;
    Set<String> forgotten = new LinkedHashSet<>();
    do {
      if (run.state().asked().isPresent() && forgotten.add(run.state().step())) {
        azure.azure.forgetOperations();
      }
      outcome = poll(runs, run);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    } while (outcome instanceof StepRun.Outcome.Running);
    assertThat(forgotten).contains("server", "database", "parameter", "restart");
    assertThat(((StepRun.Outcome.Done<Instance>) outcome).value().state())
        .isEqualTo(InstanceState.AVAILABLE);
    assertThat(azure.azure.requests("Servers_Create")).hasSize(1);
  }

  @Test
  void refusesATokenThatNamesAnotherPlace() {
    try (CloudDb cloud = azure.open()) {
      cloud.instances().create(spec("orders").build()).await(LIMIT);
    }
    OneRun runs = azure.runs();
    OperationState state =
        runs.begin(InstanceDriver.MODIFY, "orders", InstanceChange.builder().tag("a", "b").build())
            .state();
    OperationState forged =
        state
            .at("change", "", azure.clock.instant())
            .asking(azure.clock.instant(), "")
            .accepted("@evil.example.com/steal");
    assertThat(
            catchThrowableOfType(
                InvalidArgumentException.class,
                () -> runs.poll(runs.resume(InstanceDriver.MODIFY, forged))))
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
          .isEqualTo("the server orders, without [firewall rule 127.0.0.0/8]");
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
    azure.azure.faults().on("Servers_Get").after(2).times(1000).unavailable();
    try (CloudDb cloud =
        CloudDb.open(azure.config().retryPolicy(io.clouddb.spi.RetryPolicy.NONE).build())) {
      CloudDbException e =
          catchThrowableOfType(
              CloudDbException.class,
              () -> cloud.instances().create(spec("orders").build()).await(LIMIT));
      assertThat(e.details().outcomeKnown()).isFalse();
      assertThat(e.details().leftBehind().orElseThrow()).contains("the server orders");
    } finally {
      azure.azure.faults().clear();
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
