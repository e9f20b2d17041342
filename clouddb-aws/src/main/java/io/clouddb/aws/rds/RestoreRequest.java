/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceToPointInTimeRequest;

/**
 * What a restore asks of RDS, be it from a snapshot or to a moment: the two requests have the same
 * members for the new instance, and the SDK no type for what they have in common. So both are
 * written, and one of them is sent. What is not set is left out. Filled by the field table, after
 * what the instance had.
 */
final class RestoreRequest {
  private final RestoreDbInstanceFromDbSnapshotRequest.Builder snapshot =
      RestoreDbInstanceFromDbSnapshotRequest.builder();
  private final RestoreDbInstanceToPointInTimeRequest.Builder moment =
      RestoreDbInstanceToPointInTimeRequest.builder();
  private final Map<String, String> tags = new TreeMap<>();
  private boolean isPublic;

  void name(String value) {
    snapshot.dbInstanceIdentifier(value);
    moment.targetDBInstanceIdentifier(value);
  }

  void instanceClass(String value) {
    snapshot.dbInstanceClass(value);
    moment.dbInstanceClass(value);
  }

  void multiAz(boolean value) {
    snapshot.multiAZ(value);
    moment.multiAZ(value);
  }

  void subnetGroup(String value) {
    snapshot.dbSubnetGroupName(value);
    moment.dbSubnetGroupName(value);
  }

  void publiclyAccessible(boolean value) {
    isPublic = value;
    snapshot.publiclyAccessible(value);
    moment.publiclyAccessible(value);
  }

  /** Whether it can be reached from the internet, as far as its security groups let it. */
  boolean isPublic() {
    return isPublic;
  }

  void securityGroups(List<String> value) {
    snapshot.vpcSecurityGroupIds(value);
    moment.vpcSecurityGroupIds(value);
  }

  void parameterGroup(String value) {
    snapshot.dbParameterGroupName(value);
    moment.dbParameterGroupName(value);
  }

  void deletionProtection(boolean value) {
    snapshot.deletionProtection(value);
    moment.deletionProtection(value);
  }

  void copyTagsToSnapshot(boolean value) {
    snapshot.copyTagsToSnapshot(value);
    moment.copyTagsToSnapshot(value);
  }

  void iamAuthentication(boolean value) {
    snapshot.enableIAMDatabaseAuthentication(value);
    moment.enableIAMDatabaseAuthentication(value);
  }

  void minorUpgrades(boolean value) {
    snapshot.autoMinorVersionUpgrade(value);
    moment.autoMinorVersionUpgrade(value);
  }

  void logExports(List<String> value) {
    snapshot.enableCloudwatchLogsExports(value);
    moment.enableCloudwatchLogsExports(value);
  }

  void certificate(String value) {
    snapshot.caCertificateIdentifier(value);
    moment.caCertificateIdentifier(value);
  }

  void lifecycleSupport(String value) {
    snapshot.engineLifecycleSupport(value);
    moment.engineLifecycleSupport(value);
  }

  void dedicatedLogVolume(boolean value) {
    snapshot.dedicatedLogVolume(value);
    moment.dedicatedLogVolume(value);
  }

  void networkType(String value) {
    snapshot.networkType(value);
    moment.networkType(value);
  }

  void tags(Map<String, String> more) {
    tags.putAll(more);
  }

  /** All tags so far; what is put there later replaces what has the same key. */
  Map<String, String> tags() {
    return Map.copyOf(tags);
  }

  void storage(String type, @Nullable Integer allIops, @Nullable Integer allThroughput) {
    snapshot.storageType(type).iops(allIops).storageThroughput(allThroughput);
    moment.storageType(type).iops(allIops).storageThroughput(allThroughput);
  }

  RestoreDbInstanceFromDbSnapshotRequest.Builder fromSnapshot(String name) {
    return snapshot.dbSnapshotIdentifier(name).tags(Tags.of(tags));
  }

  /**
   * The same to a moment.
   *
   * @param at when; null for the latest that there is
   */
  RestoreDbInstanceToPointInTimeRequest.Builder toMoment(@Nullable Instant at) {
    return moment
        .restoreTime(at)
        .useLatestRestorableTime(at == null ? true : null)
        .tags(Tags.of(tags));
  }
}
