/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sts.StsClient;

/** One account in several regions, out of one pool of clients. */
class AwsRegionsTest {
  private static final String THERE = "eu-west-1";

  @Test
  void eachRegionHasAClientOfItsOwnUntilTheFirstIsClosed() {
    try (RdsTestCloud rds =
        new RdsTestCloud(SimulatedClock.manual(Instant.EPOCH), builder -> builder)) {
      RdsClient client;
      try (CloudDb here = rds.open()) {
        CloudDb there = here.in(THERE);
        client = there.unwrap(RdsClient.class);
        assertThat(client).isNotSameAs(here.unwrap(RdsClient.class));
        assertThat(here.in(THERE).unwrap(RdsClient.class)).isSameAs(client);
        assertThat(client.serviceClientConfiguration().region()).isEqualTo(Region.of(THERE));
        assertThat(there.unwrap(SecretsManagerClient.class).serviceClientConfiguration().region())
            .isEqualTo(Region.of(THERE));
        there.close();
        assertThat(here.instances().find("elsewhere")).isEmpty();
        var operation = there.instances().create(RdsTestCloud.spec("elsewhere").build());
        assertThat(operation.resource().location()).isEqualTo(THERE);
        Requests.await(rds, "CreateDBInstance", "elsewhere");
        assertThat(there.instances().find("elsewhere")).isPresent();
        assertThat(here.instances().find("elsewhere")).isEmpty();
      }
      assertThatThrownBy(client::describeDBInstances).isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void errorsNameTheRegion() {
    try (RdsTestCloud rds =
            new RdsTestCloud(SimulatedClock.manual(Instant.EPOCH), builder -> builder);
        CloudDb here = rds.open()) {
      CloudDb there = here.in(THERE);
      ResourceId nobody =
          ResourceId.of("aws", rds.simulator().account(), THERE, "instance", "nobody");
      assertThatThrownBy(() -> there.instances().delete(nobody))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("no DB instance nobody in " + THERE);
      rds.simulator()
          .faults()
          .on("DescribeDBInstances")
          .refused(403, "AccessDenied", "You may not");
      assertThatThrownBy(() -> there.instances().find("nobody"))
          .hasMessageContaining("nobody in " + THERE);
    }
  }

  @Test
  void aClientThatIsHandedInServesItsOwnRegionOnly() {
    try (RdsClient client =
            RdsClient.builder()
                .region(Region.of(THERE))
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build();
        SecretsManagerClient secrets =
            SecretsManagerClient.builder()
                .region(Region.of(THERE))
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build();
        StsClient sts =
            StsClient.builder()
                .region(Region.of(THERE))
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build()) {
      assertRefused(
          CloudConfig.builder("aws", RdsTestCloud.REGION)
              .using(RdsClient.class, client)
              .using(StsClient.class, sts));
      assertRefused(
          CloudConfig.builder("aws", RdsTestCloud.REGION)
              .using(SecretsManagerClient.class, secrets));
      CloudConfig.Builder right =
          CloudConfig.builder("aws", THERE)
              .using(RdsClient.class, client)
              .using(StsClient.class, sts)
              .using(SecretsManagerClient.class, secrets);
      try (CloudDb cloud = CloudDb.open(right.build())) {
        assertThat(cloud.in(THERE)).isSameAs(cloud);
        assertThatThrownBy(() -> cloud.in(RdsTestCloud.REGION))
            .isInstanceOf(InvalidArgumentException.class)
            .hasMessageContaining("is for " + THERE);
      }
    }
  }

  private static void assertRefused(CloudConfig.Builder config) {
    assertThatThrownBy(() -> CloudDb.open(config.build()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("is for " + THERE)
        .hasMessageContaining("Hand in a client for " + RdsTestCloud.REGION);
  }
}
