/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.QueryCall;
import io.clouddb.testkit.simulator.aws.QueryForm;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.server.InstanceBackups;
import io.clouddb.testkit.simulator.server.RestoreRequest;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code RestoreDBInstanceFromDBSnapshot} and {@code RestoreDBInstanceToPointInTime}. The API
 * Reference: "The target database is created with most of the original configuration, but in a
 * system-selected Availability Zone, with the default security group, the default subnet group, and
 * the default DB parameter group. By default, the new DB instance is created as a single-AZ
 * deployment."
 */
final class RestoreAction {
  /** Of the original alone: what is restored has its own, or the default. */
  private static final Set<String> NOT_RESTORED =
      Set.of(
          AutomatedBackups.TAGS,
          Members.PENDING,
          Members.STATUS,
          Members.GROUP_PENDING,
          Members.GROUP,
          Members.HIDDEN,
          Members.STORAGE_LIMIT,
          Members.SECRET,
          Members.INSIGHTS_RETENTION,
          Members.TAGS,
          Snapshot.TYPE,
          Snapshot.SOURCE,
          Snapshot.SOURCE_REGION);

  private static final String MAINTENANCE_WINDOW = "thu:10:31-thu:11:01";
  private static final String LATE_MAINTENANCE_WINDOW = "thu:22:31-thu:23:01";

  private final RdsState state;
  private final Call call;
  private final String region;
  private final QueryForm form;
  private final Map<String, Object> members = new LinkedHashMap<>();

  RestoreAction(RdsState state, QueryCall call) {
    this.state = state;
    this.call = call.call();
    this.region = call.region();
    this.form = call.form();
  }

  SimulatedInstance fromSnapshot() {
    ResourceKey key = target("DBInstanceIdentifier");
    Snapshot snapshot = state.snapshots().get(region, form.required("DBSnapshotIdentifier"));
    members.putAll(snapshot.backup().instanceAttributes());
    members.putAll(snapshot.backup().attributes());
    Optional<Map<String, String>> original =
        state
            .servers()
            .find(snapshot.backup().instance())
            .filter(found -> found.uid().equals(snapshot.backup().instanceUid()))
            .map(InstanceXml::tags);
    ParameterGroup group = configuration(snapshot.backup().version());
    // "If there are no new tags, RDS looks for the tags from the source DB instance for the DB
    // snapshot, and then adds those tags to the restored DB instance."
    tags(original.orElse(Map.of()));
    form.complete();
    requireFree(key);
    if (!snapshot.isAvailable()) {
      throw SnapshotActions.invalidState(
          "Cannot restore the snapshot because it is not currently in the available state.");
    }
    return restore(RestoreRequest.of(key, snapshot.backup()), key, group);
  }

