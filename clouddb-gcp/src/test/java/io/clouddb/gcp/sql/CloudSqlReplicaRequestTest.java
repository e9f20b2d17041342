/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.PROJECT;
import static io.clouddb.gcp.sql.SimulatedCloudSql.REGION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.AclEntry;
import com.google.api.services.sqladmin.model.DatabaseFlags;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.PscAutoConnectionConfig;
import com.google.api.services.sqladmin.model.PscConfig;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a replica has of its source. */
class CloudSqlReplicaRequestTest {
  private static final String FAR = "europe-west1";
  private static final String ATTACHMENT = "projects/p/regions/%s/networkAttachments/a";

  private static DatabaseInstance source(PscConfig psc) {
    return new DatabaseInstance()
        .setName("orders")
        .setRegion(REGION)
        .setDatabaseVersion("POSTGRES_16")
        .setSettings(
            new Settings()
                .setDatabaseFlags(
                    List.of(new DatabaseFlags().setName(Flags.LOGICAL_DECODING).setValue("on")))
                .setIpConfiguration(
                    new IpConfiguration()
                        .setIpv4Enabled(false)
                        .setEnablePrivatePathForGoogleCloudServices(true)
                        .setAllocatedIpRange("range-1")
                        .setSslMode("ENCRYPTED_ONLY")
                        .setPscConfig(psc)));
  }

  private static DatabaseInstance request(
      DatabaseInstance source, String region, Native... customizations) {
    return request(ReplicaSpec.named("reader"), source, region, customizations);
  }

  private static DatabaseInstance request(
      ReplicaSpec spec, DatabaseInstance source, String region, Native... customizations) {
    StepContext context =
        new StepContext(
            OperationState.begin(
                ReplicaDriver.CREATE.id(),
                ResourceId.of("gcp", PROJECT, region, "instance", "reader"),
                "attempt-1",
                Instant.EPOCH,
                spec.of(Stepwise.id("orders"))),
            Customizations.of(List.of(customizations), List.of(DatabaseInstance.class)),
            SecretRef::resolve,
            Instant.EPOCH);
    return ReplicaRequest.of(context, new Place(PROJECT, region), source);
  }

  @Test
  void whoConnectsToItsSourceConnectsToIt() {
    PscConfig psc =
        new PscConfig()
            .setPscEnabled(true)
            .setAllowedConsumerProjects(List.of("consumer"))
            .setPscAutoDnsEnabled(false)
            .setPscAutoConnections(
                List.of(
                    new PscAutoConnectionConfig()
                        .setConsumerProject("consumer")
                        .setConsumerNetwork("projects/consumer/global/networks/main")
                        .setIpAddress("10.0.0.7")
                        .setStatus("ACTIVE")));
    Settings settings = request(source(psc), FAR).getSettings();
    IpConfiguration addresses = settings.getIpConfiguration();
    PscConfig its = addresses.getPscConfig();
    assertThat(its.getPscEnabled()).isTrue();
    assertThat(its.getAllowedConsumerProjects()).containsExactly("consumer");
    assertThat(its.getPscAutoDnsEnabled()).isFalse();
    assertThat(its.getPscAutoConnections())
        .containsExactly(
            new PscAutoConnectionConfig()
                .setConsumerProject("consumer")
                .setConsumerNetwork("projects/consumer/global/networks/main"));
    assertThat(addresses.getEnablePrivatePathForGoogleCloudServices()).isTrue();
    assertThat(addresses.getAllocatedIpRange()).isEqualTo("range-1");
    assertThat(addresses.getSslMode()).isEqualTo("ENCRYPTED_ONLY");
    assertThat(Flags.of(settings)).containsEntry(Flags.LOGICAL_DECODING, "on");
  }

  @Test
  void whatIsOfOneRegionIsAskedForInAnother() {
    String near = ATTACHMENT.formatted(REGION);
    String far = ATTACHMENT.formatted(FAR);
    DatabaseInstance source =
        source(new PscConfig().setPscEnabled(true).setNetworkAttachmentUri(near));
    assertThat(attachment(request(source, REGION))).isEqualTo(near);
    assertThatThrownBy(() -> request(source, FAR))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContainingAll("orders", REGION, FAR, near);
    Native own =
        Native.customize(
            DatabaseInstance.class,
            body ->
                body.getSettings()
                    .getIpConfiguration()
                    .getPscConfig()
                    .setNetworkAttachmentUri(far));
    assertThat(attachment(request(source, FAR, own))).isEqualTo(far);
  }

