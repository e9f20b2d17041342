/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.instance.Network;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.Parameter;
import software.amazon.awssdk.services.rds.model.VpcSecurityGroupMembership;

/**
 * What RDS does not take from a backup and its instance had: they are noted when a restore begins,
 * since the instance may change or go meanwhile, and set again where the caller asks for nothing
 * else.
 *
 * <p>The API Reference, {@code RestoreDBInstanceToPointInTime}: "with the default security group,
 * the default subnet group, and the default DB parameter group. By default, the new DB instance is
 * created as a single-AZ deployment"; and of its members that protection from deletion, IAM
 * authentication and the copying of tags are off by default, that the certificate authority is the
 * account's, and that RDS Extended Support, which costs, is on. No restore has a member for the
 * maintenance window, Performance Insights and enhanced monitoring; one from a snapshot has none
 * for the limit of a growing disk.
 */
final class RestoredSettings {
  private static final String PREFIX = "source.";
  private static final String TAG = "source-tag.";
  private static final String PARAMETER = "source-parameter.";

  private static final String MULTI_AZ = "MultiAZ";
  private static final String SUBNET_GROUP = "DBSubnetGroupName";
  private static final String SECURITY_GROUPS = "VpcSecurityGroupIds";
  private static final String PUBLIC = "PubliclyAccessible";
  private static final String PROTECTED = "DeletionProtection";
  private static final String COPY_TAGS = "CopyTagsToSnapshot";
  private static final String IAM = "EnableIAMDatabaseAuthentication";
  private static final String MINOR_UPGRADES = "AutoMinorVersionUpgrade";
  private static final String LOGS = "EnableCloudwatchLogsExports";
  private static final String STORAGE_LIMIT = "MaxAllocatedStorage";
  private static final String MAINTENANCE = "PreferredMaintenanceWindow";
  private static final String BACKUPS = "PreferredBackupWindow";
  private static final String CERTIFICATE = "CACertificateIdentifier";
  private static final String LIFECYCLE = "EngineLifecycleSupport";
  private static final String LOG_VOLUME = "DedicatedLogVolume";
  private static final String NETWORK_TYPE = "NetworkType";
  private static final String DUAL = "DUAL";
  private static final String INSIGHTS = "EnablePerformanceInsights";
  private static final String INSIGHTS_RETENTION = "PerformanceInsightsRetentionPeriod";
  private static final String INSIGHTS_KEY = "PerformanceInsightsKMSKeyId";
  private static final String INSIGHTS_MODE = "DatabaseInsightsMode";
  private static final String MONITORING = "MonitoringInterval";
  private static final String MONITORING_ROLE = "MonitoringRoleArn";

  /** "At least 10 percent" above the size: <em>Managing capacity automatically</em>. */
  private static final int LEAST_PERCENT = 110;

  /** Those that are over, with which RDS makes nothing any more. */
  private static final Pattern OLD_CERTIFICATE = Pattern.compile("rds-ca-20[0-9]{2}");

  private static final Logger log = LoggerFactory.getLogger(RestoredSettings.class);

  private final StepContext context;

  RestoredSettings(StepContext context) {
    this.context = context;
  }

  /**
   * What is noted of the instance that a backup is of.
   *
   * @param source the instance as it is
   * @param near whether it is in the region of the restore: networks, and keys and roles for a
   *     region's use, are of no use elsewhere
   * @param parameters those of its DB parameter group, by their names
   */
  static Map<String, String> notes(
      DBInstance source, boolean near, Map<String, Parameter> parameters) {
    Map<String, String> members = anywhere(source);
    if (near) {
      nearby(members, source);
    }
    Map<String, String> notes = parameters(parameters);
    members.forEach((member, value) -> notes.put(PREFIX + member, value));
    SnapshotView.callers(RdsCalls.tags(source.tagList()))
        .forEach((key, value) -> notes.put(TAG + key, value));
    return notes;
  }

  /** Whether something is noted of an instance itself, and not of its parameters. */
  static boolean isNote(String name) {
    return name.startsWith(PREFIX) || name.startsWith(TAG);
  }

  /** What is noted of parameters, of those that somebody has set. */
  static Map<String, String> parameters(Map<String, Parameter> parameters) {
    Map<String, String> notes = new TreeMap<>();
    parameters.forEach(
        (name, parameter) -> {
          if (ParameterGroups.isSetByUser(parameter)) {
            notes.put(PARAMETER + name, parameter.parameterValue());
          }
        });
    return notes;
  }

