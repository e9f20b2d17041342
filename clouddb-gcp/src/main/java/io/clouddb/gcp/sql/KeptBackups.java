/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.FinalBackupConfig;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What stays of an instance that is deleted: its backups, where its setting {@code
 * retainBackupsOnDelete} says so, and a last one, which is taken where {@code finalBackupConfig}
 * does.
 */
final class KeptBackups {
  /** Value: the instance was to leave backups before it was to be deleted without them. */
  static final String RETAINING = "retaining";

  /** The type of the one that is taken at the deletion. */
  private static final String FINAL = "FINAL";

  /**
   * Value: when the last instance of that name was deleted whose backups are there; none if none.
   */
  private static final String DELETED_BEFORE = "deleted-before";

  private KeptBackups() {}

  /** Whether an instance keeps its backups when it is deleted. */
  static boolean isRetaining(DatabaseInstance instance) {
    Settings settings = instance.getSettings();
    return settings != null && Boolean.TRUE.equals(settings.getRetainBackupsOnDelete());
  }

  /** Whether an instance is backed up when it is deleted. */
  private static boolean isBackedUpAtLast(DatabaseInstance instance) {
    Settings settings = instance.getSettings();
    FinalBackupConfig config = settings == null ? null : settings.getFinalBackupConfig();
    return config != null && Boolean.TRUE.equals(config.getEnabled());
  }

  /** The state that knows whether it leaves any, of one that can be had to do otherwise. */
  static OperationState noted(OperationState state, DatabaseInstance instance) {
    boolean leaves = isRetaining(instance) || isBackedUpAtLast(instance);
    return leaves && takesPatches(instance) ? state.with(RETAINING, "true") : state;
  }

  /** What has failed or is suspended takes no patch, and can be deleted. */
  static boolean takesPatches(DatabaseInstance instance) {
    return !InstanceReader.FAILED.equals(instance.getState())
        && !InstanceReader.SUSPENDED.equals(instance.getState());
  }

  /** Refuses to delete what cannot be had to keep its backups any more. */
  static void requirePossible(DatabaseInstance instance, StepContext context) {
    Optional<String> source = Replication.source(instance);
    if (source.isPresent()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              context.name() + " is a replica, which has no backups that could be kept")
          .resource(context.resource().toString())
          .nextStep("Delete it by delete(...): the backups are those of " + source.get() + ".")
          .toException();
    }
    Optional<CloudDbException> impossible = impossible(instance, context);
    if (impossible.isPresent()) {
      throw impossible.get();
    }
  }

  /** Why an instance cannot be had to keep its backups; empty when it can, or keeps them. */
  static Optional<CloudDbException> impossible(DatabaseInstance instance, StepContext context) {
    if (isRetaining(instance) || takesPatches(instance)) {
      return Optional.empty();
    }
    return Optional.of(
        ErrorDetails.of(
                ErrorCategory.CONDITION_FAILED,
                context.name()
                    + " is "
                    + instance.getState()
                    + " and takes no change, so that it cannot be had to keep its backups")
            .resource(context.resource().toString())
            .nextStep(
                "Restore what is needed of them to another instance first:"
                    + " backups().restore(RestoreSpec.from(backup).named(...)); then delete it with"
                    + " all that it has: delete(...).")
            .toException());
  }

  /** A patch by which it does. */
  static DatabaseInstance retain(DatabaseInstance current) {
    return patch(new Settings().setRetainBackupsOnDelete(true), current);
  }

  /**
   * A patch by which it leaves none. {@code enableFinalBackup} of the deletion is "off by default",
   * and nobody says that it outweighs the setting; and days without such a backup are refused.
   */
  static DatabaseInstance release(DatabaseInstance current) {
    Settings settings = new Settings().setRetainBackupsOnDelete(false);
    if (isBackedUpAtLast(current)) {
      settings.setFinalBackupConfig(new FinalBackupConfig().setEnabled(false));
    }
    return patch(settings, current);
  }

  private static DatabaseInstance patch(Settings settings, DatabaseInstance current) {
    return WholePatch.of(new DatabaseInstance().setSettings(settings), current);
  }

  /** Refuses to delete what nothing would be kept of, as if it were. */
  static void require(List<Backup> all, StepContext context) {
    List<Backup> its =
        all.stream().filter(backup -> backup.getInstanceDeletionTime() == null).toList();
    if (its.stream().anyMatch(KeptBackups::isRestorable)) {
      return;
    }
    boolean making =
        its.stream()
            .anyMatch(each -> BackupReader.state(each) == io.clouddb.backup.Backup.State.CREATING);
    throw ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            context.name()
                + " has no backup"
                + (making ? " that is complete" : "")
                + ", so that nothing of it could be restored once it is deleted")
        .resource(context.resource().toString())
        .nextStep(
            (making ? "Wait until the one that is being made is there, or take" : "Take")
                + " one by hand: backups().take(...); or delete it with all that it has:"
                + " delete(...).")
        .toException();
  }

  /** The state that knows which instances of the name were deleted before. */
  static OperationState notedDeletions(OperationState state, List<Backup> all) {
    return deletions(all)
        .max(Comparator.naturalOrder())
        .map(newest -> state.with(DELETED_BEFORE, newest.toString()))
        .orElse(state);
  }

  /**
   * Whether something was kept that can be restored, of an instance that was deleted since then: a
   * final backup is there also where nothing else is.
   */
  static boolean isLeft(List<Backup> all, StepContext context) {
    Instant before = context.value(DELETED_BEFORE).map(Instant::parse).orElse(Instant.MIN);
    List<Backup> kept =
        all.stream().filter(KeptBackups::isRestorable).filter(backup -> !isFinal(backup)).toList();
    return deletions(kept).anyMatch(before::isBefore);
  }

  /** Whether it was taken at the deletion, which says nothing of those that were there before. */
  static boolean isFinal(Backup backup) {
    return FINAL.equals(backup.getType());
  }

  private static Stream<Instant> deletions(List<Backup> all) {
    return all.stream()
        .flatMap(
            backup ->
                Optional.ofNullable(BackupReader.time(backup.getInstanceDeletionTime())).stream());
  }

  private static boolean isRestorable(Backup backup) {
    return BackupReader.state(backup) == io.clouddb.backup.Backup.State.AVAILABLE;
  }
}
