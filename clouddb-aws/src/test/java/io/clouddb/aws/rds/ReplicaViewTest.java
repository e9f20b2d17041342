/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.ResourceId;
import io.clouddb.replica.Replica;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceStatusInfo;

/** What a description says of who follows whom, and how. */
class ReplicaViewTest {
  private static final String ACCOUNT = "123456789012";
  private static final String HOME = "ap-northeast-2";
  private static final String FAR = "arn:aws:rds:eu-west-1:" + ACCOUNT + ":db:far";
  private static final ReplicaView VIEW =
      new ReplicaView(new RdsInstances("aws", HOME, () -> "asked"));

  private static DBInstance.Builder instance(String name) {
    return DBInstance.builder()
        .dbInstanceIdentifier(name)
        .dbInstanceArn("arn:aws:rds:" + HOME + ":" + ACCOUNT + ":db:" + name)
        .engine("postgres")
        .engineVersion("16.4")
        .dbInstanceStatus("available");
  }

  private static DBInstanceStatusInfo info(String type, String word, @Nullable String message) {
    return DBInstanceStatusInfo.builder().statusType(type).status(word).message(message).build();
  }

  private static ResourceId id(String region, String name) {
    return ResourceId.of("aws", ACCOUNT, region, "instance", name);
  }

  @Test
  void aSourceIsNamedByItsIdentifierInTheRegionAndByItsArnBeyond() {
    DBInstance near = instance("reader").readReplicaSourceDBInstanceIdentifier("orders").build();
    assertThat(VIEW.source(near)).contains(id(HOME, "orders"));
    DBInstance far = instance("reader").readReplicaSourceDBInstanceIdentifier(FAR).build();
    assertThat(VIEW.source(far)).contains(id("eu-west-1", "far"));
    assertThat(VIEW.source(far).flatMap(ResourceId::nativeId)).contains(FAR);
  }

  @Test
  void soAreReplicas() {
    DBInstance source = instance("orders").readReplicaDBInstanceIdentifiers("near", FAR).build();
    assertThat(VIEW.replicas(source)).containsExactly(id(HOME, "near"), id("eu-west-1", "far"));
    assertThat(VIEW.replicas(instance("alone").build())).isEmpty();
  }

  @Test
  void whatFollowsNobodyIsNoReplica() {
    for (DBInstance alone :
        new DBInstance[] {
          instance("orders").build(),
          instance("orders").readReplicaSourceDBInstanceIdentifier("").build(),
          instance("orders").readReplicaDBInstanceIdentifiers("near").build()
        }) {
      assertThat(ReplicaView.isReplica(alone)).isFalse();
      assertThat(VIEW.source(alone)).isEmpty();
      assertThat(VIEW.replica(alone)).isEmpty();
    }
  }

  @Test
  void aReplicaIsItsInstanceWithSourceAndState() {
    Replica replica =
        VIEW.replica(
                instance("reader")
                    .readReplicaSourceDBInstanceIdentifier("orders")
                    .statusInfos(info("read replication", "error", "no answer"))
                    .build())
            .orElseThrow();
    assertThat(replica.instance().id()).isEqualTo(id(HOME, "reader"));
    assertThat(replica.source()).contains(id(HOME, "orders"));
    assertThat(replica.state()).isEqualTo(Replica.State.BROKEN);
    assertThat(replica.nativeState()).isEqualTo("error: no answer");
  }

  @ParameterizedTest
  @CsvSource({
    "replicating, REPLICATING",
    "replication degraded, BROKEN",
    "error, BROKEN",
    "stopped, BROKEN",
    "terminated, TERMINATED",
    "replication stop point set, BROKEN",
    "replication stop point reached, BROKEN",
    "something new, UNKNOWN"
  })
  void eachOfRdsWordsHasAState(String word, Replica.State state) {
    assertThat(
            ReplicaView.state(
                instance("reader").statusInfos(info("read replication", word, null)).build()))
        .isEqualTo(state);
  }

  @Test
  void beforeItReplicatesTheInstanceHasTheWord() {
    DBInstance creating = instance("reader").dbInstanceStatus("creating").build();
    assertThat(ReplicaView.state(creating)).isEqualTo(Replica.State.STARTING);
    assertThat(ReplicaView.status(creating)).isEqualTo("creating");
    DBInstance other =
        instance("reader").statusInfos(info("something else", "replicating", null)).build();
    assertThat(ReplicaView.word(other)).as("of another kind of status").isEqualTo("available");
    assertThat(
            ReplicaView.status(
                instance("r").statusInfos(info("read replication", "error", " ")).build()))
        .isEqualTo("error");
  }

  @Test
  void theRegionIsTheArns() {
    assertThat(ReplicaView.region(instance("orders").build())).contains(HOME);
    assertThat(ReplicaView.region(instance("orders").dbInstanceArn(null).build())).isEmpty();
  }
}