  /** What is set again wherever that is, by the members of requests to RDS. */
  private static Map<String, String> anywhere(DBInstance source) {
    Map<String, String> members = new TreeMap<>();
    put(members, MULTI_AZ, source.multiAZ());
    put(members, PROTECTED, source.deletionProtection());
    put(members, COPY_TAGS, source.copyTagsToSnapshot());
    put(members, IAM, source.iamDatabaseAuthenticationEnabled());
    put(members, MINOR_UPGRADES, source.autoMinorVersionUpgrade());
    put(members, STORAGE_LIMIT, source.maxAllocatedStorage());
    put(members, MAINTENANCE, source.preferredMaintenanceWindow());
    put(members, BACKUPS, source.preferredBackupWindow());
    put(members, LIFECYCLE, source.engineLifecycleSupport());
    if (Boolean.TRUE.equals(source.dedicatedLogVolume())) {
      put(members, LOG_VOLUME, true);
    }
    if (!source.enabledCloudwatchLogsExports().isEmpty()) {
      put(members, LOGS, String.join(Notes.SEPARATOR, source.enabledCloudwatchLogsExports()));
    }
    if (Boolean.TRUE.equals(source.performanceInsightsEnabled())) {
      put(members, INSIGHTS, true);
      put(members, INSIGHTS_RETENTION, source.performanceInsightsRetentionPeriod());
      put(members, INSIGHTS_MODE, source.databaseInsightsModeAsString());
    }
    return members;
  }

  /** What is set again in the instance's own region only. */
  private static void nearby(Map<String, String> members, DBInstance source) {
    if (source.dbSubnetGroup() != null) {
      put(members, SUBNET_GROUP, source.dbSubnetGroup().dbSubnetGroupName());
    }
    put(members, PUBLIC, source.publiclyAccessible());
    if (DUAL.equals(source.networkType())) {
      put(members, NETWORK_TYPE, DUAL);
    }
    String certificate = source.caCertificateIdentifier();
    if (certificate != null && !OLD_CERTIFICATE.matcher(certificate).matches()) {
      put(members, CERTIFICATE, certificate);
    }
    List<String> groups =
        source.vpcSecurityGroups().stream()
            .map(VpcSecurityGroupMembership::vpcSecurityGroupId)
            .toList();
    if (!groups.isEmpty()) {
      put(members, SECURITY_GROUPS, String.join(Notes.SEPARATOR, groups));
    }
    if (Boolean.TRUE.equals(source.performanceInsightsEnabled())) {
      put(members, INSIGHTS_KEY, source.performanceInsightsKMSKeyId());
    }
    if (source.monitoringInterval() != null && source.monitoringInterval() > 0) {
      put(members, MONITORING, source.monitoringInterval());
      put(members, MONITORING_ROLE, source.monitoringRoleArn());
    }
  }

  /** Neither AWS' own, which nobody may set, nor this library's. */
  static boolean isCallers(String tag) {
    return !tag.startsWith("aws:") && !tag.startsWith("clouddb");
  }

  private static void put(Map<String, String> members, String member, @Nullable Object value) {
    if (value != null) {
      members.put(member, value.toString());
    }
  }

  private Optional<String> text(String member) {
    return context.value(PREFIX + member);
  }

  private void flag(String member, Consumer<Boolean> setter) {
    text(member).map(Boolean::valueOf).ifPresent(setter);
  }

  private void number(String member, Consumer<@Nullable Integer> setter) {
    Notes.number(context, PREFIX + member, setter);
  }

  private static List<String> list(String text) {
    return List.of(text.split(Notes.SEPARATOR, -1));
  }

  /** The tags that the instance had. */
  Map<String, String> tags() {
    return startingWith(TAG);
  }

  /** The parameters that were set in its DB parameter group. */
  Map<String, String> parameters() {
    return startingWith(PARAMETER);
  }

