/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.CloudDb;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How backups are taken, found, restored and deleted. */
class CloudSqlBackupsTest {
  private static final String FAR = "europe-west1";

  @TempDir private Path folder;

  private final SimulatedCloudSql gcp = SimulatedCloudSql.start();
  private final CloudDb home = gcp.open();
  private AdminLogin admin;
  private Instance orders;

  @BeforeEach
  void source() throws Exception {
    InstanceSpec spec =
        SimulatedCloudSql.spec("orders", folder)
            .database("shop")
            .parameter("max_connections", "300")
            .tag("team", "one")
            .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7).withPointInTime())
            .build();
    admin = spec.admin();
    orders = home.instances().create(spec).await(LIMIT);
    run(orders, "CREATE TABLE public.ledger (entry text)");
  }

  @AfterEach
  void close() {
    try (gcp;
        home) {
      assertThat(gcp.simulator.notSimulated()).isEmpty();
      assertThat(gcp.simulator.bugs()).isEmpty();
    }
  }

  private void run(Instance instance, String sql) throws Exception {
    try (Connection connection = instance.connection(admin).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String ledger(Instance instance) throws Exception {
    try (Connection connection = instance.connection(admin).connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT string_agg(entry, ',' ORDER BY entry) FROM public.ledger")) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }

  @Test
  void aBackupIsTakenFoundAndRestored() throws Exception {
    run(orders, "INSERT INTO public.ledger VALUES ('before')");
    BackupSpec spec = BackupSpec.named("before-release").tag("why", "release; 1=2");
    Backup backup = home.backups().take(orders.id(), spec).await(LIMIT);
    assertThat(backup.name()).isEqualTo("before-release");
    assertThat(backup.tags()).containsExactlyEntriesOf(spec.tags());
    assertThat(backup.origin()).isEqualTo(Backup.Origin.MANUAL);
    assertThat(backup.state()).isEqualTo(Backup.State.AVAILABLE);
    assertThat(backup.instance()).contains(orders.id());
    assertThat(backup.engineVersion()).contains("16");
    assertThat(backup.storageLocation()).contains("asia");
    assertThat(home.backups().find(orders.id(), "before-release")).contains(backup);
    assertThat(home.backups().get(backup.id())).isEqualTo(backup);
    assertThat(
            home.backups().list(BackupQuery.of(orders.id()).origin(Backup.Origin.MANUAL)).stream())
        .containsExactly(backup);
    assertThat(home.in(FAR).backups().list(BackupQuery.all()).stream()).isEmpty();
    run(orders, "INSERT INTO public.ledger VALUES ('after')");

    Instance restored =
        home.backups()
            .restore(
                RestoreSpec.from(backup)
                    .named("orders-2")
                    .size(InstanceSize.named("db-custom-4-16384"))
                    .availability(Availability.REGIONAL)
                    .network(Network.publicAccess("198.51.100.0/24"))
                    .parameter("work_mem", "8192")
                    .tag("stage", "two")
                    .deletionProtection(true)
                    .login(admin))
            .await(LIMIT);
    assertThat(ledger(restored)).isEqualTo("before");
    assertThat(ledger(orders)).isEqualTo("after,before");
    assertThat(restored.nativeSize()).contains("db-custom-4-16384");
    assertThat(restored.availability()).contains(Availability.REGIONAL);
    assertThat(restored.deletionProtection()).isTrue();
    assertThat(restored.database()).contains("shop");
    assertThat(restored.tags()).containsEntry("team", "one").containsEntry("stage", "two");
    DatabaseInstance there = restored.unwrap(DatabaseInstance.class);
    assertThat(there.getSettings().getIpConfiguration().getAuthorizedNetworks())
        .extracting("value")
        .containsExactly("198.51.100.0/24");
    assertThat(there.getSettings().getDatabaseFlags())
        .extracting(flag -> flag.getName() + "=" + flag.getValue())
        .containsExactlyInAnyOrder("max_connections=300", "work_mem=8192");

    home.backups().delete(backup.id()).await(LIMIT);
    assertThat(home.backups().find(orders.id(), "before-release")).isEmpty();
  }

  @Test
  void aMomentIsRestored() throws Exception {
    run(orders, "INSERT INTO public.ledger VALUES ('first')");
    Instant moment = gcp.simulator.clock().instant().plusSeconds(2);
    RestorableWindow window = awaitMoment(moment.plusSeconds(2));
    assertThat(window.instanceDeleted()).isFalse();
    run(orders, "INSERT INTO public.ledger VALUES ('second')");
    Instance restored =
        home.backups()
            .restore(
                RestoreSpec.of(orders.id())
                    .at(moment)
                    .named("orders-3")
                    .size(InstanceSize.named("db-custom-4-16384"))
                    .tag("stage", "two")
                    .login(admin))
            .await(LIMIT);
    assertThat(ledger(restored)).isEqualTo("first");
    assertThat(restored.nativeSize()).contains("db-custom-4-16384");
    assertThat(restored.tags()).containsEntry("team", "one").containsEntry("stage", "two");
  }

  private RestorableWindow awaitMoment(Instant moment) {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
    while (Instant.now().isBefore(deadline)) {
      RestorableWindow window = home.backups().window(orders.id());
      if (window.latest().filter(latest -> !latest.isBefore(moment)).isPresent()) {
        return window;
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    throw new AssertionError("never " + home.backups().window(orders.id()));
  }

  @Test
  void aBackupIsRestoredInAnotherRegion() throws Exception {
    run(orders, "INSERT INTO public.ledger VALUES ('before')");
    Backup backup = home.backups().take(orders.id(), BackupSpec.named("nightly-1")).await(LIMIT);
    Instance restored =
        home.in(FAR)
            .backups()
            .restore(RestoreSpec.from(backup).named("orders-far").login(admin))
            .await(LIMIT);
    assertThat(restored.id().location()).isEqualTo(FAR);
    assertThat(ledger(restored)).isEqualTo("before");
  }
}
