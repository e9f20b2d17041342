/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.spi.CloudDbProvider;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.net.URI;
import java.time.Instant;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Opening, handing in and closing. */
class AwsProviderTest {
  @Test
  void isFound() {
    assertThat(ServiceLoader.load(CloudDbProvider.class).stream().map(p -> p.get().id()))
        .contains("aws");
  }

  @Test
  void sendsNobodysOwnCredentialsToAStandInOnThisMachine() {
    try (RdsTestCloud rds =
            new RdsTestCloud(SimulatedClock.manual(Instant.EPOCH), builder -> builder);
        CloudDb cloud = CloudDb.open(rds.simulator().config(RdsTestCloud.REGION).build())) {
      // The SDK's own chain would find none here, or the ones of whoever runs this.
      assertThat(cloud.instances().find("orders")).isEmpty();
    }
  }

  @Test
  void opensWithoutCredentialsAndWithoutACall() {
    try (CloudDb cloud = CloudDb.open("clouddb:aws:eu-central-1")) {
      assertThat(cloud.config().location()).isEqualTo("eu-central-1");
    }
  }

  @Test
  void takesNoOtherObject() {
    assertThatThrownBy(
            () ->
                CloudDb.open(
                    CloudConfig.builder("aws", "us-east-1").using(String.class, "x").build()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(RdsClient.class.getName())
        .hasMessageContaining(SecretsManagerClient.class.getName());
  }

  @Test
  void usesAClientThatIsHandedInAndLeavesItOpen() {
    try (RdsTestCloud rds =
            new RdsTestCloud(SimulatedClock.manual(Instant.EPOCH), builder -> builder);
        RdsClient client =
            RdsClient.builder()
                .region(Region.of(RdsTestCloud.REGION))
                .endpointOverride(rds.simulator().endpoint())
                .credentialsProvider(rds.credentials())
                .build();
        StsClient sts =
            StsClient.builder()
                .region(Region.of(RdsTestCloud.REGION))
                .endpointOverride(rds.simulator().endpoint())
                .credentialsProvider(rds.credentials())
                .build()) {
      CloudDb cloud =
          CloudDb.open(
              CloudConfig.builder("aws", RdsTestCloud.REGION)
                  .using(RdsClient.class, client)
                  .using(StsClient.class, sts)
                  .build());
      assertThat(cloud.unwrap(RdsClient.class)).isSameAs(client);
      assertThat(cloud.instances().list()).isEmpty();
      cloud.close();
      assertThat(client.describeDBInstances().dbInstances()).isEmpty();
    }
  }

  @Test
  void refusesWhatAClientThatIsHandedInWouldNotUse() {
    try (RdsClient client =
        RdsClient.builder()
            .region(Region.of(RdsTestCloud.REGION))
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .build()) {
      CloudConfig.Builder config =
          CloudConfig.builder("aws", RdsTestCloud.REGION).using(RdsClient.class, client);
      assertThatThrownBy(
              () -> CloudDb.open(config.endpoint(URI.create("http://127.0.0.1:9")).build()))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("its own endpoint");
      CloudConfig.Builder other =
          CloudConfig.builder("aws", RdsTestCloud.REGION)
              .using(RdsClient.class, client)
              .using(AwsCredentialsProvider.class, AnonymousCredentialsProvider.create());
      assertThatThrownBy(() -> CloudDb.open(other.build()))
          .isInstanceOf(InvalidArgumentException.class);
    }
  }

  @Test
  void givesItsOwnClientsAndClosesThem() {
    try (RdsTestCloud rds =
        new RdsTestCloud(SimulatedClock.manual(Instant.EPOCH), builder -> builder)) {
      RdsClient client;
      try (CloudDb cloud = CloudDb.open(rds.unchecked().build())) {
        client = cloud.unwrap(RdsClient.class);
        assertThat(client).isSameAs(cloud.unwrap(RdsClient.class));
        assertThat(client.describeDBInstances().dbInstances()).isEmpty();
        assertThat(cloud.unwrap(SecretsManagerClient.class)).isNotNull();
      }
      assertThatThrownBy(client::describeDBInstances).isInstanceOf(RuntimeException.class);
    }
  }
}
