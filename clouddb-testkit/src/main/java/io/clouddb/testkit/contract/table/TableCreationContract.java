/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.ResourceId;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.NotFoundException;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.Table;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableDescription;
import org.junit.jupiter.api.Test;

/** Creation, lookup and deletion: nothing is made twice, and what is protected stays. */
abstract class TableCreationContract extends ControlCases {
  TableCreationContract(TableContract kit) {
    super(kit);
  }

  private TableDescription ensure(GlobalTableSpec spec) {
    return cloud().tables().ensure(spec).await(kit().limit());
  }

  @Test
  void makesATableOnceAndThenTakesWhatIsThere() {
    GlobalTableSpec spec = least("once").tag("round", "one").build();
    TableDescription first = ensure(spec);
    cloud().tables().open(spec).put(item("a", "1").build());
    GlobalTableSpec other = spec.toBuilder().tag("round", "two").build();
    assertThatThrownBy(() -> create(other))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining(spec.name());
    TableDescription second = ensure(other);
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.createdAt()).isEqualTo(first.createdAt());
    assertThat(second.spec().tags()).containsEntry("round", "one");
    assertThat(cloud().tables().open(spec).get(key("a", "1"), true)).isPresent();
    GlobalTableSpec otherKey =
        GlobalTableSpec.builder(spec.name(), Key.partition("id", KeyType.STRING)).build();
    assertThatThrownBy(() -> cloud().tables().ensure(otherKey))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining(spec.name());
  }

  @Test
  void findsListsAndGetsWhatIsThereAndNothingElse() {
    TableDescription first = create(least("first").build());
    TableDescription second = create(least("second").build());
    assertThat(cloud().tables().get(first.id()).id()).isEqualTo(first.id());
    assertThat(cloud().tables().find(second.id().name()).map(TableDescription::id))
        .contains(second.id());
    assertThat(cloud().tables().list().stream())
        .contains(first.id(), second.id())
        .doesNotHaveDuplicates();
    assertThat(ResourceId.parse(first.id().toString())).isEqualTo(first.id());

    String name = newName("missing");
    assertThat(cloud().tables().find(name)).isEmpty();
    assertThatThrownBy(() -> cloud().tables().get(name))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(name);
    ResourceId missing =
        ResourceId.of(
            first.id().provider(), first.id().account(), first.id().location(), "table", name);
    assertThatThrownBy(() -> cloud().tables().delete(missing).await(kit().limit()))
        .isInstanceOf(NotFoundException.class);
    TableChange change = TableChange.builder().tag("a", "b").build();
    assertThatThrownBy(() -> cloud().tables().modify(missing, change).await(kit().limit()))
        .isInstanceOf(NotFoundException.class);
    GlobalTableSpec spec = GlobalTableSpec.builder(name, SharedTables.TEXTS).build();
    assertThatThrownBy(() -> cloud().tables().drift(spec)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> cloud().tables().open(spec).get(key("a", "1")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(name);
  }

  @Test
  void whatIsProtectedIsNotDeletedAndWhatIsDeletedIsGone() {
    GlobalTableSpec spec = least("protected").deletionProtection(true).build();
    TableDescription table = create(spec);
    Table items = cloud().tables().open(spec);
    items.put(item("a", "1").build());
    assertThatThrownBy(() -> cloud().tables().delete(table.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("protect");
    assertThat(items.get(key("a", "1"), true)).isPresent();
    delete(table);
    assertThat(cloud().tables().find(spec.name())).isEmpty();
    assertThat(cloud().tables().list().stream()).doesNotContain(table.id());
    assertThatThrownBy(() -> items.get(key("a", "1"))).isInstanceOf(NotFoundException.class);
    TableDescription anew = create(spec);
    assertThat(anew.id()).isEqualTo(table.id());
    assertThat(items.get(key("a", "1"), true)).isEmpty();
  }
}
