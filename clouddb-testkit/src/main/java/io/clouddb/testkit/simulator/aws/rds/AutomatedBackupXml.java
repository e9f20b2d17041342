/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.QueryXml;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Writes automated backups as {@code DBInstanceAutomatedBackup}. */
final class AutomatedBackupXml {
  private static final int PORT = 5432;

  private final RdsState state;
  private final QueryXml xml;
  private final AutomatedBackup backup;
  private final Instant now;

  AutomatedBackupXml(RdsState state, QueryXml xml, AutomatedBackup backup, Instant now) {
    this.state = state;
    this.xml = xml;
    this.backup = backup;
    this.now = now;
  }

  void write() {
    write(backup.status());
  }

  /** With another status than it has: it is about to be deleted. */
  void write(String status) {
    xml.element("DBInstanceAutomatedBackup", () -> members(status));
  }

  private void members(String status) {
    SimulatedInstance instance = backup.instance();
    String home = RdsState.region(instance.key());
    Optional<AutomatedBackup.Replication> replication = backup.replication();
    xml.text("DBInstanceArn", RdsState.arn(instance.key(), "db"));
    xml.text("DbiResourceId", backup.resourceId());
    xml.text("Region", home);
    xml.text("DBInstanceIdentifier", instance.key().name());
    xml.element(
        "RestoreWindow",
        () ->
            backup
                .window(now)
                .ifPresent(
                    window ->
                        xml.text("EarliestTime", InstanceXml.time(window.earliest()))
                            .text("LatestTime", InstanceXml.time(window.latest()))));
    text(Members.STORAGE);
    xml.text("Status", status);
    xml.text("Port", PORT);
    xml.text("AvailabilityZone", replication.isPresent() ? null : home + "a");
    xml.text("VpcId", replication.isPresent() ? null : "vpc-0123456789abcdef0");
    xml.text("InstanceCreateTime", InstanceXml.time(instance.created()));
    xml.text("MasterUsername", instance.adminName());
    xml.text("Engine", "postgres");
    text(Members.VERSION);
    xml.text("LicenseModel", "postgresql-license");
    text(Members.IOPS);
    text(Members.THROUGHPUT);
    xml.text("OptionGroupName", "default:postgres-" + instance.version());
    boolean encrypted = instance.attribute(Members.ENCRYPTED, Boolean.class).orElse(false);
    xml.text("Encrypted", encrypted);
    text(Members.STORAGE_TYPE);
    if (encrypted) {
      xml.text(
          "KmsKeyId",
          replication
              .<Object>map(AutomatedBackup.Replication::keyOrNull)
              .orElse(instance.attributes().get(Members.KEY)));
    }
    xml.text("IAMDatabaseAuthenticationEnabled", false);
    xml.text("BackupRetentionPeriod", backup.days());
    text(Members.BACKUP_WINDOW);
    xml.text("DBInstanceAutomatedBackupsArn", backup.arn());
    if (replication.isEmpty()) {
      replications(xml, state.replicated().of(instance.uid()));
    }
    xml.text("BackupTarget", "region");
    xml.element("TagList", () -> InstanceXml.tags(xml, backup.tags()));
  }

  /** Where else they are kept. */
  static void replications(QueryXml xml, List<AutomatedBackup> replicated) {
    xml.element(
        "DBInstanceAutomatedBackupsReplications",
        () ->
            replicated.forEach(
                one ->
                    xml.element(
                        "DBInstanceAutomatedBackupsReplication",
                        () -> xml.text("DBInstanceAutomatedBackupsArn", one.arn()))));
  }

  private void text(String member) {
    xml.text(member, backup.instance().attributes().get(member));
  }
}
