/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnavailableException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.workflow.Look;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudDbTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final RecordingProvider provider = new RecordingProvider();

  private CloudConfig.Builder config() {
    return CloudConfig.builder("recording", "here")
        .property("project", "shop")
        .providerObject(provider)
        .pollInterval(Duration.ofMillis(1))
        .ids(() -> "attempt-1");
  }

  private CloudDb open() {
    return CloudDb.open(config().build());
  }

  private static InstanceSpec.Builder spec() {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
        .size(InstanceSize.named("small"))
        .storage(Storage.ssd(DataSize.gib(10)))
        .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")));
  }

  @Test
  void listsWhatItFoundWhenNothingMatches(@TempDir Path folder) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve("io.clouddb.spi.CloudDbProvider"), RecordingProvider.class.getName());
    try (URLClassLoader loader = new ProviderLoader(folder.toUri().toURL())) {
      CloudConfig wrong = CloudConfig.builder("asw", "here").classLoader(loader).build();
      assertThatThrownBy(() -> CloudDb.open(wrong))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("asw", "recording", "clouddb-asw");
      CloudConfig right = CloudConfig.builder("recording", "here").classLoader(loader).build();
      try (CloudDb cloud = CloudDb.open(right)) {
        assertThat(cloud.instances().find("existing")).isPresent();
      }
    }
  }

  /** Loads the provider from the class path, as an application would; here it is in the module. */
  private static final class ProviderLoader extends URLClassLoader {
    ProviderLoader(URL services) {
      super(new URL[] {services}, CloudDbTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(RecordingProvider.class.getName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      try (InputStream in =
          CloudDbTest.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
        byte[] code = Objects.requireNonNull(in, name).readAllBytes();
        return defineClass(name, code, 0, code.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void waitsByTheTimerThatWasHandedInAndNotInRealTime() {
    provider.polls.add(context -> Look.going("going on"));
    provider.polls.add(RecordingProvider::done);
    List<Duration> pauses = new CopyOnWriteArrayList<>();
    CloudConfig hourly =
        config()
            .pollInterval(Duration.ofHours(1))
            .timer(
                (delay, task) -> {
                  pauses.add(delay);
                  task.run();
                })
            .build();
    try (CloudDb cloud = CloudDb.open(hourly)) {
      assertThat(cloud.instances().create(spec().build()).await(LONG).name()).isEqualTo("orders");
    }
    // At once after the request, and then as the configuration says.
    assertThat(pauses).containsExactly(Duration.ZERO, Duration.ofHours(1));
  }

  @Test
  void anOperationEndsWhenItsTimerIsClosed() {
    provider.polls.add(context -> Look.going("second", Duration.ofMillis(1)));
    CloudConfig stopped =
        config()
            .timer(
                (delay, task) -> {
                  throw new RejectedExecutionException("closed");
                })
            .build();
    try (CloudDb cloud = CloudDb.open(stopped)) {
      assertThatThrownBy(() -> cloud.instances().create(spec().build()).await(LONG))
          .isInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void saysThatItFoundNone() {
    assertThatThrownBy(() -> CloudDb.open("clouddb:aws:us-east-1"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("found: none");
  }

  @Test
  void refusesPropertiesAndObjectsThatTheProviderDoesNotTake() {
    assertThatThrownBy(
            () ->
                CloudDb.open(
                    config().property("region", "x").using(Thread.class, new Thread()).build()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("region", "project", "java.lang.Thread", "StringBuilder");
  }

  @Test
  void createsInStepsAndKnowsThePasswordsPlace() {
    provider.polls.add(context -> Look.going("second", Duration.ofMillis(1)));
    provider.polls.add(RecordingProvider::done);
    try (CloudDb cloud = open()) {
      Operation<Instance> operation =
          cloud
              .instances()
              .create(spec().build(), Native.customize(StringBuilder.class, b -> b.append("!")));
      Instance instance = operation.await(LONG);
      assertThat(instance.admin())
          .contains(AdminLogin.of("app_admin", SecretRef.environment("PW")));
      assertThat(operation.status()).isEqualTo(Operation.Status.SUCCEEDED);
      assertThat(provider.calls).containsExactly("create! orders attempt-1", "poll", "poll");
    }
    assertThat(provider.closed).isTrue();
  }

  @Test
  void refusesWhatThePlanRefusesBeforeAnyCall() {
    try (CloudDb cloud = open()) {
      assertThatThrownBy(() -> cloud.instances().create(spec().deletionProtection(true).build()))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContainingAll("deletion-protection", "a lock");
    }
    assertThat(provider.calls).isEmpty();
  }

  @Test
  void adjustsOnlyWhatIsPreferred() {
    InstanceSpec.Builder spec =
        spec().backups(io.clouddb.backup.BackupPolicy.daily(LocalTime.of(3, 0)));
    try (CloudDb cloud = open()) {
      assertThat(cloud.instances().plan(spec.build()).feasible()).isFalse();
      assertThat(
              cloud
                  .instances()
                  .plan(spec.preferring(InstanceField.BACKUP_WINDOW).build())
                  .toString())
          .contains("backup-window adjusted: window = any (it has none)");
    }
  }

  @Test
  void resumesByTokenWithoutTheStepsThatAreDone() {
    provider.polls.add(context -> Look.going("second", Duration.ofMillis(1)));
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    provider.polls.add(
        state -> {
          blocked.countDown();
          awaitQuietly(release);
          return Look.happened();
        });
    String token;
    try (CloudDb cloud = open()) {
      Operation<Instance> operation = cloud.instances().create(spec().build());
      awaitQuietly(blocked);
      token = operation.token();
      release.countDown();
      operation.await(LONG);
    }
    RecordingProvider elsewhere = new RecordingProvider();
    elsewhere.polls.add(
        context -> {
          assertThat(context.state().step()).isEqualTo("poll");
          assertThat(context.specification(InstanceSpec.class)).isEqualTo(spec().build());
          return Look.happened();
        });
    try (CloudDb cloud = CloudDb.open(config().providerObject(elsewhere).build())) {
      assertThat(cloud.operations().resume(token, Instance.class).await(LONG).name())
          .isEqualTo("orders");
      assertThatThrownBy(() -> cloud.operations().resume(token, ResourceId.class))
          .isInstanceOf(InvalidArgumentException.class);
    }
    CloudConfig other =
        CloudConfig.builder("recording", "there")
            .property("project", "shop")
            .providerObject(elsewhere)
            .build();
    try (CloudDb cloud = CloudDb.open(other)) {
      assertThatThrownBy(() -> cloud.operations().resume(token, Instance.class))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContainingAll("recording:here", "recording:there");
    }
  }

  @Test
  void whereverAnInstanceComesFromItReadsTheCloudsOwnSecrets() {
    provider.polls.add(RecordingProvider::done);
    provider.polls.add(RecordingProvider::done);
    provider.polls.add(RecordingProvider::done);
    AdminLogin login = AdminLogin.of("app_admin", SecretRef.store("their-secret"));
    try (CloudDb cloud = open()) {
      Operation<Instance> creation = cloud.instances().create(spec().build());
      Instance created = creation.await(LONG);
      Instance resumed = cloud.operations().resume(creation.token(), Instance.class).await(LONG);
      Instance started = cloud.instances().start(created.id()).await(LONG);
      Instance listed = cloud.instances().list().iterator().next();
      Instance found = cloud.instances().get("existing");
      assertThat(List.of(created, resumed, started, listed, found))
          .extracting(instance -> instance.connection(login).credentials().get("password"))
          .containsOnly("stored");
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void looksAgainAfterAPassingErrorAndGivesUpWithTheTokenAfterSeveral() {
    for (int i = 0; i < 25; i++) {
      provider.polls.add(
          state -> {
            throw ErrorDetails.of(ErrorCategory.UNAVAILABLE, "out for lunch").toException();
          });
    }
    CloudConfig hasty =
        config()
            .retryPolicy(new RetryPolicy(5, Duration.ofMillis(1), Duration.ofMillis(2)))
            .build();
    try (CloudDb cloud = CloudDb.open(hasty)) {
      Operation<Instance> operation = cloud.instances().create(spec().build());
      assertThatThrownBy(() -> operation.await(LONG))
          .isInstanceOfSatisfying(
              CloudDbException.class,
              e -> assertThat(e.details().operationToken()).contains(operation.token()))
          .hasMessageContaining("out for lunch");
    }
    assertThat(provider.calls).filteredOn("poll"::equals).hasSize(25);
  }

  @Test
  void aFailureEndsTheOperation() {
    provider.polls.add(
        state -> {
          throw ErrorDetails.of(ErrorCategory.QUOTA, "too many").toException();
        });
    try (CloudDb cloud = open()) {
      Operation<Instance> operation = cloud.instances().create(spec().build());
      assertThatThrownBy(() -> operation.await(LONG)).hasMessageContaining("too many");
      assertThat(operation.status()).isEqualTo(Operation.Status.FAILED);
    }
  }

  @Test
  void aDefectOfTheDriverReachesWhoeverWaits() {
    provider.polls.add(
        state -> {
          throw new IllegalStateException("defect");
        });
    try (CloudDb cloud = open()) {
      Operation<Instance> operation = cloud.instances().create(spec().build());
      assertThatThrownBy(() -> operation.await(LONG)).hasRootCauseMessage("defect");
    }
  }

  @Test
  void aDeadlineAndAClosedCloudGiveTheToken() {
    CloudDb cloud = open();
    Operation<Instance> operation = cloud.instances().create(spec().build());
    assertThatThrownBy(() -> operation.await(Duration.ofMillis(1)))
        .isInstanceOfSatisfying(
            DeadlineException.class, e -> assertThat(e.details().operationToken()).isPresent());
    cloud.close();
    assertThatThrownBy(() -> operation.toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e -> {
              assertThat(e.details().operationToken()).isPresent();
              assertThat(e.details().outcomeKnown()).isFalse();
            });
    assertThatThrownBy(() -> cloud.instances().start(operation.resource()).await(LONG))
        .hasMessageContaining("closed");
  }

  @Test
  void aLiteralPasswordIsInNoToken() {
    try (CloudDb cloud = open()) {
      Operation<Instance> operation =
          cloud
              .instances()
              .create(spec().admin(AdminLogin.of("a", SecretRef.literal("hunter2"))).build());
      assertThatThrownBy(operation::token)
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void ensureTakesWhatExistsUnlessItIsSomethingElse() {
    provider.polls.add(RecordingProvider::done);
    InstanceSpec.Builder existing =
        InstanceSpec.builder("existing", Engine.POSTGRESQL, "16")
            .size(InstanceSize.named("small"))
            .storage(Storage.ssd(DataSize.gib(10)))
            .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")));
    try (CloudDb cloud = open()) {
      assertThat(cloud.instances().ensure(existing.build()).await(LONG).name())
          .isEqualTo("existing");
      assertThat(provider.calls).noneMatch(call -> call.startsWith("create"));
      InstanceSpec older =
          InstanceSpec.builder("existing", Engine.POSTGRESQL, "14")
              .size(InstanceSize.named("small"))
              .storage(Storage.ssd(DataSize.gib(10)))
              .admin(AdminLogin.managed("app_admin"))
              .build();
      assertThatThrownBy(() -> cloud.instances().ensure(older))
          .isInstanceOf(AlreadyExistsException.class);
    }
  }

  @Test
  void ensureDoesNotTakeTheSpecsAdminForTheOneThatThereIs() {
    InstanceSpec spec =
        InstanceSpec.builder("existing", Engine.POSTGRESQL, "16")
            .size(InstanceSize.named("small"))
            .storage(Storage.ssd(DataSize.gib(10)))
            .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")))
            .build();
    List<AdminLogin> reported =
        List.of(
            AdminLogin.named("app_admin"),
            AdminLogin.named("somebody_else"),
            AdminLogin.managed("app_admin").passwordIn(SecretRef.store("theirs")));
    try (CloudDb cloud = open()) {
      for (AdminLogin admin : reported) {
        provider.polls.add(RecordingProvider::done);
        provider.result = instance -> instance.toBuilder().admin(admin).build();
        AdminLogin expected = admin.equals(reported.get(0)) ? spec.admin() : admin;
        assertThat(cloud.instances().ensure(spec).await(LONG).admin()).contains(expected);
      }
    }
  }

  @Test
  void listsLazily() {
    try (CloudDb cloud = open()) {
      assertThat(cloud.instances().list().stream().limit(1).map(Instance::name))
          .containsExactly("one");
      assertThat(provider.calls).containsExactly("list null");
      assertThat(cloud.instances().list())
          .extracting(Instance::name)
          .containsExactly("one", "two", "three");
      assertThat(cloud.instances().list("p2")).extracting(Instance::name).containsExactly("three");
    }
  }

  @Test
  void reportsItsCalls() {
    TestObservationRegistry observations = TestObservationRegistry.create();
    try (CloudDb cloud = CloudDb.open(config().observations(observations).build())) {
      cloud.instances().find("existing");
    }
    TestObservationRegistryAssert.assertThat(observations)
        .hasObservationWithNameEqualTo("clouddb.instances")
        .that()
        .hasLowCardinalityKeyValue("clouddb.call", "get")
        .hasLowCardinalityKeyValue("clouddb.outcome", "SUCCESS")
        .hasLowCardinalityKeyValue("clouddb.provider", "recording")
        .hasBeenStopped();
  }

  @Test
  void reportsHowItsCallsEnded() {
    TestObservationRegistry observations = TestObservationRegistry.create();
    InstanceSpec spec =
        InstanceSpec.builder("too-many", Engine.POSTGRESQL, "16")
            .size(InstanceSize.named("small"))
            .storage(Storage.ssd(DataSize.gib(10)))
            .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")))
            .build();
    try (CloudDb cloud = CloudDb.open(config().observations(observations).build())) {
      assertThatThrownBy(() -> cloud.instances().create(spec)).hasMessageContaining("one too many");
    }
    TestObservationRegistryAssert.assertThat(observations)
        .hasObservationWithNameEqualTo("clouddb.instances")
        .that()
        .hasLowCardinalityKeyValue("clouddb.call", "create")
        .hasLowCardinalityKeyValue("clouddb.outcome", "QUOTA")
        .hasBeenStopped();
  }
}
