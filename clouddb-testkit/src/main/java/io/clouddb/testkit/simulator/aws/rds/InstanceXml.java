/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.QueryXml;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Writes an instance as {@code DBInstance}. */
final class InstanceXml {
  static final String CERTIFICATE = "rds-ca-rsa2048-g1";
  private static final int YEAR_DAYS = 365;

  private final RdsState state;
  private final QueryXml xml;
  private final SimulatedInstance instance;
  private final String region;
  private final String status;

  InstanceXml(RdsState state, QueryXml xml, SimulatedInstance instance) {
    this(state, xml, instance, status(instance));
  }

  /** With another status than it has: some actions answer before the status has changed. */
  InstanceXml(RdsState state, QueryXml xml, SimulatedInstance instance, String status) {
    this.state = state;
    this.status = status;
    this.xml = xml;
    this.instance = instance;
    this.region = RdsState.region(instance.key());
  }

  static String status(SimulatedInstance instance) {
    String imposed = imposed(instance);
    return switch (instance.state()) {
      case CREATING -> "creating";
      case BACKING_UP -> "backing-up";
      case AVAILABLE -> imposed.isEmpty() ? "available" : imposed;
      case MODIFYING -> "modifying";
      case REBOOTING -> "rebooting";
      case STOPPING -> "stopping";
      case STOPPED -> imposed.isEmpty() ? "stopped" : imposed;
      case STARTING -> "starting";
      case DELETING -> "deleting";
      case FAILED -> instance.port().isPresent() ? "incompatible-parameters" : "failed";
    };
  }

  static String imposed(SimulatedInstance instance) {
    return instance.attribute(Members.STATUS, String.class).orElse("");
  }

  void write() {
    xml.element("DBInstance", this::members);
  }

  private void members() {
    xml.text("DBInstanceIdentifier", instance.key().name());
    text(Members.CLASS);
    xml.text("Engine", "postgres");
    xml.text("DBInstanceStatus", status);
    xml.text("MasterUsername", instance.adminName());
    text(Members.DATABASE);
    if (instance.port().isPresent()) {
      xml.element(
          "Endpoint",
          () ->
              xml.text("Address", instance.host())
                  .text("Port", instance.port().getAsInt())
                  .text("HostedZoneId", "Z0000000000000"));
      xml.text("InstanceCreateTime", time(instance.created()));
    }
    text(Members.STORAGE);
    text(Members.BACKUP_WINDOW);
    text(Members.RETENTION);
    xml.element("DBSecurityGroups", () -> {});
    xml.element("VpcSecurityGroups", this::securityGroups);
    xml.element("DBParameterGroups", this::parameterGroup);
    xml.text("AvailabilityZone", region + "a");
    xml.element("DBSubnetGroup", this::subnetGroup);
    text(Members.MAINTENANCE_WINDOW);
    xml.element("PendingModifiedValues", () -> pending().forEach(xml::text));
    xml.element("OptionGroupMemberships", this::optionGroup);
    latestRestorableTime();
    text(Members.MULTI_AZ);
    text(Members.VERSION);
    text(Members.MINOR_UPGRADES);
    Replication replication = new Replication(state, instance);
    xml.text("ReadReplicaSourceDBInstanceIdentifier", replication.source().orElse(null));
    xml.element(
        "ReadReplicaDBInstanceIdentifiers",
        () ->
            replication
                .replicas()
                .forEach(name -> xml.text("ReadReplicaDBInstanceIdentifier", name)));
    xml.text("LicenseModel", "postgresql-license");
    text(Members.IOPS);
    text(Members.THROUGHPUT);
    text(Members.PUBLIC);
    text(Members.STORAGE_TYPE);
    xml.text("DbInstancePort", 0);
    text(Members.ENCRYPTED);
    text(Members.KEY);
    xml.text("DbiResourceId", RdsState.resourceId(instance.uid()));
    xml.text("CACertificateIdentifier", CERTIFICATE);
    xml.element(
        "CertificateDetails",
        () ->
            xml.text("CAIdentifier", CERTIFICATE)
                .text("ValidTill", time(instance.created().plus(Duration.ofDays(YEAR_DAYS)))));
    replication.status().ifPresent(this::replicationStatus);
    xml.element("DomainMemberships", () -> {});
    text(Members.COPY_TAGS);
    text(Members.MONITORING);
    xml.text("DBInstanceArn", RdsState.arn(instance.key(), "db"));
    xml.text("IAMDatabaseAuthenticationEnabled", false);
    text(Members.INSIGHTS_MODE);
    text(Members.PERFORMANCE_INSIGHTS);
    if (instance.attribute(Members.PERFORMANCE_INSIGHTS, Boolean.class).orElse(false)) {
      text(Members.INSIGHTS_RETENTION);
    }
    text(Members.PROTECTED);
    xml.element("AssociatedRoles", () -> {});
    text(Members.STORAGE_LIMIT);
    xml.element("TagList", this::tags);
    AutomatedBackupXml.replications(xml, state.replicated().of(instance.uid()));
    xml.text("ActivityStreamStatus", "stopped");
    xml.text("BackupTarget", "region");
    xml.text("CustomerOwnedIpEnabled", false);
    xml.text("NetworkType", "IPV4");
    secret();
  }

