/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a replica has to be so that it can be promoted, by <a
 * href="https://cloud.google.com/sql/docs/postgres/replication/manage-replicas">Manage read
 * replicas</a> and, where it changes places with its primary, by <a
 * href="https://cloud.google.com/sql/docs/postgres/use-advanced-disaster-recovery">Use advanced
 * disaster recovery</a>.
 */
final class PromotionChecks {
  private static final String PAGE =
      "https://cloud.google.com/sql/docs/postgres/use-advanced-disaster-recovery";

  private PromotionChecks() {}

  /** Refuses what is no replica, or is not ready. */
  static void requireReady(DatabaseInstance found, ResourceId resource) {
    if (!Replication.isReplica(found)) {
      throw failure(
              resource,
              found.getName()
                  + " is no replica, but "
                  + found.getInstanceType()
                  + ": there is nothing to promote",
              "Look by replicas().list(source) which replicas there are.")
          .toException();
    }
    if (InstanceReader.state(found) != InstanceState.AVAILABLE) {
      throw failure(
              resource,
              found.getName() + " is " + found.getState() + ", and is promoted while it runs only",
              "Wait until it is available, then promote it.")
          .toException();
    }
  }

  /** Refuses a replica that is not designated; the primary, which may be gone, is not asked. */
  static void requireDesignated(DatabaseInstance replica, ResourceId resource) {
    List<String> wrong = new ArrayList<>();
    checkEdition(wrong, replica);
    if (!Replication.isDesignated(replica)) {
      wrong.add(
          replica.getName()
              + " is not the disaster recovery replica that its primary has designated, which is"
              + " done while the primary is there");
    }
    orThrow(wrong, resource);
  }

  /** Refuses two that cannot change places. */
  static void requirePair(DatabaseInstance replica, DatabaseInstance primary, ResourceId resource) {
    List<String> wrong = new ArrayList<>();
    checkEdition(wrong, replica);
    checkEdition(wrong, primary);
    if (Replication.source(primary).isPresent()) {
      wrong.add(primary.getName() + " is a replica itself");
    }
    if (InstanceReader.state(primary) != InstanceState.AVAILABLE) {
      wrong.add(primary.getName() + " does not run (" + primary.getState() + ")");
    }
    if (String.valueOf(replica.getRegion()).equals(primary.getRegion())) {
      wrong.add("both are in " + replica.getRegion() + ", and they have to be in two regions");
    }
    BackupConfiguration backups =
        primary.getSettings() == null ? null : primary.getSettings().getBackupConfiguration();
    if (backups == null || !Boolean.TRUE.equals(backups.getPointInTimeRecoveryEnabled())) {
      wrong.add(primary.getName() + " has no point-in-time recovery, which has to be on");
    }
    Optional<String> other =
        Replication.designated(primary).filter(name -> !name.equals(replica.getName()));
    if (other.isPresent()) {
      wrong.add(
          primary.getName() + " has designated another disaster recovery replica, " + other.get());
    }
    orThrow(wrong, resource);
  }

  private static void checkEdition(List<String> wrong, DatabaseInstance each) {
    if (!Replication.isPlus(each)) {
      wrong.add(
          each.getName()
              + " is of the edition "
              + (each.getSettings() == null ? "?" : each.getSettings().getEdition())
              + ", and "
              + Tier.ENTERPRISE_PLUS
              + " alone has disaster recovery");
    }
  }

  private static void orThrow(List<String> wrong, ResourceId resource) {
    if (!wrong.isEmpty()) {
      CloudDbException e =
          failure(
                  resource,
                  resource.name()
                      + " cannot change places with its primary: "
                      + String.join("; ", wrong)
                      + " ("
                      + PAGE
                      + ")",
                  "Promote it on its own: Promotion.standalone() or Promotion.forced().")
              .toException();
      throw e;
    }
  }

  private static ErrorDetails.Builder failure(ResourceId resource, String what, String instead) {
    return ErrorDetails.of(ErrorCategory.CONDITION_FAILED, what)
        .resource(resource.toString())
        .nextStep(instead);
  }
}
