/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.QueryXml;
import io.clouddb.testkit.simulator.server.SimulatedBackup;
import java.time.Instant;

/** Writes a snapshot as {@code DBSnapshot}. */
final class SnapshotXml {
  private static final int PORT = 5432;

  private final QueryXml xml;
  private final Snapshot snapshot;
  private final String status;

  SnapshotXml(QueryXml xml, Snapshot snapshot) {
    this(xml, snapshot, snapshot.status());
  }

  /** With another status than it has: some actions answer before the status has changed. */
  SnapshotXml(QueryXml xml, Snapshot snapshot, String status) {
    this.xml = xml;
    this.snapshot = snapshot;
    this.status = status;
  }

  void write() {
    xml.element("DBSnapshot", this::members);
  }

  private void members() {
    SimulatedBackup backup = snapshot.backup();
    String region = snapshot.region();
    boolean complete = backup.state() != SimulatedBackup.State.CREATING;
    xml.text("DBSnapshotIdentifier", snapshot.name());
    xml.text("DBInstanceIdentifier", backup.instance().name());
    if (complete) {
      xml.text("SnapshotCreateTime", time(backup.started()));
    }
    xml.text("Engine", "postgres");
    text(Members.STORAGE);
    xml.text("Status", status);
    xml.text("Port", PORT);
    xml.text("AvailabilityZone", region + "a");
    xml.text("VpcId", "vpc-0123456789abcdef0");
    xml.text("InstanceCreateTime", time(backup.instanceCreated()));
    xml.text("MasterUsername", backup.adminName());
    text(Members.VERSION);
    xml.text("LicenseModel", "postgresql-license");
    xml.text("SnapshotType", snapshot.type());
    text(Members.IOPS);
    text(Members.THROUGHPUT);
    xml.text("OptionGroupName", "default:postgres-" + backup.version());
    xml.text("PercentProgress", complete ? 100 : 0);
    xml.text("SourceRegion", snapshot.attribute(Snapshot.SOURCE_REGION, String.class).orElse(null));
    xml.text(
        "SourceDBSnapshotIdentifier",
        snapshot.attribute(Snapshot.SOURCE, String.class).orElse(null));
    text(Members.STORAGE_TYPE);
    xml.text("Encrypted", snapshot.isEncrypted());
    text(Members.RETENTION);
    text(Members.BACKUP_WINDOW);
    if (snapshot.isEncrypted()) {
      text(Members.KEY);
    }
    xml.text("DBSnapshotArn", snapshot.arn());
    xml.text("IAMDatabaseAuthenticationEnabled", false);
    xml.element("ProcessorFeatures", () -> {});
    xml.text("DbiResourceId", RdsState.resourceId(backup.instanceUid()));
    xml.element("TagList", () -> InstanceXml.tags(xml, snapshot.tags()));
    xml.text("SnapshotTarget", "region");
    if (complete) {
      xml.text("OriginalSnapshotCreateTime", time(backup.taken()));
      xml.text("SnapshotDatabaseTime", time(backup.taken()));
    }
  }

  private void text(String member) {
    xml.text(member, snapshot.attribute(member, Object.class).orElse(null));
  }

  private static String time(Instant instant) {
    return InstanceXml.time(instant);
  }
}
