/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.client.json.JsonFactory;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.CloneContext;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.DiskEncryptionConfiguration;
import com.google.api.services.sqladmin.model.FinalBackupConfig;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Network;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The body of an {@code instances.insert} that makes the instance into which a backup is restored:
 * what the backup says of its instance, and over it what the spec asks for, as the caller has
 * changed it.
 */
final class RestoreRequest {
  /** Value: the backup configuration that the new instance is to have; none when that is usual. */
  static final String POLICY = "policy";

  private static final JsonFactory JSON = GsonFactory.getDefaultInstance();

  private RestoreRequest() {}

  static DatabaseInstance of(StepContext context, Place place, Backup backup) {
    RestoreSpec spec = context.specification(RestoreSpec.class);
    DatabaseInstance its = backup.getInstanceSettings();
    boolean sameRegion = place.region().equals(its.getRegion());
    DatabaseInstance body =
        new DatabaseInstance()
            .setRegion(place.region())
            .setInstanceType("CLOUD_SQL_INSTANCE")
            .setDatabaseVersion(backup.getDatabaseVersion())
            .setSettings(settings(its, sameRegion, spec.network().isPresent()));
    if (backup.getInstanceDeletionTime() != null) {
      // That its backups stay was said of the backup's instance, when that was deleted.
      body.getSettings().setRetainBackupsOnDelete(null);
    }
    String key = BackupReader.key(backup);
    if (key != null) {
      body.setDiskEncryptionConfiguration(new DiskEncryptionConfiguration().setKmsKeyName(key));
    }
    RestoreTables.write(body, spec, place);
    spec.network().ifPresent(network -> leaveNetwork(body.getSettings(), network, its));
    SettingsOfSize.limit(body.getSettings());
    context.customizations().apply(DatabaseInstance.class, body);
    requireIdentity(body, spec, place);
    if (spec.network().isEmpty()) {
      SourceAddresses.requireWhole(body, its);
    }
    Map<String, String> labels = new TreeMap<>(InstanceReader.labels(body.getSettings()));
    labels.put(Labels.ATTEMPT, context.state().id());
    body.getSettings().setUserLabels(labels);
    return body;
  }

  /**
   * The state that knows the backup policy, which the service forgets: "the target instance's
   * backup configuration is set to the default values", says <a
   * href="https://cloud.google.com/sql/docs/postgres/backup-recovery/restore">About restoring an
   * instance</a>, so "update the backup configuration after the restore has completed".
   */
  static OperationState noted(OperationState state, DatabaseInstance body) {
    BackupConfiguration policy = body.getSettings().getBackupConfiguration();
    try {
      return policy == null ? state : state.with(POLICY, JSON.toString(policy));
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
  }

  /** The policy with what stays. */
  static DatabaseInstance policy(StepContext context, DatabaseInstance current) {
    String policy = context.value(POLICY).orElseThrow();
    try {
      BackupConfiguration backups = JSON.fromString(policy, BackupConfiguration.class);
      return WholePatch.of(
          new DatabaseInstance().setSettings(new Settings().setBackupConfiguration(backups)),
          current);
    } catch (IOException e) {
      throw ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, "The token has no backup policy")
          .toException(e);
    }
  }

  /** All that can be asked for; what is of one region stays there. */
  static Settings settings(DatabaseInstance its, boolean sameRegion, boolean networkAsked) {
    Settings settings =
        its.getSettings()
            .clone()
            .setSettingsVersion(null)
            // Of instances of the first generation, which there are none of any more.
            .setAuthorizedGaeApplications(null)
            .setActivationPolicy(InstanceReader.ALWAYS)
            .setIpConfiguration(SourceAddresses.of(its, sameRegion, networkAsked));
    if (!sameRegion) {
      settings.setLocationPreference(null);
    }
    FinalBackupConfig last = settings.getFinalBackupConfig();
    if (last != null && !Boolean.TRUE.equals(last.getEnabled())) {
      // "Final backup retention days cannot be set when final backup is disabled."
      settings.setFinalBackupConfig(null);
    }
    BackupConfiguration backups = settings.getBackupConfiguration();
    if (backups != null) {
      // What the service only tells.
      settings.setBackupConfiguration(
          backups
              .clone()
              .setBackupTier(null)
              .setReplicationLogArchivingEnabled(null)
              .setTransactionalLogStorageState(null));
    }
    return settings;
  }

  /** Where a network is asked for, nothing stays of another one, whose ranges are its own. */
  private static void leaveNetwork(Settings settings, Network asked, DatabaseInstance its) {
    IpConfiguration addresses = settings.getIpConfiguration();
    if (asked.isPublic()) {
      addresses.setPrivateNetwork(null).setEnablePrivatePathForGoogleCloudServices(null);
    }
    if (!Vpc.maybeOf(asked.privateNetwork(), its)) {
      addresses.setAllocatedIpRange(null);
    }
  }

  private static void requireIdentity(DatabaseInstance body, RestoreSpec spec, Place place) {
    boolean same =
        body.getSettings() != null
            && spec.name().equals(body.getName())
            && place.region().equals(body.getRegion());
    if (!same) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "Native.customize must leave name, region and settings of the DatabaseInstance")
          .toException();
    }
  }

  /** Refuses changes to a request that is not sent. */
  static void requireNoClone(StepContext context) {
    if (context.customizations().all().stream().anyMatch(it -> it.type() == CloneContext.class)) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "A backup is restored without a CloneContext, so that Native.customize of one would"
                  + " change nothing")
          .toException();
    }
  }
}
