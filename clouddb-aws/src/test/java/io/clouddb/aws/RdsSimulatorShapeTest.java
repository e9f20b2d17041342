/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.instance.InstanceChange;
import io.clouddb.testkit.simulator.RecordedRequest;
import io.clouddb.testkit.simulator.Timings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The simulator answers what the service has been seen to answer. */
class RdsSimulatorShapeTest {
  /** Members of {@code DBInstance} that public recordings show for every PostgreSQL instance. */
  private static final List<String> ALWAYS =
      List.of(
          "AllocatedStorage",
          "AutoMinorVersionUpgrade",
          "AvailabilityZone",
          "BackupRetentionPeriod",
          "CACertificateIdentifier",
          "CopyTagsToSnapshot",
          "DBInstanceArn",
          "DBInstanceClass",
          "DBInstanceIdentifier",
          "DBInstanceStatus",
          "DBParameterGroups",
          "DBSecurityGroups",
          "DBSubnetGroup",
          "DbInstancePort",
          "DbiResourceId",
          "DomainMemberships",
          "Engine",
          "EngineVersion",
          "LicenseModel",
          "MasterUsername",
          "MonitoringInterval",
          "MultiAZ",
          "OptionGroupMemberships",
          "PendingModifiedValues",
          "PreferredBackupWindow",
          "PreferredMaintenanceWindow",
          "PubliclyAccessible",
          "ReadReplicaDBInstanceIdentifiers",
          "StorageEncrypted",
          "StorageType",
          "VpcSecurityGroups");

  private static final Duration LIMIT = Duration.ofMinutes(2);

  @Test
  void answersAsTheServiceDoes() {
    // A first backup that is long enough to be seen however late a look comes.
    Timings slowBackup = Timings.USUAL.withFirstBackup(Duration.ofMinutes(40));
    try (RdsTestCloud rds = new RdsTestCloud(builder -> builder.timings(slowBackup));
        CloudDb cloud = rds.open()) {
      var operation = cloud.instances().create(RdsTestCloud.spec("shape").build());
      String creating = rds.simulator().requests("CreateDBInstance").get(0).responseBody();
      assertThat(ALWAYS).allSatisfy(name -> assertThat(creating).contains("<" + name + ">"));
      assertThat(creating)
          .contains("<DBInstanceStatus>creating</DBInstanceStatus>")
          // Not known before the instance is there.
          .doesNotContain("<Endpoint>")
          .doesNotContain("<InstanceCreateTime>");
      var instance = operation.await(LIMIT);
      List<RecordedRequest> descriptions = rds.simulator().requests("DescribeDBInstances");
      String available = descriptions.get(descriptions.size() - 1).responseBody();
      assertThat(ALWAYS).allSatisfy(name -> assertThat(available).contains("<" + name + ">"));
      assertThat(available)
          .contains("<DBInstanceStatus>available</DBInstanceStatus>")
          .contains("<Endpoint>")
          .contains("<InstanceCreateTime>")
          .contains("<PendingModifiedValues></PendingModifiedValues>");
      assertThat(descriptions)
          .extracting(RecordedRequest::responseBody)
          .anyMatch(body -> body.contains("<DBInstanceStatus>backing-up</DBInstanceStatus>"));
      cloud
          .instances()
          .modify(instance.id(), InstanceChange.builder().storageSize(DataSize.gib(40)).build())
          .await(LIMIT);
      // The answer to a change still says available, with the change pending.
      assertThat(rds.simulator().requests("ModifyDBInstance").get(0).responseBody())
          .contains("<DBInstanceStatus>available</DBInstanceStatus>")
          .contains("<PendingModifiedValues><AllocatedStorage>40</AllocatedStorage>");
    }
  }
}