  @Test
  void aNetworkThatIsAskedForIsTheOnlyWayIn() {
    DatabaseInstance source =
        source(
            new PscConfig()
                .setPscEnabled(true)
                .setAllowedConsumerProjects(List.of("consumer"))
                .setNetworkAttachmentUri(ATTACHMENT.formatted(REGION)));
    for (Network network :
        List.of(
            Network.privateNetwork("projects/p/global/networks/main"),
            Network.publicAccess("203.0.113.0/24"))) {
      ReplicaSpec spec = ReplicaSpec.named("reader").network(network);
      for (String region : List.of(REGION, FAR)) {
        assertThat(request(spec, source, region).getSettings().getIpConfiguration().getPscConfig())
            .as(network + " in " + region)
            .isNull();
      }
    }
  }

  private static DatabaseInstance plainSource() {
    return new DatabaseInstance()
        .setName("orders")
        .setRegion(REGION)
        .setDatabaseVersion("POSTGRES_16")
        .setSettings(
            new Settings()
                .setTier("db-custom-2-8192")
                .setEdition(Tier.ENTERPRISE)
                .setDataDiskType("PD_SSD")
                .setAvailabilityType("REGIONAL")
                .setDeletionProtectionEnabled(true)
                .setIpConfiguration(
                    new IpConfiguration()
                        .setIpv4Enabled(true)
                        .setAuthorizedNetworks(List.of(new AclEntry().setValue("192.0.2.0/24"))))
                .setUserLabels(Map.of("clouddb-admin", "app_admin", "team", "shop")));
  }

