/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static io.clouddb.azure.postgresql.ServerJson.json;
import static io.clouddb.azure.postgresql.ServerJson.sent;
import static io.clouddb.azure.postgresql.ServerJson.server;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Plan;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where backups are stored, and for how long the log is kept. */
class BackupFieldsTest {
  private static InstanceSpec asked(BackupPolicy policy) {
    return spec("orders").backups(policy).build();
  }

  private static Plan planned(BackupPolicy policy, @Nullable Boolean before) {
    return ServerFields.plan(
        InstanceChange.builder().backups(policy).build(),
        new ServerView.Facts(false, false, before, null));
  }

  private static JsonNode put(BackupPolicy policy) {
    return sent(ServerFields.create(asked(policy), "id", "koreacentral", "secret"))
        .at("/properties/backup");
  }

  private static void refused(Plan plan, InstanceField field, String why) {
    List<Plan.Entry> refused = plan.entries(Plan.Outcome.REFUSED);
    assertThat(refused).extracting(Plan.Entry::field).containsExactly(field);
    assertThat(refused.toString()).contains(why);
  }

  @Test
  void geoRedundancyIsPartOfACreation() {
    BackupPolicy policy = BackupPolicy.daily().geoRedundant(true);
    assertThat(ServerFields.plan(asked(policy)).feasible()).isTrue();
    assertThat(put(policy)).isEqualTo(json("{'geoRedundantBackup':'Enabled'}"));
    assertThat(put(policy.retainDays(14)))
        .isEqualTo(json("{'backupRetentionDays':14,'geoRedundantBackup':'Enabled'}"));
    assertThat(put(BackupPolicy.daily().geoRedundant(false)))
        .isEqualTo(json("{'geoRedundantBackup':'Disabled'}"));
  }

  @Test
  void noChangeTurnsItOnOrOff() {
    BackupPolicy policy = BackupPolicy.daily().geoRedundant(true);
    refused(
        planned(policy, false),
        InstanceField.GEO_REDUNDANT_BACKUP,
        "only at the time of server creation");
    // Without a look at the server it is not known.
    refused(
        planned(policy, null),
        InstanceField.GEO_REDUNDANT_BACKUP,
        "only at the time of server creation");
    assertThat(planned(policy, true).feasible()).isTrue();
  }

  @Test
  void aPlaceOfItsOwnIsRefused() {
    refused(
        ServerFields.plan(asked(BackupPolicy.daily().storedIn("koreasouth"))),
        InstanceField.BACKUP_LOCATION,
        "geoRedundant(true)");
  }

  @Test
  void theLogIsKeptAsLongAsTheBackups() {
    BackupPolicy policy = BackupPolicy.daily().retainDays(14);
    assertThat(ServerFields.plan(asked(policy.retainLogDays(14))).feasible()).isTrue();
    refused(
        ServerFields.plan(asked(policy.retainLogDays(5))),
        InstanceField.LOG_RETENTION,
        "as long as the backups are");
    // Azure's default.
    assertThat(ServerFields.plan(asked(BackupPolicy.daily().retainLogDays(7))).feasible()).isTrue();
  }

  /** A change that leaves the backups as they are leaves the log so, too. */
  @Test
  void aChangeOfTheLogAloneIsHeldBesideWhatTheServerHas() {
    InstanceChange seven =
        InstanceChange.builder().backups(BackupPolicy.daily().retainLogDays(7)).build();
    InstanceChange all =
        InstanceChange.builder().backups(BackupPolicy.daily().retainLogDays(35)).build();
    ServerView.Facts there =
        ServerView.facts(server("{'properties':{'backup':{'backupRetentionDays':35}}}"));
    refused(ServerFields.plan(seven, there), InstanceField.LOG_RETENTION, "as long as the backups");
    assertThat(ServerFields.plan(all, there).feasible()).isTrue();
    // Without a look at the server it is not known.
    assertThat(ServerFields.plan(seven).feasible()).isTrue();
    InstanceChange both =
        InstanceChange.builder()
            .backups(BackupPolicy.daily().retainDays(14).retainLogDays(14))
            .build();
    assertThat(ServerFields.plan(both, there).feasible()).isTrue();
  }

  private static Drift drift(String shown, BackupPolicy policy) {
    ServerAsItIs there =
        new ServerAsItIs(
            server("{'properties':{'backup':" + shown + "}}"),
            ServerAsItIs.Disk.UNKNOWN,
            Map.of(),
            null,
            null);
    return ServerFields.drift(there, asked(policy));
  }

  @Test
  void isReadBack() {
    String shown = "{'backupRetentionDays':14,'geoRedundantBackup':'Enabled'}";
    List<InstanceField> differs =
        drift(shown, BackupPolicy.daily().retainDays(7).retainLogDays(7).geoRedundant(false))
            .differences()
            .stream()
            .map(difference -> (InstanceField) difference.field())
            .toList();
    assertThat(differs)
        .contains(
            InstanceField.BACKUP_RETENTION,
            InstanceField.LOG_RETENTION,
            InstanceField.GEO_REDUNDANT_BACKUP);
    assertThat(
            drift(shown, BackupPolicy.daily().retainDays(14).retainLogDays(14).geoRedundant(true))
                .differences())
        .extracting(Drift.Difference::field)
        .doesNotContain(
            InstanceField.BACKUP_RETENTION,
            InstanceField.LOG_RETENTION,
            InstanceField.GEO_REDUNDANT_BACKUP);
  }
}
