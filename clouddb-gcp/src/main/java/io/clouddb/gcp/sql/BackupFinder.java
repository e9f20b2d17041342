/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.ApiWarning;
import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.ListBackupsResponse;
import io.clouddb.Listing;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks for backups in the list of a project's, which has those of all regions, and of deleted
 * instances too. A backup is of the region of its instance, wherever it is stored.
 */
final class BackupFinder {
  private final BackupCalls calls;
  private final SqlAdminCalls instances;

  BackupFinder(BackupCalls calls, SqlAdminCalls instances) {
    this.calls = calls;
    this.instances = instances;
  }

  /** Looks for a backup by its id, whichever region that names. */
  Optional<Backup> find(ResourceId id) {
    Optional<String> name = id.nativeId();
    if (name.isPresent()) {
      return calls.find(name.get()).filter(found -> isIn(found, id.location()));
    }
    return BackupId.of(id)
        .flatMap(
            wanted ->
                first(wanted.instance(), found -> BackupId.of(found).equals(wanted))
                    .filter(found -> isIn(found, id.location())));
  }

  /** One whose region nobody tells is everywhere, rather than nowhere. */
  private boolean isIn(Backup found, String region) {
    return region(found, new HashMap<>()).map(region::equals).orElse(true);
  }

  /** The backups of an instance, and of deleted ones of its name. */
  List<Backup> of(String instance) {
    return stream(instance).toList();
  }

  private Optional<Backup> first(String instance, Predicate<Backup> wanted) {
    return stream(instance).filter(wanted).findFirst();
  }

  private Stream<Backup> stream(String instance) {
    Listing<Backup> listing =
        new Listing<>(
            token -> {
              ListBackupsResponse page = page(filter(instance), token);
              return new Page<>(items(page), next(page));
            },
            null);
    // A filter of Google's may find more than what is equal.
    return listing.stream().filter(found -> BackupId.instance(found).equals(instance));
  }

  /** A filter by the name of an instance. */
  static String filter(String instance) {
    return "instance:" + instance;
  }

  /** A page of the list; refused when it may lack something. */
  ListBackupsResponse page(@Nullable String filter, @Nullable String token) {
    ListBackupsResponse page = calls.list(filter, token);
    List<ApiWarning> warnings = page.getWarnings() == null ? List.of() : page.getWarnings();
    if (!warnings.isEmpty()) {
      ApiWarning first = warnings.get(0);
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE,
              "Cloud SQL says that its list of backups lacks some: "
                  + first.getCode()
                  + " "
                  + (first.getMessage() == null ? "" : first.getMessage()))
          .operation("sqladmin.backups.listBackups")
          .providerCode(first.getCode())
          .nextStep("List again later.")
          .toException();
    }
    return page;
  }

  static List<Backup> items(ListBackupsResponse page) {
    return page.getBackups() == null ? List.of() : page.getBackups();
  }

  static @Nullable String next(ListBackupsResponse page) {
    String next = page.getNextPageToken();
    return next == null || next.isEmpty() ? null : next;
  }

  /**
   * The region of a backup's instance: as the backup tells it, or else its instance.
   *
   * @param found the backup
   * @param known regions of instances that were asked before
   * @return the region; empty when nobody tells it
   */
  Optional<String> region(Backup found, Map<String, Optional<String>> known) {
    return BackupReader.region(found)
        .or(
            () ->
                found.getInstanceDeletionTime() == null
                    ? known.computeIfAbsent(
                        BackupId.instance(found),
                        name -> instances.find(name).map(DatabaseInstance::getRegion))
                    : Optional.empty());
  }
}
