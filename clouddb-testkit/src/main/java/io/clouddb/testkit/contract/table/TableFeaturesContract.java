/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupSpec;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.operation.Operation;
import io.clouddb.plan.OnDrift;
import io.clouddb.plan.Plan;
import io.clouddb.table.Condition;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Query;
import io.clouddb.table.Table;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableField;
import io.clouddb.table.TableRestoreSpec;
import io.clouddb.table.Transaction;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import io.clouddb.testkit.contract.internal.AskedSpecs;
import io.clouddb.testkit.contract.internal.FeatureRecord;
import io.clouddb.testkit.contract.internal.TableFeatures;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every feature of tables, done: each field of a spec and of a change is asked for, and read back
 * from what was made, or refused before anything happens. What the capabilities claim has to be
 * what was seen.
 */
abstract class TableFeaturesContract extends ControlCases {
  TableFeaturesContract(TableContract kit) {
    super(kit);
  }

  @Test
  void doesWhatItSaysOfEveryFeature() throws IOException {
    FeatureRecord seen = kit().record();
    askForEachField(seen);
    changeEachField(seen);
    useOne(seen);
    seen.write();
  }

  private Plan plan(GlobalTableSpec spec) {
    return cloud().tables().plan(spec);
  }

  private Support claim(TableField field) {
    return cloud()
        .capabilities()
        .supports(Feature.of(field), FeatureContext.any().withLocation(home()));
  }

  private static GlobalTableSpec preferring(GlobalTableSpec spec, Set<TableField> fields) {
    return spec.toBuilder().preferring(fields.toArray(TableField[]::new)).build();
  }

  private void askForEachField(FeatureRecord seen) {
    Set<TableField> fields = TableFeatures.ofSpecs();
    Map<TableField, GlobalTableSpec> specs =
        new AskedSpecs<>(
                TableField.class, this::plan, kit()::asking, TableFeaturesContract::preferring)
            .of(fields, () -> least("asked").build());
    Map<GlobalTableSpec, Operation<TableDescription>> creations = new LinkedHashMap<>();
    for (GlobalTableSpec spec : new LinkedHashSet<>(specs.values())) {
      if (plan(spec).feasible()) {
        creations.put(spec, cloud().tables().create(spec));
      }
    }
    creations.forEach(
        (spec, creation) -> {
          TableDescription made = creation.await(kit().limit());
          isAsAskedFor(spec);
          TableDescription same = cloud().tables().ensure(spec, OnDrift.FAIL).await(kit().limit());
          assertThat(same.id()).isEqualTo(made.id());
        });
    for (TableField field : fields) {
      GlobalTableSpec spec = Objects.requireNonNull(specs.get(field));
      if (!creations.containsKey(spec)) {
        assertThatThrownBy(() -> cloud().tables().create(spec))
            .isInstanceOf(UnsupportedFeatureException.class)
            .hasMessageContaining(field.id());
        assertThat(cloud().tables().find(spec.name())).isEmpty();
      }
      seen.seen(Feature.of(field).id(), claim(field), entry(plan(spec), field));
    }
  }

  private void changeEachField(FeatureRecord seen) {
    ChangeOfTable changes = new ChangeOfTable(kit());
    GlobalTableSpec spec = changes.begin(least("changed"));
    TableDescription table = create(spec);
    for (TableField field : ChangeOfTable.fields()) {
      spec = change(table, spec, preferring(changes, field, spec), field, seen);
    }
    GlobalTableSpec alone = least("consistent").region(home()).build();
    change(
        create(alone),
        alone,
        preferring(changes, TableField.CONSISTENCY, alone),
        TableField.CONSISTENCY,
        seen);
  }

  /** What cannot be as it is asked for is only preferred. */
  private TableChange preferring(ChangeOfTable changes, TableField field, GlobalTableSpec before) {
    Plan plan = cloud().tables().planModify(changes.of(field, before));
    return changes.of(field, before, refused(plan));
  }

  /** What the table is after it. */
  private GlobalTableSpec change(
      TableDescription table,
      GlobalTableSpec before,
      TableChange change,
      TableField field,
      FeatureRecord seen) {
    Plan.Entry entry = entry(cloud().tables().planModify(change), field);
    if (TableFeatures.isOfChangesOnly(field)) {
      seen.seen(Feature.of(field).id(), claim(field), entry);
    } else {
      seen.changed(TableFeatures.idOfChange(field), entry);
    }
    if (entry.outcome() == Plan.Outcome.REFUSED) {
      assertThatThrownBy(() -> cloud().tables().modify(table.id(), change))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining(field.id());
      isAsAskedFor(before);
      return before;
    }
    modify(table, change);
    GlobalTableSpec after = ChangeOfTable.done(before, change);
    isAsAskedFor(after);
    return after;
  }

  private void useOne(FeatureRecord seen) {
    GlobalTableSpec spec = least("used").build();
    assertThat(plan(spec).feasible()).isTrue();
    seen.done("table.plan");
    TableDescription made = create(spec);
    seen.done("table.create");
    assertThat(cloud().tables().ensure(spec).await(kit().limit()).id()).isEqualTo(made.id());
    seen.done("table.ensure");
    assertThat(cloud().tables().get(made.id()).id()).isEqualTo(made.id());
    assertThat(cloud().tables().find(spec.name())).isPresent();
    seen.done("table.get");
    assertThat(cloud().tables().list().stream()).contains(made.id());
    seen.done("table.list");
    assertThat(cloud().tables().drift(spec).differences()).isEmpty();
    seen.done("table.drift");
    modify(made, TableChange.builder().tag("team", "shop"));
    assertThat(cloud().tables().get(made.id()).spec().tags()).containsEntry("team", "shop");
    seen.done("table.modify");
    useItems(cloud().tables().open(spec));
    seen.done("table.items");
    backUp(made);
    seen.done("table.backup");
    seen.done("table.restore");
    delete(cloud().tables().get(made.id()));
    assertThat(cloud().tables().find(spec.name())).isEmpty();
    seen.done("table.delete");
  }

  private static void useItems(Table table) {
    table.putAll(List.of(item("a", "1").build(), item("a", "2").build()));
    table.update(key("a", "1"), Update.of().add("n", 1));
    assertThat(table.get(key("a", "1"), true).flatMap(item -> item.get("n"))).contains(Value.of(1));
    table.transact(
        Transaction.of().delete(key("a", "2")).put(item("a", "3").build(), Condition.notExists()));
    assertThat(table.query(Query.partition("a").consistent()).stream().map(item -> item.text("sk")))
        .containsExactly("1", "3");
  }

  private void backUp(TableDescription table) {
    Backup backup =
        cloud().backups().take(table.id(), BackupSpec.named("before-release")).await(kit().limit());
    try {
      TableRestoreSpec spec = TableRestoreSpec.from(backup, newName("restored")).build();
      TableDescription restored = cloud().backups().restoreTable(spec).await(kit().limit());
      assertThat(restored.spec().key()).isEqualTo(table.spec().key());
      Table copy = cloud().tables().open(restored.spec());
      assertThat(copy.get(key("a", "3"), true)).isPresent();
    } finally {
      cloud().backups().delete(backup.id()).await(kit().limit());
    }
  }
}