  SimulatedInstance toMoment() {
    ResourceKey key = target("TargetDBInstanceIdentifier");
    AutomatedBackup source = source();
    boolean latest = form.bool("UseLatestRestorableTime").orElse(false);
    Optional<Instant> moment = form.text("RestoreTime").map(RestoreAction::time);
    if (latest == moment.isPresent()) {
      throw AwsError.combination(
          "Either RestoreTime or UseLatestRestorableTime must be specified, and not both.");
    }
    members.putAll(source.instance().attributes());
    source
        .replication()
        .map(AutomatedBackup.Replication::keyOrNull)
        .ifPresent(own -> members.put(Members.KEY, own));
    ParameterGroup group = configuration(source.instance().version());
    form.integer(Members.STORAGE_LIMIT).ifPresent(gib -> members.put(Members.STORAGE_LIMIT, gib));
    tags(Map.of());
    form.complete();
    requireFree(key);
    InstanceBackups.Window window =
        source
            .window(state.servers().engine().clock().instant())
            .orElseThrow(
                () ->
                    AwsError.value(
                        "The instance "
                            + source.instance().key().name()
                            + " has no restorable time yet."));
    Instant at = moment.orElse(window.latest());
    // "Must be before the latest restorable time for the DB instance."
    if (at.isBefore(window.earliest()) || (!latest && !at.isBefore(window.latest()))) {
      throw AwsError.value(
          "The specified instance cannot be restored to "
              + at
              + ": it can be restored to times from "
              + window.earliest()
              + " to before "
              + window.latest());
    }
    return restore(RestoreRequest.of(key, source.backups(), at), key, group);
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw AwsError.value("Invalid value '" + text + "' for RestoreTime");
    }
  }

  private ResourceKey target(String member) {
    ResourceKey key = state.key(region, form.required(member));
    InstanceRules.identifier(key.name(), member);
    return key;
  }

  /** By its name, or by its id, which it has also when it is gone; in another region by the ARN. */
  private AutomatedBackup source() {
    Optional<String> name = form.text("SourceDBInstanceIdentifier");
    Optional<String> id = form.text("SourceDbiResourceId");
    Optional<String> arn = form.text("SourceDBInstanceAutomatedBackupsArn");
    if (Stream.of(name, id, arn).filter(Optional::isPresent).count() != 1) {
      throw AwsError.combination(
          "Exactly one of SourceDBInstanceIdentifier, SourceDbiResourceId and"
              + " SourceDBInstanceAutomatedBackupsArn must be specified.");
    }
    if (name.isPresent()) {
      SimulatedInstance instance = state.instance(state.key(region, name.get()));
      requireBackups(instance);
      return AutomatedBackup.own(state.servers().backups().of(instance.key()));
    }
    Optional<AutomatedBackup> found =
        AutomatedBackupActions.all(state, region).stream()
            .filter(one -> id.map(one.resourceId()::equalsIgnoreCase).orElse(true))
            .filter(one -> id.isEmpty() || one.replication().isEmpty())
            .filter(one -> arn.map(one.arn()::equals).orElse(true))
            .findFirst();
    if (found.isEmpty()) {
      state.servers().list(state.key(region, "-").scope()).stream()
          .filter(one -> id.filter(RdsState.resourceId(one.uid())::equalsIgnoreCase).isPresent())
          .forEach(RestoreAction::requireBackups);
    }
    return found.orElseThrow(
        () ->
            id.isPresent()
                ? AwsError.notFound("DBInstanceNotFound", "DBInstance " + id.get() + " not found.")
                : AwsError.notFound(
                    "DBInstanceAutomatedBackupNotFound",
                    "DBInstanceAutomatedBackup not found: " + arn.orElse("")));
  }

  private static void requireBackups(SimulatedInstance instance) {
    if (AutomatedBackups.retention(instance) == 0 || instance.source().isPresent()) {
      throw AwsError.badRequest(
          "PointInTimeRestoreNotEnabled",
          "Automated backups are not enabled for the instance " + instance.key().name());
    }
  }

  /** What the request says of the new instance, and the default where it says nothing. */
  private ParameterGroup configuration(int version) {
    // "To restore from a DB snapshot with an unsupported engine version, you must first upgrade
    // the engine version of the snapshot."
    state.requireOffered(version);
    Disk stored = Disk.of(members);
    members.keySet().removeAll(NOT_RESTORED);
    form.text(Members.CLASS)
        .ifPresent(
            name -> {
              InstanceRules.instanceClass(name);
              members.put(Members.CLASS, name);
            });
    storage(stored);
    network();
    ParameterGroup group =
        state.group(
            region, form.text(Members.GROUP).orElse(ParameterGroup.byDefault(version).name()));
    CreateAction.requireFamily(group, version);
    members.put(Members.GROUP, group.name());
    policies();
    switches();
    members.put(Members.HIDDEN, state.hiddenDescriptions());
    return group;
  }

  private void storage(Disk stored) {
    Disk disk = stored.restored(form);
    List.of(Members.IOPS, Members.THROUGHPUT).forEach(members::remove);
    members.put(Members.STORAGE, disk.size());
    members.put(Members.STORAGE_TYPE, disk.type());
    disk.allIops().ifPresent(value -> members.put(Members.IOPS, value));
    disk.allThroughput().ifPresent(value -> members.put(Members.THROUGHPUT, value));
  }

  private void network() {
    String subnetGroup =
        CreateAction.subnetGroup(state, form.text(Members.SUBNET_GROUP).orElse("default"));
    members.put(Members.SUBNET_GROUP, subnetGroup);
    List<String> securityGroups = form.texts("VpcSecurityGroupIds.VpcSecurityGroupId");
    securityGroups.forEach(InstanceRules::securityGroup);
    members.put(
        Members.SECURITY_GROUPS,
        securityGroups.isEmpty() ? CreateAction.DEFAULT_SECURITY_GROUPS : securityGroups);
    members.put(Members.PUBLIC, form.bool(Members.PUBLIC).orElse(subnetGroup.equals("default")));
  }

  /** Of backups it "uses existing setting"; the maintenance window is one that RDS chooses. */
  private void policies() {
    form.integer(Members.RETENTION)
        .ifPresent(
            days -> {
              InstanceRules.retention(days);
              members.put(Members.RETENTION, days);
            });
    form.text(Members.BACKUP_WINDOW)
        .ifPresent(window -> members.put(Members.BACKUP_WINDOW, window));
    String daily = (String) members.get(Members.BACKUP_WINDOW);
    boolean overlaps =
        daily != null
            && TimeWindow.backup(daily).overlaps(TimeWindow.maintenance(MAINTENANCE_WINDOW));
    members.put(
        Members.MAINTENANCE_WINDOW, overlaps ? LATE_MAINTENANCE_WINDOW : MAINTENANCE_WINDOW);
  }

  private void switches() {
    members.put(Members.MULTI_AZ, form.bool(Members.MULTI_AZ).orElse(false));
    members.put(Members.PROTECTED, form.bool(Members.PROTECTED).orElse(false));
    members.put(Members.COPY_TAGS, form.bool(Members.COPY_TAGS).orElse(false));
    members.put(Members.MINOR_UPGRADES, form.bool(Members.MINOR_UPGRADES).orElse(true));
    members.put(Members.PERFORMANCE_INSIGHTS, false);
    members.put(Members.INSIGHTS_MODE, "standard");
    members.put(Members.MONITORING, 0);
    String certificate = form.text("CACertificateIdentifier").orElse(InstanceXml.CERTIFICATE);
    if (!certificate.equals(InstanceXml.CERTIFICATE)) {
      throw AwsError.notFound("CertificateNotFound", "Certificate not found: " + certificate);
    }
    if (form.bool("EnableIAMDatabaseAuthentication").orElse(false)) {
      throw new NotSimulatedException("IAM database authentication");
    }
  }

  private void tags(Map<String, String> original) {
    Map<String, String> asked = form.tags();
    InstanceRules.tags(asked.size());
    members.put(Members.TAGS, asked.isEmpty() ? original : asked);
  }

  private void requireFree(ResourceKey key) {
    if (state.servers().find(key).isPresent()) {
      throw CreateAction.exists(key);
    }
  }

  private SimulatedInstance restore(
      RestoreRequest.Builder request, ResourceKey key, ParameterGroup group) {
    request.parameters(group.parameters());
    members.forEach(request::attribute);
    try {
      // How it ends shows in the instance's status.
      Object unused = state.servers().backups(call).restore(request.build());
    } catch (SimulatorException e) {
      throw CreateAction.refused(e, key);
    }
    SimulatedInstance restored = state.instance(key);
    AutomatedBackups.schedule(state, restored);
    return restored;
  }
}
