/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.error.AuthenticationException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.ThrottledException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.Parameter;

/** Operations that another process goes on with, from wherever the first one left them. */
class RdsResumedTest extends RdsOperations {
  @TempDir private Path folder;
  private SecretRef password;

  @BeforeEach
  void password() throws Exception {
    password =
        SecretRef.file(Files.writeString(folder.resolve("password"), "correct-horse-battery"));
  }

  private InstanceSpec spec(String name) {
    return RdsTestCloud.spec(name)
        .admin(AdminLogin.of("app_admin", password))
        .parameter("work_mem", "8192")
        .build();
  }

  private static long sent(String action, String name) {
    return rds.simulator().requests(action).stream()
        .filter(r -> name.equals(RdsTestCloud.form(r).get("DBInstanceIdentifier")))
        .count();
  }

  /** A process that is gone. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Counts what a process gets done: each state that it wrote down or reached by a poll. When an
   * instance was last seen on its way makes no state of its own, or there would be one a poll.
   */
  private final class FirstProcess {
    private final StepRun<Instance> run;
    private final int last;
    private OperationState state;
    private int reached;

    FirstProcess(String name, int last) {
      this.last = last;
      OperationState begun = rds.begun(InstanceDriver.CREATE, name, spec(name));
      this.state =
          rds.workflow(cloud, InstanceDriver.CREATE)
              .prepare(RdsTestCloud.context(begun, rds.clock().instant()));
      this.run =
          new StepRun<>(
              rds.workflow(cloud, InstanceDriver.CREATE),
              RdsTestCloud.context(state, rds.clock().instant()),
              this::reach,
              true);
    }

    private static OperationState timeless(OperationState one) {
      return one.value("moved").isPresent() ? one.with("moved", "then") : one;
    }

    private void reach(OperationState next) {
      boolean another = !timeless(next).equals(timeless(state));
      state = next;
      if (another) {
        reached++;
        if (reached >= last) {
          throw new Killed();
        }
      }
    }

    /** Where it was when it was killed; null when it came to its end. */
    @Nullable OperationState untilKilled() {
      try {
        if (last == 0) {
          return state;
        }
        while (run.poll(rds.clock().instant()) instanceof StepRun.Outcome.Running) {
          reach(run.state());
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return null;
      } catch (Killed e) {
        return state;
      }
    }
  }

  @Test
  @Tag("slow")
  void aProcessThatIsGoneAfterAnyStepOfACreationLeavesOneInstanceToTheNext() {
    for (int last = 0; ; last++) {
      String name = "killed-" + last;
      OperationState state = new FirstProcess(name, last).untilKilled();
      if (state == null) {
        assertThat(last).as("states of a creation").isGreaterThan(6);
        return;
      }
      String token = rds.token(state);
      try (CloudDb next = rds.open()) {
        Instance instance = next.operations().resume(token, Instance.class).await(LIMIT);
        assertThat(instance.state()).as(state.toString()).isEqualTo(InstanceState.AVAILABLE);
      }
      assertThat(sent("CreateDBInstance", name)).as(state.toString()).isEqualTo(1);
      assertThat(groupsOf(name)).as(state.toString()).hasSize(1);
      assertThat(rebootsOf(name)).as(state.toString()).isEmpty();
      cloud
          .instances()
          .delete(rds.begun(InstanceDriver.DELETE, name, null).resource())
          .await(LIMIT);
      assertThat(groupsOf(name)).isEmpty();
    }
  }

