/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private static final String DECODING_PAGE =
      "https://cloud.google.com/sql/docs/postgres/advanced-dr-logical-failover-slot";

  private static final int FIRST_WITH_DECODING = 17;

  /** The flags that {@link #PAGE} wants to have the same value at both. */
  private static final List<String> SAME_AT_BOTH =
      List.of(
          "max_connections",
          "max_worker_processes",
          "max_wal_senders",
          "max_prepared_transactions",
          "max_parallel_workers",
          "max_locks_per_transaction",
          "max_parallel_maintenance_workers",
          "max_parallel_workers_per_gather");

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
    if (!Replication.isDesignated(replica)) {
      checkDecoding(wrong, replica);
    }
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
    checkSizes(wrong, replica, primary);
    designatedElse(primary, replica.getName()).ifPresent(wrong::add);
    orThrow(wrong, resource);
  }

  /** What keeps a primary from designating a replica; empty when nothing does. */
  static Optional<CloudDbException> otherDesignation(
      DatabaseInstance primary, ResourceId resource) {
    return designatedElse(primary, resource.name())
        .map(
            why ->
                failure(
                        resource,
                        resource.name() + " cannot change places with its primary: " + why,
                        "Promote the designated one, or take its designation away first, if it is"
                            + " not needed.")
                    .toException());
  }

  private static Optional<String> designatedElse(DatabaseInstance primary, String replica) {
    return Replication.designated(primary)
        .filter(name -> !name.equals(replica))
        .map(
            name ->
                primary.getName() + " has designated another disaster recovery replica, " + name);
  }

  /**
   * Somebody has promoted a replica alone that was to change places with its primary.
   *
   * @param resource the replica
   * @param source the primary's name
   * @param isThere whether the primary is there
   * @return the error
   */
  static CloudDbException promotedAlone(ResourceId resource, String source, boolean isThere) {
    String alone =
        resource.name()
            + " was promoted alone, by somebody else, while it was to change places with "
            + source;
    return isThere
        ? failure(
                resource,
                alone + ": both take writes now, and neither follows the other",
                "Stop what writes to one of them; then delete it, and create a replica of the"
                    + " other.")
            .leftBehind(resource.name() + " and " + source + ", each an instance of its own")
            .toException()
        : failure(resource, alone + ", which is gone", "Create a replica of " + resource.name())
            .leftBehind(resource.name() + ", an instance of its own")
            .toException();
  }

  /**
   * The operation that was to promote a replica has failed, and it takes writes all the same.
   *
   * @param resource the replica
   * @param source the name of what it followed
   * @param why why the operation failed
   * @return the error
   */
  static CloudDbException promotedInPart(ResourceId resource, String source, CloudDbException why) {
    ErrorDetails details = why.details();
    return CloudDbException.of(
        ErrorDetails.of(
                why.category(),
                details.message() + "; " + resource.name() + " follows nobody and takes writes now")
            .retryable(false)
            .operation(details.operation().orElse(null))
            .resource(resource.toString())
            .providerCode(details.providerCode().orElse(null))
            .requestId(details.requestId().orElse(null))
            .leftBehind(resource.name() + ", which takes writes, and " + source)
            .nextStep(
                "Look whether "
                    + source
                    + " takes writes, too, and write to one of them only; then delete the other"
                    + " one, and create a replica anew.")
            .build(),
        why);
  }

  /** The operation that was to promote a replica has ended well, and it follows somebody. */
  static CloudDbException replicaAgain(ResourceId resource) {
    return failure(
            resource,
            resource.name()
                + " is a replica, though its promotion has ended well: somebody has made it one"
                + " again",
            "Look which instance takes writes, and promote "
                + resource.name()
                + " again, if it is still to be.")
        .toException();
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

  /** Slots of logical replication outlast the change of places since PostgreSQL 17 only. */
  private static void checkDecoding(List<String> wrong, DatabaseInstance replica) {
    if ("on".equals(flags(replica).get(Flags.LOGICAL_DECODING))
        && EngineVersion.number(EngineVersion.version(replica.getDatabaseVersion()))
            < FIRST_WITH_DECODING) {
      wrong.add(
          replica.getName()
              + " has "
              + Flags.LOGICAL_DECODING
              + ", which a disaster recovery replica has from PostgreSQL "
              + FIRST_WITH_DECODING
              + " on only ("
              + DECODING_PAGE
              + ")");
    }
  }

  /** One that is not set has a default that goes by the machine: the service compares those. */
  private static void checkSizes(
      List<String> wrong, DatabaseInstance replica, DatabaseInstance primary) {
    Map<String, String> its = flags(replica);
    Map<String, String> primarys = flags(primary);
    for (String name : SAME_AT_BOTH) {
      String value = its.get(name);
      String other = primarys.get(name);
      if (value != null && other != null && !value.equals(other)) {
        wrong.add(
            name
                + " is "
                + value
                + " at "
                + replica.getName()
                + " and "
                + other
                + " at "
                + primary.getName()
                + ", and has to be the same at both");
      }
    }
  }

  private static Map<String, String> flags(DatabaseInstance instance) {
    return Flags.of(instance.getSettings() == null ? new Settings() : instance.getSettings());
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
                  "Change what is in the way; or promote it on its own, after which"
                      + " neither follows the other: Promotion.standalone() or Promotion.forced().")
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
