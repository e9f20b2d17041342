/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.CloudConfig;
import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.gcp.GcpProvider;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.WireLog;
import io.clouddb.testkit.contract.SimulatedCloudContract;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.server.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on Google Cloud, simulated. */
class GcpContractTest extends SimulatedCloudContract {
  private static final Storage DISK = Storage.ssd(DataSize.gib(20));
  private static final Network VPC = Network.privateNetwork("projects/p/global/networks/shop");
  private static final String FAR = "europe-west1";
  private static final String KEY = key(SimulatedCloudSql.REGION);

  private static SimulatedCloudSql gcp;
  private static SimulatedCloudSql standing;

  /** A backup that is being made is looked at. */
  private static Timings withBackupTime() {
    Timings none = Timings.NONE;
    return new Timings(
        none.create(),
        none.firstBackup(),
        none.modify(),
        none.reboot(),
        none.stop(),
        none.start(),
        none.delete(),
        none.promote(),
        Duration.ofSeconds(20),
        none.restore());
  }

  private static String key(String region) {
    return "projects/p/locations/" + region + "/keyRings/shop/cryptoKeys/databases";
  }

  @BeforeAll
  static void start() {
    gcp = SimulatedCloudSql.start(withBackupTime());
    standing = SimulatedCloudSql.start(Timings.USUAL, SimulatedClock.manual(Instant.EPOCH));
  }

  @AfterAll
  static void close() {
    try (var first = gcp;
        var second = standing) {
      // Closed by leaving.
    }
  }

  @Override
  protected CloudConfig.Builder config() {
    return gcp.config();
  }

  @Override
  protected InstanceSpec.Builder spec(String name, AdminLogin admin) {
    return InstanceSpec.builder(name, Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(DISK)
        .network(Network.publicAccess("203.0.113.0/24"))
        .database("shop")
        .admin(admin);
  }

  @Override
  protected InstanceSpec.Builder source(String name, AdminLogin admin) {
    return spec(name, admin).backups(BackupPolicy.daily().retainDays(7));
  }

  @Override
  protected InstanceSpec.Builder source(String name, AdminLogin admin, ReplicaField field) {
    InstanceSpec.Builder source = source(name, admin);
    return switch (field) {
      case ENCRYPTION_KEY -> source.storage(DISK.encryptedWith(KEY));
      case PRIVATE_NETWORK -> source.network(VPC);
      // Roles are switched within the greater edition only, and with logs to go back by.
      case SWITCHOVER ->
          source
              .size(InstanceSize.named("db-perf-optimized-N-2"))
              .backups(BackupPolicy.daily().retainDays(7).withPointInTime());
      default -> source;
    };
  }

  @Override
  protected String otherRegion() {
    return FAR;
  }

  @Override
  protected InstanceSpec asking(InstanceSpec base, InstanceField field) {
    InstanceSpec spec = super.asking(base, field);
    return switch (field) {
      case ENCRYPTION_KEY -> base.toBuilder().storage(base.storage().encryptedWith(KEY)).build();
      case PRIVATE_NETWORK -> base.toBuilder().network(VPC).build();
      case BACKUP_LOCATION ->
          spec.toBuilder().backups(spec.backups().orElseThrow().storedIn("eu")).build();
      case BACKUP_WINDOW_LENGTH ->
          spec.toBuilder()
              .backups(spec.backups().orElseThrow().lasting(Duration.ofHours(4)))
              .build();
      default -> spec;
    };
  }

  @Override
  protected ReplicaSpec asking(ReplicaSpec base, ReplicaField field) {
    return switch (field) {
      // One beside its source has its source's key anyway.
      case ENCRYPTION_KEY -> base.encryptionKey(key(FAR));
      case PRIVATE_NETWORK -> base.network(VPC);
      default -> super.asking(base, field);
    };
  }

  /** Its edition keeps logs for seven days. */
  @Override
  protected InstanceSpec.Builder backedUp(String name, AdminLogin admin, RestoreField field) {
    return spec(name, admin)
        .backups(BackupPolicy.daily().retainDays(8).retainLogDays(7).withPointInTime());
  }

  @Override
  protected RestoreSpec asking(RestoreSpec base, RestoreField field) {
    return switch (field) {
      case ENCRYPTION_KEY -> base.encryptionKey(KEY);
      case PRIVATE_NETWORK -> base.network(VPC);
      default -> super.asking(base, field);
    };
  }

  /**
   * Neither of Google's pages forbids it: <a
   * href="https://cloud.google.com/sql/docs/postgres/backup-recovery/backups">backups</a>, <a
   * href="https://cloud.google.com/sql/docs/postgres/set-maintenance-window">maintenance
   * windows</a>.
   */
  @Override
  protected boolean windowsMayOverlap() {
    return true;
  }

  @Override
  protected Optional<String> foreignKey() {
    return Optional.of(key(FAR));
  }

  @Override
  protected SimulatedCloud simulator() {
    return gcp.simulator;
  }

  @Override
  protected EmbeddedPostgres server(ResourceId id) {
    return gcp.simulator
        .servers()
        .get(new ResourceKey(id.account(), id.name()))
        .server()
        .orElseThrow();
  }

  @Override
  protected CloudConfig.Builder standingStill() {
    return standing.config();
  }

  @Override
  protected Class<?> programWithSecrets() {
    return GcpWithSecrets.class;
  }

  @Override
  protected List<WireLog> wireLogs() {
    return new GcpProvider().wireLogs();
  }
}
