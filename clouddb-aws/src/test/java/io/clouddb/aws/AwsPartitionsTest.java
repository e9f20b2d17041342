/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.security.SecretRef;
import java.sql.Connection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.RdsException;
import software.amazon.awssdk.services.sts.StsClient;

/** China and GovCloud, whose ARNs are their partitions'. */
@Tag("slow")
class AwsPartitionsTest extends RdsOperations {
  private static final String PARTITIONS =
      """
      cn-north-1,    cn-northwest-1, aws-cn
      us-gov-west-1, us-gov-east-1,  aws-us-gov
      """;

  private static String key(String partition, String region) {
    return "arn:" + partition + ":kms:" + region + ":" + rds.simulator().account() + ":key/k";
  }

  @ParameterizedTest
  @CsvSource(textBlock = PARTITIONS)
  void instancesAndReplicasAreThoseOfThePartition(String here, String there, String partition)
      throws Exception {
    CloudDb near = cloud.in(here);
    CloudDb far = cloud.in(there);
    Instance orders =
        near.instances()
            .create(
                RdsTestCloud.spec("orders")
                    .parameter("work_mem", "8192")
                    .backups(BackupPolicy.daily().retainDays(7))
                    .build())
            .await(LIMIT);
    String arn =
        "arn:" + partition + ":rds:" + here + ":" + rds.simulator().account() + ":db:orders";
    assertThat(orders.id().nativeId()).contains(arn);
    assertThat(orders.id().location()).isEqualTo(here);
    Instance tagged =
        near.instances()
            .modify(orders.id(), InstanceChange.builder().tag("team", "shop").build())
            .await(LIMIT);
    assertThat(tagged.tags()).containsEntry("team", "shop");
    assertThat(rds.lastForm("AddTagsToResource")).containsEntry("ResourceName", arn);

    ReplicaSpec spec = ReplicaSpec.named("orders-dr").encryptionKey(key(partition, there));
    Instance reader = far.replicas().create(orders.id(), spec).await(LIMIT);
    assertThat(rds.lastForm("CreateDBInstanceReadReplica"))
        .containsEntry("SourceDBInstanceIdentifier", arn)
        .as("without it RDS refuses an encrypted source of another region there")
        .containsKey("PreSignedUrl");
    assertThat(reader.unwrap(DBInstance.class).kmsKeyId()).isEqualTo(key(partition, there));
    assertThat(far.replicas().get(reader.id()).source()).contains(orders.id());
    assertThat(near.replicas().list(orders.id()))
        .extracting(ResourceId::location)
        .containsExactly(there);
    Promoted promoted = far.replicas().promote(reader.id(), Promotion.standalone()).await(LIMIT);
    assertThat(promoted.formerSource()).contains(orders.id());
    ResourceId unused = far.instances().delete(promoted.instance().id()).await(LIMIT);
    unused = near.instances().delete(orders.id()).await(LIMIT);
    assertThat(rds.simulator().rds().parameterGroups(here)).isEmpty();
  }

  @Test
  void theManagedPasswordIsFoundByItsArn() throws Exception {
    Instance orders =
        cloud
            .in("cn-north-1")
            .instances()
            .create(RdsTestCloud.spec("managed").admin(AdminLogin.managed("owner")).build())
            .await(LIMIT);
    assertThat(orders.admin().flatMap(AdminLogin::password).map(SecretRef::name).orElse(""))
        .startsWith("arn:aws-cn:secretsmanager:cn-north-1:");
    try (Connection connection = orders.connection().connect()) {
      assertThat(connection.getCatalog()).isEqualTo("shop");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cn-north-1, ap-northeast-2, aws-cn, aws",
    "ap-northeast-2, us-gov-west-1, aws, aws-us-gov",
    "us-gov-west-1, cn-north-1, aws-us-gov, aws-cn"
  })
  void nothingIsReplicatedIntoAnotherPartition(
      String source, String replica, String its, String own) {
    CloudDb there = cloud.in(replica);
    ResourceId orders =
        ResourceId.of("aws", rds.simulator().account(), source, "instance", "orders");
    rds.simulator().clearRequests();
    assertThatThrownBy(() -> there.replicas().create(orders, ReplicaSpec.named("reader")))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContainingAll(
            "source", source + " is in the partition " + its + " of AWS", "into " + own);
    assertThat(rds.simulator().requests()).isEmpty();
    try (RdsClient client = client(replica)) {
      assertThatThrownBy(
              () ->
                  client.createDBInstanceReadReplica(
                      request ->
                          request
                              .dbInstanceIdentifier("reader")
                              .sourceDBInstanceIdentifier(
                                  "arn:"
                                      + its
                                      + ":rds:"
                                      + source
                                      + ":"
                                      + rds.simulator().account()
                                      + ":db:orders")))
          .isInstanceOf(RdsException.class)
          .hasMessageContaining("none of this partition");
    }
  }

  @Test
  void whatIsAskedOfARegionWithoutANameIsAnswered() {
    assertThat(
            cloud
                .capabilities()
                .supports(Feature.of(ReplicaField.SOURCE), FeatureContext.any().withLocation(""))
                .answer())
        .isEqualTo(Support.Answer.YES);
  }

  private static RdsClient client(String region) {
    return RdsClient.builder()
        .region(Region.of(region))
        .endpointOverride(rds.simulator().endpoint())
        .credentialsProvider(rds.credentials())
        .build();
  }

  @Test
  void capabilitiesTellItOfTheirRegionsOnly() {
    Feature source = Feature.of(ReplicaField.SOURCE);
    Support beijing =
        cloud.capabilities().supports(source, FeatureContext.any().withLocation("cn-north-1"));
    assertThat(beijing.answer()).isEqualTo(Support.Answer.CONDITIONAL);
    assertThat(beijing.reason()).contains("partition");
    assertThat(cloud.capabilities().supports(source, FeatureContext.any()).answer())
        .isEqualTo(Support.Answer.YES);
  }

  /** Where the simulator stands for another partition, it says so. */
  @Test
  void theCallerIsOfThePartitionToo() {
    try (StsClient sts =
        StsClient.builder()
            .region(Region.US_GOV_WEST_1)
            .endpointOverride(rds.simulator().endpoint())
            .credentialsProvider(rds.credentials())
            .build()) {
      assertThat(sts.getCallerIdentity().arn()).startsWith("arn:aws-us-gov:iam::");
    }
  }
}
