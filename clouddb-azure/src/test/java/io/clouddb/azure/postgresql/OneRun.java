/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.profile.AzureProfile;
import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.PostgreSqlManagementClient;
import io.clouddb.CloudConfig;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.azure.AzureProvider;
import io.clouddb.azure.internal.ArmErrors;
import io.clouddb.azure.internal.ArmPipeline;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.CloudDbException;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.spi.workflow.Workflow;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A driver whose operations a test takes poll by poll. */
final class OneRun {
  private final CloudConfig config;
  private final CloudDriver driver;

  OneRun(CloudConfig config) {
    this.config = config;
    RemoteCalls calls =
        new RemoteCalls(
            AzureProvider.ID, config.retryPolicy(), ObservationRegistry.NOOP, new ArmErrors());
    this.driver = new AzureProvider().open(new DriverContext(config, calls));
  }

  InstanceDriver instances() {
    return driver.instances();
  }

  /** The requests themselves, each made once. */
  ServerCalls calls() {
    PostgreSqlManager manager = manager();
    return new ServerCalls(scope(), () -> manager, singly());
  }

  /** The same of those about backups. */
  BackupCalls backupCalls() {
    PostgreSqlManager manager = manager();
    return new BackupCalls(new ServerDocuments(scope(), () -> manager, singly()));
  }

  /** The same of those about replication. */
  ReplicaCalls replicaCalls() {
    PostgreSqlManager manager = manager();
    return new ReplicaCalls(scope(), () -> manager, singly());
  }

  private PostgreSqlManager manager() {
    PostgreSqlManagementClient client =
        driver.unwrap(PostgreSqlManagementClient.class).orElseThrow();
    return PostgreSqlManager.authenticate(
        ArmPipeline.before(client.getHttpPipeline()),
        new AzureProfile(
            null,
            client.getSubscriptionId(),
            new AzureEnvironment(
                Map.of(
                    AzureEnvironment.Endpoint.RESOURCE_MANAGER.identifier(),
                    client.getEndpoint()))));
  }

  private static RemoteCalls singly() {
    return new RemoteCalls(
        AzureProvider.ID, RetryPolicy.NONE, ObservationRegistry.NOOP, new ArmErrors());
  }

  private ArmScope scope() {
    return new ArmScope(
        driver.unwrap(PostgreSqlManagementClient.class).orElseThrow().getSubscriptionId(),
        config.requiredProperty("resourceGroup"),
        config.location());
  }

  ResourceId id(String name) {
    return new ArmScope(
            config.requiredProperty("subscription"),
            config.requiredProperty("resourceGroup"),
            config.location())
        .instance(name);
  }

  @SuppressWarnings("unchecked") // A kind is its id and its class together.
  <T> Workflow<T> workflow(OperationKind<T> kind) {
    return (Workflow<T>)
        driver.workflows().stream()
            .filter(each -> each.kind().equals(kind))
            .findFirst()
            .orElseThrow();
  }

  /** Checks, as the facade does before the first step. */
  <T> StepRun<T> begin(
      OperationKind<T> kind, String name, @Nullable Specification asked, Native... customized) {
    return begin(kind, name, UUID.randomUUID().toString(), asked, customized);
  }

  <T> StepRun<T> begin(
      OperationKind<T> kind,
      String name,
      String id,
      @Nullable Specification asked,
      Native... customized) {
    return begin(kind, id(name), id, asked, customized);
  }

  /** The same of what is no server. */
  <T> StepRun<T> begin(
      OperationKind<T> kind,
      ResourceId resource,
      String id,
      @Nullable Specification asked,
      Native... customized) {
    StepContext context =
        context(
            OperationState.begin(kind.id(), resource, id, config.clock().instant(), asked),
            customized);
    Workflow<T> workflow = workflow(kind);
    return run(workflow, context.with(workflow.prepare(context)));
  }

  /** Goes on from where another process was. */
  <T> StepRun<T> resume(OperationKind<T> kind, OperationState state, Native... customized) {
    return run(workflow(kind), context(state, customized));
  }

  private static <T> StepRun<T> run(Workflow<T> workflow, StepContext context) {
    return new StepRun<>(workflow, context, written -> {}, true);
  }

  private StepContext context(OperationState state, Native... customized) {
    return new StepContext(
        state,
        new Customizations(List.of(customized)),
        SecretRef::resolve,
        config.clock().instant());
  }

  <T> StepRun.Outcome<T> poll(StepRun<T> run) {
    return run.poll(config.clock().instant());
  }

  /** Polls until the end, also after what passes. */
  <T> T finish(StepRun<T> run) {
    long end = System.nanoTime() + AzureOnThisMachine.LIMIT.toNanos();
    while (System.nanoTime() < end) {
      Duration pause = Duration.ofSeconds(2);
      try {
        StepRun.Outcome<T> outcome = poll(run);
        if (outcome instanceof StepRun.Outcome.Done<T> done) {
          return done.value();
        }
        Duration asked = ((StepRun.Outcome.Running<T>) outcome).pollAfter();
        pause = asked == null ? pause : asked;
      } catch (CloudDbException e) {
        if (!e.retryable()) {
          throw e;
        }
      }
      Instant next = config.clock().instant().plus(pause);
      while (config.clock().instant().isBefore(next) && System.nanoTime() < end) {
        LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
      }
    }
    throw new AssertionError("no end: " + run.state());
  }
}
