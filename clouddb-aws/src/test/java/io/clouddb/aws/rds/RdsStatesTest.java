/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.instance.InstanceState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The statuses that the user guide lists, and what each of them means for who waits. */
class RdsStatesTest {
  @ParameterizedTest
  @CsvSource({
    // The status; the portable state; usable, failed, can be started, stays as it is by itself.
    "available,                                     AVAILABLE, true,  false, false, true",
    "storage-initialization,                        AVAILABLE, true,  false, false, true",
    "storage-optimization,                          AVAILABLE, true,  false, false, true",
    "storage-config-upgrade,                        AVAILABLE, true,  false, false, true",
    "creating,                                      CREATING,  false, false, false, false",
    "starting,                                      STARTING,  false, false, false, false",
    "rebooting,                                     STARTING,  false, false, false, false",
    "stopping,                                      STOPPING,  false, false, false, false",
    "stopped,                                       STOPPED,   false, false, true,  true",
    "deleting,                                      DELETING,  false, false, false, false",
    "delete-precheck,                               DELETING,  false, false, false, false",
    "backing-up,                                    MODIFYING, false, false, false, false",
    "modifying,                                     MODIFYING, false, false, false, false",
    "upgrading,                                     MODIFYING, false, false, false, false",
    "maintenance,                                   MODIFYING, false, false, false, false",
    "renaming,                                      MODIFYING, false, false, false, false",
    "resetting-master-credentials,                  MODIFYING, false, false, false, false",
    "configuring-enhanced-monitoring,               MODIFYING, false, false, false, false",
    "configuring-iam-database-auth,                 MODIFYING, false, false, false, false",
    "configuring-log-exports,                       MODIFYING, false, false, false, false",
    "converting-to-vpc,                             MODIFYING, false, false, false, false",
    "moving-to-vpc,                                 MODIFYING, false, false, false, false",
    "failed,                                        FAILED,    false, true,  false, true",
    "incompatible-create,                           FAILED,    false, true,  false, true",
    "incompatible-network,                          FAILED,    false, true,  true,  true",
    "incompatible-option-group,                     FAILED,    false, true,  false, true",
    "incompatible-parameters,                       FAILED,    false, true,  false, true",
    "incompatible-restore,                          FAILED,    false, true,  false, true",
    "inaccessible-encryption-credentials,           FAILED,    false, true,  false, true",
    "inaccessible-encryption-credentials-recoverable, FAILED,  false, true,  true,  true",
    "insufficient-capacity,                         FAILED,    false, true,  false, true",
    "restore-error,                                 FAILED,    false, true,  false, true",
    "storage-full,                                  FAILED,    false, true,  false, true",
    "a-word-of-tomorrow,                            OTHER,     false, false, false, false"
  })
  void eachHasItsMeaning(
      String status,
      InstanceState state,
      boolean usable,
      boolean failed,
      boolean startable,
      boolean resting) {
    assertThat(RdsStates.state(status)).isEqualTo(state);
    assertThat(RdsStates.usable(status)).isEqualTo(usable);
    assertThat(RdsStates.failed(status)).isEqualTo(failed);
    assertThat(RdsStates.startable(status)).isEqualTo(startable);
    assertThat(RdsStates.resting(status)).isEqualTo(resting);
  }

  @ParameterizedTest
  @CsvSource({
    "storage-full, Enlarge its disk",
    "incompatible-parameters, Set the parameters",
    "inaccessible-encryption-credentials-recoverable, KMS key back",
    "incompatible-network, Mend its subnet group",
    "stopped, Start it first"
  })
  void whatCanBeMendedHasARemedy(String status, String remedy) {
    assertThat(RdsStates.remedy(status)).contains(remedy);
    assertThat(RdsStates.remedyOfPromoted(status)).isEqualTo(RdsStates.remedy(status));
  }

  @Test
  void nobodyIsToldToDeleteWhatMayBeAllThatIsLeft() {
    assertThat(RdsStates.remedy("failed")).contains("delete it when it is of no use");
    assertThat(RdsStates.remedyOfPromoted("failed")).contains("Keep it").doesNotContain("elete");
  }
}
