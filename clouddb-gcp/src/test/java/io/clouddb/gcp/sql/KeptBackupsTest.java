/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.FinalBackupConfig;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of an instance that takes no change any more, and can be deleted all the same. */
class KeptBackupsTest {
  private static final OperationState STATE =
      OperationState.begin(
          InstanceDriver.DELETE.id(), Stepwise.id("orders"), "attempt-1", Instant.EPOCH, null);
  private static final StepContext CONTEXT =
      new StepContext(STATE, Customizations.NONE, SecretRef::resolve, Instant.EPOCH);

  private static DatabaseInstance instance(String state, boolean retaining) {
    return new DatabaseInstance()
        .setName("orders")
        .setState(state)
        .setSettings(new Settings().setRetainBackupsOnDelete(retaining));
  }

  @ParameterizedTest
  @ValueSource(strings = {"FAILED", "SUSPENDED"})
  void whatTakesNoChangeIsAskedForNone(String state) {
    assertThat(KeptBackups.noted(STATE, instance(state, true)).value(KeptBackups.RETAINING))
        .isEmpty();
    assertThatCode(() -> KeptBackups.requirePossible(instance(state, true), CONTEXT))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> KeptBackups.requirePossible(instance(state, false), CONTEXT))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("orders is " + state)
        .hasMessageContaining("then delete it with all that it has");
  }

  @Test
  void aReplicaHasNone() {
    DatabaseInstance replica =
        instance("RUNNABLE", false).setMasterInstanceName(SimulatedCloudSql.PROJECT + ":primary");
    assertThatThrownBy(() -> KeptBackups.requirePossible(replica, CONTEXT))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("orders is a replica")
        .hasMessageContaining("those of primary");
  }

  @Test
  void whatRunsIsHadToKeepThemOrNot() {
    assertThat(KeptBackups.noted(STATE, instance("RUNNABLE", true)).value(KeptBackups.RETAINING))
        .isPresent();
    assertThatCode(() -> KeptBackups.requirePossible(instance("RUNNABLE", false), CONTEXT))
        .doesNotThrowAnyException();
  }

  private static DatabaseInstance backedUpAtLast(String state) {
    DatabaseInstance instance = instance(state, false);
    instance
        .getSettings()
        .setFinalBackupConfig(new FinalBackupConfig().setEnabled(true).setRetentionDays(30));
    return instance;
  }

  /** "No final backup is taken"; and of its days the service wants to hear nothing then. */
  @Test
  void whatIsToBeBackedUpAtLastIsHadNotToBe() {
    assertThat(KeptBackups.noted(STATE, backedUpAtLast("RUNNABLE")).value(KeptBackups.RETAINING))
        .isPresent();
    assertThat(KeptBackups.noted(STATE, backedUpAtLast("FAILED")).value(KeptBackups.RETAINING))
        .isEmpty();
    assertThat(KeptBackups.release(backedUpAtLast("RUNNABLE")).getSettings())
        .isEqualTo(
            new Settings()
                .setRetainBackupsOnDelete(false)
                .setFinalBackupConfig(new FinalBackupConfig().setEnabled(false)));
    assertThat(KeptBackups.release(instance("RUNNABLE", true)).getSettings())
        .isEqualTo(new Settings().setRetainBackupsOnDelete(false));
  }

  /** One is there whether the others were kept or not. */
  @Test
  void aFinalBackupIsNoneThatWasKept() {
    Backup last =
        new Backup()
            .setType("FINAL")
            .setState("SUCCESSFUL")
            .setInstanceDeletionTime("2026-11-02T00:00:00Z");
    assertThat(KeptBackups.isLeft(List.of(last), CONTEXT)).isFalse();
    assertThat(KeptBackups.isLeft(List.of(last, last.clone().setType("AUTOMATED")), CONTEXT))
        .isTrue();
  }
}
