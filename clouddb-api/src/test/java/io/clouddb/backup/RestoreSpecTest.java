/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.security.SecretRef;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RestoreSpecTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final ResourceId ORDERS =
      ResourceId.of("recording", "one", "there", "instance", "orders");
  private static final ResourceId BACKUP =
      ResourceId.of("recording", "one", "here", "backup", "orders-1");

  private static final RestoreSpec WHOLE =
      RestoreSpec.of(ORDERS)
          .at(NOON)
          .named("orders-2")
          .in("here")
          .size(InstanceSize.named("db.r6g.large"))
          .availability(Availability.REGIONAL)
          .network(Network.privateNetwork("vpc-2"))
          .encryptionKey("key-2")
          .deletionProtection(false)
          .login(AdminLogin.of("app", SecretRef.environment("PW")))
          .parameter("work_mem", "8192")
          .tag("team", "shop")
          .preferring(RestoreField.AVAILABILITY);

  @Test
  void whatIsPreferredIsAddedTo() {
    assertThat(WHOLE.preferring(RestoreField.SIZE).preferring())
        .containsExactly(RestoreField.SIZE, RestoreField.AVAILABILITY);
  }

  @Test
  void isWrittenAndReadAsJson() {
    assertThat(RestoreSpec.fromJson(WHOLE.toJson())).isEqualTo(WHOLE).hasSameHashCodeAs(WHOLE);
    RestoreSpec small = RestoreSpec.from(BACKUP).named("orders-2");
    assertThat(RestoreSpec.fromJson(small.toJson())).isEqualTo(small).isNotEqualTo(WHOLE);
    assertThatThrownBy(() -> RestoreSpec.fromJson("{\"schemaVersion\":1,\"name\":\"orders-2\"}"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("source");
  }

  @Test
  void noLiteralPasswordIsWritten() {
    RestoreSpec literal = WHOLE.login(AdminLogin.of("app", SecretRef.literal("s3cret-word")));
    assertThatThrownBy(literal::toJson).hasMessageNotContaining("s3cret-word");
    assertThat(literal.withoutSecrets().toJson()).doesNotContain("s3cret-word");
    assertThat(literal.withoutSecrets().login().orElseThrow().user()).isEqualTo("app");
    assertThat(WHOLE.withoutSecrets()).isSameAs(WHOLE);
  }

  @Test
  void asksForWhatIsSetOnly() {
    assertThat(RestoreSpec.from(BACKUP).named("orders-2").in("here").values())
        .containsOnly(
            Map.entry(RestoreField.NAME, "orders-2"), Map.entry(RestoreField.BACKUP, BACKUP));
    assertThat(RestoreSpec.of(ORDERS).latest().named("orders-2").values())
        .containsOnly(
            Map.entry(RestoreField.NAME, "orders-2"), Map.entry(RestoreField.LATEST, true));
    assertThat(WHOLE.values())
        .containsOnly(
            Map.entry(RestoreField.NAME, "orders-2"),
            Map.entry(RestoreField.MOMENT, NOON),
            Map.entry(RestoreField.OTHER_REGION, "there"),
            Map.entry(RestoreField.SIZE, InstanceSize.named("db.r6g.large")),
            Map.entry(RestoreField.AVAILABILITY, Availability.REGIONAL),
            Map.entry(RestoreField.PRIVATE_NETWORK, Network.privateNetwork("vpc-2")),
            Map.entry(RestoreField.ENCRYPTION_KEY, "key-2"),
            Map.entry(RestoreField.DELETION_PROTECTION, false),
            Map.entry(RestoreField.PARAMETERS, Map.of("work_mem", "8192")),
            Map.entry(RestoreField.TAGS, Map.of("team", "shop")));
    assertThat(WHOLE.network(Network.publicAccess("203.0.113.0/24")).values())
        .containsKey(RestoreField.PUBLIC_ACCESS)
        .doesNotContainKey(RestoreField.PRIVATE_NETWORK);
  }

  @Test
  void allThatIsWrongIsReportedAtOnce() {
    assertThatThrownBy(
            RestoreSpec.of(ORDERS)
                    .named("-Bad-")
                    .size(InstanceSize.atLeast(0, DataSize.gib(1)))
                    .network(Network.publicAccess("everywhere"))
                    .encryptionKey(" ")
                    .parameter("work mem", "")
                    .tag("clouddb-x", "y")
                ::checked)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll(
            "'-Bad-'",
            "at(...), or to the latest()",
            "at least 1 vCPU",
            "'everywhere'",
            "the key is empty",
            "'work mem'",
            "'clouddb-x'");
    assertThat(WHOLE.checked()).isSameAs(WHOLE);
  }

  @Test
  void hasOneMomentAndNoOther() {
    assertThatThrownBy(RestoreSpec.of(ORDERS).named("orders-2").at(NOON).latest()::checked)
        .hasMessageContaining("one of the two");
    assertThatThrownBy(RestoreSpec.from(BACKUP).named("orders-2").at(NOON)::checked)
        .hasMessageContaining("its own moment");
    assertThatThrownBy(RestoreSpec.from(BACKUP).named("orders-2").latest()::checked)
        .hasMessageContaining("its own moment");
    // It may be gone, or in another region.
    RestoreSpec again = RestoreSpec.of(ORDERS).named("orders").latest();
    assertThat(again.checked()).isSameAs(again);
    assertThatThrownBy(RestoreSpec.from(BACKUP)::checked).hasMessageContaining("name ''");
    ResourceId table = ResourceId.of("recording", "one", "here", "table", "orders");
    assertThatThrownBy(RestoreSpec.from(table).named("orders-2")::checked)
        .hasMessageContaining("no backup and no instance");
  }
}
