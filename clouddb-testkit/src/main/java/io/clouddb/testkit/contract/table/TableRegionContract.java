/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.plan.Drift;
import io.clouddb.plan.OnDrift;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Scan;
import io.clouddb.table.Table;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableField;
import io.clouddb.table.TableRegion;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import io.clouddb.table.Writes;
import io.clouddb.testkit.contract.internal.Eventually;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Regions: added to a table with items and taken away again, each with the same settings. */
abstract class TableRegionContract extends ControlCases {
  TableRegionContract(TableContract kit) {
    super(kit);
  }

  @Test
  void aRegionThatIsAddedHasTheItemsTheScalingAndTheTags() {
    GlobalTableSpec spec =
        asFarAsHonoured(
            least("moving")
                .index(TableSamples.index("first"))
                .region(home())
                .writes(Writes.ANY_REGION)
                .build(),
            TableField.THROUGHPUT,
            TableField.POINT_IN_TIME_RECOVERY,
            TableField.TAGS);
    TableDescription table = create(spec);
    Table here = cloud().tables().open(spec);
    here.putAll(IntStream.range(0, 60).mapToObj(i -> item("a", "s" + i).build()).toList());

    TableChange add = TableChange.builder().addRegion(TableRegion.of(kit().otherRegion())).build();
    modify(table, add);
    GlobalTableSpec both = ChangeOfTable.done(spec, add);
    isAsAskedFor(both);
    TableDescription seenThere = away().tables().get(spec.name());
    assertThat(seenThere.id()).isEqualTo(table.id());
    assertThat(away().tables().list().stream()).contains(table.id());
    assertThat(seenThere.spec().throughput()).isEqualTo(spec.throughput());
    assertThat(seenThere.spec().pointInTimeRecoveryDays())
        .isEqualTo(spec.pointInTimeRecoveryDays());
    assertThat(seenThere.spec().tags()).isEqualTo(spec.tags());

    Table there = away().tables().open(both);
    eventually("all items are there", () -> there.scan(Scan.all()).count() == 60);
    there.update(key("a", "s1"), Update.of().set("from", Value.of("there")));
    eventually(
        "what is written there is here",
        () ->
            here.get(key("a", "s1"))
                .flatMap(item -> item.get("from"))
                .equals(Optional.of(Value.of("there"))));
    here.delete(key("a", "s2"));
    eventually("what is deleted here is gone there", () -> there.get(key("a", "s2")).isEmpty());

    modify(table, TableChange.builder().removeRegion(kit().otherRegion()));
    isAsAskedFor(spec);
    assertThat(away().tables().find(spec.name())).isEmpty();
    assertThatThrownBy(() -> there.get(key("a", "s1"))).isInstanceOf(CloudDbException.class);
    assertThat(here.get(key("a", "s1"), true)).isPresent();
  }

  private void eventually(String what, Eventually.Condition<RuntimeException> condition) {
    Eventually.holds(what, kit().indexLag(), condition);
  }

  @Test
  void aRegionThatSomebodyElseRemovesIsNamedAndMadeAnew() {
    GlobalTableSpec spec = least("lost").region(home()).region(kit().otherRegion()).build();
    TableDescription table = create(spec);
    isAsAskedFor(spec);
    kit()
        .changeUnseen(
            cloud(), table, TableChange.builder().removeRegion(kit().otherRegion()).build());
    Eventually.holds(
        "the region is named",
        kit().limit(),
        () ->
            cloud().tables().drift(spec).differences().stream()
                .map(Drift.Difference::field)
                .toList()
                .equals(List.of(TableField.REGIONS)));
    cloud().tables().ensure(spec, OnDrift.APPLY).await(kit().limit());
    isAsAskedFor(spec);
  }

  @Test
  void whereOneRegionWritesTheOthersDoNot() {
    GlobalTableSpec spec =
        least("single")
            .region(home())
            .region(kit().otherRegion())
            .writes(Writes.ONE_REGION)
            .build();
    create(spec);
    Table there = away().tables().open(spec);
    assertThatThrownBy(() -> there.put(item("a", "1").build()))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining(home());
    cloud().tables().open(spec).put(item("a", "1").build());
    eventually("it is read there", () -> there.get(key("a", "1")).isPresent());
  }
}
