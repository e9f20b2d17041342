/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.clouddb.Feature;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Backups;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.testkit.contract.internal.FeatureRecord;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backups, where the cloud says that it has none: all of it is refused by name. */
abstract class NoBackupContract extends BackupCases {
  NoBackupContract(CloudContract kit) {
    super(kit);
  }

  @Override
  @BeforeEach
  void onlyWhereThereAreBackups() {
    assumeFalse(hasBackups(), "The cloud says that it has backups");
  }

  @Test
  void whatACloudHasNotItRefusesByName() throws IOException {
    ResourceId orders = idOf("orders");
    ResourceId backup =
        ResourceId.of(
            orders.provider(), orders.account(), orders.location(), Backups.KIND, "before");
    BackupSpec spec = BackupSpec.named("before");
    Backups backups = cloud().backups();
    FeatureRecord seen = kit().record("backups");
    String instead = instead(() -> backups.plan(orders, spec));
    for (BackupField field : BackupField.values()) {
      seen.refused(Feature.of(field).id(), support(field), instead);
    }
    Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
    calls.put("backup.get", () -> backups.get(backup));
    calls.put("backup.list", () -> backups.list(BackupQuery.all()).stream().toList());
    calls.put(
        "backup.protect", () -> backups.protect(orders, Protection.of(BackupPolicy.daily(), spec)));
    calls.put("backup.window", () -> backups.window(orders));
    calls.put("backup.delete", () -> backups.delete(backup));
    calls.forEach((id, call) -> seen.refused(id, support(BackupField.TAKE), instead(call)));
    seen.write();
  }

  @Test
  void whatACloudHasNotItDoesNotRestore() throws IOException {
    RestoreSpec spec = RestoreSpec.of(idOf("orders")).latest().named("orders-2");
    FeatureRecord seen = kit().record("restores");
    String instead = instead(() -> cloud().backups().plan(spec));
    assertThat(instead(() -> cloud().backups().restore(spec))).isEqualTo(instead);
    for (RestoreField field : RestoreField.values()) {
      seen.refused(Feature.of(field).id(), support(field), instead);
    }
    seen.refused("backup.keep", support(RestoreField.MOMENT), instead);
    seen.write();
  }

  /** What the refusal of a call says that can be done instead, without the stop at its end. */
  private static String instead(ThrowingCallable call) {
    UnsupportedFeatureException e = catchThrowableOfType(UnsupportedFeatureException.class, call);
    assertThat(e).isNotNull().hasMessageContaining("backup");
    assertThat(e.nextStep()).as("what can be done instead").isPresent();
    return e.nextStep().orElseThrow().replaceFirst("[.]$", "");
  }
}
