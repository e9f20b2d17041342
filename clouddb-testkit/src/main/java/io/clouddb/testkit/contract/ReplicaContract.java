/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Plan;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaLag;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every provider has to do with replicas of managed PostgreSQL instances, on a simulator whose
 * replicas are real streaming standbys.
 */
public abstract class ReplicaContract {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final SecretRef PASSWORD = SecretRef.literal("Correct-horse-battery-1");
  private static final int ROWS = 200;

  /** The administrator of the sources, and so of their replicas. */
  protected static final AdminLogin LOGIN = AdminLogin.of("app_admin", PASSWORD);

  @SuppressWarnings("NullAway.Init") // Opened before each test.
  private CloudDb home;

  /** Made by JUnit. */
  protected ReplicaContract() {}

  /**
   * The cloud. It is used by one test at a time, and left without instances by each.
   *
   * @return a simulator that is running
   */
  protected abstract SimulatedCloud simulator();

  /**
   * A region beside the one of the simulator's configuration.
   *
   * @return its name
   */
  protected abstract String otherRegion();

  /**
   * A source that can have replicas in both regions, with {@link #LOGIN}, the database {@code shop}
   * and a network over which the test can connect.
   *
   * @param name the instance's name
   * @return a new builder
   */
  protected abstract InstanceSpec.Builder source(String name);

  /**
   * The least that a replica in the other region needs.
   *
   * @param name its name
   * @return the spec
   */
  protected abstract ReplicaSpec farReplica(String name);

  /**
   * The server behind an instance.
   *
   * @param id the instance
   * @return what is running there
   */
  protected abstract EmbeddedPostgres server(ResourceId id);

  /**
   * How to open the cloud.
   *
   * @return a new builder
   */
  protected CloudConfig.Builder config() {
    return simulator().config();
  }

  @BeforeEach
  void open() {
    home =
        CloudDb.open(
            config()
                .tokenKey(SecretRef.literal("a-key-for-tests-0123456789"))
                .retryPolicy(new RetryPolicy(4, Duration.ofMillis(5), Duration.ofMillis(50)))
                .build());
  }

  @AfterEach
  void removeAll() {
    simulator().faults().clear();
    for (CloudDb cloud : List.of(home.in(otherRegion()), home)) {
      List<Instance> all = new ArrayList<>(cloud.instances().list().stream().toList());
      // Replicas before their sources.
      all.sort(
          (a, b) ->
              Boolean.compare(
                  cloud.replicas().find(a.name()).isEmpty(),
                  cloud.replicas().find(b.name()).isEmpty()));
      for (Instance left : all) {
        cloud.instances().delete(left.id()).await(LIMIT);
      }
    }
    home.close();
    assertThat(simulator().bugs()).isEmpty();
  }

  private Instance created(String name) throws SQLException {
    Instance source = home.instances().create(source(name).build()).await(LIMIT);
    run(source, "CREATE TABLE public.written (id bigint PRIMARY KEY, at pg_catalog.timestamptz)");
    return source;
  }

  /** No cloud tells which database the source was made with, so the test says it. */
  private static ConnectionDetails connection(Instance instance) {
    return instance.connection(LOGIN).toBuilder().database("shop").build();
  }

