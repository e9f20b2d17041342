/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.AuthenticationException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.internal.operation.OperationToken;
import io.clouddb.operation.UnfinishedOperation;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A cloud that asks its service for the account, which may not tell. */
class AskedAccountTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");
  private static final Duration LONG = Duration.ofSeconds(30);

  private final WorkflowCloud workflow = new WorkflowCloud();

  private static OperationState started(String account) {
    return OperationState.begin(
        InstanceDriver.START.id(),
        ResourceId.of("workflow", account, "here", "instance", "orders"),
        "op-1",
        Instant.EPOCH,
        null);
  }

  private static String token(String account) {
    return new OperationToken("workflow", null).write(started(account));
  }

  @Test
  void isNotAskedByWhatMakesNoCallOrFailsWithoutOne() {
    AtomicInteger asked = new AtomicInteger();
    workflow.provider.atAccount = asked::incrementAndGet;
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      assertThat(cloud.instances().plan(workflow.spec(PASSWORD))).isNotNull();
      assertThat(cloud.instances().planModify(InstanceChange.builder().tag("a", "b").build()))
          .isNotNull();
      assertThat(cloud.operations().unfinished()).isEmpty();
      for (String part : new String[] {"other:shop:here", "workflow:shop:there"}) {
        ResourceId id = ResourceId.parse("clouddb:" + part + ":instance:orders");
        assertThatThrownBy(() -> cloud.instances().start(id))
            .isInstanceOf(InvalidArgumentException.class);
      }
      assertThat(asked).hasValue(0);
    }
  }

  @Test
  void anErrorOfItHasTheTokenThatWasToBeResumed() {
    workflow.provider.atAccount = WorkflowCloud.failing(ErrorCategory.AUTHENTICATION);
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      CloudDbException e =
          catchThrowableOfType(
              CloudDbException.class,
              () -> cloud.operations().resume(token("shop"), Instance.class));
      assertThat(e).isInstanceOf(AuthenticationException.class);
      assertThat(e.nextStep().orElseThrow()).contains("Resume it by its token");
      workflow.provider.atAccount = () -> {};
      Instance orders =
          cloud
              .operations()
              .resume(e.details().operationToken().orElseThrow(), Instance.class)
              .await(LONG);
      assertThat(orders.id().account()).isEqualTo("shop");
    }
  }

  @Test
  void anErrorOfItIsOneOfTheCall() {
    workflow.provider.atAccount =
        () -> {
          throw ErrorDetails.of(ErrorCategory.UNAVAILABLE, "not now").toException();
        };
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      assertThatThrownBy(() -> cloud.instances().find("orders")).hasMessageContaining("not now");
      assertThatThrownBy(() -> cloud.instances().list().iterator().hasNext())
          .hasMessageContaining("not now");
      assertThatThrownBy(() -> cloud.instances().create(workflow.spec(PASSWORD)))
          .hasMessageContaining("not now");
      assertThat(workflow.provider.requests).isEmpty();
    }
  }

  @Test
  void whatNamesNoAccountIsRefusedWithAdviceAndSeenInTheLog() {
    workflow.entries.put("op-1", token(""));
    workflow.entries.put("op-2", token("bank"));
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      assertThatThrownBy(() -> cloud.instances().start(started("").resource()))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContainingAll("has no account", "shop", "Get it by its name");
      assertThatThrownBy(() -> cloud.operations().resume(token(""), Instance.class))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContainingAll("names no account", "shop", "look for 'orders'");
      assertThat(cloud.operations().unfinished())
          .extracting(found -> found.resource().account())
          .containsExactly("");
      UnfinishedOperation old = cloud.operations().unfinished().get(0);
      assertThatThrownBy(() -> old.resume(Instance.class))
          .isInstanceOf(InvalidArgumentException.class);
      old.forget();
      assertThat(cloud.operations().unfinished()).isEmpty();
      assertThat(workflow.provider.requests).isEmpty();
    }
  }
}
