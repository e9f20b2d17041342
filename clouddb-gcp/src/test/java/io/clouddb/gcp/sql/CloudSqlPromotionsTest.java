/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static io.clouddb.gcp.sql.SimulatedCloudSql.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.ReplicationCluster;
import io.clouddb.CloudDb;
import io.clouddb.Native;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.operation.Operation;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalTime;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How replicas take over, also when a region is gone or an answer is. */
@Tag("slow")
class CloudSqlPromotionsTest {
  private static final String FAR = "europe-west1";

  @TempDir private Path folder;

  private final SimulatedCloudSql gcp = SimulatedCloudSql.start();
  private final CloudDb home = gcp.open();
  private final CloudDb far = home.in(FAR);

  @AfterEach
  void close() {
    try (gcp;
        home) {
      assertThat(gcp.simulator.notSimulated()).isEmpty();
      assertThat(gcp.simulator.bugs()).isEmpty();
    }
  }

  private InstanceSpec.Builder spec() throws Exception {
    return SimulatedCloudSql.spec("orders", folder)
        .database("shop")
        .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7));
  }

  private AdminLogin login() throws Exception {
    return spec().build().admin();
  }

  private Instance source() throws Exception {
    return written(home.instances().create(spec().build()).await(LIMIT));
  }

  private Instance plusSource() throws Exception {
    return written(
        home.instances()
            .create(
                spec()
                    .size(InstanceSize.named("db-perf-optimized-N-2"))
                    .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7).withPointInTime())
                    .build())
            .await(LIMIT));
  }

  private Instance written(Instance orders) throws Exception {
    run(orders, "CREATE TABLE t AS SELECT 1 AS a");
    return orders;
  }

  private Instance replica(CloudDb where, Instance source, String name) {
    return where.replicas().create(source.id(), ReplicaSpec.named(name)).await(LIMIT);
  }

  private void caughtUp(String name) throws Exception {
    EmbeddedPostgres server =
        gcp.simulator.servers().get(new ResourceKey(PROJECT, name)).server().orElseThrow();
    server.catchUp(LIMIT);
  }

  private void run(Instance instance, String statement) throws Exception {
    try (Connection connection = instance.connection(login()).connect();
        Statement open = connection.createStatement()) {
      open.execute(statement);
    }
  }

  private int sum(Instance instance) throws Exception {
    try (Connection connection = instance.connection(login()).connect();
        Statement open = connection.createStatement();
        ResultSet rows = open.executeQuery("SELECT sum(a) FROM t")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private List<String> about(String instance) {
    return gcp.simulator.requests().stream()
        .map(request -> request.path() + "?" + request.rawQuery())
        .filter(path -> path.matches(".*[/=]" + instance + "([/?&].*)?"))
        .toList();
  }

  @Test
  void oneLeavesItsSource() throws Exception {
    Instance orders = source();
    Instance reader = replica(home, orders, "reader");
    run(orders, "INSERT INTO t VALUES (2)");
    caughtUp("reader");
    Promoted promoted =
        home.replicas().promote(reader.id(), Promotion.standalone().login(login())).await(LIMIT);
    assertThat(promoted.formerSource()).contains(orders.id());
    assertThat(promoted.lastReplayed()).isPresent();
    assertThat(promoted.changes().toString())
        .contains("Write to reader", "orders goes on as it was", "no backups");
    run(promoted.instance(), "INSERT INTO t VALUES (4)");
    assertThat(sum(promoted.instance())).isEqualTo(7);
    assertThat(sum(orders)).isEqualTo(3);
    assertThat(home.replicas().list(orders.id())).isEmpty();
    assertThatThrownBy(() -> home.replicas().promote(reader.id(), Promotion.standalone()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("reader is no replica");
    assertThatThrownBy(() -> home.replicas().promote(orders.id(), Promotion.forced()))
        .isInstanceOf(ConditionFailedException.class);
    assertThat(gcp.simulator.requests("instances.promoteReplica")).hasSize(1);
    home.instances().delete(orders.id()).await(LIMIT);
  }

  @Test
  void aRegionDies() throws Exception {
    Instance orders = source();
    Instance replica = replica(far, orders, "orders-dr");
    run(orders, "INSERT INTO t VALUES (2)");
    caughtUp("orders-dr");
    CountDownLatch never = new CountDownLatch(1);
    gcp.simulator.faults().onAny().named("orders").times(1000).heldUntil(never);
    gcp.simulator.clearRequests();
    try (CloudDb next = CloudDb.open(gcp.config().build())) {
      Operation<Promoted> promotion =
          next.in(FAR).replicas().promote(replica.id(), Promotion.forced().login(login()));
      String token = promotion.token();
      Promoted promoted = promotion.await(LIMIT);
      // One that goes on from before the first step sees that it is done.
      assertThat(far.operations().resume(token, Promoted.class).await(LIMIT).lastReplayed())
          .isEqualTo(promoted.lastReplayed());
      assertThat(promoted.lastReplayed()).isPresent();
      assertThat(promoted.formerSource()).contains(orders.id());
      assertThat(promoted.changes().toString()).contains("comes back so");
      run(promoted.instance(), "INSERT INTO t VALUES (4)");
      assertThat(sum(promoted.instance())).isEqualTo(7);
      try (Connection connection = promoted.connection().connect()) {
        assertThat(connection.getCatalog()).isEqualTo("shop");
      }
    } finally {
      never.countDown();
    }
    assertThat(about("orders")).isEmpty();
    assertThat(gcp.simulator.requests("instances.promoteReplica")).hasSize(1);
  }

  @Test
  void theyChangePlacesAndBackByForce() throws Exception {
    Instance orders = plusSource();
    Instance replica = replica(far, orders, "orders-dr");
    Instance reader = replica(home, orders, "reader");
    assertThatThrownBy(
            () -> far.replicas().promote(replica.id(), Promotion.switchingRoles().byForce()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("not the disaster recovery replica");
    assertThatThrownBy(() -> home.replicas().promote(reader.id(), Promotion.switchingRoles()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("two regions");
    Promoted promoted =
        far.replicas().promote(replica.id(), Promotion.switchingRoles()).await(LIMIT);
    assertThat(promoted.formerSource()).contains(orders.id());
    assertThat(promoted.changes().toString())
        .contains("orders follows orders-dr now", "Follow orders-dr: orders, reader");
    run(promoted.instance(), "INSERT INTO t VALUES (2)");
    caughtUp("orders");
    assertThat(sum(home.instances().get("orders"))).isEqualTo(3);
    assertThat(home.replicas().get(orders.id()).source()).contains(replica.id());
    assertThat(home.replicas().get(reader.id()).source()).contains(replica.id());

    gcp.simulator.clearRequests();
    Promoted back =
        home.replicas().promote(orders.id(), Promotion.switchingRoles().byForce()).await(LIMIT);
    assertThat(gcp.simulator.requests("instances.promoteReplica"))
        .singleElement()
        .satisfies(request -> assertThat(request.rawQuery()).contains("failover=true"));
    assertThat(about("orders-dr")).isEmpty();
    assertThat(back.changes().toString()).contains("Cloud SQL makes orders-dr a replica");
    run(back.instance(), "INSERT INTO t VALUES (4)");
    assertThat(sum(back.instance())).isEqualTo(7);
  }

  @Test
  void onlyAPairOfTheGreaterEditionChangesPlaces() throws Exception {
    Instance orders = source();
    Instance replica = replica(far, orders, "orders-dr");
    int before = gcp.simulator.requests("instances.patch").size();
    assertThatThrownBy(() -> far.replicas().promote(replica.id(), Promotion.switchingRoles()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContainingAll(
            "orders is of the edition ENTERPRISE,",
            "orders-dr is of the edition ENTERPRISE,",
            "use-advanced-disaster-recovery");
    assertThat(gcp.simulator.requests("instances.patch")).hasSize(before);
  }

  @Test
  void anotherDesignationIsNotTakenAway() throws Exception {
    Instance orders = plusSource();
    replica(far, orders, "first");
    Instance second = replica(far, orders, "second");
    home.instances()
        .modify(
            orders.id(),
            InstanceChange.builder().tag("a", "b").build(),
            Native.customize(
                DatabaseInstance.class,
                body ->
                    body.setReplicationCluster(
                        new ReplicationCluster().setFailoverDrReplicaName("first"))))
        .await(LIMIT);
    assertThatThrownBy(() -> far.replicas().promote(second.id(), Promotion.switchingRoles()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("another disaster recovery replica, first");
  }

  @Test
  void aLostAnswerDoesNotPromoteTwice() throws Exception {
    Instance orders = source();
    gcp.simulator.faults().on("instances.insert").connectionResetAfter();
    Instance first = replica(home, orders, "first");
    gcp.simulator.faults().on("instances.promoteReplica").connectionResetAfter();
    home.replicas().promote(first.id(), Promotion.standalone()).await(LIMIT);
    // The JDK's HTTP client may send a request twice without a word; the second is refused then.
    assertThat(gcp.simulator.requests("instances.promoteReplica"))
        .filteredOn(request -> request.status() != 400)
        .hasSize(1);
    gcp.simulator.faults().on("instances.insert").connectionResetBefore();
    Instance second = replica(home, orders, "second");
    gcp.simulator.faults().on("instances.promoteReplica").connectionResetBefore();
    Promoted promoted = home.replicas().promote(second.id(), Promotion.standalone()).await(LIMIT);
    run(promoted.instance(), "INSERT INTO t VALUES (4)");
    assertThat(gcp.simulator.servers().list(PROJECT)).hasSize(3);
  }

  @Test
  void aLostAnswerChangesNoPlacesTwice() throws Exception {
    Instance orders = plusSource();
    Instance replica = replica(far, orders, "orders-dr");
    gcp.simulator.faults().on("instances.patch").connectionResetAfter();
    gcp.simulator.faults().on("instances.switchover").connectionResetAfter();
    Promoted promoted =
        far.replicas().promote(replica.id(), Promotion.switchingRoles()).await(LIMIT);
    assertThat(gcp.simulator.requests("instances.switchover")).hasSize(1);
    assertThat(home.replicas().get(orders.id()).source()).contains(replica.id());
    run(promoted.instance(), "INSERT INTO t VALUES (4)");
  }

  @Test
  @Tag("slow")
  void anotherProcessGoesOnAfterEachStep() throws Exception {
    Instance orders = source();
    String last = "";
    for (int polls = 0; polls < 20 && !last.equals("done"); polls++) {
      String name = "reader-" + polls;
      try (Stepwise steps = new Stepwise(gcp.config().build())) {
        StepRun<Instance> made =
            steps.begin(ReplicaDriver.CREATE, name, ReplicaSpec.named(name).of(orders.id()));
        last = polled(steps, made, polls);
        Instance reader = steps.toTheEnd(steps.resume(ReplicaDriver.CREATE, made.state()));
        StepRun<Promoted> run = steps.begin(ReplicaDriver.PROMOTE, name, Promotion.standalone());
        String promoting = polled(steps, run, polls);
        Promoted promoted = steps.toTheEnd(steps.resume(ReplicaDriver.PROMOTE, run.state()));
        assertThat(promoted.instance().id()).isEqualTo(reader.id());
        if (!promoting.equals("done")) {
          last = promoting;
        }
      }
      home.instances().delete(Stepwise.id(name)).await(LIMIT);
    }
    assertThat(last).isEqualTo("done");
    assertThat(
            gcp.simulator.requests("instances.promoteReplica").stream()
                .filter(request -> request.status() != 200))
        .isEmpty();
  }

  /** Polls until it has changed so often; looks at what goes on are all the same. */
  private static String polled(Stepwise steps, StepRun<?> run, int changes) {
    String seen = "";
    for (int i = 0; i < changes; ) {
      if (steps.poll(run) instanceof StepRun.Outcome.Done) {
        return "done";
      }
      String now = run.state().step() + run.state().handle();
      if (!now.equals(seen)) {
        seen = now;
        i++;
      }
    }
    return run.state().step();
  }
}
