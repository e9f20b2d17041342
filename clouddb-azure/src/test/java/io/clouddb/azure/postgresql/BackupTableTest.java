/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Backups;
import io.clouddb.instance.Engine;
import io.clouddb.plan.Plan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of each field of a backup, in plans and capabilities. */
class BackupTableTest {
  private static final ResourceId ORDERS =
      ResourceId.of("azure", "sub/group", "koreacentral", "instance", "orders");
  private static final BackupSpec BEFORE = BackupSpec.named("before").of(ORDERS, "koreacentral");

  private static Support support(BackupField field) {
    return BackupTable.support(Feature.of(field), FeatureContext.of(Engine.POSTGRESQL))
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(BackupField.class)
  void hasARowForEachField(BackupField field) {
    assertThat(support(field).reason()).doesNotContain("knows no");
    assertThat(
            BackupTable.support(Feature.of(field), FeatureContext.of(Engine.MYSQL))
                .orElseThrow()
                .answer())
        .isEqualTo(Support.Answer.NO);
  }

  @Test
  void takesOneByNameAlone() {
    Plan plan = BackupTable.plan(BEFORE);
    assertThat(plan.feasible()).isTrue();
    assertThat(plan.entries())
        .extracting(entry -> entry.vendorField() + " = " + entry.text())
        .containsExactlyInAnyOrder(
            "backupName = before",
            "backups = /subscriptions/sub/resourceGroups/group/providers"
                + "/Microsoft.DBforPostgreSQL/flexibleServers/orders");
    assertThat(support(BackupField.TAKE).limits()).containsEntry("backups.manual.max", 7L);
    assertThat(support(BackupField.TAKE).reason()).contains("not Burstable");
  }

  private static void refused(Plan plan, BackupField field, String why, String instead) {
    List<Plan.Entry> refused = plan.entries(Plan.Outcome.REFUSED);
    assertThat(refused).extracting(Plan.Entry::field).contains(field);
    assertThat(refused.toString()).contains(why).contains(instead);
  }

  @Test
  void refusesTheRestByName() {
    refused(
        BackupTable.plan(BEFORE.encryptionKey("k")),
        BackupField.ENCRYPTION_KEY,
        "encrypted as its server is",
        "a key of the server's own");
    refused(
        BackupTable.plan(BEFORE.sharedWith("them")),
        BackupField.SHARING,
        "can't be exported or used to create servers outside",
        "a migration");
    refused(
        BackupTable.plan(BEFORE.exportedTo("there")),
        BackupField.EXPORT,
        "These backup files can't be exported",
        "pg_dump");
    ResourceId backup =
        ResourceId.of("azure", "sub/group", "koreacentral", Backups.KIND, "orders/before");
    refused(
        BackupTable.plan(BackupSpec.named("copy").of(backup, "koreasouth")),
        BackupField.COPY,
        "no request of Azure's copies",
        "geoRedundant(true)");
    refused(
        BackupTable.plan(BackupSpec.named("copy").of(backup, "koreasouth")),
        BackupField.OTHER_REGION,
        "geo-redundant backup storage",
        "geoRedundant(true)");
    refused(
        BackupTable.plan(BackupReplicationSpec.replicated().of(ORDERS).retainDays(7)),
        BackupField.REPLICATION_RETENTION,
        "only at the time of server creation",
        "geoRedundant(true)");
  }

  /** A manual one as teams name it has tags, which are for who only prefers them. */
  @Test
  void tagsAreForWhoOnlyPrefersThem() {
    BackupSpec tagged = BEFORE.tag("why", "release");
    refused(BackupTable.plan(tagged), BackupField.TAGS, "has no tags", "preferring(TAGS)");
    Plan preferred = BackupTable.plan(tagged.preferring(BackupField.TAGS));
    assertThat(preferred.feasible()).isTrue();
    assertThat(preferred.entries(Plan.Outcome.ADJUSTED))
        .extracting(Plan.Entry::field)
        .containsExactly(BackupField.TAGS);
  }
}
