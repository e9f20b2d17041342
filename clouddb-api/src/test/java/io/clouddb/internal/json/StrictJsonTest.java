/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Storage;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.LocalTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A spec in JSON is what it says, in the one form in which it is written. */
class StrictJsonTest {
  private static final String SPEC =
      InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
          .size(InstanceSize.atLeast(2, DataSize.gib(8)))
          .storage(Storage.ssd(DataSize.gib(128)))
          .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7))
          .maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0)))
          .admin(AdminLogin.of("app_admin", SecretRef.environment("ADMIN_PW")))
          .logicalReplication(true)
          .tag("environment", "production")
          .build()
          .toJson();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"name\":\"orders\" | \"name\":5",
        "\"name\":\"orders\" | \"name\":true",
        "\"engineVersion\":\"16\" | \"engineVersion\":16",
        "\"engineVersion\":\"16\" | \"engineVersion\":16.0",
        "\"environment\":\"production\" | \"environment\":7",
        "\"logicalReplication\":true | \"logicalReplication\":\"true\"",
        "\"logicalReplication\":true | \"logicalReplication\":1",
        "\"logicalReplication\":true | \"logicalReplication\":\"\"",
        "\"retentionDays\":7 | \"retentionDays\":\"7\"",
        "\"retentionDays\":7 | \"retentionDays\":7.0",
        "\"retentionDays\":7 | \"retentionDays\":7e0",
        "\"retentionDays\":7 | \"retentionDays\":4294967303",
        "\"retentionDays\":7 | \"retentionDays\":\"\"",
        "\"SUNDAY\" | 6",
        "\"SUNDAY\" | \"6\"",
        "\"SUNDAY\" | \"sunday\"",
        "\"SUNDAY\" | \"\"",
        "\"04:00:00\" | [4,0]",
        "\"04:00:00\" | 4",
        "\"04:00:00\" | \"soon\"",
        "\"04:00:00\" | \"\"",
        "{\"schemaVersion\":1 | {\"schemaVersion\":\"1\"",
        "{\"schemaVersion\":1 | {\"schemaVersion\":1.0",
        "{\"schemaVersion\":1 | {\"schemaVersion\":1,\"schemaVersion\":1",
      })
  void refusesEveryOtherForm(String written, String other) {
    String broken = SPEC.replace(written, other);
    assertThat(broken).as("the field is in " + SPEC).isNotEqualTo(SPEC);

    assertThatThrownBy(() -> InstanceSpec.fromJson(broken))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void refusesWhatIsBehindTheEndAndWhatIsTooDeep() {
    for (String text :
        new String[] {SPEC + "{}", SPEC + " x", "[".repeat(200_000), "{\"a\":".repeat(200_000)}) {
      assertThatThrownBy(() -> InstanceSpec.fromJson(text))
          .isInstanceOf(InvalidArgumentException.class);
    }
  }
}
