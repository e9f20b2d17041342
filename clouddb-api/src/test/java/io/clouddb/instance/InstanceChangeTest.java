/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InstanceChangeTest {
  private static final MaintenanceWindow WINDOW =
      MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0));

  private static final InstanceChange WHOLE =
      InstanceChange.builder()
          .size(InstanceSize.named("large"))
          .storageSize(DataSize.gib(50))
          .availability(Availability.REGIONAL)
          .adminPassword(SecretRef.environment("PW"))
          .backups(BackupPolicy.daily())
          .maintenance(WINDOW)
          .tls(TlsMode.REQUIRED)
          .deletionProtection(false)
          .logicalReplication(true)
          .insights(Insights.enabled())
          .parameters(Map.of("work_mem", "8MB"))
          .tags(Map.of("team", "shop"))
          .preferring(InstanceField.BACKUP_WINDOW)
          .build();

  @Test
  void asksForWhatWasSet() {
    assertThat(WHOLE.size()).contains(InstanceSize.named("large"));
    assertThat(WHOLE.storageSize()).contains(DataSize.gib(50));
    assertThat(WHOLE.availability()).contains(Availability.REGIONAL);
    assertThat(WHOLE.adminPassword()).contains(SecretRef.environment("PW"));
    assertThat(WHOLE.backups()).contains(BackupPolicy.daily());
    assertThat(WHOLE.maintenance()).contains(WINDOW);
    assertThat(WHOLE.tls()).contains(TlsMode.REQUIRED);
    assertThat(WHOLE.deletionProtection()).contains(false);
    assertThat(WHOLE.logicalReplication()).contains(true);
    assertThat(WHOLE.insights()).contains(Insights.enabled());
    assertThat(WHOLE.parameters()).containsExactly(Map.entry("work_mem", "8MB"));
    assertThat(WHOLE.tags()).containsExactly(Map.entry("team", "shop"));
    assertThat(WHOLE.preferring()).containsExactly(InstanceField.BACKUP_WINDOW);
    assertThat(WHOLE.toString()).contains("TLS").doesNotContain("large", "PW");
  }

  @Test
  void isCopiedWhole() {
    assertThat(WHOLE.toBuilder().build()).isEqualTo(WHOLE);
    assertThat(InstanceChange.fromJson(WHOLE.toJson())).isEqualTo(WHOLE);
  }

  @Test
  void allThatIsWrongIsReportedAtOnce() {
    assertThatThrownBy(
            () ->
                InstanceChange.builder()
                    .size(InstanceSize.atLeast(0, DataSize.gib(1)))
                    .storageSize(DataSize.gib(0))
                    .backups(BackupPolicy.daily().retainDays(0))
                    .maintenance(WINDOW.lasting(Duration.ofDays(8)))
                    .insights(Insights.enabled().retainDays(0))
                    .parameter("a b", "1")
                    .tag("clouddb-x", "y")
                    .build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll(
            "at least 1 vCPU",
            "the disk has no size",
            "backups are kept",
            "the maintenance window",
            "insights are kept",
            "'a b'",
            "'clouddb-x'");
    assertThatThrownBy(() -> InstanceChange.builder().build())
        .hasMessageContaining("nothing is to change");
  }
}