  private Map<String, String> startingWith(String prefix) {
    Map<String, String> found = new TreeMap<>();
    context
        .state()
        .values()
        .forEach(
            (name, value) -> {
              if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), value);
              }
            });
    return found;
  }

  /**
   * Puts what a restore has members for into it, before what the caller asks for.
   *
   * @param request what is to be sent
   * @param asked the network that the caller chooses; one without a name says only who may connect,
   *     as for a replica
   */
  void write(RestoreRequest request, Optional<Network> asked) {
    flag(MULTI_AZ, request::multiAz);
    flag(PROTECTED, request::deletionProtection);
    flag(COPY_TAGS, request::copyTagsToSnapshot);
    flag(IAM, request::iamAuthentication);
    flag(MINOR_UPGRADES, request::minorUpgrades);
    text(LOGS).ifPresent(names -> request.logExports(list(names)));
    text(CERTIFICATE).ifPresent(request::certificate);
    text(LIFECYCLE).ifPresent(request::lifecycleSupport);
    flag(LOG_VOLUME, request::dedicatedLogVolume);
    // RDS would make it reachable from the internet where no subnet group is named.
    request.publiclyAccessible(false);
    if (asked.flatMap(Network::privateNetwork).isEmpty()) {
      text(SUBNET_GROUP).ifPresent(request::subnetGroup);
      text(NETWORK_TYPE).ifPresent(request::networkType);
    }
    if (asked.isEmpty()) {
      flag(PUBLIC, request::publiclyAccessible);
      text(SECURITY_GROUPS).ifPresent(ids -> request.securityGroups(list(ids)));
    }
  }

  /**
   * What is left for a change of the restored instance, as far as it differs from it.
   *
   * @param restored the instance as RDS has restored it
   */
  Optional<ModifyDbInstanceRequest> rest(DBInstance restored) {
    ModifyDbInstanceRequest.Builder request = ModifyDbInstanceRequest.builder();
    number(
        STORAGE_LIMIT,
        gib -> {
          if (gib != null && !gib.equals(restored.maxAllocatedStorage()) && takes(gib, restored)) {
            request.maxAllocatedStorage(gib);
          }
        });
    text(MAINTENANCE)
        .filter(window -> !window.equals(restored.preferredMaintenanceWindow()))
        .ifPresent(window -> maintenance(window, restored, request));
    if (!Boolean.TRUE.equals(restored.performanceInsightsEnabled()) && text(INSIGHTS).isPresent()) {
      request.enablePerformanceInsights(true);
      number(INSIGHTS_RETENTION, request::performanceInsightsRetentionPeriod);
      text(INSIGHTS_KEY).ifPresent(request::performanceInsightsKMSKeyId);
      text(INSIGHTS_MODE).ifPresent(request::databaseInsightsMode);
    }
    if (restored.monitoringInterval() == null || restored.monitoringInterval() == 0) {
      number(MONITORING, request::monitoringInterval);
      text(MONITORING_ROLE).ifPresent(request::monitoringRoleArn);
    }
    return Optional.of(request.build())
        .filter(built -> !built.equals(ModifyDbInstanceRequest.builder().build()));
  }

  /** A disk that has grown to its limit grows no more, with the limit or without. */
  private static boolean takes(int limit, DBInstance restored) {
    Integer size = restored.allocatedStorage();
    boolean takes = size == null || limit * 100L >= (long) size * LEAST_PERCENT;
    if (!takes) {
      log.warn(
          "{} has {} GiB, and may grow to {} GiB as its source may: RDS takes no limit so near to"
              + " its size, and it has none",
          restored.dbInstanceIdentifier(),
          size,
          limit);
    }
    return takes;
  }

  /**
   * RDS has given it the window for backups that the backup has. Where that is in the way, it has
   * its source's, which is there together with the other.
   */
  private void maintenance(
      String window, DBInstance restored, ModifyDbInstanceRequest.Builder request) {
    String backups = restored.preferredBackupWindow();
    if (backups == null || !Windows.overlap(backups, window)) {
      request.preferredMaintenanceWindow(window);
      return;
    }
    Optional<String> source = text(BACKUPS).filter(other -> !Windows.overlap(other, window));
    if (source.isPresent()) {
      request.preferredMaintenanceWindow(window).preferredBackupWindow(source.get());
    } else {
      log.warn(
          "{} keeps the maintenance window that RDS has chosen: that of its source, {}, overlaps"
              + " the backup window {}",
          restored.dbInstanceIdentifier(),
          window,
          backups);
    }
  }
}
