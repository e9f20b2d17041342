/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.SQLAdmin;
import com.google.api.services.sqladmin.model.CloneContext;
import com.google.api.services.sqladmin.model.InstancesCloneRequest;
import io.clouddb.Native;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceState;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.StepRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * That no clone which another one has made is told as the moment that was asked for: by Google's
 * console, or by an operator who has not written anything onto it yet.
 */
@Tag("slow")
class CloudSqlClonesOfOthersTest {
  @TempDir private static Path folder;
  private static BackedUpOrders shop;
  private static Instant first;
  private static Instant second;

  @BeforeAll
  static void start() throws Exception {
    shop = new BackedUpOrders(folder);
    shop.write("early");
    shop.home.backups().take(shop.orders.id(), BackupSpec.named("early")).await(LIMIT);
    first = shop.quietMoment();
    shop.write("late");
    second = shop.quietMoment();
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  private static RestoreSpec ofFirst(String name) {
    return RestoreSpec.of(shop.orders.id())
        .at(first)
        .named(name)
        .login(shop.admin)
        .in(SimulatedCloudSql.REGION);
  }

  private static void anotherOneClonesSecond(String name) {
    CloneContext clone =
        new CloneContext().setDestinationInstanceName(name).setPointInTime(second.toString());
    try {
      var unused =
          shop.home
              .unwrap(SQLAdmin.class)
              .instances()
              .clone(
                  SimulatedCloudSql.PROJECT,
                  shop.orders.name(),
                  new InstancesCloneRequest().setCloneContext(clone))
              .execute();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The other one's, with its data and without anything of this operation's. */
  private static void isLeftAlone(String name) throws Exception {
    Instance other = available(name);
    assertThat(shop.ledger(other)).isEqualTo("early,late");
    assertThat(
            shop.gcp.simulator.requests("instances.patch").stream()
                .filter(request -> request.toString().contains(name)))
        .isEmpty();
  }

  private static Instance available(String name) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    Instance found = shop.home.instances().get(Stepwise.id(name));
    while (found.state() != InstanceState.AVAILABLE) {
      assertThat(System.nanoTime()).as("%s", found).isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
      found = shop.home.instances().get(Stepwise.id(name));
    }
    return found;
  }

  @Test
  void anotherOnesCloneOfAnotherMomentIsRefused() throws Exception {
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      StepRun<Instance> run =
          steps.begin(BackupDriver.RESTORE, "orders-moment", ofFirst("orders-moment"));
      anotherOneClonesSecond("orders-moment");
      assertThatThrownBy(() -> steps.toTheEnd(run))
          .isInstanceOf(AlreadyExistsException.class)
          .hasMessageContaining("There is an instance orders-moment already")
          .hasMessageNotContaining("Left behind");
    }
    isLeftAlone("orders-moment");
  }

  @Test
  void aNameThatAnotherOneHasTakenAtTheSameTimeIsRefused() throws Exception {
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      StepRun<Instance> run =
          steps.begin(BackupDriver.RESTORE, "orders-race", ofFirst("orders-race"));
      // Between the look and the request.
      shop.gcp
          .simulator
          .faults()
          .on("instances.clone")
          .refused(409, "instanceAlreadyExists", "The Cloud SQL instance already exists.");
      assertThatThrownBy(() -> steps.toTheEnd(run)).isInstanceOf(AlreadyExistsException.class);
    }
  }

  /** Nothing tells it from what the HTTP client has sent twice, without a word. */
  @Test
  void aCloneThatIsThereWhenItIsAskedForMayBeOfTheSameRequest() throws Exception {
    AtomicInteger made = new AtomicInteger();
    assertThatThrownBy(
            () ->
                shop.home
                    .backups()
                    .restore(
                        ofFirst("orders-sent-twice"),
                        Native.customize(
                            CloneContext.class,
                            clone -> {
                              // The first time before anything, the second between look and
                              // request.
                              if (made.incrementAndGet() == 2) {
                                anotherOneClonesSecond("orders-sent-twice");
                              }
                            }))
                    .await(LIMIT))
        .isInstanceOfSatisfying(
            AlreadyExistsException.class,
            e ->
                assertThat(e.nextStep())
                    .get()
                    .asString()
                    .contains("Choose another name.")
                    .contains("Where nobody else has made orders-sent-twice")
                    .contains("this request has arrived twice: look at it, and delete it"));
    assertThat(made).hasValue(2);
    isLeftAlone("orders-sent-twice");
  }

