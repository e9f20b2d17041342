/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.ResourceId;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceState;
import io.clouddb.instance.Network;
import io.clouddb.security.SecretRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicaValuesTest {
  private static final ResourceId SOURCE =
      ResourceId.of("recording", "shop", "here", "instance", "orders");
  private static final ResourceId ID =
      ResourceId.of("recording", "shop", "there", "instance", "orders-dr");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static Instance instance(String state) {
    return Instance.builder(ID, Engine.POSTGRESQL, "16.4", InstanceState.AVAILABLE, state)
        .endpoint("dr.example.com", 5432)
        .build();
  }

  @Test
  void aSpecSaysWhatWasSet() {
    ReplicaSpec spec =
        ReplicaSpec.named("orders-dr")
            .of(SOURCE)
            .size(InstanceSize.named("large"))
            .availability(Availability.ZONAL)
            .network(Network.privateNetwork("vpc"))
            .encryptionKey("key")
            .deletionProtection(true)
            .tag("team", "shop");
    assertThat(spec.name()).isEqualTo("orders-dr");
    assertThat(spec.source()).contains(SOURCE);
    assertThat(spec.size()).contains(InstanceSize.named("large"));
    assertThat(spec.availability()).contains(Availability.ZONAL);
    assertThat(spec.network()).contains(Network.privateNetwork("vpc"));
    assertThat(spec.encryptionKey()).contains("key");
    assertThat(spec.deletionProtection()).contains(true);
    assertThat(spec.tags()).containsExactly(Map.entry("team", "shop"));
    assertThat(spec.toString()).contains("orders-dr");
    assertThatThrownBy(() -> ReplicaSpec.named("-").of(SOURCE).encryptionKey("a\0").checked())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("'-'", "key");
  }

  @Test
  void aReplicaSaysWhatItFollows() {
    Replica replica = new Replica(instance("ready"), SOURCE, Replica.State.BROKEN, "stopped");
    assertThat(replica.id()).isEqualTo(ID);
    assertThat(replica.source()).contains(SOURCE);
    assertThat(replica.state()).isEqualTo(Replica.State.BROKEN);
    assertThat(replica.nativeState()).isEqualTo("stopped");
    assertThat(replica).hasToString("Replica " + ID + " of " + SOURCE + ", BROKEN");
    assertThat(replica.with(instance("late")))
        .isEqualTo(new Replica(instance("late"), SOURCE, Replica.State.BROKEN, "stopped"));
    assertThat(new Replica(instance("ready"), null, Replica.State.UNKNOWN, "").source()).isEmpty();
  }

  @Test
  void aPromotionSaysWhatTheApplicationHasToChange() {
    Promoted promoted = new Promoted(instance("ready"), SOURCE, NOON, List.of("the address"));
    assertThat(promoted.formerSource()).contains(SOURCE);
    assertThat(promoted.lastReplayed()).contains(NOON);
    assertThat(promoted.changes()).containsExactly("the address");
    assertThat(promoted).hasToString("Promoted " + ID + ", which followed " + SOURCE);
    AdminLogin login = AdminLogin.of("app", SecretRef.environment("PW"));
    assertThat(promoted.connection(login).host()).isEqualTo("dr.example.com");
    assertThat(
            promoted.with(instance("ready").toBuilder().admin(login).build()).connection().user())
        .isEqualTo("app");
    assertThatThrownBy(promoted::connection).isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void aPromotionIsForcedOnlyWhereItIsAskedFor() {
    AdminLogin login = AdminLogin.of("app", SecretRef.environment("PW"));
    assertThat(Promotion.standalone().isForced()).isFalse();
    assertThat(Promotion.switchingRoles().isForced()).isFalse();
    assertThat(Promotion.forced().isForced()).isTrue();
    assertThat(Promotion.switchingRoles().byForce().login(login).login()).contains(login);
    assertThat(Promotion.forced().login()).isEmpty();
    assertThat(Promotion.forced().lastReplayed()).isEmpty();
  }

  @Test
  void aLagIsAsOldAsTheNewestTransaction() {
    ReplicaLag lag = new ReplicaLag(NOON, NOON.minusSeconds(7), false);
    assertThat(lag.age()).contains(Duration.ofSeconds(7));
    assertThat(lag.replayedAll()).isFalse();
    assertThat(lag.measured()).isEqualTo(NOON);
    assertThat(lag.toString()).contains("2026-01-01T11:59:53Z");
    assertThat(new ReplicaLag(NOON, null, true).age()).isEmpty();
    assertThat(new ReplicaLag(NOON, null, true).replayedAll()).isTrue();
  }
}