  /** For the reader: all that is sent where nothing but a name is asked for. */
  @Test
  void withoutMoreItIsAsItsSource() {
    assertThat(Leaves.of(request(plainSource(), FAR)))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("name", "reader"),
                Map.entry("region", FAR),
                Map.entry("instanceType", "READ_REPLICA_INSTANCE"),
                Map.entry("masterInstanceName", "orders"),
                Map.entry("databaseVersion", "POSTGRES_16"),
                Map.entry("settings.tier", "db-custom-2-8192"),
                Map.entry("settings.edition", "ENTERPRISE"),
                Map.entry("settings.dataDiskType", "PD_SSD"),
                Map.entry("settings.pricingPlan", "PER_USE"),
                Map.entry("settings.activationPolicy", "ALWAYS"),
                Map.entry("settings.ipConfiguration.ipv4Enabled", "true"),
                Map.entry("settings.ipConfiguration.authorizedNetworks[0].value", "192.0.2.0/24"),
                Map.entry("settings.userLabels.clouddb-attempt", "attempt-1"),
                Map.entry("settings.userLabels.clouddb-admin", "app_admin"),
                Map.entry("settings.userLabels.clouddb-source", "orders"),
                Map.entry("settings.userLabels.clouddb-source-region", REGION)));
  }

  static Stream<Arguments> carried() {
    return Stream.of(
        carried(
            r -> r.size(InstanceSize.named("db-perf-optimized-N-8")),
            Map.of(
                "settings.tier", "db-perf-optimized-N-8",
                "settings.edition", "ENTERPRISE_PLUS",
                "settings.dataDiskType", "PD_SSD")),
        carried(
            r -> r.size(InstanceSize.named("db-c4a-highmem-4")),
            Map.of("settings.dataDiskType", "HYPERDISK_BALANCED")),
        carried(
            r -> r.availability(Availability.REGIONAL),
            Map.of("settings.availabilityType", "REGIONAL")),
        carried(
            r -> r.deletionProtection(true), Map.of("settings.deletionProtectionEnabled", "true")),
        carried(
            r -> r.encryptionKey("projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k"),
            Map.of(
                "diskEncryptionConfiguration.kmsKeyName",
                "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k")),
        carried(r -> r.tag("team", "readers"), Map.of("settings.userLabels.team", "readers")),
        carried(
            r -> r.network(Network.publicAccess("203.0.113.0/24", "198.51.100.0/24")),
            Map.of(
                "settings.ipConfiguration.ipv4Enabled", "true",
                "settings.ipConfiguration.authorizedNetworks[0].value", "203.0.113.0/24",
                "settings.ipConfiguration.authorizedNetworks[1].value", "198.51.100.0/24")));
  }

  private static Arguments carried(UnaryOperator<ReplicaSpec> asked, Map<String, String> sent) {
    return Arguments.of(sent, asked);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("carried")
  void whatIsAskedForIsCarried(Map<String, String> sent, UnaryOperator<ReplicaSpec> asked) {
    ReplicaSpec spec = asked.apply(ReplicaSpec.named("reader"));
    assertThat(Leaves.of(request(spec, plainSource(), FAR))).containsAllEntriesOf(sent);
  }

  @Test
  void aPrivateNetworkHasNoPublicAddressBesideIt() {
    String vpc = "projects/shop-project/global/networks/main";
    ReplicaSpec inside = ReplicaSpec.named("reader").network(Network.privateNetwork(vpc));
    IpConfiguration its = request(inside, plainSource(), FAR).getSettings().getIpConfiguration();
    assertThat(its.getPrivateNetwork()).isEqualTo(vpc);
    assertThat(its.getIpv4Enabled()).isFalse();
    assertThat(its.getAuthorizedNetworks()).isNull();
  }

  /** As its plan says: Cloud SQL takes no instance out of its private network. */
  @Test
  void publicAccessIsBesideThePrivateNetworkOfItsSource() {
    String vpc = "projects/shop-project/global/networks/main";
    DatabaseInstance source = plainSource();
    source.getSettings().getIpConfiguration().setIpv4Enabled(false).setPrivateNetwork(vpc);
    ReplicaSpec open = ReplicaSpec.named("reader").network(Network.publicAccess("203.0.113.0/24"));
    IpConfiguration its = request(open, source, FAR).getSettings().getIpConfiguration();
    assertThat(its.getIpv4Enabled()).isTrue();
    assertThat(its.getAuthorizedNetworks()).extracting("value").containsExactly("203.0.113.0/24");
    assertThat(its.getPrivateNetwork()).isEqualTo(vpc);
  }

  /** A size is no wish for another kind of disk, where the machine has that of the source. */
  @ParameterizedTest
  @CsvSource({
    "PD_HDD, db-custom-4-16384, PD_HDD",
    "PD_SSD, db-custom-4-16384, PD_SSD",
    "HYPERDISK_BALANCED, db-custom-4-16384, PD_SSD",
    "PD_HDD, db-perf-optimized-N-4, PD_SSD",
    "PD_HDD, db-custom-N4-4-16384, HYPERDISK_BALANCED"
  })
  void aSizeLeavesTheDiskThatItCanHave(String sources, String tier, String disk) {
    DatabaseInstance source = plainSource();
    source.getSettings().setDataDiskType(sources);
    ReplicaSpec sized = ReplicaSpec.named("reader").size(InstanceSize.named(tier));
    assertThat(request(sized, source, FAR).getSettings().getDataDiskType()).isEqualTo(disk);
  }

  static Stream<Consumer<DatabaseInstance>> otherIdentities() {
    return Stream.of(
        body -> body.setName("other"),
        body -> body.setRegion("us-central1"),
        body -> body.setMasterInstanceName("other"),
        body -> body.setSettings(null));
  }

  @ParameterizedTest
  @MethodSource("otherIdentities")
  void aCustomizationLeavesWhatItIsFoundBy(Consumer<DatabaseInstance> other) {
    Native changed = Native.customize(DatabaseInstance.class, other);
    assertThatThrownBy(() -> request(plainSource(), FAR, changed))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("name", "region", "masterInstanceName", "settings");
    assertThat(
            request(
                    plainSource(),
                    FAR,
                    Native.customize(
                        DatabaseInstance.class,
                        body -> body.getSettings().setUserLabels(Map.of("a", "b"))))
                .getSettings()
                .getUserLabels())
        .as("labels of a customization are beside this library's own")
        .containsEntry("a", "b")
        .containsEntry("clouddb-attempt", "attempt-1");
  }

  private static String attachment(DatabaseInstance body) {
    return body.getSettings().getIpConfiguration().getPscConfig().getNetworkAttachmentUri();
  }
}