  /** What an older token does not know of: its own clone was deleted, and another one's came. */
  @Test
  void anotherOnesCloneAfterTheOwnIsRefused() throws Exception {
    OperationState old;
    OperationState sent;
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      StepRun<Instance> run =
          steps.begin(BackupDriver.RESTORE, "orders-twice", ofFirst("orders-twice"));
      old = run.state();
      steps.goesOn(run);
      sent = run.state();
      assertThat(sent.handle()).as("the clone is asked for").isPresent();
      steps.toTheEnd(run);
    }
    shop.home.instances().delete(Stepwise.id("orders-twice")).await(LIMIT);
    anotherOneClonesSecond("orders-twice");
    available("orders-twice");
    for (OperationState token : List.of(old, sent)) {
      try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
        assertThatThrownBy(() -> steps.toTheEnd(steps.resume(BackupDriver.RESTORE, token)))
            .isInstanceOf(ConditionFailedException.class)
            .hasMessageContaining("nothing tells the moment of a clone")
            .hasMessageContaining("2 clones of that name since this operation began")
            .hasMessageContaining("Left behind: the instance orders-twice")
            .hasMessageContaining("delete orders-twice where it is nobody's");
      }
    }
    assertThat(shop.ledger(available("orders-twice"))).isEqualTo("early,late");
  }

  /** A clone that was known before its labels were written onto it, and another one's after it. */
  @Test
  void anotherOnesCloneIsNotGivenTheSettingsOfTheOwn() throws Exception {
    OperationState cloned;
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      StepRun<Instance> run =
          steps.begin(BackupDriver.RESTORE, "orders-later", ofFirst("orders-later"));
      while (!run.state().step().equals("settings")) {
        steps.poll(run);
      }
      cloned = run.state();
      assertThat(cloned.value(TheInstance.CREATED)).isPresent();
      steps.toTheEnd(run);
    }
    shop.home.instances().delete(Stepwise.id("orders-later")).await(LIMIT);
    shop.gcp.simulator.clearRequests();
    anotherOneClonesSecond("orders-later");
    available("orders-later");
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      assertThatThrownBy(
              () -> steps.toTheEnd(steps.resume(BackupDriver.RESTORE, withoutRequest(cloned))))
          .hasMessageContaining("was deleted after backup.restore had begun");
    }
    isLeftAlone("orders-later");
  }

  /** A patch that was asked for would be looked for by its operation's name. */
  private static OperationState withoutRequest(OperationState state) {
    return state.again("");
  }

  /** It may have waited for another operation of its source before. */
  @Test
  void aCloneIsWaitedForFromItsRequestOn() {
    OwnClone clones = new OwnClone(SimulatedCloudSql.calls(shop.home));
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      Instant asked = Instant.EPOCH.plus(Duration.ofMinutes(10));
      OperationState sent =
          steps
              .state(BackupDriver.RESTORE, "orders-late", ofFirst("orders-late"))
              .at("insert", "", Instant.EPOCH)
              .asking(asked, "insert");
      assertThat(clones.mayShow(context(sent, asked.plusSeconds(5)))).isTrue();
      assertThat(clones.mayShow(context(sent, asked.plus(OwnOperation.UNSEEN_LIMIT)))).isFalse();
    }
  }

  private static StepContext context(OperationState state, Instant now) {
    return new StepContext(state, Customizations.NONE, SecretRef::resolve, now);
  }

  /** The list has two clones of the name by then, and the one that is there costs money. */
  @ParameterizedTest
  @ValueSource(strings = {"instances.patch", "instances.clone"})
  void whatFailsIsNamedWhereAnotherOnesCloneWasThereBefore(String method) throws Exception {
    String name = "orders-" + method.substring("instances.".length());
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      StepRun<Instance> run = steps.begin(BackupDriver.RESTORE, name, ofFirst(name));
      anotherOneClonesSecond(name);
      available(name);
      shop.home.instances().delete(Stepwise.id(name)).await(LIMIT);
      shop.gcp.simulator.faults().on(method).operationFails("INTERNAL_ERROR", "No disk");
      assertThatThrownBy(() -> steps.toTheEnd(run))
          .hasMessageContaining("No disk")
          .hasMessageContaining("Left behind: the instance " + name);
    }
  }

  /** The doubt that is left, as docs/decisions says: nothing was sent, and somebody is faster. */
  @Test
  void theOnlyCloneSinceAnOperationThatWasResumedIsTakenForItsOwn() throws Exception {
    OperationState begun;
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      begun = steps.begin(BackupDriver.RESTORE, "orders-doubt", ofFirst("orders-doubt")).state();
    }
    anotherOneClonesSecond("orders-doubt");
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      Instance taken = steps.toTheEnd(steps.resume(BackupDriver.RESTORE, begun));
      assertThat(shop.ledger(taken)).isEqualTo("early,late");
    }
  }
}
