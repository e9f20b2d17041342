/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.PROJECT;
import static io.clouddb.gcp.sql.SimulatedCloudSql.REGION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.DatabaseFlags;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.PscAutoConnectionConfig;
import com.google.api.services.sqladmin.model.PscConfig;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.Network;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

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
    return ReplicaRequest.of(context, new ReplicaTables.Place(PROJECT, region), source);
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

  private static String attachment(DatabaseInstance body) {
    return body.getSettings().getIpConfiguration().getPscConfig().getNetworkAttachmentUri();
  }
}
