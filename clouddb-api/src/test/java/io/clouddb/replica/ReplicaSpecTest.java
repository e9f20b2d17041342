/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.internal.json.Json;
import io.clouddb.security.SecretRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicaSpecTest {
  private static final ResourceId SOURCE =
      ResourceId.of("recording", "", "here", "instance", "orders");

  private static final ReplicaSpec WHOLE =
      ReplicaSpec.named("orders-dr")
          .of(SOURCE)
          .size(InstanceSize.named("db.r6g.large"))
          .availability(Availability.REGIONAL)
          .network(Network.privateNetwork("vpc-2"))
          .encryptionKey("key-2")
          .deletionProtection(false)
          .tag("team", "shop")
          .preferring(ReplicaField.AVAILABILITY);

  @Test
  void isWrittenAndReadAsJson() {
    assertThat(ReplicaSpec.fromJson(WHOLE.toJson())).isEqualTo(WHOLE).hasSameHashCodeAs(WHOLE);
    ReplicaSpec small = ReplicaSpec.named("orders-dr");
    assertThat(ReplicaSpec.fromJson(small.toJson())).isEqualTo(small).isNotEqualTo(WHOLE);
    assertThatThrownBy(() -> ReplicaSpec.fromJson("{\"schemaVersion\":1,\"name\":\"a\",\"x\":1}"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("there is no field 'x'");
    assertThatThrownBy(() -> ReplicaSpec.fromJson("{\"schemaVersion\":1}"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("name");
  }

  @Test
  void asksForWhatIsSetOnly() {
    assertThat(ReplicaSpec.named("orders-dr").values())
        .containsOnly(Map.entry(ReplicaField.NAME, "orders-dr"));
    assertThat(WHOLE.values())
        .containsOnly(
            Map.entry(ReplicaField.NAME, "orders-dr"),
            Map.entry(ReplicaField.SOURCE, SOURCE),
            Map.entry(ReplicaField.SIZE, InstanceSize.named("db.r6g.large")),
            Map.entry(ReplicaField.AVAILABILITY, Availability.REGIONAL),
            Map.entry(ReplicaField.PRIVATE_NETWORK, Network.privateNetwork("vpc-2")),
            Map.entry(ReplicaField.ENCRYPTION_KEY, "key-2"),
            Map.entry(ReplicaField.DELETION_PROTECTION, false),
            Map.entry(ReplicaField.TAGS, Map.of("team", "shop")));
    assertThat(WHOLE.network(Network.publicAccess("203.0.113.0/24")).values())
        .containsKey(ReplicaField.PUBLIC_ACCESS)
        .doesNotContainKey(ReplicaField.PRIVATE_NETWORK);
    assertThat(WHOLE.preferring()).containsExactly(ReplicaField.AVAILABILITY);
    assertThat(WHOLE.preferring(ReplicaField.SIZE).preferring())
        .containsExactly(ReplicaField.SIZE, ReplicaField.AVAILABILITY);
    assertThat(WHOLE.withoutSecrets()).isSameAs(WHOLE);
  }

  @Test
  void allThatIsWrongIsReportedAtOnce() {
    ReplicaSpec wrong =
        ReplicaSpec.named("-Bad-")
            .size(InstanceSize.atLeast(0, DataSize.gib(1)))
            .network(Network.publicAccess("everywhere"))
            .encryptionKey(" ")
            .tag("clouddb-x", "y");
    assertThatThrownBy(wrong::checked)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll(
            "'-Bad-'", "at least 1 vCPU", "'everywhere'", "the key is empty", "'clouddb-x'");
    assertThatThrownBy(() -> ReplicaSpec.named("orders").of(SOURCE).checked())
        .hasMessageContaining("the name of its source");
    assertThat(WHOLE.checked()).isSameAs(WHOLE);
  }

  @Test
  void aPromotionSaysWhatBecomesOfTheSource() {
    assertThat(Promotion.standalone().field()).isEqualTo(ReplicaField.STANDALONE);
    assertThat(Promotion.forced().field()).isEqualTo(ReplicaField.STANDALONE_FORCED);
    assertThat(Promotion.switchingRoles().field()).isEqualTo(ReplicaField.SWITCHOVER);
    assertThat(Promotion.switchingRoles().byForce().field())
        .isEqualTo(ReplicaField.SWITCHOVER_FORCED);
    assertThat(Promotion.forced().values())
        .containsOnly(Map.entry(ReplicaField.STANDALONE_FORCED, Promotion.Form.STANDALONE));
    assertThat(Promotion.forced()).hasToString("Promotion standalone-forced");
    assertThat(Promotion.forced()).isEqualTo(Promotion.standalone().byForce());
  }

  @Test
  void aPromotionsLiteralPasswordIsNoPartOfItsToken() {
    Promotion promotion = Promotion.forced().login(AdminLogin.of("app", SecretRef.literal("pw")));
    assertThatThrownBy(() -> Json.write(promotion)).isInstanceOf(InvalidArgumentException.class);
    Instant replayed = Instant.parse("2026-01-01T00:00:00Z");
    Promotion measured = promotion.measured(replayed).withoutSecrets();
    assertThat(measured.login().orElseThrow().user()).isEqualTo("app");
    assertThat(Json.read(Json.write(measured), Promotion.class)).isEqualTo(measured);
    assertThat(measured.lastReplayed()).contains(replayed);
    assertThat(measured.withoutSecrets()).isEqualTo(measured);
  }

  @Test
  void aLagIsNoPromiseThatNothingIsMissing() {
    Instant now = Instant.parse("2026-01-01T00:01:00Z");
    ReplicaLag lag = new ReplicaLag(now, now.minusSeconds(60), true);
    assertThat(lag.age()).contains(Duration.ofMinutes(1));
    assertThat(lag.replayedAll()).isTrue();
    assertThat(new ReplicaLag(now, null, true).age()).isEmpty();
    assertThat(lag).isEqualTo(new ReplicaLag(now, now.minusSeconds(60), true));
  }
}
