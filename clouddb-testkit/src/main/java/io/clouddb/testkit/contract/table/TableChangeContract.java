/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.table.Capacity;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.Item;
import io.clouddb.table.Query;
import io.clouddb.table.Table;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableField;
import io.clouddb.table.Throughput;
import io.clouddb.table.Update;
import io.clouddb.testkit.contract.internal.Eventually;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Changes of a table that has items: what is asked for is changed, and the items stay. */
abstract class TableChangeContract extends ControlCases {
  private static final IndexSpec SECOND = TableSamples.index("second");

  TableChangeContract(TableContract kit) {
    super(kit);
  }

  private static Item indexed(int number) {
    return item("a", "s" + number).set("second-pk", "all").set("second-sk", number).build();
  }

  /** More than a batch of any cloud has. */
  private static List<Item> items() {
    return IntStream.range(0, 120).mapToObj(TableChangeContract::indexed).toList();
  }

  @Test
  void anIndexOfALiveTableHasTheItemsThatWereThereBefore() {
    GlobalTableSpec spec = least("live").build();
    TableDescription table = create(spec);
    Table before = cloud().tables().open(spec);
    before.putAll(items());
    before.put(item("a", "none").build());
    TableChange add = TableChange.builder().addIndex(SECOND).build();
    modify(table, add);
    GlobalTableSpec with = ChangeOfTable.done(spec, add);
    isAsAskedFor(with);
    Table indexed = cloud().tables().open(with);
    Query all = Query.index("second").partition("all");
    List<Integer> numbers = IntStream.range(0, 120).boxed().toList();
    Eventually.holds(
        "the index has the items", kit().indexLag(), () -> numbers(indexed, all).equals(numbers));
    indexed.put(indexed(500));
    indexed.delete(key("a", "s0"));
    Eventually.holds(
        "the index follows its table",
        kit().indexLag(),
        () -> {
          List<Integer> seen = numbers(indexed, all);
          return seen.size() == 120 && seen.get(0) == 1 && seen.get(119) == 500;
        });

    modify(table, TableChange.builder().removeIndex("second"));
    assertThat(cloud().tables().get(table.id()).spec().indexes()).isEmpty();
    assertThatThrownBy(() -> numbers(indexed, all))
        .as("a query of an index that is gone")
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("second");
    assertThat(before.query(Query.partition("a").consistent())).hasSize(121);
    assertThat(before.get(key("a", "s500"), true)).contains(indexed(500));
  }

  private static List<Integer> numbers(Table table, Query query) {
    return table.query(query).stream()
        .map(item -> Integer.valueOf(item.number("second-sk").intValueExact()))
        .toList();
  }

  @Test
  void throughputIsSwitchedToAndFro() {
    GlobalTableSpec spec = least("switched").index(TableSamples.index("first")).build();
    TableDescription table = create(spec);
    Table items = cloud().tables().open(spec);
    items.put(item("a", "1").build());
    int changes = 0;
    for (Throughput next :
        List.of(
            TableSamples.scaled(100, 200),
            TableSamples.scaled(40, 50),
            Throughput.reads(Capacity.fixed(7)).writes(TableSamples.scaled(60)),
            Throughput.reads(Capacity.fixed(8)).writes(Capacity.fixed(9)),
            Throughput.onDemand())) {
      TableChange change = TableChange.builder().throughput(next).build();
      if (cloud().tables().planModify(change).feasible()) {
        modify(table, change);
        isAsAskedFor(spec.toBuilder().throughput(next).build());
        items.update(key("a", "1"), Update.of().add("n", 1));
        changes++;
      }
    }
    assumeTrue(changes > 0, "The cloud says that it has one throughput alone");
    assertThat(items.get(key("a", "1"), true)).contains(item("a", "1").set("n", changes).build());
  }

  @Test
  void whatATableWasGivenIsTakenBack() {
    GlobalTableSpec spec =
        honouring(
            least("given").build(),
            TableField.TIME_TO_LIVE,
            TableField.CHANGE_FEED,
            TableField.DELETION_PROTECTION,
            TableField.POINT_IN_TIME_RECOVERY,
            TableField.TAGS);
    TableDescription table = create(spec);
    TableChange.Builder back = TableChange.builder();
    spec.timeToLive().ifPresent(any -> back.noTimeToLive());
    spec.changeFeed().ifPresent(any -> back.noChangeFeed());
    spec.deletionProtection().ifPresent(any -> back.deletionProtection(false));
    spec.pointInTimeRecoveryDays().ifPresent(any -> back.pointInTimeRecoveryDays(0));
    spec.tags().keySet().forEach(back::untag);
    modify(table, back);
    GlobalTableSpec found = cloud().tables().get(table.id()).spec();
    assertThat(found.timeToLive()).isEmpty();
    assertThat(found.changeFeed()).isEmpty();
    assertThat(found.deletionProtection().orElse(false)).isFalse();
    assertThat(found.pointInTimeRecoveryDays()).isEmpty();
    assertThat(found.tags()).doesNotContainKeys(spec.tags().keySet().toArray(String[]::new));
  }

  @Test
  void aChangeOfWhatIsNotThereChangesNothing() {
    GlobalTableSpec spec = least("kept").index(SECOND).tag("team", "shop").build();
    TableDescription table = create(spec);
    for (TableChange.Builder change :
        List.of(
            TableChange.builder().removeIndex("nowhere"),
            TableChange.builder().addIndex(SECOND),
            TableChange.builder().removeRegion(kit().otherRegion()))) {
      assertThatThrownBy(() -> modify(table, change.tag("team", "other")))
          .isInstanceOf(InvalidArgumentException.class);
      isAsAskedFor(spec);
    }
  }
}