  private static void run(Instance instance, String sql) throws SQLException {
    try (Connection connection = connection(instance).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long count(Instance instance) throws SQLException {
    try (Connection connection = connection(instance).connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT pg_catalog.count(*) FROM public.written")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void followsItsSourceIsListedMeasuredAndDeleted() throws SQLException {
    Instance orders = created("orders");
    Instance reader =
        home.replicas()
            .create(orders.id(), ReplicaSpec.named("orders-reader").tag("role", "reader"))
            .await(LIMIT);
    assertThat(reader.tags()).containsEntry("role", "reader");
    run(orders, "INSERT INTO public.written VALUES (1, pg_catalog.now())");
    server(reader.id()).catchUp(LIMIT);
    assertThat(count(reader)).isEqualTo(1);
    assertThatThrownBy(() -> run(reader, "INSERT INTO public.written VALUES (2, pg_catalog.now())"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("read-only");

    Replica found = home.replicas().get(reader.id());
    assertThat(found.state()).isEqualTo(Replica.State.REPLICATING);
    assertThat(found.source().orElseThrow().name()).isEqualTo("orders");
    assertThat(home.replicas().list(orders.id())).containsExactly(reader.id());
    assertThat(home.replicas().find("orders")).isEmpty();
    ReplicaLag lag = home.replicas().lag(reader.id(), LOGIN);
    assertThat(lag.replayedAll()).isTrue();
    assertThat(lag.lastReplayed()).isPresent();

    assertThatThrownBy(() -> home.instances().delete(orders.id()).await(LIMIT))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("orders-reader");
    assertThat(home.instances().find("orders")).isPresent();
    home.instances().delete(reader.id()).await(LIMIT);
    assertThat(home.replicas().list(orders.id())).isEmpty();
    home.instances().delete(orders.id()).await(LIMIT);
  }

  @Test
  void aRegionDiesAndItsReplicaTakesOver() throws Exception {
    Instance orders = created("orders");
    CloudDb away = home.in(otherRegion());
    Instance far = away.replicas().create(orders.id(), farReplica("orders-dr")).await(LIMIT);
    assertThat(far.id().location()).isEqualTo(otherRegion());
    assertThat(home.replicas().list(orders.id()))
        .extracting(ResourceId::location)
        .containsExactly(otherRegion());

    // Each row in a transaction of its own; those that were acknowledged are known.
    Map<Long, Instant> acknowledged = new ConcurrentSkipListMap<>();
    CountDownLatch many = new CountDownLatch(ROWS);
    Thread writer = new Thread(() -> write(orders, acknowledged, many));
    writer.setDaemon(true);
    writer.start();
    many.await();
    server(far.id()).catchUp(LIMIT);
    server(orders.id()).kill();
    writer.join();
    // From now on no call about the source is answered.
    CountDownLatch never = new CountDownLatch(1);
    for (Verb verb : Verb.values()) {
      simulator().faults().on(verb, Call.INSTANCE).named("orders").times(100).heldUntil(never);
    }
    try {
      Promoted promoted =
          away.replicas().promote(far.id(), Promotion.forced().login(LOGIN)).await(LIMIT);
      assertThat(promoted.formerSource().orElseThrow().name()).isEqualTo("orders");
      assertThat(promoted.changes()).isNotEmpty();
      run(promoted.instance(), "INSERT INTO public.written VALUES (0, pg_catalog.now())");
      long there = count(promoted.instance()) - 1;
      assertThat(there).isGreaterThanOrEqualTo(ROWS);
      // What was not replicated is what came after the time that the promotion tells.
      Instant replayed = promoted.lastReplayed().orElseThrow();
      assertThat(acknowledged.entrySet())
          .filteredOn(row -> row.getKey() > there)
          .allSatisfy(row -> assertThat(row.getValue()).isAfterOrEqualTo(replayed));
      assertThat(away.replicas().find("orders-dr")).isEmpty();
      assertThatThrownBy(() -> away.replicas().promote(far.id(), Promotion.forced()).await(LIMIT))
          .isInstanceOf(ConditionFailedException.class);
    } finally {
      never.countDown();
    }
  }

  private static void write(Instance to, Map<Long, Instant> acknowledged, CountDownLatch many) {
    try (Connection connection = connection(to).connect();
        Statement statement = connection.createStatement()) {
      for (long id = 1; ; id++) {
        try (ResultSet row =
            statement.executeQuery(
                "INSERT INTO public.written VALUES ("
                    + id
                    + ", pg_catalog.clock_timestamp()) RETURNING at")) {
          row.next();
          acknowledged.put(id, row.getTimestamp(1).toInstant());
        }
        many.countDown();
      }
    } catch (SQLException e) {
      // Its server is gone.
      while (many.getCount() > 0) {
        many.countDown();
      }
    }
  }

  @Test
  void whatIsNoReplicaIsNotPromotedAndANameThatIsTakenIsTold() throws SQLException {
    Instance orders = created("orders");
    assertThatThrownBy(
            () -> home.replicas().promote(orders.id(), Promotion.standalone()).await(LIMIT))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("replica");
    home.replicas().create(orders.id(), ReplicaSpec.named("orders-reader")).await(LIMIT);
    assertThatThrownBy(
            () ->
                home.replicas()
                    .create(orders.id(), ReplicaSpec.named("orders-reader"))
                    .await(LIMIT))
        .isInstanceOf(AlreadyExistsException.class);
    ResourceId nobody =
        ResourceId.of(
            orders.id().provider(),
            orders.id().account(),
            orders.id().location(),
            "instance",
            "nobody");
    assertThatThrownBy(
            () -> home.replicas().create(nobody, ReplicaSpec.named("reader")).await(LIMIT))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nobody");
    assertThat(home.instances().find("reader")).isEmpty();
    assertThatThrownBy(() -> home.replicas().list(nobody))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nobody");
  }

  @Test
  void plansOfPromotionsSayWhatTheCapabilitiesSay() {
    for (Promotion promotion :
        List.of(
            Promotion.standalone(),
            Promotion.forced(),
            Promotion.switchingRoles(),
            Promotion.switchingRoles().byForce())) {
      ReplicaField field = promotion.field();
      Support support = home.capabilities().supports(Feature.of(field), FeatureContext.any());
      Plan plan = home.replicas().planPromote(promotion);
      assertThat(plan.feasible())
          .as("%s: %s", field, support)
          .isEqualTo(support.answer() != Support.Answer.NO);
      if (support.answer() != Support.Answer.YES) {
        assertThat(support.reason()).isNotBlank();
      }
    }
    for (ReplicaField field : ReplicaField.values()) {
      assertThat(home.capabilities().supports(Feature.of(field), FeatureContext.any()).reason())
          .as("known: %s", field)
          .doesNotContain("knows no");
    }
  }
}
