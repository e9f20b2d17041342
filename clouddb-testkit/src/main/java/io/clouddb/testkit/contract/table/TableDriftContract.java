/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.OnDrift;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableClass;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableField;
import io.clouddb.testkit.contract.internal.Eventually;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Drift: what somebody else has changed is named, field by field, and kept or changed back. That
 * nothing differs of what was just made is for {@link TableFeaturesContract}.
 */
abstract class TableDriftContract extends ControlCases {
  TableDriftContract(TableContract kit) {
    super(kit);
  }

  private static Map<TableField, TableChange> changes() {
    Map<TableField, TableChange> all = new LinkedHashMap<>();
    all.put(TableField.TAGS, TableChange.builder().tag("team", "other").build());
    all.put(
        TableField.DELETION_PROTECTION, TableChange.builder().deletionProtection(false).build());
    all.put(
        TableField.POINT_IN_TIME_RECOVERY,
        TableChange.builder().pointInTimeRecoveryDays(0).build());
    all.put(TableField.TIME_TO_LIVE, TableChange.builder().noTimeToLive().build());
    all.put(TableField.CHANGE_FEED, TableChange.builder().noChangeFeed().build());
    all.put(TableField.TABLE_CLASS, TableChange.builder().tableClass(TableClass.STANDARD).build());
    all.put(
        TableField.THROUGHPUT,
        TableChange.builder().throughput(TableSamples.scaled(20, 30)).build());
    all.put(
        TableField.INDEXES, TableChange.builder().addIndex(TableSamples.index("second")).build());
    return all;
  }

  private Set<Field> differences(GlobalTableSpec spec) {
    return cloud().tables().drift(spec).differences().stream()
        .map(Drift.Difference::field)
        .collect(Collectors.toSet());
  }

  @Test
  void whatSomebodyElseChangesIsNamedKeptOrChangedBack() {
    GlobalTableSpec spec =
        honouring(
            least("drifting").index(TableSamples.index("first")).build(),
            TableField.THROUGHPUT,
            TableField.TIME_TO_LIVE,
            TableField.CHANGE_FEED,
            TableField.DELETION_PROTECTION,
            TableField.POINT_IN_TIME_RECOVERY,
            TableField.TABLE_CLASS,
            TableField.TAGS);
    TableDescription table = create(spec);
    assertThat(differences(spec)).isEmpty();
    Set<Field> changed = new HashSet<>();
    changes()
        .forEach(
            (field, change) -> {
              if (spec.values().containsKey(field)) {
                kit().changeUnseen(cloud(), table, change);
                changed.add(field);
                Eventually.holds(
                    "all of " + changed + " is named",
                    kit().limit(),
                    () -> differences(spec).equals(changed));
              }
            });
    assertThatThrownBy(() -> cloud().tables().ensure(spec, OnDrift.FAIL))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContainingAll(changed.stream().map(Field::id).toArray(CharSequence[]::new));
    cloud().tables().ensure(spec, OnDrift.KEEP).await(kit().limit());
    assertThat(differences(spec)).isEqualTo(changed);
    cloud().tables().ensure(spec, OnDrift.APPLY).await(kit().limit());
    isAsAskedFor(spec);
  }
}
