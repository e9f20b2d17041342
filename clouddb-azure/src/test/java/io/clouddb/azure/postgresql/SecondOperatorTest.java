/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceState;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.testkit.simulator.engine.Faults;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two operators who promote the same replica, and what each of them is told. */
@Tag("slow")
class SecondOperatorTest {
  @RegisterExtension static final SharedAzure SHARED = new SharedAzure();

  private static AzureOnThisMachine azure;
  private static CloudDb cloud;

  private Instance orders;
  private Instance dr;

  @BeforeAll
  static void start() {
    azure = SHARED.azure();
    cloud = SHARED.cloud();
  }

  @BeforeEach
  void pair() {
    orders = cloud.instances().create(spec("orders").build()).await(LIMIT);
    dr = cloud.replicas().create(orders.id(), ReplicaSpec.named("orders-dr")).await(LIMIT);
    azure.azure.clearRequests();
  }

  @AfterEach
  void remove() {
    azure.azure.faults().clear();
    ReplicaCalls calls = azure.runs().replicaCalls();
    for (Instance server : new Instance[] {orders, dr}) {
      for (VirtualEndpoint endpoint : endpoints(calls, server)) {
        assertThat(calls.deleteEndpoint(server.name(), endpoint.name())).isNotNull();
      }
    }
    boolean follows = cloud.replicas().list(orders.id()).stream().count() > 0;
    cloud.instances().delete((follows ? dr : orders).id()).await(LIMIT);
    cloud.instances().delete((follows ? orders : dr).id()).await(LIMIT);
  }

  private static java.util.List<VirtualEndpoint> endpoints(ReplicaCalls calls, Instance server) {
    try {
      return calls.endpoints(server.name());
    } catch (CloudDbException e) {
      // A replica has none.
      return java.util.List.of();
    }
  }

  private StepRun<Promoted> begin(OneRun runs) {
    return runs.begin(ReplicaDriver.PROMOTE, dr.name(), Promotion.switchingRoles());
  }

  private static Faults.RuleBuilder looks(String server) {
    return azure.azure.faults().on("Servers_Get").named(server);
  }

  /** A run that has made its virtual endpoint, and whose promotion was not sent. */
  private StepRun<Promoted> endpointMade(OneRun runs) {
    StepRun<Promoted> run = begin(runs);
    azure
        .azure
        .faults()
        .on("Servers_Update")
        .refused(401, "ExpiredAuthenticationToken", "The token has expired.");
    CloudDbException e = catchThrowableOfType(CloudDbException.class, () -> runs.finish(run));
    assertThat(StepRun.canGoOn(e)).isTrue();
    return run;
  }

  /** Azure makes one virtual endpoint for a server: that of the first does for both. */
  @Test
  void theVirtualEndpointOfTheFirstServesTheSecond() {
    OneRun runs = azure.runs();
    OneRun others = azure.runs();
    StepRun<Promoted> second = begin(others);
    StepRun<Promoted> first = endpointMade(runs);
    String name = runs.replicaCalls().endpoints("orders").get(0).name();
    assertThat(others.finish(second).changes().toString())
        .contains("orders follows orders-dr now")
        .contains("The virtual endpoint " + name + " (")
        .doesNotContain("it was made for the switchover");
    assertThat(runs.finish(first).changes().toString())
        .contains("orders follows orders-dr now")
        .contains("it was made for the switchover")
        .contains("or by somebody else's");
    assertThat(azure.azure.requests("VirtualEndpoints_Create")).hasSize(1);
  }

  /** What the second has not made stays for the first. */
  @Tag("slow")
  @Test
  void theSecondRemovesNoVirtualEndpointOfTheFirst() {
    OneRun runs = azure.runs();
    OneRun others = azure.runs();
    StepRun<Promoted> second = begin(others);
    StepRun<Promoted> first = endpointMade(runs);
    azure.azure.faults().on("Servers_Update").refused(400, "Whatever", "Not so.");
    CloudDbException e = catchThrowableOfType(CloudDbException.class, () -> others.finish(second));
    assertThat(e).hasMessageContaining("Not so.");
    assertThat(runs.finish(first).changes().toString()).contains("orders follows orders-dr now");
  }

  /** Of two that are asked for at the same time Azure makes one, and ends the other as failed. */
  @Test
  void aVirtualEndpointThatFailsBesideAnotherIsNotNeeded() {
    OneRun runs = azure.runs();
    OneRun others = azure.runs();
    StepRun<Promoted> second = begin(others);
    azure
        .azure
        .faults()
        .on("VirtualEndpoints_Create")
        .operationFails("Whatever", "The server has a virtual endpoint already.");
    assertThat(others.poll(second)).isInstanceOf(StepRun.Outcome.Running.class);
    StepRun<Promoted> first = endpointMade(runs);
    assertThat(others.finish(second).changes().toString())
        .contains("orders follows orders-dr now")
        .doesNotContain("it was made for the switchover");
    assertThat(runs.finish(first).changes().toString()).contains("or by somebody else's");
  }

