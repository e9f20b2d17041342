/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.instance.Instances;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Operations: deadlines, closing, and tokens by which another process goes on. */
abstract class OperationContract extends InstanceCases {
  private static final SecretRef TOKEN_KEY = SecretRef.literal("a-key-for-tests-0123456789");

  OperationContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void anotherProcessGoesOnWithACreationByItsToken() throws SQLException {
    InstanceSpec spec = spec(newName()).build();
    String token;
    try (CloudDb first = CloudDb.open(kit().config().build())) {
      token = first.instances().create(spec).token();
    }
    assertThat(token).doesNotContain(password().resolve());
    try (CloudDb other = CloudDb.open(kit().config().build())) {
      Instance instance = other.operations().resume(token, Instance.class).await(kit().limit());
      assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
      ConnectionDetails details = instance.connection(login()).toBuilder().database("shop").build();
      assertThat(query(details, "SELECT current_database()")).isEqualTo("shop");
    }
  }

  @Test
  void anOldTokenLeavesALaterInstanceOfItsNameAlone() {
    InstanceSpec spec = spec(newName()).build();
    // Taken before their first poll, or at it: what is to be sent may be sent again.
    try (CloudDb sealing = CloudDb.open(kit().config().tokenKey(TOKEN_KEY).build())) {
      Instances instances = sealing.instances();
      InstanceChange change = InstanceChange.builder().tag("round", "old").build();
      String creation = tokenOf(instances.create(spec));
      ResourceId id = instances.get(spec.name()).id();
      Map<String, Class<?>> tokens = new LinkedHashMap<>();
      tokens.put(creation, Instance.class);
      tokens.put(tokenOf(instances.modify(id, change)), Instance.class);
      tokens.put(tokenOf(instances.stop(id)), Instance.class);
      String start = tokenOf(instances.start(id));
      tokens.put(start, Instance.class);
      tokens.put(tokenOf(instances.delete(id)), ResourceId.class);
      Instance later = create(spec.toBuilder().tag("round", "new").build());
      tokens.forEach(
          (token, type) -> leavesAlone(sealing, token, type, later, InstanceState.AVAILABLE));
      cloud().instances().stop(later.id()).await(kit().limit());
      leavesAlone(sealing, start, Instance.class, later, InstanceState.STOPPED);
    }
  }

  private void leavesAlone(
      CloudDb sealing, String token, Class<?> type, Instance later, InstanceState state) {
    try {
      sealing.operations().resume(token, type).await(kit().limit());
    } catch (CloudDbException e) {
      assertThat(e.retryable()).as("%s", e).isFalse();
    }
    assertThat(cloud().instances().find(later.name()))
        .hasValueSatisfying(
            found -> {
              assertThat(found.state()).isEqualTo(state);
              assertThat(found.tags()).isEqualTo(later.tags());
            });
  }

  private String tokenOf(Operation<?> operation) {
    String token = operation.token();
    operation.await(kit().limit());
    return token;
  }

  @Test
  void aTokenOfAnotherCloudIsRefused() {
    Operation<Instance> operation = cloud().instances().create(spec(newName()).build());
    operation.await(kit().limit());
    String token = operation.token();
    assertThatThrownBy(() -> cloud().operations().resume(token, ResourceId.class))
        .isInstanceOf(InvalidArgumentException.class);
    CloudDb elsewhere = cloud().in(kit().otherRegion());
    assertThatThrownBy(() -> elsewhere.operations().resume(token, Instance.class))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> cloud().operations().resume(token + "x{", Instance.class))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> cloud().operations().resume("nonsense", Instance.class))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void aDeadlineLeavesTheWorkGoingOn() {
    Operation<Instance> operation = cloud().instances().create(spec(newName()).build());
    try {
      operation.await(Duration.ofNanos(1));
      // A cloud may be done before it is asked.
      assertThat(operation.status()).isEqualTo(Operation.Status.SUCCEEDED);
    } catch (DeadlineException e) {
      assertThat(e.details().resource()).contains(operation.resource().toString());
    }
    assertThat(operation.await(kit().limit()).state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(operation.status()).isEqualTo(Operation.Status.SUCCEEDED);
  }

  @Test
  void closingFailsWhatIsAwaitedAndLeavesTheWorkGoingOn() {
    String name = newName();
    CloudDb other = CloudDb.open(kit().config().build());
    Operation<Instance> operation = other.instances().create(spec(name).build());
    String token = operation.token();
    other.close();
    Throwable end =
        catchThrowable(
            () -> operation.toCompletableFuture().get(kit().limit().toSeconds(), TimeUnit.SECONDS));
    // A cloud may be done before it is closed.
    if (end != null) {
      assertThat(end)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOfSatisfying(
              CloudDbException.class, e -> assertThat(e.details().operationToken()).isPresent());
    }
    Instance found = cloud().operations().resume(token, Instance.class).await(kit().limit());
    assertThat(found.name()).isEqualTo(name);
    assertThat(found.state()).isEqualTo(InstanceState.AVAILABLE);
  }
}
