/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.BackupSpec;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableField;
import io.clouddb.table.TableRestoreSpec;
import io.clouddb.table.Tables;
import io.clouddb.testkit.contract.internal.FeatureRecord;
import io.clouddb.testkit.contract.internal.TableFeatures;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables, where the cloud says that it has none: all of it is refused by name. */
abstract class NoTableContract extends InstanceCases {
  private static final GlobalTableSpec SPEC =
      GlobalTableSpec.builder("orders", Key.partition("pk", KeyType.STRING)).build();

  NoTableContract(CloudContract kit) {
    super(kit);
  }

  @BeforeEach
  void onlyWhereThereAreNoTables() {
    assumeFalse(hasTables(), "The cloud says that it has tables");
  }

  /** Whether the cloud says that it has anything of tables. */
  final boolean hasTables() {
    return Arrays.stream(TableField.values())
        .anyMatch(field -> support(field).answer() != Support.Answer.NO);
  }

  private Support support(TableField field) {
    return cloud().capabilities().supports(Feature.of(field), FeatureContext.any());
  }

  @Test
  void whatACloudHasNotItRefusesByName() throws IOException {
    ResourceId instance = idOf("orders");
    ResourceId orders =
        ResourceId.of(
            instance.provider(), instance.account(), ResourceId.GLOBAL, Tables.KIND, "orders");
    Tables tables = cloud().tables();
    TableChange change = TableChange.builder().tag("team", "shop").build();
    FeatureRecord seen = kit().record("tables");
    String instead = instead(() -> tables.plan(SPEC));
    for (TableField field : TableFeatures.ofSpecs()) {
      seen.refused(Feature.of(field).id(), support(field), instead);
    }
    assertThat(instead(() -> tables.planModify(change))).isEqualTo(instead);
    for (TableField field : TableFeatures.ofChanges()) {
      seen.refused(TableFeatures.idOfChange(field), support(field), instead);
    }
    Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
    calls.put("table.plan", () -> tables.plan(SPEC));
    calls.put("table.create", () -> tables.create(SPEC));
    calls.put("table.ensure", () -> tables.ensure(SPEC));
    calls.put("table.get", () -> tables.find("orders"));
    calls.put("table.list", () -> tables.list().stream().toList());
    calls.put("table.drift", () -> tables.drift(SPEC));
    calls.put("table.modify", () -> tables.modify(orders, change));
    calls.put("table.delete", () -> tables.delete(orders));
    calls.put("table.items", () -> tables.open(SPEC));
    calls.put(
        "table.backup", () -> cloud().backups().take(orders, BackupSpec.named("before-release")));
    calls.put(
        "table.restore",
        () ->
            cloud()
                .backups()
                .restoreTable(TableRestoreSpec.of(orders, "orders-2").latest().build()));
    calls.forEach((id, call) -> seen.refused(id, support(TableField.NAME), instead(call)));
    seen.write();
  }

  /** What the refusal of a call says that can be done instead, without the stop at its end. */
  private static String instead(ThrowingCallable call) {
    UnsupportedFeatureException e = catchThrowableOfType(UnsupportedFeatureException.class, call);
    assertThat(e).isNotNull().hasMessageContaining("tables");
    assertThat(e.nextStep()).as("what can be done instead").isPresent();
    return e.nextStep().orElseThrow().replaceFirst("[.]$", "");
  }
}
