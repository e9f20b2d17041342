/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.migration.Migration;
import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import io.clouddb.migration.state.StateStore;
import io.clouddb.plan.Plan;
import io.clouddb.replica.Promoted;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.arm.SimulatedAzure;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what the README quotes. */
class SnippetsTest {
  @TempDir private Path folder;
  private SimulatedGoogle google;
  private InstanceSpec spec;

  @BeforeEach
  void startGoogle() throws Exception {
    google = SimulatedGoogle.start();
    Path password = Files.writeString(folder.resolve("password"), "not-a-real-one-1");
    spec = Networks.elsewhere(CreateAnInstance.orders(SecretRef.file(password)));
  }

  @AfterEach
  void stopGoogle() {
    google.close();
  }

  private CloudDb open() {
    return CloudDb.open(
        google.config().tokenKey(SecretRef.literal("a-key-for-tests-0123456789")).build());
  }

  @Test
  void anInstanceIsCreatedByUrl() throws Exception {
    try (SimulatedAzure azure =
        SimulatedAzure.builder()
            .resourceGroup("shop")
            .retryAfter(0) // so that the interval in the URL is the one that counts
            .start()) {
      Path secret = Files.writeString(folder.resolve("secret"), azure.secret().resolve());
      assertThat(
              CreateAnInstance.create(
                  "clouddb:azure:koreacentral?pollInterval=PT0.05S&subscription="
                      + azure.subscription()
                      + "&resourceGroup=shop&endpoint="
                      + azure.endpoint()
                      + "&endpointSecret="
                      + SecretRef.file(secret).toText()
                      + "&databaseRootCertificate="
                      + EmbeddedPostgres.certificateAuthority(),
                  spec))
          .startsWith("16.");
    }
  }

  @Test
  void aPlanSaysAllWithoutARemoteCall() {
    try (CloudDb cloud = open()) {
      Plan plan = PlanBeforeYouPay.plan(cloud, spec);

      assertThat(plan.feasible()).isTrue();
      assertThat(google.requests()).isEmpty();
    }
  }

  @Test
  void aPlanGoesByTheCatalogOfTheRegion() {
    try (CloudDb cloud = open()) {
      Plan plan = PlanBeforeYouPay.planByTheCatalog(cloud, spec);

      assertThat(plan.feasible()).isTrue();
      assertThat(google.requests("tiers.list")).hasSize(1);
    }
  }

  @Test
  void anInstanceIsEnsuredAndGrows() {
    try (CloudDb cloud = open()) {
      assertThat(EnsureAndModify.grow(cloud, spec).storageSize()).contains(DataSize.gib(256));
      assertThat(EnsureAndModify.grow(cloud, spec).name()).isEqualTo("orders");
      assertThat(google.requests("instances.insert")).hasSize(1);
    }
  }

  @Test
  void errorsAreTheSameEverywhere() {
    try (CloudDb cloud = open()) {
      assertThat(HandleErrors.create(cloud, spec)).isEqualTo("orders");
      assertThat(
              HandleErrors.create(
                  cloud, spec.toBuilder().availability(Availability.REGIONAL).build()))
          .startsWith("is there already: ");
      assertThat(
              HandleErrors.create(
                  cloud,
                  spec.toBuilder()
                      .storage(Storage.provisionedIops(DataSize.gib(128), 20_000))
                      .build()))
          .startsWith("cannot be had here: ");
    }
  }

  @Test
  void anOperationGoesOnInAnotherProcess() throws Exception {
    Path token = folder.resolve("token");
    try (CloudDb first = open()) {
      ResumeInAnotherProcess.begin(first, spec, token);
    }
    try (CloudDb second = open()) {
      assertThat(ResumeInAnotherProcess.goOn(second, token).name()).isEqualTo("orders");
    }
  }

  @Test
  void whatAClosedProcessLeftIsInItsLog() throws Exception {
    Path key = Files.writeString(folder.resolve("key"), "a-key-for-tests-0123456789");
    CloudConfig config = GoOnAfterAKill.withLog(google.config(), folder.resolve("operations"), key);
    try (CloudDb first = CloudDb.open(config)) {
      assertThat(first.instances().create(spec).progress()).isNotEmpty();
    }
    try (CloudDb second = CloudDb.open(config)) {
      assertThat(GoOnAfterAKill.goOn(second)).extracting(Instance::name).containsExactly("orders");
      assertThat(GoOnAfterAKill.goOn(second)).isEmpty();
    }
  }

  @Test
  void aReplicaTakesOverWhenItsSourcesRegionIsGone() throws Exception {
    try (CloudDb cloud = open()) {
      InstanceSpec backedUp = spec.toBuilder().backups(BackupPolicy.daily()).build();
      Instance orders = cloud.instances().create(backedUp).await(Duration.ofMinutes(1));
      Instance replica = SurviveARegion.follow(cloud, orders.id(), "europe-west1");
      assertThat(SurviveARegion.measure(cloud, replica.id(), spec.admin()).replayedAll()).isTrue();
      Promoted now = SurviveARegion.takeOver(cloud, replica.id(), spec.admin());
      assertThat(now.instance().id()).isEqualTo(replica.id());
      assertThat(now.changes()).isNotEmpty();
    }
  }

