/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.replica.Replica;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceStatusInfo;

/** What RDS documents of sources and of the replication, on descriptions as it gives them. */
class ReplicaSourceTest {
  private static final String HOME = "ap-northeast-2";
  private static final String AWAY = "eu-west-1";

  private static DBInstance.Builder source() {
    return DBInstance.builder()
        .dbInstanceIdentifier("orders")
        .dbInstanceArn("arn:aws:rds:" + HOME + ":123456789012:db:orders")
        .engine("postgres")
        .engineVersion("16.4")
        .dbInstanceStatus("available")
        .backupRetentionPeriod(7)
        .storageEncrypted(false);
  }

  private static String refusal(DBInstance.Builder source, String region, ResourceId... above) {
    return refusal(source, region, CreateDbInstanceReadReplicaRequest.builder().build(), above);
  }

  private static String refusal(
      DBInstance.Builder source,
      String region,
      CreateDbInstanceReadReplicaRequest request,
      ResourceId... above) {
    return ReplicaSource.refusal(source.build(), List.of(above), request, region)
        .map(CloudDbException::getMessage)
        .orElse("");
  }

  private static ResourceId[] chain(String... regions) {
    return Stream.of(regions)
        .map(region -> ResourceId.of("aws", "", region, "instance", "one"))
        .toArray(ResourceId[]::new);
  }

  @Test
  void aChainHasThreeReplicas() {
    assertThat(refusal(source(), HOME)).isEmpty();
    DBInstance.Builder second = source().readReplicaSourceDBInstanceIdentifier("first");
    assertThat(refusal(second, HOME, chain(HOME))).isEmpty();
    assertThat(refusal(second, HOME, chain(HOME, HOME))).isEmpty();
    assertThat(refusal(second, HOME, chain(HOME, HOME, HOME))).contains("a chain of 3 replicas");
  }

  @Test
  void aChainIsInTwoRegions() {
    DBInstance.Builder far = source().readReplicaSourceDBInstanceIdentifier("arn");
    assertThat(refusal(far, HOME, chain(AWAY))).isEmpty();
    assertThat(refusal(far, AWAY, chain(AWAY))).isEmpty();
    assertThat(refusal(far, "us-west-2", chain(AWAY)))
        .contains("regions " + HOME + ", " + AWAY + ", us-west-2", "at most 2");
    assertThat(refusal(far, AWAY, chain(HOME, "us-west-2"))).contains("at most 2");
  }

  @ParameterizedTest
  @CsvSource({"13.15,false", "14.0,false", "14,false", "14.1,true", "14.12,true", "15.0,true"})
  void replicasOfReplicasAreThereFrom14Point1On(String version, boolean cascades) {
    assertThat(refusal(source().engineVersion(version), HOME)).isEmpty();
    assertThat(
            refusal(
                    source().engineVersion(version).readReplicaSourceDBInstanceIdentifier("first"),
                    HOME,
                    chain(HOME))
                .isEmpty())
        .isEqualTo(cascades);
  }

  @Test
  void fifteenAreTheMost() {
    String[] names = Stream.iterate("r", name -> name + "r").limit(15).toArray(String[]::new);
    assertThat(refusal(source().readReplicaDBInstanceIdentifiers(names), HOME))
        .contains("15 replicas");
    String[] five = java.util.Arrays.copyOf(names, 5);
    assertThat(refusal(source().readReplicaDBInstanceIdentifiers(five), HOME)).isEmpty();
    assertThat(
            refusal(
                source()
                    .readReplicaSourceDBInstanceIdentifier("first")
                    .readReplicaDBInstanceIdentifiers(five),
                HOME,
                chain(HOME)))
        .as("at the second and third level")
        .contains("it has 5 replicas");
  }

  @Test
  void aStateThatPassesIsWaitedForAndAnotherOneRefused() {
    for (String status : List.of("available", "storage-optimization", "modifying", "backing-up")) {
      assertThat(refusal(source().dbInstanceStatus(status), HOME)).as(status).isEmpty();
    }
    for (String status : List.of("stopped", "storage-full", "deleting", "failed")) {
      assertThat(refusal(source().dbInstanceStatus(status), HOME)).contains("it is " + status);
    }
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    assertThat(
            refusal(
                source()
                    .engine("mysql")
                    .backupRetentionPeriod(null)
                    .masterUserSecret(secret -> secret.secretArn("arn")),
                HOME))
        .contains(
            "its engine is mysql", "its automated backups are off", "RDS manages its password");
    assertThat(refusal(source().backupRetentionPeriod(0), HOME)).contains("backups are off");
  }

  /** What RDS does not tell is for RDS to refuse. */
  @Test
  void aVersionThatIsNotToldIsNoReason() {
    assertThat(
            refusal(
                source().engineVersion(null).readReplicaSourceDBInstanceIdentifier("first"),
                HOME,
                chain(HOME)))
        .isEmpty();
  }

  @Test
  void aKeyCountsWhereverItIsNamed() {
    DBInstance.Builder sealed = source().storageEncrypted(true);
    CreateDbInstanceReadReplicaRequest keyed =
        CreateDbInstanceReadReplicaRequest.builder().kmsKeyId("alias/away").build();
    assertThat(refusal(sealed, AWAY)).contains("name a key of that region");
    assertThat(refusal(sealed, AWAY, keyed)).isEmpty();
    assertThat(refusal(source(), AWAY, keyed)).contains("it is not encrypted");
    assertThat(refusal(sealed, HOME, keyed)).contains("has its key, and RDS takes no other");
    assertThat(refusal(sealed, HOME)).isEmpty();
  }

  private static DBInstance replicating(String word, @Nullable String message) {
    return source()
        .readReplicaSourceDBInstanceIdentifier("first")
        .statusInfos(
            DBInstanceStatusInfo.builder()
                .statusType("read replication")
                .status(word)
                .message(message)
                .build())
        .build();
  }

  @Test
  void theMessageBelongsToTheState() {
    assertThat(ReplicaView.status(replicating("replicating", null))).isEqualTo("replicating");
    DBInstance broken = replicating("error", "the source does not answer");
    assertThat(ReplicaView.state(broken)).isEqualTo(Replica.State.BROKEN);
    assertThat(ReplicaView.status(broken)).isEqualTo("error: the source does not answer");
    assertThat(ReplicaView.state(replicating("replication degraded", null)))
        .isEqualTo(Replica.State.BROKEN);
    assertThat(ReplicaView.state(replicating("new word", null))).isEqualTo(Replica.State.UNKNOWN);
  }
}
