/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableRestoreSpec;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the facade does of itself for tables, whatever the cloud. */
class TableBackupsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final ResourceId APP = table("app");

  private final TableBackupsProvider provider = new TableBackupsProvider();
  private final CloudDb cloud =
      CloudDb.open(CloudConfig.builder("backups", "here").providerObject(provider).build());
  private final Backups backups = cloud.backups();

  @AfterEach
  void close() {
    cloud.close();
  }

  private static ResourceId table(String name) {
    return ResourceId.of("backups", "one", ResourceId.GLOBAL, "table", name);
  }

  @Test
  void whatIsTakenIsFoundListedAndDeleted() {
    Backup taken = backups.take(APP, BackupSpec.named("before-release").tag("a", "b")).await(LIMIT);

    assertThat(taken.source()).contains(APP);
    assertThat(taken.instance()).isEmpty();
    assertThat(taken.id().kind()).isEqualTo("table-backup");
    assertThat(taken.id().location()).isEqualTo("here");
    assertThat(backups.find(APP, "before-release")).contains(taken);
    assertThat(backups.find(table("other"), "before-release")).isEmpty();
    assertThat(backups.get(taken.id())).isEqualTo(taken);
    assertThat(backups.list(BackupQuery.of(APP))).containsExactly(taken);
    assertThat(backups.list(BackupQuery.ofTables())).containsExactly(taken);
    assertThat(backups.list(BackupQuery.of(table("other")))).isEmpty();
    assertThat(backups.delete(taken.id()).await(LIMIT)).isEqualTo(taken.id());
    assertThatThrownBy(() -> backups.get(taken.id())).isInstanceOf(NotFoundException.class);
    assertThat(provider.requests)
        .containsExactly(
            "table.backup.take app/before-release", "table.backup.delete app/before-release");
  }

  @Test
  void aBackupOfATableIsNotInAListOfInstances() {
    Backup taken = backups.take(APP, BackupSpec.named("before-release")).await(LIMIT);

    assertThat(BackupQuery.all().matches(taken)).isFalse();
    assertThat(BackupQuery.of(APP).instance()).isEmpty();
    assertThat(BackupQuery.of(APP).source()).contains(APP);
    assertThat(BackupQuery.of(APP).tables()).isTrue();
    assertThatThrownBy(() -> backups.list(BackupQuery.all()).iterator().next())
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("has no backups in this release");
  }

  @Test
  void restoresABackupAndAMoment() {
    Backup taken = backups.take(APP, BackupSpec.named("before-release")).await(LIMIT);
    TableDescription restored =
        backups.restoreTable(TableRestoreSpec.from(taken, "app-2").build()).await(LIMIT);
    backups
        .restoreTable(TableRestoreSpec.of(APP, "app-3").at(TableBackupsProvider.FIRST).build())
        .await(LIMIT);

    assertThat(restored.id()).isEqualTo(table("app-2"));
    assertThat(provider.restores)
        .extracting(TableRestoreSpec::location)
        .allSatisfy(location -> assertThat(location).contains("here"));
    assertThat(provider.restores)
        .extracting(TableRestoreSpec::source)
        .containsExactly(taken.id(), APP);
  }

  @Test
  void tellsTheWindow() {
    assertThat(backups.window(APP).earliest()).contains(TableBackupsProvider.FIRST);
    assertThat(backups.window(APP).instance()).isEqualTo(APP);
    assertThatThrownBy(() -> backups.window(table("gone")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("There is no table gone");
  }

  @Test
  void whatIsRefusedIsRefusedBeforeAnythingHappened() {
    ResourceId far = ResourceId.of("backups", "one", "there", "table-backup", "app/x");
    ResourceId foreign = ResourceId.of("backups", "two", ResourceId.GLOBAL, "table", "app");

    assertThatThrownBy(() -> backups.take(APP, BackupSpec.named("before").sharedWith("two")))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("sharing");
    assertThatThrownBy(() -> backups.take(foreign, BackupSpec.named("before")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("the account two");
    assertThatThrownBy(() -> backups.delete(far)).hasMessageContaining("the location there");
    assertThatThrownBy(() -> backups.get(far)).hasMessageContaining("the location there");
    assertThatThrownBy(() -> backups.restoreTable(TableRestoreSpec.from(far, "app-2").build()))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("other-region");
    assertThatThrownBy(
            () -> backups.restoreTable(TableRestoreSpec.of(foreign, "app-2").latest().build()))
        .hasMessageContaining("is no table of this cloud and account");
    assertThatThrownBy(
            () ->
                backups.restoreTable(
                    TableRestoreSpec.of(APP, "app-2").latest().build().in("there")))
        .hasMessageContaining("The spec is for there");
    assertThatThrownBy(() -> backups.copy(far, BackupSpec.named("copy")))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("no copies of backups of tables");
    assertThatThrownBy(() -> backups.plan(far, BackupSpec.named("copy")))
        .isInstanceOf(UnsupportedFeatureException.class);
    assertThat(provider.requests).isEmpty();
  }
}
