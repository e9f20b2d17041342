/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Storage;
import io.clouddb.operation.Operation;
import io.clouddb.operation.OperationLog;
import io.clouddb.operation.UnfinishedOperation;
import io.clouddb.plan.Drift;
import io.clouddb.plan.OnDrift;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkflowOperationsTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final SecretRef KEY = SecretRef.literal("0123456789abcdef");

  @TempDir Path temporary;
  private final WorkflowProvider provider = new WorkflowProvider();
  private SecretRef password;

  @BeforeEach
  void password() throws Exception {
    Path file = temporary.resolve("password");
    java.nio.file.Files.writeString(file, "hunter2");
    java.nio.file.Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    password = SecretRef.file(file);
  }

  private CloudConfig.Builder config() {
    return CloudConfig.builder("workflow", "here")
        .property("project", "shop")
        .providerObject(provider)
        .retryPolicy(new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(2)))
        .pollInterval(Duration.ofMillis(1));
  }

  private InstanceSpec spec(SecretRef secret) {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(20)))
        .admin(AdminLogin.of("app", secret))
        .build();
  }

  /** Throws at the request of that number, from 1 on, and once only. */
  private void failAt(int number, ErrorCategory category) {
    AtomicInteger count = new AtomicInteger();
    provider.atRequest =
        () -> {
          if (count.incrementAndGet() == number) {
            throw ErrorDetails.of(category, "the service says " + category).toException();
          }
        };
  }

  @Test
  void createsAndKnowsTheLoginThatOnlyTheSpecTells() {
    try (CloudDb cloud = CloudDb.open(config().build())) {
      Instance orders = cloud.instances().create(spec(password)).await(LONG);
      assertThat(orders.admin()).contains(AdminLogin.of("app", password));
      assertThat(provider.requests).containsExactly("make here/orders", "login here/orders 7");
      assertThatThrownBy(() -> cloud.instances().create(spec(password)))
          .isInstanceOf(AlreadyExistsException.class);
      Instance same = cloud.instances().ensure(spec(password)).await(LONG);
      assertThat(same.admin()).contains(AdminLogin.of("app", password));
      assertThat(cloud.instances().delete(orders.id()).await(LONG)).isEqualTo(orders.id());
    }
    assertThat(provider.attempts).isEmpty();
  }

  @Test
  void whoeverCreatesWithALiteralPasswordCanConnectWithIt() {
    AdminLogin literal = AdminLogin.of("app", SecretRef.literal("hunter2"));
    try (CloudDb cloud = CloudDb.open(config().build())) {
      Instance orders =
          cloud.instances().create(spec(literal.password().orElseThrow())).await(LONG);
      assertThat(orders.admin()).contains(literal);
    }
  }

  @Test
  void theTokenIsThereBeforeTheFirstChange() {
    Map<String, String> written = new ConcurrentHashMap<>();
    OperationLog log =
        new OperationLog() {
          @Override
          public boolean write(String id, @Nullable String before, String token) {
            written.put(id + " " + provider.requests.size(), token);
            return true;
          }

          @Override
          public boolean remove(String id, String before) {
            return written.put("removed", id) == null;
          }

          @Override
          public Map<String, String> read() {
            return Map.of();
          }
        };
    CloudConfig config = config().ids(() -> "op-7").operationLog(log).build();
    try (CloudDb cloud = CloudDb.open(config)) {
      cloud.instances().create(spec(password)).await(LONG);
    }
    assertThat(written).containsOnlyKeys("op-7 0", "op-7 1", "removed");
  }

  @Test
  void whatCannotBeWrittenIntoTheLogIsNotBegun() {
    CloudConfig config =
        config().operationLog(OperationLog.directory(temporary.resolve("log"))).build();
    try (CloudDb cloud = CloudDb.open(config)) {
      InstanceSpec literal = spec(SecretRef.literal("hunter2"));
      assertThatThrownBy(() -> cloud.instances().create(literal))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("operation log")
          .hasMessageNotContaining("hunter2");
    }
    assertThat(provider.requests).isEmpty();
  }

  @Test
  void whatAKilledProcessLeftIsListedAndGoneOnWith() {
    CloudConfig config =
        config()
            .tokenKey(KEY)
            .operationLog(OperationLog.directory(temporary.resolve("log")))
            .build();
    provider.atRequest =
        () -> {
          // As if the process were gone with the answer: the cloud never hears of it again.
          throw new AssertionError("killed");
        };
    try (CloudDb cloud = CloudDb.open(config)) {
      assertThatThrownBy(() -> cloud.instances().create(spec(password)).await(LONG))
          .hasRootCauseInstanceOf(AssertionError.class);
    }
    provider.atRequest = () -> {};
    try (CloudDb cloud = CloudDb.open(config)) {
      assertThat(cloud.in("there").operations().unfinished()).isEmpty();
      List<UnfinishedOperation> all = cloud.operations().unfinished();
      assertThat(all).hasSize(1);
      UnfinishedOperation found = all.get(0);
      assertThat(found.kind()).isEqualTo("instance.create");
      assertThat(found.step()).isEqualTo("make");
      assertThat(found.resource().name()).isEqualTo("orders");
      assertThat(found.started()).isNotNull();
      assertThat(found.customized()).isEmpty();
      assertThat(found).hasToString("instance.create of " + found.resource() + " at make");
      provider.attempts.put("here/orders", idOf(config));
      assertThat(found.resume(Instance.class).await(LONG).name()).isEqualTo("orders");
      assertThat(cloud.operations().unfinished()).isEmpty();
    }
    assertThat(provider.requests).containsExactly("make here/orders", "login here/orders 7");
  }

  private static String idOf(CloudConfig config) {
    return config.operationLog().orElseThrow().read().keySet().iterator().next();
  }

  @Test
  void whatIsForgottenIsNotListed() {
    OperationLog log = OperationLog.directory(temporary.resolve("log"));
    failAt(2, ErrorCategory.AUTHENTICATION);
    try (CloudDb cloud = CloudDb.open(config().operationLog(log).build())) {
      CloudDbException e =
          catchThrowableOfType(
              CloudDbException.class, () -> cloud.instances().create(spec(password)).await(LONG));
      assertThat(e.details().operationToken()).isPresent();
      assertThat(e.details().leftBehind().orElseThrow())
          .isEqualTo("the instance orders, done: make; not done: login");
      assertThat(cloud.operations().unfinished()).hasSize(1);
      cloud.operations().unfinished().get(0).forget();
      assertThat(cloud.operations().unfinished()).isEmpty();
    }
  }

  @Test
  void anUnsealedTokenSetsNoPasswordAndReadsNoFile() {
    failAt(2, ErrorCategory.AUTHENTICATION);
    String token = tokenOfAFailure(config().build());
    try (CloudDb cloud = CloudDb.open(config().build())) {
      assertThatThrownBy(() -> cloud.operations().resume(token, Instance.class).await(LONG))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("was not sealed");
    }
    try (CloudDb cloud = CloudDb.open(config().trustTokens(true).build())) {
      assertThat(cloud.operations().resume(token, Instance.class).await(LONG).name())
          .isEqualTo("orders");
    }
  }

  private String tokenOfAFailure(CloudConfig config) {
    try (CloudDb cloud = CloudDb.open(config)) {
      CloudDbException e =
          catchThrowableOfType(
              CloudDbException.class, () -> cloud.instances().create(spec(password)).await(LONG));
      return e.details().operationToken().orElseThrow();
    }
  }

  @Test
  void aSealedTokenGoesOnWhereItsKeyIsKnown() {
    failAt(2, ErrorCategory.AUTHENTICATION);
    String token = tokenOfAFailure(config().tokenKey(KEY).build());
    try (CloudDb cloud = CloudDb.open(config().tokenKey(KEY).build())) {
      Instance orders = cloud.operations().resume(token, Instance.class).await(LONG);
      assertThat(orders.admin()).contains(AdminLogin.of("app", password));
    }
    assertThat(provider.requests).filteredOn(r -> r.startsWith("make")).hasSize(1);
  }

  @Test
  void aTokenIsForItsAccountRegionKindAndCustomizations() {
    CloudConfig sealed = config().tokenKey(KEY).build();
    failAt(2, ErrorCategory.AUTHENTICATION);
    String token;
    Native customization = Native.customize(StringBuilder.class, b -> b.append(" more"));
    try (CloudDb cloud = CloudDb.open(sealed)) {
      CloudDbException e =
          catchThrowableOfType(
              CloudDbException.class,
              () -> cloud.instances().create(spec(password), customization).await(LONG));
      token = e.details().operationToken().orElseThrow();
      refused(cloud, token, ResourceId.class, "A Instance comes of 'instance.create'");
      refused(cloud, token, Instance.class, "was begun with Native.customize of [java.lang");
      refused(cloud.in("there"), token, Instance.class, "cloud.in(region)");
      Instance orders = cloud.operations().resume(token, Instance.class, customization).await(LONG);
      assertThat(orders.name()).isEqualTo("orders");
    }
    try (CloudDb other =
        CloudDb.open(config().property("project", "other").tokenKey(KEY).build())) {
      refused(other, token, Instance.class, "is for the account 'shop'");
    }
    assertThat(provider.requests).contains("make more here/orders");
  }

  private static void refused(CloudDb cloud, String token, Class<?> type, String why) {
    assertThatThrownBy(() -> cloud.operations().resume(token, type))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aPassingErrorIsPolledAgainAndAfterTooManyTheTokenIsInTheError() {
    provider.atRequest =
        () -> {
          throw ErrorDetails.of(ErrorCategory.THROTTLED, "slowly").toException();
        };
    try (CloudDb cloud = CloudDb.open(config().build())) {
      CloudDbException e =
          catchThrowableOfType(
              CloudDbException.class, () -> cloud.instances().create(spec(password)).await(LONG));
      assertThat(e).hasMessageContaining("slowly").hasMessageContaining("Resume it by its token");
      assertThat(e.details().operationToken()).isPresent();
    }
    assertThat(provider.requests).hasSize(10);
  }

  private static Drift.Difference different(InstanceField field) {
    return new Drift.Difference(field, Drift.State.DIFFERENT, "Member", "wanted", "actual");
  }

  @Test
  void whatIsThereIsComparedAsTheCallerSays() {
    try (CloudDb cloud = CloudDb.open(config().build())) {
      InstanceSpec spec = spec(password).toBuilder().tag("team", "shop").build();
      cloud.instances().ensure(spec, OnDrift.FAIL).await(LONG);
      provider.requests.clear();
      cloud.instances().ensure(spec, OnDrift.FAIL).await(LONG);
      provider.drift =
          List.of(
              different(InstanceField.TAGS),
              different(InstanceField.STORAGE_SIZE),
              new Drift.Difference(
                  InstanceField.DATABASE, Drift.State.UNKNOWN, "DBName", "shop", ""));
      assertThat(cloud.instances().ensure(spec).await(LONG).name()).isEqualTo("orders");
      assertThat(provider.requests).containsExactly("compare here/orders");
      assertThatThrownBy(() -> cloud.instances().ensure(spec, OnDrift.FAIL))
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContainingAll(
              "tags: Member is actual, wanted is wanted", "storage-size", "OnDrift.APPLY");
      Instance changed = cloud.instances().ensure(spec, OnDrift.APPLY).await(LONG);
      assertThat(changed.admin()).contains(AdminLogin.of("app", password));
      assertThat(provider.requests).contains("change here/orders [STORAGE_SIZE, TAGS]");
      assertThat(cloud.instances().drift(spec).differences()).hasSize(2);
    }
  }

  @Test
  void whatCannotBeChangedIsNamedBeforeAnythingHappens() {
    try (CloudDb cloud = CloudDb.open(config().build())) {
      cloud.instances().create(spec(password)).await(LONG);
      provider.requests.clear();
      provider.drift = List.of(different(InstanceField.TAGS), different(InstanceField.ENCRYPTION));
      assertThatThrownBy(() -> cloud.instances().ensure(spec(password), OnDrift.APPLY))
          .isInstanceOf(io.clouddb.error.UnsupportedFeatureException.class)
          .hasMessageContaining("encryption")
          .hasMessageNotContaining("tags");
      assertThat(provider.requests).containsExactly("compare here/orders");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = InstanceState.class,
      names = {"STOPPED", "STOPPING"})
  void whatIsStoppedIsStartedOrRefusedAndNotChangedInSilence(InstanceState state) {
    try (CloudDb cloud = CloudDb.open(config().build())) {
      cloud.instances().create(spec(password)).await(LONG);
      provider.requests.clear();
      provider.state = state;
      provider.drift = List.of(different(InstanceField.TAGS));
      assertThatThrownBy(() -> cloud.instances().ensure(spec(password), OnDrift.APPLY))
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContainingAll("ready", "tags", "OnDrift.KEEP");
      assertThat(provider.requests).containsExactly("compare here/orders");
      provider.drift = List.of();
      assertThat(cloud.instances().ensure(spec(password), OnDrift.APPLY).await(LONG).name())
          .isEqualTo("orders");
    }
  }

  @ParameterizedTest
  @EnumSource(InstanceField.class)
  void everyFieldIsChangeableOrNot(InstanceField field) {
    try (CloudDb cloud = CloudDb.open(config().build())) {
      MaintenanceWindow window =
          MaintenanceWindow.weekly(java.time.DayOfWeek.SUNDAY, java.time.LocalTime.of(4, 0))
              .lasting(Duration.ofHours(1));
      InstanceSpec spec =
          spec(password).toBuilder()
              .tag("team", "shop")
              .parameter("work_mem", "8MB")
              .deletionProtection(false)
              .logicalReplication(true)
              .insights(io.clouddb.instance.Insights.enabled().retainDays(31))
              .backups(
                  io.clouddb.backup.BackupPolicy.daily(java.time.LocalTime.of(3, 0))
                      .lasting(Duration.ofHours(1))
                      .retainDays(7)
                      .withPointInTime()
                      .retainLogDays(5)
                      .storedIn("eu")
                      .geoRedundant(true))
              .maintenance(window)
              .build();
      cloud.instances().create(spec).await(LONG);
      provider.requests.clear();
      provider.drift = List.of(different(field));
      CloudDbException refused =
          catchThrowableOfType(
              CloudDbException.class,
              () -> cloud.instances().ensure(spec, OnDrift.APPLY).await(LONG));
      if (refused == null) {
        assertThat(provider.requests.get(1)).contains("change here/orders").contains(field.name());
      } else {
        assertThat(refused).hasMessageContaining(field.id());
      }
    }
  }

  @Test
  void regionsShareOneCloudAndEndWithIt() {
    CloudDb cloud = CloudDb.open(config().build());
    CloudDb there = cloud.in("there");
    assertThat(there).isSameAs(cloud.in("there")).isNotSameAs(cloud);
    assertThat(cloud.in("here")).isSameAs(cloud);
    assertThat(there.in("here")).isSameAs(cloud);
    assertThat(there.config().location()).isEqualTo("there");
    there.close();
    Operation<Instance> creation = there.instances().create(spec(password));
    assertThat(creation.await(LONG).id().location()).isEqualTo("there");
    assertThat(cloud.instances().find("orders")).isEmpty();
    assertThatThrownBy(() -> cloud.in("No Region")).isInstanceOf(InvalidArgumentException.class);
    cloud.close();
    assertThatThrownBy(() -> there.instances().find("orders"))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> cloud.in("elsewhere")).isInstanceOf(UnavailableException.class);
  }

  @Test
  void aProviderWithoutOtherRegionsSaysSo() {
    CloudConfig config =
        CloudConfig.builder("recording", "here").providerObject(new RecordingProvider()).build();
    try (CloudDb cloud = CloudDb.open(config)) {
      assertThatThrownBy(() -> cloud.in("there"))
          .isInstanceOf(io.clouddb.error.UnsupportedFeatureException.class);
    }
  }
}
