/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Protection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.PendingModifiedValues;

/** A policy that came to nothing is not taken for one that is in force, or to come. */
class PolicyShownStepTest {
  private static Protection of(int days) {
    return Protection.of(
        days == 0 ? BackupPolicy.none().discarding() : BackupPolicy.daily().retainDays(days),
        BackupSpec.named("by-hand"));
  }

  private static DBInstance shown(int days, @Nullable Integer pending) {
    return DBInstance.builder()
        .backupRetentionPeriod(days)
        .pendingModifiedValues(
            pending == null
                ? null
                : PendingModifiedValues.builder().backupRetentionPeriod(pending).build())
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "30, 30,   , true",
    "30,  8,   , false",
    "30,  8, 30, true",
    "30,  8, 14, false",
    " 0,  8,  0, true",
    " 0,  8, 14, false",
    " 0,  0,   , true"
  })
  void onlyWhatWasAskedForIsShown(
      int asked, int days, @Nullable Integer pending, boolean expected) {
    assertThat(PolicyShownStep.isShown(of(asked), shown(days, pending))).isEqualTo(expected);
  }
}
