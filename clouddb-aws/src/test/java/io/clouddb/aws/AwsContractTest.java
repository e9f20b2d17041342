/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.TlsMode;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.WireLog;
import io.clouddb.testkit.contract.SimulatedCloudContract;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.server.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;

/** The contract on AWS, simulated. */
class AwsContractTest extends SimulatedCloudContract {
  /** Each state is there for some polls, and nothing is waited for that makes no difference. */
  private static final Duration SHORT = Duration.ofSeconds(20);

  private static final String FAR_KEY = "arn:aws:kms:eu-west-1:123456789012:key/k";

  /** On RDS a security group says who may connect. */
  private static final Network PUBLIC =
      Network.publicAccess("203.0.113.0/24").securityGroup("sg-0123456789");

  private static RdsTestCloud rds;
  private static RdsTestCloud standing;

  @BeforeAll
  static void start() {
    // Fewer than the contract makes, so that lists have pages.
    rds =
        new RdsTestCloud(
            builder ->
                builder
                    .pageSize(1)
                    .hiddenDescriptions(1)
                    .timings(
                        new Timings(
                            SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT)));
    standing = new RdsTestCloud(SimulatedClock.manual(Instant.EPOCH), builder -> builder);
  }

  @AfterAll
  static void stop() {
    try (var first = rds;
        var second = standing) {
      // Closed by leaving.
    }
  }

  @Override
  protected CloudConfig.Builder config() {
    return rds.config();
  }

  @Override
  protected InstanceSpec.Builder spec(String name, AdminLogin admin) {
    return RdsTestCloud.spec(name).admin(admin);
  }

  @Override
  protected InstanceSpec.Builder source(String name, AdminLogin admin) {
    return spec(name, admin).backups(BackupPolicy.daily().retainDays(7));
  }

  @Override
  protected String otherRegion() {
    return "eu-west-1";
  }

  @Override
  protected ReplicaSpec farReplica(String name) {
    return ReplicaSpec.named(name).encryptionKey(FAR_KEY);
  }

  @Override
  protected InstanceSpec asking(InstanceSpec base, InstanceField field) {
    return field == InstanceField.PUBLIC_ACCESS
        ? base.toBuilder().network(PUBLIC).build()
        : super.asking(base, field);
  }

  @Override
  protected ReplicaSpec asking(ReplicaSpec base, ReplicaField field) {
    return switch (field) {
      case ENCRYPTION_KEY -> base.encryptionKey(FAR_KEY);
      case PUBLIC_ACCESS -> base.network(PUBLIC);
      default -> super.asking(base, field);
    };
  }

  /** In another subnet group and security group than RDS chooses, and without its demand of TLS. */
  @Override
  protected InstanceSpec.Builder backedUp(String name, AdminLogin admin, RestoreField field) {
    return super.backedUp(name, admin, field)
        .network(Network.privateNetwork("network-1").securityGroup("sg-0123456789"))
        .tls(TlsMode.OPTIONAL);
  }

  /** A network is of a region: the plan says which one a restore in another gets. */
  @Override
  protected Set<InstanceField> otherThanItsSource(RestoreSpec restore, RestoredFrom from) {
    return from == RestoredFrom.ANOTHER_REGION
        ? Set.of(InstanceField.PRIVATE_NETWORK)
        : super.otherThanItsSource(restore, from);
  }

  @Override
  protected BackupSpec farCopy(String name) {
    return BackupSpec.named(name).encryptionKey(FAR_KEY);
  }

  @Override
  protected BackupReplicationSpec farReplication() {
    return BackupReplicationSpec.replicated().encryptionKey(FAR_KEY);
  }

  @Override
  protected BackupReplicationSpec replication(CloudDb there, ResourceId instance) {
    DBInstanceAutomatedBackup kept =
        there
            .unwrap(RdsClient.class)
            .describeDBInstanceAutomatedBackups(
                request -> request.dbInstanceIdentifier(instance.name()))
            .dbInstanceAutomatedBackups()
            .get(0);
    return BackupReplicationSpec.replicated()
        .retainDays(kept.backupRetentionPeriod())
        .encryptionKey(kept.kmsKeyId());
  }

  @Override
  protected Optional<String> foreignKey() {
    return Optional.of(FAR_KEY);
  }

  @Override
  protected BackupReplicationSpec asking(BackupReplicationSpec base, BackupField field) {
    return field == BackupField.REPLICATION_KEY
        ? base.encryptionKey(FAR_KEY)
        : super.asking(base, field);
  }

  @Override
  protected RestoreSpec asking(RestoreSpec base, RestoreField field) {
    return field == RestoreField.PUBLIC_ACCESS ? base.network(PUBLIC) : super.asking(base, field);
  }

  @Override
  protected SimulatedCloud simulator() {
    return rds.simulator();
  }

  @Override
  protected Optional<Runnable> withdrawing(String version) {
    return Optional.of(rds.simulator().rds().withdraw(version));
  }

  @Override
  protected EmbeddedPostgres server(ResourceId id) {
    return rds.simulator()
        .servers()
        .get(rds.simulator().rds().key(id.location(), id.name()))
        .server()
        .orElseThrow();
  }

  @Override
  protected CloudConfig.Builder standingStill() {
    return standing.unchecked();
  }

  @Override
  protected Class<?> programWithSecrets() {
    return AwsWithSecrets.class;
  }

  @Override
  protected List<WireLog> wireLogs() {
    return new AwsProvider().wireLogs();
  }
}
