/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.Listing;
import io.clouddb.ResourceId;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.PermissionException;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.rds.model.DBEngineVersion;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.Parameter;

/**
 * What an instance is restored from, as a look before the restore shows it: refused when it cannot
 * be, and noted otherwise, so that the request is made of what was seen.
 */
final class RestoreSource {
  static final String TYPE = "restore.StorageType";
  static final String SIZE = "restore.AllocatedStorage";
  static final String IOPS = "restore.Iops";
  static final String THROUGHPUT = "restore.StorageThroughput";

  /** The automated backups that are restored, in the region of their instance and elsewhere. */
  static final String INSTANCE = "restore.SourceDbiResourceId";

  static final String REPLICATED = "restore.SourceDBInstanceAutomatedBackupsArn";

  /** That the moment is the very last that there is, and will ever be. */
  static final String LAST = "restore.UseLatestRestorableTime";

  private static final Logger log = LoggerFactory.getLogger(RestoreSource.class);

  private final Function<String, RdsCalls> checks;
  private final String region;

  /**
   * Makes it.
   *
   * @param checks the calls of a region, of what is looked at while the caller waits
   * @param region where the new instance is to be
   */
  RestoreSource(Function<String, RdsCalls> checks, String region) {
    this.checks = checks;
    this.region = region;
  }

  /**
   * Looks at it.
   *
   * @param context the operation
   * @return what is to be noted
   * @throws CloudDbException when it cannot be restored so
   */
  Map<String, String> notes(StepContext context) {
    RestoreSpec spec = context.specification(RestoreSpec.class);
    return spec.backup().map(this::ofSnapshot).orElseGet(() -> ofInstance(spec));
  }

  private Map<String, String> ofSnapshot(ResourceId backup) {
    DBSnapshot snapshot = new SnapshotCalls(checks.apply(region)).get(backup.name());
    Optional<CloudDbException> refusal = SnapshotUse.refusal(snapshot, "restored");
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    requireOffered(snapshot.engineVersion(), snapshot.dbSnapshotArn());
    Map<String, String> notes = new TreeMap<>(Notes.snapshot(snapshot));
    put(notes, Notes.VERSION, snapshot.engineVersion());
    put(notes, TYPE, snapshot.storageType());
    put(notes, SIZE, snapshot.allocatedStorage());
    put(notes, IOPS, snapshot.iops());
    put(notes, THROUGHPUT, snapshot.storageThroughput());
    String from = snapshot.sourceRegion() == null ? region : snapshot.sourceRegion();
    String name = snapshot.dbInstanceIdentifier();
    Optional<DBInstance> instance = seen(name, from, snapshot.dbiResourceId());
    notes.putAll(
        settings(
            instance,
            instance.isPresent() || name == null
                ? Optional.empty()
                : left(name, snapshot.dbiResourceId()),
            name,
            from,
            snapshot.engineVersion()));
    return notes;
  }

  private Map<String, String> ofInstance(RestoreSpec spec) {
    ResourceId source = spec.source();
    KeptBackups found = KeptBackups.of(checks, region, source);
    Optional<DBInstance> instance = found.instance();
    if (instance.filter(ReplicaView::isReplica).isPresent()) {
      throw outside(
          instance.get().dbInstanceArn(),
          source.name() + " is a replica, and RDS restores no replica to a point in time",
          "Restore its source, or one of its snapshots.");
    }
    DBInstanceAutomatedBackup backup = found.kept().orElseThrow(() -> none(source, instance));
    boolean last = isLast(spec, backup);
    requireOffered(backup.engineVersion(), backup.dbInstanceArn());
    Map<String, String> notes = new TreeMap<>();
    put(notes, Notes.VERSION, backup.engineVersion());
    put(notes, TYPE, backup.storageType());
    put(notes, SIZE, backup.allocatedStorage());
    put(notes, IOPS, backup.iops());
    put(notes, THROUGHPUT, backup.storageThroughput());
    if (source.location().equals(region)) {
      put(notes, INSTANCE, backup.dbiResourceId());
    } else {
      put(notes, REPLICATED, backup.dbInstanceAutomatedBackupsArn());
    }
    if (last) {
      notes.put(LAST, Notes.YES);
    }
    notes.putAll(
        settings(
            instance,
            Optional.of(backup),
            source.name(),
            source.location(),
            backup.engineVersion()));
    return notes;
  }

