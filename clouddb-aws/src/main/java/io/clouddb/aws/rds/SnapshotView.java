/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.Backups;
import io.clouddb.instance.Instances;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBSnapshot;

/** What RDS says of a DB snapshot, in portable terms: {@code DBSnapshot} in the API Reference. */
final class SnapshotView {
  /** The values of {@code SnapshotType} that are meant here. */
  static final String AUTOMATED = "automated";

  static final String MANUAL = "manual";
  static final String AWS_BACKUP = "awsbackup";

  static final String AVAILABLE = "available";
  static final String DELETING = "deleting";

  private static final Pattern ARN = Pattern.compile("arn:[^:]+:rds:([^:]+):([^:]+):snapshot:(.+)");

  private final String provider;
  private final String region;
  private final Supplier<String> account;

  /**
   * Makes it.
   *
   * @param account asked where an answer has no ARN, which names the account otherwise
   */
  SnapshotView(String provider, String region, Supplier<String> account) {
    this.provider = provider;
    this.region = region;
    this.account = account;
  }

  Backup backup(DBSnapshot snapshot) {
    String name = snapshot.dbSnapshotIdentifier();
    Backup.State state = state(snapshot.status());
    return Backup.builder(id(snapshot), name, origin(snapshot), state, snapshot.status())
        .instance(instance(snapshot))
        .takenAt(state == Backup.State.CREATING ? null : taken(snapshot).orElse(null))
        .expiresAt(expires(snapshot))
        .size(
            snapshot.allocatedStorage() == null ? null : DataSize.gib(snapshot.allocatedStorage()))
        .engine(
            snapshot.engine() == null ? null : RdsInstances.engine(snapshot.engine()),
            snapshot.engineVersion())
        .encrypted(snapshot.encrypted(), snapshot.kmsKeyId())
        .storageLocation(region)
        .tags(callers(RdsCalls.tags(snapshot.tagList())))
        .nativeObject(snapshot)
        .build();
  }

  ResourceId id(DBSnapshot snapshot) {
    String arn = snapshot.dbSnapshotArn();
    ResourceId id = id(of(snapshot), region, Backups.KIND, snapshot.dbSnapshotIdentifier());
    return arn == null ? id : id.withNativeId(arn);
  }

  /** The id of a snapshot that may be there. */
  ResourceId id(String name) {
    return id(account.get(), region, Backups.KIND, name);
  }

  private ResourceId id(String of, String in, String kind, String name) {
    return ResourceId.of(provider, of, in, kind, name);
  }

  private String of(DBSnapshot snapshot) {
    Matcher arn = ARN.matcher(String.valueOf(snapshot.dbSnapshotArn()));
    return arn.matches() ? arn.group(2) : account.get();
  }

  /** A snapshot that was copied twice names the region of the first copy. */
  private @Nullable ResourceId instance(DBSnapshot snapshot) {
    String name = snapshot.dbInstanceIdentifier();
    String from = isFromElsewhere(snapshot) ? snapshot.sourceRegion() : null;
    return name == null
        ? null
        : id(of(snapshot), from == null ? region : from, Instances.KIND, name);
  }

  private static boolean isFromElsewhere(DBSnapshot snapshot) {
    String source = snapshot.sourceDBSnapshotIdentifier();
    return source != null && !source.isEmpty();
  }

  static Map<String, String> callers(Map<String, String> tags) {
    tags.keySet().removeIf(key -> !RestoredSettings.isCallers(key));
    return tags;
  }

  /**
   * Of a copy it is that of the first one: {@code OriginalSnapshotCreateTime} "doesn't change when
   * the snapshot is copied". Older snapshots have the other time only.
   */
  static Optional<Instant> taken(DBSnapshot snapshot) {
    return Optional.ofNullable(snapshot.originalSnapshotCreateTime())
        .or(() -> Optional.ofNullable(snapshot.snapshotCreateTime()));
  }

  /** Not before that: RDS does not count the time in which the instance is stopped. */
  private static @Nullable Instant expires(DBSnapshot snapshot) {
    Integer days = snapshot.backupRetentionPeriod();
    return days == null || days == 0 || !isAutomated(snapshot)
        ? null
        : taken(snapshot).map(taken -> taken.plus(Duration.ofDays(days))).orElse(null);
  }

  /** AWS Backup takes and deletes its own by a plan, too, and RDS lets nobody else delete them. */
  private static Backup.Origin origin(DBSnapshot snapshot) {
    if (isAutomated(snapshot) || AWS_BACKUP.equals(snapshot.snapshotType())) {
      return Backup.Origin.AUTOMATIC;
    }
    return isCopy(snapshot) ? Backup.Origin.COPY : Backup.Origin.MANUAL;
  }

  /**
   * One in the same region has no source to tell: only its own time is another than that of the
   * first.
   */
  private static boolean isCopy(DBSnapshot snapshot) {
    Instant first = snapshot.originalSnapshotCreateTime();
    Instant own = snapshot.snapshotCreateTime();
    return isFromElsewhere(snapshot) || (first != null && own != null && !own.equals(first));
  }

  private static Backup.State state(String status) {
    return switch (status) {
      case AVAILABLE -> Backup.State.AVAILABLE;
      // It is queued, or its data are on their way.
      case "creating", "pending", "copying" -> Backup.State.CREATING;
      case DELETING, "deleted" -> Backup.State.DELETING;
      case "failed" -> Backup.State.FAILED;
      default -> Backup.State.UNKNOWN;
    };
  }

  static boolean isComing(DBSnapshot snapshot) {
    return state(snapshot.status()) == Backup.State.CREATING;
  }

  static boolean isAvailable(DBSnapshot snapshot) {
    return state(snapshot.status()) == Backup.State.AVAILABLE;
  }

  static boolean isFailed(DBSnapshot snapshot) {
    return state(snapshot.status()) == Backup.State.FAILED;
  }

  /** Whether RDS has taken it by itself. */
  static boolean isAutomated(DBSnapshot snapshot) {
    return AUTOMATED.equals(snapshot.snapshotType());
  }
}