  @Test
  void anInstanceIsBackedUpAndRestored() throws Exception {
    try (CloudDb cloud = open()) {
      Instance orders = cloud.instances().create(spec).await(Duration.ofMinutes(1));
      assertThat(BackUpAndRestore.protect(cloud, orders.id()).backup().tags())
          .containsEntry("Type", "Manual");
      Backup backup = BackUpAndRestore.take(cloud, orders.id());
      assertThat(BackUpAndRestore.list(cloud, orders.id())).containsExactly(backup);
      Instance restored = BackUpAndRestore.restore(cloud, backup, spec.admin());
      assertThat(restored.tags()).containsEntry("why", "rehearsal");
      try (Connection connection = restored.connection().dataSource().getConnection()) {
        assertThat(connection.getCatalog()).isNotEmpty();
      }
    }
  }

  @Test
  void anInstanceIsRestoredToTheMomentBeforeAMistake() throws Exception {
    try (CloudDb cloud = open()) {
      InstanceSpec logged =
          spec.toBuilder().backups(BackupPolicy.daily().withPointInTime()).build();
      Instance orders = cloud.instances().create(logged).await(Duration.ofMinutes(1));
      // The first backup is some minutes away.
      until(() -> cloud.backups().window(orders.id()).earliest().isPresent());
      ConnectionDetails shop = orders.connection();
      execute(shop, "CREATE TABLE orders (id int PRIMARY KEY)");
      Instant mistake = google.clock().instant().plusSeconds(5);
      until(() -> google.clock().instant().isAfter(mistake));
      execute(shop, "DROP TABLE orders");
      until(() -> cloud.backups().window(orders.id()).contains(mistake));
      Instance before = RestoreToAMoment.before(cloud, orders.id(), mistake, spec.admin());
      execute(
          before.connection().toBuilder().database(shop.database()).build(),
          "SELECT id FROM orders");
    }
  }

  /** Of the cloud's time ten minutes pass in a second. */
  private static void until(BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Test
  void aDatabaseMovesAndItsApplicationFollows() throws Exception {
    try (EmbeddedPostgres oldServer =
            EmbeddedPostgres.builder().durable(false).setting("wal_level", "logical").start();
        EmbeddedPostgres newServer = EmbeddedPostgres.builder().durable(false).start()) {
      ConnectionDetails from = oldServer.superuser();
      ConnectionDetails to = newServer.superuser();
      execute(from, "CREATE TABLE orders (id int PRIMARY KEY, item text)");
      try (SwitchableDataSource shop = FollowTheRoute.shop(folder, from, to);
          Connection before = shop.getConnection();
          Statement statement = before.createStatement()) {
        statement.execute("INSERT INTO orders VALUES (1, 'before')");
        before.close();

        MigrationReport report = MoveADatabase.move(from, to, folder);

        assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
        try (Connection after = shop.getConnection();
            Statement insert = after.createStatement()) {
          insert.execute("INSERT INTO orders VALUES (2, 'after')");
        }
      }
      try (Connection connection = to.connect();
          Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery("SELECT string_agg(item, ' ' ORDER BY id) FROM orders")) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("before after");
      }
      assertThat(folder.resolve("report.html")).isNotEmptyFile();
    }
  }

  @Test
  void aDatabaseGoesThereAndBack() throws Exception {
    try (EmbeddedPostgres oldServer =
            EmbeddedPostgres.builder().durable(false).setting("wal_level", "logical").start();
        EmbeddedPostgres newServer =
            EmbeddedPostgres.builder().durable(false).setting("wal_level", "logical").start();
        RouteStore route = RouteStore.file(folder.resolve("route.json"))) {
      ConnectionDetails from = oldServer.superuser();
      execute(from, "CREATE TABLE orders (id int PRIMARY KEY, item text)");
      CountDownLatch ready = new CountDownLatch(1);
      CountDownLatch switched = new CountDownLatch(1);
      Migration migration =
          GoThereAndBack.migration(
              Migration.builder()
                  .id("shop")
                  .from(from)
                  .to(newServer.superuser())
                  .state(StateStore.directory(folder))
                  .route(route)
                  .listener(
                      new MigrationListener() {
                        @Override
                        public void notice(String text) {
                          if (text.startsWith("Ready for the cutover")) {
                            ready.countDown();
                          }
                        }

                        @Override
                        public void stepStarted(MigrationStep step) {
                          if (step == MigrationStep.REVERSE) {
                            switched.countDown();
                          }
                        }
                      }));
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      assertThat(ready.await(1, TimeUnit.MINUTES)).isTrue();

      assertThat(GoThereAndBack.rehearse(migration).pause()).isPositive();
      assertThat(switched.await(1, TimeUnit.MINUTES)).isTrue();
      execute(newServer.superuser(), "INSERT INTO orders VALUES (1, 'on the target')");
      MigrationReport report = GoThereAndBack.goBack(migration, run);

      assertThat(report.status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
      try (Connection connection = from.connect();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT item FROM orders")) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("on the target");
      }
    }
  }

  private static void execute(ConnectionDetails database, String sql) throws Exception {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
