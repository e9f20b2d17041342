/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.plan.Field;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldValuesTest {
  private static InstanceSpec.Builder spec() {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(20)))
        .admin(AdminLogin.of("app", SecretRef.environment("PW")));
  }

  @Test
  void whatIsUnsetIsNotAskedFor() {
    assertThat(spec().build().values())
        .containsOnlyKeys(
            InstanceField.NAME,
            InstanceField.ENGINE,
            InstanceField.ENGINE_VERSION,
            InstanceField.SIZE,
            InstanceField.STORAGE_TYPE,
            InstanceField.STORAGE_SIZE,
            InstanceField.ENCRYPTION,
            InstanceField.AVAILABILITY,
            InstanceField.ADMIN_LOGIN,
            InstanceField.PRIVATE_NETWORK,
            InstanceField.TLS);
  }

  @Test
  void whatIsSetToFalseIsAskedFor() {
    assertThat(
            spec()
                .deletionProtection(false)
                .logicalReplication(false)
                .backups(BackupPolicy.none())
                .insights(Insights.disabled())
                .build()
                .values())
        .containsEntry(InstanceField.DELETION_PROTECTION, false)
        .containsEntry(InstanceField.LOGICAL_REPLICATION, false)
        .containsEntry(InstanceField.BACKUPS, false)
        .containsEntry(InstanceField.INSIGHTS, false);
  }

  @Test
  void eachPartOfAPolicyIsAFieldOfItsOwn() {
    MaintenanceWindow window =
        MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0)).lasting(Duration.ofHours(1));
    Map<Field, Object> values =
        spec()
            .backups(
                BackupPolicy.daily(LocalTime.of(3, 0))
                    .lasting(Duration.ofHours(1))
                    .retainDays(7)
                    .withPointInTime()
                    .retainLogDays(5)
                    .storedIn("eu")
                    .geoRedundant(false))
            .maintenance(window)
            .insights(Insights.enabled().retainDays(31))
            .network(Network.publicAccess("203.0.113.0/24"))
            .tag("team", "shop")
            .parameter("work_mem", "8MB")
            .build()
            .values();
    assertThat(values)
        .containsEntry(InstanceField.BACKUPS, true)
        .containsEntry(InstanceField.BACKUP_WINDOW, LocalTime.of(3, 0))
        .containsEntry(InstanceField.BACKUP_WINDOW_LENGTH, Duration.ofHours(1))
        .containsEntry(InstanceField.BACKUP_RETENTION, 7)
        .containsEntry(InstanceField.POINT_IN_TIME, true)
        .containsEntry(InstanceField.LOG_RETENTION, 5)
        .containsEntry(InstanceField.BACKUP_LOCATION, "eu")
        .containsEntry(InstanceField.GEO_REDUNDANT_BACKUP, false)
        .containsEntry(InstanceField.MAINTENANCE_WINDOW, window)
        .containsEntry(InstanceField.MAINTENANCE_WINDOW_LENGTH, Duration.ofHours(1))
        .containsEntry(InstanceField.INSIGHTS, true)
        .containsEntry(InstanceField.INSIGHTS_RETENTION, 31)
        .containsEntry(InstanceField.PUBLIC_ACCESS, Network.publicAccess("203.0.113.0/24"))
        .containsEntry(InstanceField.PARAMETERS, Map.of("work_mem", "8MB"))
        .containsEntry(InstanceField.TAGS, Map.of("team", "shop"))
        .doesNotContainKey(InstanceField.PRIVATE_NETWORK);
  }

  @Test
  void aChangeAsksForWhatItChanges() {
    SecretRef password = SecretRef.environment("NEW");
    InstanceChange change =
        InstanceChange.builder()
            .size(InstanceSize.named("db.m6g.large"))
            .storageSize(DataSize.gib(40))
            .adminPassword(password)
            .deletionProtection(false)
            .build();
    assertThat(change.values())
        .containsOnly(
            Map.entry(InstanceField.SIZE, InstanceSize.named("db.m6g.large")),
            Map.entry(InstanceField.STORAGE_SIZE, DataSize.gib(40)),
            Map.entry(InstanceField.ADMIN_LOGIN, password),
            Map.entry(InstanceField.DELETION_PROTECTION, false));
    assertThat(change.toBuilder().build()).isEqualTo(change);
    assertThat(change.withoutSecrets()).isSameAs(change);
    InstanceChange literal = change.toBuilder().adminPassword(SecretRef.literal("x")).build();
    assertThat(literal.withoutSecrets().adminPassword())
        .contains(SecretRef.environment("CLOUDDB_LITERAL_SECRET_IS_NOT_KEPT"));
  }
}
