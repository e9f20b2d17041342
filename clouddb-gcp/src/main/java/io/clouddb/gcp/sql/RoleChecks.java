/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.InstanceChange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an instance does not bear that has replicas, or is one. */
final class RoleChecks {
  private static final String STOPPING =
      "https://cloud.google.com/sql/docs/postgres/start-stop-restart-instance";

  private final ReplicaList replicas;

  RoleChecks(ReplicaList replicas) {
    this.replicas = replicas;
  }

  /** Refuses to delete what others follow. */
  void deletion(DatabaseInstance found, ResourceId resource) {
    List<String> names = Replication.replicas(found);
    if (names.isEmpty()) {
      return;
    }
    List<String> ids = new ArrayList<>();
    List<ResourceId> known = known(found.getName());
    known.forEach(id -> ids.add(id.toString()));
    names.stream()
        .filter(name -> known.stream().noneMatch(id -> id.name().equals(name)))
        .forEach(ids::add);
    throw refused(
        resource,
        found.getName() + " has replicas: " + String.join(", ", ids),
        "Delete or promote them first, each by the cloud of its region.");
  }

  /** Where they are says more than their names alone, which the instance has in any case. */
  private List<ResourceId> known(String source) {
    try {
      return replicas.of(source);
    } catch (UnavailableException e) {
      return List.of();
    }
  }

  /** Refuses to stop a replica. */
  void stop(DatabaseInstance found, ResourceId resource) {
    if (Replication.source(found).isPresent()) {
      throw refused(
          resource,
          found.getName() + " is a replica, and Cloud SQL does not stop one (" + STOPPING + ")",
          "Delete it, and create it again when it is needed.");
    }
  }

  /** Refuses, all at once, what a change asks for that the instance's role does not bear. */
  void change(
      DatabaseInstance found, InstanceChange change, DatabaseInstance patch, ResourceId resource) {
    List<String> wrong = new ArrayList<>();
    Settings settings = patch.getSettings() == null ? new Settings() : patch.getSettings();
    @Nullable BackupConfiguration backups = settings.getBackupConfiguration();
    boolean asksForBackups = backups != null && !backups.equals(withStandby(change, resource));
    if (Replication.source(found).isPresent()) {
      if (asksForBackups && !Boolean.FALSE.equals(backups.getEnabled())) {
        wrong.add("a replica has no backups");
      }
      if (settings.getMaintenanceWindow() != null) {
        wrong.add("a replica is maintained with its primary");
      }
      if (change.adminPassword().isPresent()) {
        wrong.add("the logins of a replica are its primary's");
      }
      if (InstanceReader.NEVER.equals(settings.getActivationPolicy())) {
        wrong.add("a replica cannot be stopped");
      }
    }
    if (!Replication.replicas(found).isEmpty()
        && backups != null
        && Boolean.FALSE.equals(backups.getEnabled())) {
      wrong.add("what has replicas needs automated backups");
    }
    if (!wrong.isEmpty()) {
      throw refused(
          resource,
          found.getName() + " cannot be changed so: " + String.join("; ", wrong),
          Replication.source(found)
              .map(source -> "Change " + source + " instead, which it follows.")
              .orElse("Delete or promote its replicas first."));
    }
  }

  /** The backups that come with a standby, asked for by nobody; null when none do. */
  private static @Nullable BackupConfiguration withStandby(
      InstanceChange change, ResourceId resource) {
    DatabaseInstance plain = PatchBody.of(change, Place.of(resource));
    return change.backups().isPresent() || plain.getSettings() == null
        ? null
        : plain.getSettings().getBackupConfiguration();
  }

  /** The standby of a replica brings no backups with it, as that of others does. */
  static DatabaseInstance withoutBackups(DatabaseInstance body, DatabaseInstance current) {
    if (Replication.source(current).isPresent() && body.getSettings() != null) {
      body.getSettings().setBackupConfiguration(null);
    }
    return body;
  }

  private static RuntimeException refused(ResourceId resource, String what, String instead) {
    return ErrorDetails.of(ErrorCategory.CONDITION_FAILED, what)
        .resource(resource.toString())
        .nextStep(instead)
        .toException();
  }
}