  private CloudDbException none(ResourceId source, Optional<DBInstance> instance) {
    boolean near = source.location().equals(region);
    boolean there = near && instance.isPresent();
    Integer days = there ? instance.get().backupRetentionPeriod() : null;
    if (days != null && days > 0) {
      return early(instance.get().dbInstanceArn(), source.name());
    }
    return ErrorDetails.of(
            there || !near ? ErrorCategory.CONDITION_FAILED : ErrorCategory.NOT_FOUND,
            there
                ? "The automated backups of " + source.name() + " are off: it has no points in time"
                : "There are no automated backups of "
                    + source.name()
                    + (near ? ", nor such an instance, in " : " of " + source.location() + " in ")
                    + region)
        .operation("rds.DescribeDBInstanceAutomatedBackups")
        .resource(source.toString())
        .nextStep(
            there
                ? "Restore one of its snapshots, and switch them on by modify(...).backups(...)."
                : near
                    ? "Look for a snapshot of it: backups().list(BackupQuery.of(instance))."
                    : "Restore it in "
                        + source.location()
                        + ", or copy a snapshot here; backups().replicate(...) has later ones kept"
                        + " here.")
        .toException();
  }

  /**
   * Refuses a moment that is out of reach. The API Reference, {@code RestoreTime}: "Must be before
   * the latest restorable time for the DB instance".
   *
   * @return whether it is that time itself: where it stays as it is, RDS is asked for the latest,
   *     and where it goes on, that would be a later one
   */
  private static boolean isLast(RestoreSpec spec, DBInstanceAutomatedBackup backup) {
    Instant earliest = AutomatedBackupView.earliest(backup);
    Instant latest = AutomatedBackupView.latest(backup);
    String name = backup.dbInstanceIdentifier();
    if (earliest == null || latest == null) {
      throw early(backup.dbInstanceArn(), name);
    }
    boolean last =
        spec.moment().map(RestoreFields::inMilliseconds).filter(latest::equals).isPresent()
            && AutomatedBackupView.isRetained(backup);
    Optional<Instant> moment =
        spec.moment()
            .filter(
                at ->
                    at.isBefore(earliest)
                        || !(last || RestoreFields.inMilliseconds(at).isBefore(latest)));
    if (moment.isPresent()) {
      throw outside(
          backup.dbInstanceArn(),
          name
              + " can be restored to moments from "
              + earliest
              + " to before "
              + latest
              + ", not to "
              + moment.get(),
          !moment.get().isBefore(latest)
              ? "Choose an earlier moment, latest(), or wait: RDS gets to the present with some"
                  + " minutes' delay."
              : "Choose a later moment, or restore a snapshot of before:"
                  + " backups().list(BackupQuery.of(instance)).");
    }
    return last;
  }

  private static CloudDbException early(@Nullable String arn, String name) {
    return outside(
        arn,
        "There is no moment yet to which " + name + " can be restored",
        "Wait until its first automated snapshot is there: backups().window(...) tells.");
  }

  private static CloudDbException outside(@Nullable String arn, String message, String nextStep) {
    return ErrorDetails.of(ErrorCategory.CONDITION_FAILED, message)
        .operation("rds.RestoreDBInstanceToPointInTime")
        .resource(arn)
        .nextStep(nextStep)
        .toException();
  }

