/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Engine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a backup or a source has to be so that an instance can be made of it, by <a
 * href="https://cloud.google.com/sql/docs/postgres/backup-recovery/restore">About restoring an
 * instance</a> and <a href="https://cloud.google.com/sql/docs/postgres/clone-instance">Clone
 * instances</a>.
 */
final class RestoreChecks {
  private RestoreChecks() {}

  /** Looks for all that is wrong with a backup at once. */
  static Optional<CloudDbException> of(RestoreSpec spec, Place place, Backup backup) {
    String name = spec.source().name();
    List<String> wrong = new ArrayList<>();
    switch (BackupReader.state(backup)) {
      case AVAILABLE -> {
        // As it has to be.
      }
      case CREATING -> wrong.add(name + " is still being made: wait until it is available");
      case FAILED -> wrong.add(name + " has failed, and has no data: restore another one");
      default -> wrong.add(name + " is " + backup.getState() + ": restore another one");
    }
    if (backup.getInstanceSettings() == null
        || backup.getInstanceSettings().getSettings() == null) {
      wrong.add(
          name
              + " does not tell of which instance it is, so that none is made as that one was:"
              + " restore it in Google's console");
    }
    checkVersion(wrong, spec, backup.getDatabaseVersion());
    String key = BackupReader.key(backup);
    if (key != null && spec.encryptionKey().isEmpty()) {
      Optional<String> region = NewInstanceRows.regionOf(key);
      if (region.filter(place.region()::equals).isEmpty()) {
        wrong.add(
            name
                + " is encrypted with a key of "
                + region.orElse("another region")
                + ": say by encryptionKey which one of "
                + place.region()
                + " encrypts the new instance");
      }
    }
    return error(spec, wrong);
  }

  /** Looks for all that is wrong with the source of a moment at once. */
  static Optional<CloudDbException> of(
      RestoreSpec spec, RecoveryWindow.Source source, RestorableWindow window) {
    DatabaseInstance instance = source.instance();
    String name = spec.source().name();
    List<String> wrong = new ArrayList<>();
    if (Replication.source(instance).isPresent()) {
      wrong.add(
          name
              + " is a replica, and \"you can't clone a replica\": restore "
              + Replication.source(instance).orElseThrow()
              + ", which it follows");
    } else if (!source.hasLogs()) {
      wrong.add(
          name
              + " has no point-in-time recovery, so that it can be restored to its backups only: "
              + (source.deleted() == null
                  ? "modify it with BackupPolicy.withPointInTime(), for moments from then on"
                  : "restore one of these"));
    } else {
      moment(spec, window, wrong);
    }
    checkVersion(wrong, spec, instance.getDatabaseVersion());
    checkNetwork(wrong, spec, instance);
    return error(spec, wrong);
  }

  private static void moment(RestoreSpec spec, RestorableWindow window, List<String> wrong) {
    String name = spec.source().name();
    Optional<Instant> latest = window.latest();
    if (window.earliest().isEmpty() || latest.isEmpty()) {
      wrong.add(
          name + " has no moment to be restored to yet: the first one comes with its first backup");
      return;
    }
    spec.moment()
        .filter(moment -> !window.contains(moment))
        .ifPresent(
            moment ->
                wrong.add(
                    name
                        + " can be restored to a moment from "
                        + window.earliest().get()
                        + " to "
                        + latest.get()
                        + ", and "
                        + moment
                        + " is asked for: take one of these, or latest()"));
  }

  private static void checkVersion(
      List<String> wrong, RestoreSpec spec, @Nullable String databaseVersion) {
    if (databaseVersion == null) {
      return;
    }
    if (!EngineVersion.engine(databaseVersion).equals(Engine.POSTGRESQL)) {
      wrong.add(
          spec.source().name()
              + " is of "
              + databaseVersion
              + ", and this provider restores PostgreSQL only: use Google's own client");
      return;
    }
    Tier.tooOld(spec.size(), spec.source().name(), databaseVersion).ifPresent(wrong::add);
  }

  /** A clone is where its source is; a VPC, "after it is set", cannot be another one. */
  private static void checkNetwork(
      List<String> wrong, RestoreSpec spec, DatabaseInstance instance) {
    Optional<String> asked = spec.network().flatMap(network -> network.privateNetwork());
    if (asked.isPresent() && !Vpc.maybeOf(asked, instance)) {
      wrong.add(
          "what is restored to a moment is in the private network of its source, which is "
              + Vpc.of(instance).map(Vpc::toString).orElse("none")
              + ", not in "
              + asked.get()
              + ": restore a backup, which can be in any");
    }
  }

  private static Optional<CloudDbException> error(RestoreSpec spec, List<String> wrong) {
    return wrong.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ErrorDetails.of(
                    ErrorCategory.CONDITION_FAILED,
                    spec.name() + " cannot be restored so: " + String.join("; ", wrong))
                .resource(spec.source().toString())
                .nextStep("Change what is wrong, and restore again: nothing was made.")
                .toException());
  }
}
