/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.CloudDb;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableField;
import io.clouddb.table.TableStatus;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** What the cases have in common that make tables of their own: each is deleted after its case. */
abstract class ControlCases extends TableCases {
  /** The last first. */
  private final Deque<String> made = new ArrayDeque<>();

  ControlCases(TableContract kit) {
    super(kit);
  }

  /** Also those that are protected. */
  @AfterEach
  final void deleteTables() {
    while (!made.isEmpty()) {
      cloud().tables().find(made.pop()).ifPresent(this::delete);
    }
  }

  final void delete(TableDescription table) {
    if (table.spec().deletionProtection().orElse(false)) {
      modify(table, TableChange.builder().deletionProtection(false).build());
    }
    cloud().tables().delete(table.id()).await(kit().limit());
  }

  final CloudDb cloud() {
    return tables().cloud();
  }

  final String home() {
    return cloud().config().location();
  }

  /** The same cloud, seen from its other region. */
  final CloudDb away() {
    return cloud().in(kit().otherRegion());
  }

  /** A name that no table has; one of that name is deleted after the case. */
  final String newName(String what) {
    String name = kit().newTableName(what);
    made.push(name);
    return name;
  }

  /** The least that a table needs here. */
  final GlobalTableSpec.Builder least(String what) {
    return kit()
        .spec(GlobalTableSpec.builder(newName(what), SharedTables.TEXTS).build())
        .toBuilder();
  }

  /** A spec that asks for these fields as well, as far as the cloud honours them beside others. */
  final GlobalTableSpec asFarAsHonoured(GlobalTableSpec base, TableField... fields) {
    GlobalTableSpec spec = base;
    for (TableField field : fields) {
      GlobalTableSpec more = kit().asking(spec, field);
      spec = cloud().tables().plan(more).feasible() ? more : spec;
    }
    return spec;
  }

  /** The same, for a case that has nothing to do where the cloud honours none of them. */
  final GlobalTableSpec honouring(GlobalTableSpec base, TableField... fields) {
    GlobalTableSpec spec = asFarAsHonoured(base, fields);
    assumeTrue(!spec.equals(base), () -> "The cloud says that it has none of " + List.of(fields));
    return spec;
  }

  final TableDescription create(GlobalTableSpec spec) {
    return cloud().tables().create(spec).await(kit().limit());
  }

  final TableDescription modify(TableDescription table, TableChange change) {
    return cloud().tables().modify(table.id(), change).await(kit().limit());
  }

  final TableDescription modify(TableDescription table, TableChange.Builder change) {
    return modify(table, change.build());
  }

  /** What a plan says of a field. */
  static Plan.Entry entry(Plan plan, Field field) {
    return plan.entries().stream()
        .filter(entry -> entry.field().equals(field))
        .findFirst()
        .orElseThrow(() -> new AssertionError("Nothing is said of " + field + " in " + plan));
  }

  /** What cannot be as it is asked for is only preferred. */
  static TableField[] refused(Plan plan) {
    return plan.entries(Plan.Outcome.REFUSED).stream()
        .map(entry -> (TableField) entry.field())
        .toArray(TableField[]::new);
  }

  /**
   * Nothing that was asked for differs, and what is described is what was asked for, in each
   * region; but what the cloud adjusts, and what it keeps nothing of, as it says itself.
   */
  final void isAsAskedFor(GlobalTableSpec spec) {
    Drift drift = cloud().tables().drift(spec);
    assertThat(drift.differences()).isEmpty();
    assertThat(drift.unknown())
        .as("what only this library knows")
        .extracting(Drift.Difference::field)
        .isSubsetOf(TableField.WRITES, TableField.VERSION);
    TableDescription found = cloud().tables().get(spec.name());
    assertThat(found.status()).isEqualTo(TableStatus.ACTIVE);
    assertThat(found.regions().values()).isNotEmpty().containsOnly(TableStatus.ACTIVE);
    assertThat(found.indexes().values())
        .allSatisfy(status -> assertThat(status).isEqualTo(TableStatus.ACTIVE));
    for (Plan.Entry entry : cloud().tables().plan(spec).entries(Plan.Outcome.HONOURED)) {
      Field field = entry.field();
      if (drift.unknown().stream().noneMatch(unknown -> unknown.field().equals(field))) {
        assertThat(unordered(found.spec(), field))
            .as("%s of %s, as it is described", field.id(), spec.name())
            .isEqualTo(unordered(spec, field));
      }
    }
  }

  private static Object unordered(Specification spec, Field field) {
    Object value = spec.values().getOrDefault(field, "unset");
    return value instanceof Collection<?> all ? new HashSet<>(all) : value;
  }
}
