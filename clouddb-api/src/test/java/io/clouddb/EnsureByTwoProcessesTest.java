/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.security.SecretRef;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Two processes that ensure the same instance at the same moment both get it. */
class EnsureByTwoProcessesTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud workflow = new WorkflowCloud();

  private void somebodyIsFaster() {
    workflow.provider.atRequest =
        () -> {
          workflow.provider.attempts.put("here/orders", "another-process");
          throw ErrorDetails.of(ErrorCategory.BUSY, "it is being made").toException();
        };
  }

  @Test
  void theSlowerOneTakesWhatTheFasterOneMakes() {
    somebodyIsFaster();
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      Instance orders = cloud.instances().ensure(workflow.spec(PASSWORD)).await(WorkflowCloud.LONG);
      assertThat(orders.admin()).contains(AdminLogin.of("app", PASSWORD));
      assertThat(workflow.provider.requests).containsExactly("make here/orders");
    }
    assertThat(workflow.entries).isEmpty();
  }

  @Test
  void whoCreatesIsToldThatItExists() {
    somebodyIsFaster();
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      assertThat(
              catchThrowableOfType(
                  CompletionException.class,
                  () ->
                      cloud
                          .instances()
                          .create(workflow.spec(PASSWORD))
                          .toCompletableFuture()
                          .join()))
          .hasCauseInstanceOf(AlreadyExistsException.class);
    }
  }

  @Test
  void whatTheFasterOneMadeIsNotTakenWhenItIsSomethingElse() {
    somebodyIsFaster();
    InstanceSpec older =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "14")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(20)))
            .admin(AdminLogin.of("app", PASSWORD))
            .build();
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      assertThatThrownBy(() -> cloud.instances().ensure(older).await(WorkflowCloud.LONG))
          .isInstanceOf(AlreadyExistsException.class)
          .hasMessageContaining("exists as postgresql 16.4, not postgresql 14");
    }
    assertThat(workflow.entries).isEmpty();
  }

  @Test
  void theSlowerOnesAttemptIsObservedAsWhatItWas() {
    somebodyIsFaster();
    List<String> ends = new CopyOnWriteArrayList<>();
    ObservationRegistry registry = ObservationRegistry.create();
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onStop(Observation.Context context) {
                ends.add(
                    context.getName()
                        + context.getLowCardinalityKeyValue("clouddb.kind")
                        + context.getLowCardinalityKeyValue("clouddb.outcome"));
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return "clouddb.operation".equals(context.getName());
              }
            });
    try (CloudDb cloud = CloudDb.open(workflow.config().observations(registry).build())) {
      cloud.instances().ensure(workflow.spec(PASSWORD)).await(WorkflowCloud.LONG);
    }
    assertThat(ends)
        .hasSize(2)
        .anyMatch(end -> end.contains("instance.create") && end.contains("ALREADY_EXISTS"))
        .anyMatch(end -> end.contains("instance.start") && end.contains("SUCCESS"));
  }
}
