/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.NotFoundException;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Query;
import io.clouddb.table.Table;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableRestoreSpec;
import io.clouddb.testkit.contract.internal.Eventually;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Backups of tables: taken, listed, deleted, and made into new tables, also of a moment. */
abstract class TableBackupContract extends ControlCases {
  /** Around a moment nothing is written for so long: some services tell whole seconds. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  TableBackupContract(TableContract kit) {
    super(kit);
  }

  private TableDescription restore(TableRestoreSpec.Builder spec) {
    return cloud().backups().restoreTable(spec.build()).await(kit().limit());
  }

  private List<String> sorts(TableDescription table) {
    return cloud().tables().open(table.spec()).query(Query.partition("a").consistent()).stream()
        .map(item -> item.text("sk"))
        .toList();
  }

  @Test
  void aBackupIsTakenListedRestoredAndDeleted() {
    GlobalTableSpec spec = least("kept").index(TableSamples.index("first")).build();
    TableDescription table = create(spec);
    Table items = cloud().tables().open(spec);
    items.put(item("a", "1").set("first-pk", "all").set("first-sk", 1).build());
    Backup taken =
        cloud().backups().take(table.id(), BackupSpec.named("before")).await(kit().limit());
    try {
      assertThat(taken.state()).isEqualTo(Backup.State.AVAILABLE);
      assertThat(taken.origin()).isEqualTo(Backup.Origin.MANUAL);
      assertThat(taken.source()).contains(table.id());
      assertThat(cloud().backups().get(taken.id())).isEqualTo(taken);
      assertThat(cloud().backups().find(table.id(), "before")).contains(taken);
      assertThat(cloud().backups().list(BackupQuery.of(table.id())).stream())
          .containsExactly(taken);
      assertThat(cloud().backups().list(BackupQuery.ofTables()).stream()).contains(taken);
      assertThatThrownBy(
              () ->
                  cloud()
                      .backups()
                      .take(table.id(), BackupSpec.named("before"))
                      .await(kit().limit()))
          .isInstanceOf(AlreadyExistsException.class)
          .hasMessageContaining("before");
      items.put(item("a", "2").build());
      items.delete(key("a", "1"));

      TableDescription copy =
          restore(TableRestoreSpec.from(taken, newName("copy")).tag("team", "shop"));
      assertThat(copy.id()).isNotEqualTo(table.id());
      assertThat(copy.spec().key()).isEqualTo(spec.key());
      assertThat(copy.spec().indexes()).isEqualTo(spec.indexes());
      assertThat(copy.spec().tags()).containsEntry("team", "shop");
      assertThat(sorts(copy)).containsExactly("1");
      Query index = Query.index("first").partition("all");
      Eventually.holds(
          "the copy's index has its item",
          kit().indexLag(),
          () -> cloud().tables().open(copy.spec()).query(index).stream().count() == 1);
      assertThat(sorts(table)).as("the source goes on as it is").containsExactly("2");
      assertThatThrownBy(() -> restore(TableRestoreSpec.from(taken, table.id().name())))
          .isInstanceOf(AlreadyExistsException.class)
          .hasMessageContaining(table.id().name());
    } finally {
      cloud().backups().delete(taken.id()).await(kit().limit());
    }
    assertThat(cloud().backups().find(table.id(), "before")).isEmpty();
    assertThatThrownBy(() -> restore(TableRestoreSpec.from(taken, newName("late"))))
        .isInstanceOf(NotFoundException.class);
  }

  private Clock clock() {
    return kit().config().build().clock();
  }

  private void pass(Duration time) {
    Instant end = clock().instant().plus(time);
    Eventually.holds("it is " + end, kit().limit(), () -> clock().instant().isAfter(end));
  }

  @Test
  void aMomentIsRestored() {
    GlobalTableSpec spec = least("moments").pointInTimeRecoveryDays(35).build();
    TableDescription table = create(spec);
    Table items = cloud().tables().open(spec);
    items.put(item("a", "1").build());
    pass(QUIET);
    Instant moment = clock().instant().truncatedTo(ChronoUnit.SECONDS);
    pass(QUIET);
    items.put(item("a", "2").build());
    items.delete(key("a", "1"));
    Instant after = clock().instant().plus(QUIET);
    Eventually.holds(
        "it can be restored to " + after,
        kit().limit(),
        () -> {
          RestorableWindow window = cloud().backups().window(table.id());
          return window.latest().isPresent() && window.contains(after);
        });
    TableDescription then = restore(TableRestoreSpec.of(table.id(), newName("then")).at(moment));
    assertThat(sorts(then)).containsExactly("1");
    TableDescription latest = restore(TableRestoreSpec.of(table.id(), newName("latest")).latest());
    assertThat(sorts(latest)).containsExactly("2");
    assertThat(sorts(table)).containsExactly("2");
    Instant early = moment.minus(Duration.ofDays(40));
    String never = newName("never");
    assertThatThrownBy(() -> restore(TableRestoreSpec.of(table.id(), never).at(early)))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("cannot be restored to");
    assertThat(cloud().tables().find(never)).isEmpty();
  }
}
