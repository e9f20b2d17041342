/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.instance.InstanceChange;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.server.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
    // A clock that the test moves, so that each state is seen however late a look comes.
    ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
    try (RdsTestCloud rds = new RdsTestCloud(clock, builder -> builder);
        CloudDb cloud = rds.open()) {
      var operation = cloud.instances().create(RdsTestCloud.spec("shape").build());
      Requests.await(rds, "CreateDBInstance", "shape");
      String creating = rds.simulator().requests("CreateDBInstance").get(0).responseBody();
      assertThat(ALWAYS).allSatisfy(name -> assertThat(creating).contains("<" + name + ">"));
      assertThat(creating)
          .contains("<DBInstanceStatus>creating</DBInstanceStatus>")
          // Not known before the instance is there.
          .doesNotContain("<Endpoint>")
          .doesNotContain("<InstanceCreateTime>");
      clock.advance(Timings.USUAL.create());
      awaitDescription(rds, "<DBInstanceStatus>backing-up</DBInstanceStatus>");
      clock.advanceUntilIdle();
      var instance = operation.await(LIMIT);
      awaitDescription(rds, "<DBInstanceStatus>available</DBInstanceStatus>");
      List<RecordedRequest> descriptions = rds.simulator().requests("DescribeDBInstances");
      String available = descriptions.get(descriptions.size() - 1).responseBody();
      assertThat(ALWAYS).allSatisfy(name -> assertThat(available).contains("<" + name + ">"));
      assertThat(available)
          .contains("<DBInstanceStatus>available</DBInstanceStatus>")
          .contains("<Endpoint>")
          .contains("<InstanceCreateTime>")
          .contains("<PendingModifiedValues></PendingModifiedValues>");
      var change =
          cloud
              .instances()
              .modify(
                  instance.id(), InstanceChange.builder().storageSize(DataSize.gib(40)).build());
      Requests.await(rds, "ModifyDBInstance", "shape");
      clock.advanceUntilIdle();
      change.await(LIMIT);
      // The answer to a change still says available, with the change pending.
      assertThat(rds.simulator().requests("ModifyDBInstance").get(0).responseBody())
          .contains("<DBInstanceStatus>available</DBInstanceStatus>")
          .contains("<PendingModifiedValues><AllocatedStorage>40</AllocatedStorage>");
    }
  }

  private static void awaitDescription(RdsTestCloud rds, String part) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (rds.simulator().requests("DescribeDBInstances").stream()
        .noneMatch(request -> request.responseBody().contains(part))) {
      assertThat(System.nanoTime()).as("deadline for %s", part).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
