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
 * members for the new instance. What is not set is left out. Filled by the field table, after what
 * the instance had.
 */
final class RestoreRequest {
  private @Nullable String name;
  private @Nullable String instanceClass;
  private @Nullable Boolean multiAz;
  private @Nullable String subnetGroup;
  private @Nullable Boolean publiclyAccessible;
  private List<String> securityGroups = List.of();
  private @Nullable String parameterGroup;
  private @Nullable Boolean deletionProtection;
  private @Nullable Boolean copyTagsToSnapshot;
  private @Nullable Boolean iamAuthentication;
  private @Nullable Boolean minorUpgrades;
  private List<String> logExports = List.of();
  private @Nullable String certificate;
  private @Nullable String lifecycleSupport;
  private @Nullable Boolean dedicatedLogVolume;
  private @Nullable String networkType;
  private final Map<String, String> tags = new TreeMap<>();
  private @Nullable String storageType;
  private @Nullable Integer iops;
  private @Nullable Integer throughput;

  void name(String value) {
    name = value;
  }

  void instanceClass(String value) {
    instanceClass = value;
  }

  void multiAz(boolean value) {
    multiAz = value;
  }

  void subnetGroup(String value) {
    subnetGroup = value;
  }

  void publiclyAccessible(boolean value) {
    publiclyAccessible = value;
  }

  /** Whether it can be reached from the internet, as far as its security groups let it. */
  boolean isPublic() {
    return Boolean.TRUE.equals(publiclyAccessible);
  }

  void securityGroups(List<String> value) {
    securityGroups = List.copyOf(value);
  }

  void parameterGroup(String value) {
    parameterGroup = value;
  }

  void deletionProtection(boolean value) {
    deletionProtection = value;
  }

  void copyTagsToSnapshot(boolean value) {
    copyTagsToSnapshot = value;
  }

  void iamAuthentication(boolean value) {
    iamAuthentication = value;
  }

  void minorUpgrades(boolean value) {
    minorUpgrades = value;
  }

  void logExports(List<String> value) {
    logExports = List.copyOf(value);
  }

  void certificate(String value) {
    certificate = value;
  }

  void lifecycleSupport(String value) {
    lifecycleSupport = value;
  }

  void dedicatedLogVolume(boolean value) {
    dedicatedLogVolume = value;
  }

  void networkType(String value) {
    networkType = value;
  }

  void tags(Map<String, String> more) {
    tags.putAll(more);
  }

  /** All tags so far; what is put there later replaces what has the same key. */
  Map<String, String> tags() {
    return Map.copyOf(tags);
  }

  void storage(String type, @Nullable Integer allIops, @Nullable Integer allThroughput) {
    storageType = type;
    iops = allIops;
    throughput = allThroughput;
  }

  RestoreDbInstanceFromDbSnapshotRequest.Builder fromSnapshot(String snapshot) {
    RestoreDbInstanceFromDbSnapshotRequest.Builder request =
        RestoreDbInstanceFromDbSnapshotRequest.builder()
            .dbSnapshotIdentifier(snapshot)
            .dbInstanceIdentifier(name)
            .dbInstanceClass(instanceClass)
            .multiAZ(multiAz)
            .dbSubnetGroupName(subnetGroup)
            .publiclyAccessible(publiclyAccessible)
            .dbParameterGroupName(parameterGroup)
            .deletionProtection(deletionProtection)
            .copyTagsToSnapshot(copyTagsToSnapshot)
            .enableIAMDatabaseAuthentication(iamAuthentication)
            .autoMinorVersionUpgrade(minorUpgrades)
            .caCertificateIdentifier(certificate)
            .engineLifecycleSupport(lifecycleSupport)
            .dedicatedLogVolume(dedicatedLogVolume)
            .networkType(networkType)
            .storageType(storageType)
            .iops(iops)
            .storageThroughput(throughput)
            .tags(Tags.of(tags));
    if (!securityGroups.isEmpty()) {
      request.vpcSecurityGroupIds(securityGroups);
    }
    if (!logExports.isEmpty()) {
      request.enableCloudwatchLogsExports(logExports);
    }
    return request;
  }

  /**
   * The same to a moment.
   *
   * @param moment when; null for the latest that there is
   */
  RestoreDbInstanceToPointInTimeRequest.Builder toMoment(@Nullable Instant moment) {
    RestoreDbInstanceToPointInTimeRequest.Builder request =
        RestoreDbInstanceToPointInTimeRequest.builder()
            .targetDBInstanceIdentifier(name)
            .dbInstanceClass(instanceClass)
            .multiAZ(multiAz)
            .dbSubnetGroupName(subnetGroup)
            .publiclyAccessible(publiclyAccessible)
            .dbParameterGroupName(parameterGroup)
            .deletionProtection(deletionProtection)
            .copyTagsToSnapshot(copyTagsToSnapshot)
            .enableIAMDatabaseAuthentication(iamAuthentication)
            .autoMinorVersionUpgrade(minorUpgrades)
            .caCertificateIdentifier(certificate)
            .engineLifecycleSupport(lifecycleSupport)
            .dedicatedLogVolume(dedicatedLogVolume)
            .networkType(networkType)
            .storageType(storageType)
            .iops(iops)
            .storageThroughput(throughput)
            .tags(Tags.of(tags));
    if (moment == null) {
      request.useLatestRestorableTime(true);
    } else {
      request.restoreTime(moment);
    }
    if (!securityGroups.isEmpty()) {
      request.vpcSecurityGroupIds(securityGroups);
    }
    if (!logExports.isEmpty()) {
      request.enableCloudwatchLogsExports(logExports);
    }
    return request;
  }
}