  /** Azure refuses to be asked for the virtual endpoints of a replica. */
  @Tag("slow")
  @Test
  void aReplicaThatFollowsANewPrimaryIsNotAskedForVirtualEndpoints() {
    Instance third = cloud.replicas().create(orders.id(), ReplicaSpec.named("third")).await(LIMIT);
    OneRun runs = azure.runs();
    StepRun<Promoted> run = begin(runs);
    cloud.replicas().promote(third.id(), Promotion.switchingRoles()).await(LIMIT);
    ConditionFailedException e =
        catchThrowableOfType(ConditionFailedException.class, () -> runs.finish(run));
    assertThat(e).hasMessageContaining("/third, and not orders");
    assertThat(e.details().leftBehind().orElse("")).doesNotContain("the virtual endpoint orders-");
    cloud.replicas().promote(orders.id(), Promotion.switchingRoles()).await(LIMIT);
    ReplicaCalls calls = runs.replicaCalls();
    assertThat(calls.deleteEndpoint("orders", calls.endpoints("orders").get(0).name())).isNotNull();
    cloud.instances().delete(third.id()).await(LIMIT);
  }

  /** Of a source that Azure hides for a moment no virtual endpoint is shown either. */
  @Test
  void aVirtualEndpointOfASourceThatIsHiddenIsStillRemoved() {
    OneRun runs = azure.runs();
    StepRun<Promoted> run = begin(runs);
    azure.azure.faults().on("Servers_Update").refused(400, "Whatever", "Not so.");
    while (run.state().failure().isEmpty()) {
      assertThat(runs.poll(run)).isInstanceOf(StepRun.Outcome.Running.class);
      LockSupport.parkNanos(2_000_000);
    }
    looks("orders").times(2).refused(404, "ResourceNotFound", "The Resource was not found.");
    azure
        .azure
        .faults()
        .on("VirtualEndpoints_Get")
        .times(2)
        .refused(404, "ResourceNotFound", "The Resource was not found.");
    CloudDbException e = catchThrowableOfType(CloudDbException.class, () -> runs.finish(run));
    assertThat(e).hasMessageContaining("Not so.");
    assertThat(e.details().leftBehind()).isEmpty();
    azure.azure.faults().clear();
    assertThat(runs.replicaCalls().endpoints("orders")).isEmpty();
  }

  /** Nothing shows that they have changed places, and a server of its own is no switchover. */
  @Tag("slow")
  @Test
  void aStandalonePromotionIsNoSwitchoverWhereTheSourceMayNotBeRead() {
    OneRun runs = azure.runs();
    StepRun<Promoted> run = endpointMade(runs);
    cloud.replicas().promote(dr.id(), Promotion.standalone()).await(LIMIT);
    looks("orders").times(100_000).refused(403, "AuthorizationFailed", "Not for you.");
    ConditionFailedException e =
        catchThrowableOfType(ConditionFailedException.class, () -> runs.finish(run));
    assertThat(e).hasMessageContaining("follows nobody any more");
    assertThat(e.details().leftBehind().orElseThrow()).contains("the virtual endpoint orders-");
  }

  /** It is promoted, whatever somebody does with it then. */
  @Test
  void aPromotedServerThatIsStoppedSinceIsPromoted() {
    OneRun runs = azure.runs();
    StepRun<Promoted> run = endpointMade(runs);
    assertThat(runs.poll(run)).isInstanceOf(StepRun.Outcome.Running.class);
    assertThat(azure.azure.requests("Servers_Update")).hasSize(2);
    while (azure.runs().calls().find("orders-dr").orElseThrow().sourceServerResourceId() != null
        || azure.runs().calls().find("orders").orElseThrow().sourceServerResourceId() == null) {
      LockSupport.parkNanos(2_000_000);
    }
    cloud.instances().stop(dr.id()).await(LIMIT);
    Promoted promoted = runs.finish(run);
    assertThat(promoted.instance().state()).isEqualTo(InstanceState.STOPPED);
    assertThat(promoted.changes().toString()).contains("orders-dr is Stopped");
    cloud.instances().start(dr.id()).await(LIMIT);
  }

  /** While it changes, it is not known yet whose the virtual endpoint is. */
  @Test
  void aReplicaThatIsJustBeingPromotedIsWaitedFor() {
    OneRun runs = azure.runs();
    StepRun<Promoted> run = begin(runs);
    StepRun<Promoted> same = runs.resume(ReplicaDriver.PROMOTE, run.state());
    assertThat(runs.finish(same).changes().toString()).contains("The virtual endpoint orders-");
    String shown =
        azure.azure.requests("Servers_Get").stream()
            .filter(request -> request.path().endsWith("/orders-dr"))
            .reduce((one, last) -> last)
            .orElseThrow()
            .responseBody();
    assertThat(shown).contains("\"Ready\"");
    looks("orders-dr").intercepted(200, "application/json", shown.replace("Ready", "Updating"));
    azure
        .azure
        .faults()
        .on("VirtualEndpoints_ListByServer")
        .refused(404, "ResourceNotFound", "The Resource was not found.");
    assertThat(runs.poll(run)).isInstanceOf(StepRun.Outcome.Running.class);
    azure.azure.faults().clear();
    assertThat(runs.finish(run).changes().toString())
        .containsPattern("The virtual endpoint orders-[0-9a-f]+ \\([^)]*\\) leads to orders-dr");
  }
}