  /**
   * The API Reference, {@code RestoreDBInstanceFromDBSnapshot}: "To restore from a DB snapshot with
   * an unsupported engine version, you must first upgrade the engine version of the snapshot."
   * Where that may not be looked at, RDS itself refuses.
   */
  private void requireOffered(@Nullable String version, @Nullable String resource) {
    if (version == null || isOffered(EngineFields.major(version))) {
      return;
    }
    throw ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "RDS has no PostgreSQL of the major version of "
                + version
                + " in "
                + region
                + " any more, and restores none")
        .operation("rds.DescribeDBEngineVersions")
        .resource(resource)
        .nextStep(
            "Upgrade a snapshot of it first: RDS' ModifyDBSnapshot with EngineVersion, by"
                + " unwrap(RdsClient.class); of an automated one, a copy.")
        .toException();
  }

  private boolean isOffered(int major) {
    try {
      return new Listing<DBEngineVersion>(checks.apply(region)::engineVersions, null)
          .stream().anyMatch(offered -> EngineFields.major(offered.engineVersion()) == major);
    } catch (PermissionException e) {
      log.debug("Which versions RDS has in {} may not be seen: {}", region, e.getMessage());
      return true;
    }
  }

  /** What the instance has, if it is there; or what it has left. */
  private Map<String, String> settings(
      Optional<DBInstance> source,
      Optional<DBInstanceAutomatedBackup> left,
      @Nullable String name,
      String from,
      @Nullable String version) {
    if (source.isPresent()) {
      return RestoredSettings.notes(
          source.get(),
          from.equals(region),
          ParameterComparison.hasDefaultGroup(source.get())
              ? Map.of()
              : ParameterGroups.of(source.get())
                  .map(DBParameterGroupStatus::dbParameterGroupName)
                  .map(group -> new ParameterGroups(checks.apply(from)).parameters(group))
                  .map(all -> known(all, source.get().engineVersion(), version))
                  .orElse(Map.of()));
    }
    Map<String, String> tags = left.map(backup -> RdsCalls.tags(backup.tagList())).orElse(Map.of());
    Map<String, String> notes = KeptSettings.notes(tags);
    if (notes.isEmpty() || !from.equals(region)) {
      log.warn(
          "{} in {} cannot be seen: what is restored of it has RDS' defaults for its parameters,"
              + " network, availability, protection and tags, where nothing else is asked for",
          name,
          from);
      return Map.of();
    }
    String now = left.map(DBInstanceAutomatedBackup::engineVersion).orElse(null);
    KeptSettings.group(tags).ifPresent(group -> notes.putAll(parameters(group, now, version)));
    return notes;
  }

  /**
   * The parameters that the major version has which is restored: the source may have been upgraded
   * since, and RDS takes none that a version has not.
   */
  private Map<String, Parameter> known(
      Map<String, Parameter> parameters, @Nullable String now, @Nullable String version) {
    if (now == null || version == null || EngineFields.major(now) == EngineFields.major(version)) {
      return parameters;
    }
    Set<String> there =
        new ParameterGroups(checks.apply(region)).ofFamily(EngineFields.family(version));
    Map<String, Parameter> known = new TreeMap<>();
    parameters.forEach(
        (name, parameter) -> {
          if (there.contains(name)) {
            known.put(name, parameter);
          } else if (ParameterGroups.isSetByUser(parameter)) {
            log.warn(
                "The parameter {} of PostgreSQL {} is left out: what is restored has {}",
                name,
                now,
                version);
          }
        });
    return known;
  }

  private Map<String, String> parameters(
      String group, @Nullable String now, @Nullable String version) {
    try {
      return RestoredSettings.parameters(
          known(new ParameterGroups(checks.apply(region)).parameters(group), now, version));
    } catch (NotFoundException e) {
      log.warn(
          "The DB parameter group {} is gone: what is restored has RDS' own parameters, where"
              + " nothing else is asked for",
          group);
      return Map.of();
    }
  }

  private Optional<DBInstanceAutomatedBackup> left(String name, @Nullable String resourceId) {
    return new AutomatedBackupCalls(checks.apply(region))
        .of(name).stream()
            .filter(AutomatedBackupView::isRetained)
            .filter(backup -> resourceId != null && resourceId.equals(backup.dbiResourceId()))
            .findFirst();
  }

  /** The instance, as far as it can be seen; a later one of its name is another one. */
  private Optional<DBInstance> seen(
      @Nullable String name, String from, @Nullable String resourceId) {
    if (name == null) {
      return Optional.empty();
    }
    return KeptBackups.seen(checks, region, from, name)
        .filter(found -> resourceId == null || resourceId.equals(found.dbiResourceId()));
  }

  private static void put(Map<String, String> notes, String name, @Nullable Object value) {
    if (value != null) {
      notes.put(name, value.toString());
    }
  }
}