  /** One that was made anew, and whose parameters wait for a restart at their owner's time. */
  @Test
  void aCreationsTokenLeavesALaterInstanceOfItsNameAsItIs() {
    OperationState begun = rds.begun(InstanceDriver.CREATE, "reborn", spec("reborn"));
    OperationState prepared =
        rds.workflow(cloud, InstanceDriver.CREATE)
            .prepare(RdsTestCloud.context(begun, rds.clock().instant()));
    StepRun<Instance> run = rds.run(cloud, InstanceDriver.CREATE, prepared);
    @Nullable OperationState waiting = null;
    while (run.poll(rds.clock().instant()) instanceof StepRun.Outcome.Running) {
      if (waiting == null && run.state().step().equals("available")) {
        waiting = run.state();
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    cloud.instances().delete(begun.resource()).await(LIMIT);
    create(RdsTestCloud.spec("reborn").parameter("work_mem", "8192"));
    cloud
        .unwrap(RdsClient.class)
        .modifyDBParameterGroup(
            request ->
                request
                    .dbParameterGroupName(groupsOf("reborn").get(0))
                    .parameters(
                        Parameter.builder()
                            .parameterName("max_connections")
                            .parameterValue("90")
                            .applyMethod(ApplyMethod.PENDING_REBOOT)
                            .build()));
    Requests.eventually(
        () ->
            cloud
                .instances()
                .get("reborn")
                .unwrap(DBInstance.class)
                .dbParameterGroups()
                .get(0)
                .parameterApplyStatus()
                .equals("pending-reboot"));
    // As versions wrote it that noted no instance.
    OperationState old = prepared.at("available", "", rds.clock().instant());
    for (OperationState state : List.of(Objects.requireNonNull(waiting), run.state(), old)) {
      assertThatThrownBy(
              () -> cloud.operations().resume(rds.token(state), Instance.class).await(LIMIT))
          .as(state.toString())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("another DB instance of its name");
    }
    assertThat(rebootsOf("reborn")).isEmpty();
    assertThat(groupsOf("reborn")).hasSize(1);
  }

  @Test
  void credentialsThatExpireInTheMiddleEndNothing() {
    rds.simulator().faults().on("CreateDBInstance").credentialsExpire();
    CloudDbException e =
        catchThrowableOfType(
            CloudDbException.class, () -> cloud.instances().create(spec("expired")).await(LIMIT));
    assertThat(e).isInstanceOf(AuthenticationException.class);
    assertThat(e.details().leftBehind().orElse("")).contains("clouddb-expired-");
    assertThat(groupsOf("expired")).hasSize(1);
    String token = e.details().operationToken().orElseThrow();

    // Once more, while it looks.
    rds.simulator().faults().on("DescribeDBInstances").after(1).credentialsExpire();
    CloudDbException looking =
        catchThrowableOfType(
            CloudDbException.class,
            () -> cloud.operations().resume(token, Instance.class).await(LIMIT));
    assertThat(looking).isInstanceOf(AuthenticationException.class);
    String later = looking.details().operationToken().orElseThrow();

    assertThat(cloud.operations().resume(later, Instance.class).await(LIMIT).state())
        .isEqualTo(InstanceState.AVAILABLE);
    assertThat(sent("CreateDBInstance", "expired")).as("and the refused one").isEqualTo(2);
  }

  @Test
  void whatAChangeMadeBeforeItWasThrottledIsNamedAndFoundAgain() throws Exception {
    Instance instance = create(RdsTestCloud.spec("choked"));
    InstanceChange change = InstanceChange.builder().parameter("work_mem", "8192").build();
    rds.simulator().faults().on("ModifyDBInstance").times(20).throttled();
    CloudDbException e =
        catchThrowableOfType(
            CloudDbException.class,
            () -> cloud.instances().modify(instance.id(), change).await(LIMIT));
    assertThat(e).isInstanceOf(ThrottledException.class);
    assertThat(groupsOf("choked")).hasSize(1);
    assertThat(e.details().leftBehind().orElse(""))
        .contains("the DB parameter group " + groupsOf("choked").get(0))
        .contains("not done: modify");

    String token = e.details().operationToken().orElseThrow();
    Instance changed = cloud.operations().resume(token, Instance.class).await(LIMIT);
    assertThat(show(changed, login(), "SHOW work_mem")).isEqualTo("8MB");
    assertThat(groupsOf("choked")).hasSize(1);
    assertThat(rebootsOf("choked")).hasSize(1);
  }

  /** Its first token knows nothing of what was made since. */
  @Test
  void aChangeIsGoneOnWithFromItsFirstToken() throws Exception {
    Instance instance = create(RdsTestCloud.spec("early-token"));
    InstanceChange change =
        InstanceChange.builder().parameter("work_mem", "8192").tag("a", "b").build();
    String token;
    try (CloudDb first = rds.open()) {
      token = first.instances().modify(instance.id(), change).token();
      first.operations().resume(token, Instance.class).await(LIMIT);
    }
    Instance changed = cloud.operations().resume(token, Instance.class).await(LIMIT);
    assertThat(show(changed, login(), "SHOW work_mem")).isEqualTo("8MB");
    assertThat(groupsOf("early-token")).hasSize(1);
  }
}
