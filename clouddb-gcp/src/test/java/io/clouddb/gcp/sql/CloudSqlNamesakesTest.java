/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That what has the name of what an operation is about, and is another one, is left alone. */
@Tag("slow")
class CloudSqlNamesakesTest {
  @TempDir private static Path folder;
  private static BackedUpOrders shop;
  private static Backup early;
  private static Backup late;

  @BeforeAll
  static void start() throws Exception {
    shop = new BackedUpOrders(folder);
    shop.write("early");
    early = shop.home.backups().take(shop.orders.id(), BackupSpec.named("early")).await(LIMIT);
    shop.write("late");
    late = shop.home.backups().take(shop.orders.id(), BackupSpec.named("late")).await(LIMIT);
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  /** A token that was kept over the deletion of what it was making. */
  @Test
  void anOldTokenOfARestoreLeavesALaterInstanceOfItsNameAlone() throws Exception {
    String name = "orders-again";
    RestoreSpec asked =
        RestoreSpec.from(early).named(name).login(shop.admin).in(SimulatedCloudSql.REGION);
    OperationState old;
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      StepRun<Instance> run = steps.begin(BackupDriver.RESTORE, name, asked);
      while (!run.state().step().equals("load")) {
        steps.poll(run);
      }
      old = run.state();
    }
    shop.home.instances().delete(Stepwise.id(name)).await(LIMIT);
    Instance others =
        shop.home
            .backups()
            .restore(RestoreSpec.from(late).named(name).login(shop.admin))
            .await(LIMIT);
    shop.run(others, "INSERT INTO public.ledger VALUES ('precious')");
    assertThat(shop.ledger(others)).isEqualTo("early,late,precious");
    int before = shop.gcp.simulator.requests("instances.restoreBackup").size();
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      assertThatThrownBy(() -> steps.toTheEnd(steps.resume(BackupDriver.RESTORE, old)))
          .isInstanceOf(CloudDbException.class);
    }
    assertThat(shop.gcp.simulator.requests("instances.restoreBackup")).hasSize(before);
    assertThat(shop.ledger(others)).isEqualTo("early,late,precious");
  }

  @Test
  void noBackupIsTakenOfALaterInstanceOfTheName() throws Exception {
    Instance gone =
        shop.home
            .backups()
            .restore(RestoreSpec.from(early).named("orders-short").login(shop.admin))
            .await(LIMIT);
    BackupSpec asked = BackupSpec.named("mine").of(gone.id(), SimulatedCloudSql.REGION);
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      StepRun<Backup> run = steps.begin(BackupDriver.TAKE, "orders-short/mine", asked);
      shop.home.instances().delete(gone.id()).await(LIMIT);
      var unused =
          shop.home
              .backups()
              .restore(RestoreSpec.from(late).named("orders-short").login(shop.admin))
              .await(LIMIT);
      assertThatThrownBy(() -> steps.toTheEnd(run)).isInstanceOf(CloudDbException.class);
    }
  }

  /** That backups stay was said of what was deleted, and not of what is restored of it. */
  @Test
  void whatIsRestoredOfADeletedInstanceRetainsNothingByItself() throws Exception {
    Instance orders =
        shop.home
            .backups()
            .restore(
                RestoreSpec.of(shop.orders.id()).latest().named("orders-kept").login(shop.admin))
            .await(LIMIT);
    var unused =
        shop.home
            .instances()
            .modify(
                orders.id(),
                InstanceChange.builder().backups(BackupPolicy.daily().retainDays(9)).build())
            .await(LIMIT);
    Backup taken = shop.home.backups().take(orders.id(), BackupSpec.named("kept")).await(LIMIT);
    awaitMoment(orders);
    shop.home.instances().deleteKeepingBackups(orders.id()).await(LIMIT);
    Instance again =
        shop.home
            .backups()
            .restore(RestoreSpec.of(orders.id()).latest().named("orders-back").login(shop.admin))
            .await(LIMIT);
    assertThat(taken.name()).isEqualTo("kept");
    assertThat(again.unwrap(DatabaseInstance.class).getSettings().getRetainBackupsOnDelete())
        .as("what a later delete() keeps")
        .isNotEqualTo(true);
  }

  @Test
  void noLaterInstanceOfTheNameIsCloned() throws Exception {
    Instance gone =
        shop.home
            .backups()
            .restore(RestoreSpec.from(early).named("orders-brief").login(shop.admin))
            .await(LIMIT);
    RestoreSpec asked =
        RestoreSpec.of(gone.id())
            .latest()
            .named("orders-brief-2")
            .login(shop.admin)
            .in(SimulatedCloudSql.REGION);
    awaitMoment(gone);
    try (Stepwise steps = new Stepwise(shop.gcp.config().build())) {
      StepRun<Instance> run = steps.begin(BackupDriver.RESTORE, "orders-brief-2", asked);
      shop.home.instances().delete(gone.id()).await(LIMIT);
      Instance others =
          shop.home
              .backups()
              .restore(RestoreSpec.from(late).named("orders-brief").login(shop.admin))
              .await(LIMIT);
      awaitMoment(others);
      assertThatThrownBy(() -> steps.toTheEnd(run))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("was deleted after backup.restore had begun");
    }
    assertThat(shop.home.instances().find("orders-brief-2")).isEmpty();
  }

  private static void awaitMoment(Instance instance) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (shop.home.backups().window(instance.id()).latest().isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }
}