  private void replicationStatus(String word) {
    xml.element(
        "StatusInfos",
        () ->
            xml.element(
                "DBInstanceStatusInfo",
                () ->
                    xml.text("StatusType", "read replication")
                        .text("Normal", word.equals(Replication.REPLICATING))
                        .text("Status", word)
                        .text("Message", Replication.message(word).orElse(null))));
  }

  private void latestRestorableTime() {
    if (state.servers().find(instance.key()).filter(found -> found == instance).isPresent()) {
      Instant now = state.servers().engine().clock().instant();
      AutomatedBackups.window(state.servers().backups().of(instance.key()), now)
          .ifPresent(window -> xml.text("LatestRestorableTime", time(window.latest())));
    }
  }

  private void optionGroup() {
    xml.element(
        "OptionGroupMembership",
        () ->
            xml.text("OptionGroupName", "default:postgres-" + instance.version())
                .text("Status", "in-sync"));
  }

  private void text(String member) {
    xml.text(member, instance.attributes().get(member));
  }

  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private void securityGroups() {
    for (Object id : list(Members.SECURITY_GROUPS)) {
      xml.element(
          "VpcSecurityGroupMembership",
          () -> xml.text("VpcSecurityGroupId", id).text("Status", "active"));
    }
  }

  private List<?> list(String member) {
    return instance.attribute(member, List.class).orElse(List.of());
  }

  private void parameterGroup() {
    xml.element(
        "DBParameterGroup",
        () -> {
          text(Members.GROUP);
          xml.text("ParameterApplyStatus", applyStatus());
        });
  }

  private String applyStatus() {
    boolean pending =
        instance.attribute(Members.GROUP_PENDING, Boolean.class).orElse(false)
            || (instance.state() == InstanceState.AVAILABLE && !instance.pendingReboot().isEmpty());
    return pending ? "pending-reboot" : "in-sync";
  }

  private void subnetGroup() {
    text(Members.SUBNET_GROUP);
    xml.text("DBSubnetGroupDescription", "simulated");
    xml.text("VpcId", "vpc-0123456789abcdef0");
    xml.text("SubnetGroupStatus", "Complete");
    xml.element(
        "Subnets",
        () -> {
          for (String zone : List.of("a", "b")) {
            xml.element(
                "Subnet",
                () ->
                    xml.text("SubnetIdentifier", "subnet-0123456789abcde0" + zone)
                        .element("SubnetAvailabilityZone", () -> xml.text("Name", region + zone))
                        .text("SubnetStatus", "Active"));
          }
        });
  }

  @SuppressWarnings("unchecked") // Only InstanceActions puts it there.
  private Map<String, String> pending() {
    return instance.state() == InstanceState.CREATING && instance.source().isEmpty()
        ? Map.of("MasterUserPassword", "****")
        : instance.attribute(Members.PENDING, Map.class).orElse(Map.of());
  }

  private void tags() {
    tags(xml, tags(instance));
  }

  @SuppressWarnings("unchecked") // Only the actions put it there.
  static Map<String, String> tags(SimulatedInstance instance) {
    return instance.attribute(Members.TAGS, Map.class).orElse(Map.of());
  }

  static void tags(QueryXml xml, Map<String, String> tags) {
    tags.forEach(
        (key, value) -> xml.element("Tag", () -> xml.text("Key", key).text("Value", value)));
  }

  private void secret() {
    instance
        .attribute(Members.SECRET, String.class)
        .ifPresent(
            arn ->
                xml.element(
                    "MasterUserSecret",
                    () ->
                        xml.text("SecretArn", arn)
                            .text(
                                "SecretStatus", instance.port().isPresent() ? "active" : "creating")
                            .text(
                                "KmsKeyId",
                                RdsState.arn(instance.key(), "kms", "key/aws-secretsmanager"))));
  }
}
