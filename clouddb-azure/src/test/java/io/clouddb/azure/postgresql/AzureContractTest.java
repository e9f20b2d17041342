/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.TlsMode;
import io.clouddb.plan.Field;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.WireLog;
import io.clouddb.testkit.contract.SimulatedCloudContract;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on the simulated Azure, with two servers on a page of a list. */
class AzureContractTest extends SimulatedCloudContract {
  private static final String NETWORKS =
      "/subscriptions/"
          + AzureOnThisMachine.SUBSCRIPTION
          + "/resourceGroups/"
          + AzureOnThisMachine.GROUP
          + "/providers/Microsoft.Network/";

  /** A delegated subnet with its private DNS zone. */
  private static final Network PRIVATE =
      Network.privateNetwork(NETWORKS + "virtualNetworks/vnet/subnets/databases")
          .dnsZone(NETWORKS + "privateDnsZones/shop.private.postgres.database.azure.com");

  private static AzureOnThisMachine azure;
  private static AzureOnThisMachine standing;

  @BeforeAll
  static void start() {
    // Fewer than the contract makes, so that lists have pages.
    azure = new AzureOnThisMachine(1, 40);
    standing = new AzureOnThisMachine(100, 40, Duration.ZERO, 0.001);
  }

  @AfterAll
  static void stop() {
    try (var first = azure;
        var second = standing) {
      assertThat(azure.azure.requests().toString())
          .doesNotContain("Contract-", "Changed-")
          .contains("administratorLoginPassword");
    }
  }

  @Override
  protected CloudConfig.Builder config() {
    return azure.config();
  }

  @Override
  protected InstanceSpec.Builder spec(String name, AdminLogin admin) {
    return AzureOnThisMachine.spec(name).admin(admin).database("shop");
  }

  @Override
  protected InstanceSpec.Builder source(String name, AdminLogin admin, ReplicaField field) {
    InstanceSpec.Builder source = source(name, admin);
    return field == ReplicaField.PRIVATE_NETWORK ? source.network(PRIVATE) : source;
  }

  @Override
  protected String otherRegion() {
    return "westeurope";
  }

  @Override
  protected ReplicaSpec farReplica(String name) {
    return ReplicaSpec.named(name).network(Network.publicAccess("127.0.0.0/8"));
  }

  @Override
  protected InstanceSpec asking(InstanceSpec base, InstanceField field) {
    return field == InstanceField.PRIVATE_NETWORK
        ? base.toBuilder().network(PRIVATE).build()
        : super.asking(base, field);
  }

  @Override
  protected ReplicaSpec asking(ReplicaSpec base, ReplicaField field) {
    return switch (field) {
      case PRIVATE_NETWORK -> base.network(PRIVATE);
      case SIZE -> base.size(InstanceSize.named("Standard_D4ds_v5"));
      default -> super.asking(base, field);
    };
  }

  @Override
  protected InstanceSpec.Builder backedUp(String name, AdminLogin admin, RestoreField field) {
    // Azure demands TLS of what nothing is said of.
    InstanceSpec.Builder source = super.backedUp(name, admin, field).tls(TlsMode.OPTIONAL);
    return switch (field) {
      case PRIVATE_NETWORK -> source.network(PRIVATE);
      case OTHER_REGION ->
          source.backups(BackupPolicy.daily().retainDays(8).withPointInTime().geoRedundant(true));
      default -> source;
    };
  }

  @Override
  protected RestoreSpec asking(RestoreSpec base, RestoreField field) {
    return switch (field) {
      case PRIVATE_NETWORK -> base.network(PRIVATE);
      // There is none, and false asks for what there is.
      case DELETION_PROTECTION -> base.deletionProtection(true);
      case SIZE -> base.size(InstanceSize.named("Standard_D4ds_v5"));
      default -> super.asking(base, field);
    };
  }

  /** The plan says that both are of the source's region only. */
  @Override
  protected Set<InstanceField> otherThanItsSource(RestoreSpec restore, RestoredFrom from) {
    return from == RestoredFrom.ANOTHER_REGION
        ? Set.of(InstanceField.AVAILABILITY, InstanceField.GEO_REDUNDANT_BACKUP)
        : super.otherThanItsSource(restore, from);
  }

  /** No request of Azure's tells of one before it is complete. */
  @Override
  protected boolean showsBackupsInTheMaking() {
    return false;
  }

  /** The pair of the contract's region. */
  @Override
  protected String backupRegion() {
    return "koreasouth";
  }

  /** Azure wants a source to be an hour old. */
  @Override
  protected RestoreSpec farRestore(RestoreSpec base) {
    Instant old = azure.clock.instant().plus(Duration.ofHours(1));
    while (azure.clock.instant().isBefore(old)) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    return base;
  }

  @Override
  protected Map<? extends Field, String> untried() {
    return Map.of(
        ReplicaField.ENCRYPTION_KEY,
        "the simulator knows no keys",
        RestoreField.ENCRYPTION_KEY,
        "the simulator knows no keys");
  }

  @Override
  protected SimulatedCloud simulator() {
    return azure.azure;
  }

  @Override
  protected EmbeddedPostgres server(ResourceId id) {
    return azure
        .azure
        .servers()
        .get(
            new ResourceKey(
                AzureOnThisMachine.SUBSCRIPTION + "/" + AzureOnThisMachine.GROUP, id.name()))
        .server()
        .orElseThrow();
  }

  @Override
  protected CloudConfig.Builder standingStill() {
    return standing.config();
  }

  @Override
  protected Class<?> programWithSecrets() {
    return AzureWithSecrets.class;
  }

  @Override
  protected List<WireLog> wireLogs() {
    return List.of();
  }
}
