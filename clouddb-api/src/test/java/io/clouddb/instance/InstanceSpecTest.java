/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceSpecTest {
  static InstanceSpec.Builder full() {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(
            Storage.provisionedIops(DataSize.gib(100), 3000)
                .growingTo(DataSize.gib(500))
                .encryptedWith("key-1"))
        .availability(Availability.REGIONAL)
        .database("shop")
        .admin(AdminLogin.of("app_admin", SecretRef.environment("ORDERS_PASSWORD")))
        .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7).withPointInTime())
        .maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30)))
        .network(Network.privateNetwork("net").securityGroup("sg-1").dnsZone("zone"))
        .tls(TlsMode.CLIENT_CERTIFICATE)
        .deletionProtection(true)
        .logicalReplication(true)
        .insights(Insights.enabled())
        .parameter("max_connections", "200")
        .tag("environment", "production")
        .preferring(InstanceField.BACKUP_WINDOW);
  }

  @Test
  void goesThroughJsonUnchanged() {
    InstanceSpec spec = full().build();
    String json = spec.toJson();
    InstanceSpec back = InstanceSpec.fromJson(json);
    assertThat(back).isEqualTo(spec).hasSameHashCodeAs(spec);
    assertThat(back.toJson()).isEqualTo(json);
    assertThat(json).contains("\"schemaVersion\":1").contains("\"env:ORDERS_PASSWORD\"");
  }

  @Test
  void aMinimalSpecGoesThroughJsonUnchanged() {
    InstanceSpec spec =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
            .size(InstanceSize.named("db.m7g.large"))
            .storage(Storage.ssd(DataSize.gib(20)))
            .admin(AdminLogin.managed("app_admin"))
            .network(Network.publicAccess("203.0.113.0/24"))
            .backups(BackupPolicy.none())
            .build();
    assertThat(InstanceSpec.fromJson(spec.toJson())).isEqualTo(spec);
  }

  @Test
  void refusesAnUnknownField() {
    String json = full().build().toJson().replace("\"insights\":", "\"insight\":");
    assertThatThrownBy(() -> InstanceSpec.fromJson(json))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("insight");
  }

  @Test
  void refusesAnUnknownFieldWithinAValue() {
    String json = full().build().toJson().replace("\"cpus\":2", "\"cpus\":2,\"cores\":3");
    assertThatThrownBy(() -> InstanceSpec.fromJson(json))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("cores");
  }

  @Test
  void refusesAnotherSchemaVersion() {
    String json = full().build().toJson().replace("\"schemaVersion\":1", "\"schemaVersion\":2");
    assertThatThrownBy(() -> InstanceSpec.fromJson(json))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("schemaVersion 2");
  }

  @Test
  void refusesToWriteALiteralSecret() {
    InstanceSpec spec =
        full().admin(AdminLogin.of("app_admin", SecretRef.literal("hunter2"))).build();
    assertThatThrownBy(spec::toJson)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("literal secret")
        .hasMessageNotContaining("hunter2");
    assertThat(spec.admin().toString()).doesNotContain("hunter2");
  }

  @Test
  void refusesToReadALiteralSecret() {
    String json = full().build().toJson().replace("env:ORDERS_PASSWORD", "hunter2");
    assertThatThrownBy(() -> InstanceSpec.fromJson(json))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void reportsAllThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                InstanceSpec.builder("Orders!", Engine.POSTGRESQL, "sixteen")
                    .storage(Storage.ssd(DataSize.gib(20)).growingTo(DataSize.gib(10)))
                    .tag("Clouddb-Env", "x")
                    .backups(BackupPolicy.daily().retainDays(0))
                    .parameter("", "1")
                    .build())
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT))
        .hasMessageContainingAll(
            "name 'Orders!'",
            "sixteen",
            "size is missing",
            "admin is missing",
            "grows to 10 GiB",
            "tag 'Clouddb-Env'",
            "1 to 3650 days",
            "parameter ''");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "300.1.2.3/24",
        "203.0.113.0/33",
        "1.2/8",
        "..../9",
        "1.2.3.4",
        "1.2.3.4/",
        "010.0.0.0/8",
        "1.2.3.4/08",
        "1.2.3.4.5/8",
        " 1.2.3.4/8",
        "::::/9",
        "2001:db8::/129",
        "1:2:3:4:5:6:7:8:9/8",
        "abc/8",
        "12/8"
      })
  void refusesWhatIsNoRangeOfAddresses(String cidr) {
    for (Network network :
        List.of(
            Network.publicAccess("203.0.113.0/24", cidr),
            Network.privateNetwork("private").allowing(cidr))) {
      assertThatThrownBy(() -> full().network(network).build())
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContainingAll("'" + cidr + "'", "address range");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0/0",
        "255.255.255.255/32",
        "10.0.0.0/8",
        "203.0.113.7/24",
        "2001:db8::/32",
        "::/0",
        "::1/128"
      })
  void takesRangesOfAddresses(String cidr) {
    Network network = Network.publicAccess(cidr);
    assertThat(full().network(network).build().network()).contains(network);
  }

  @Test
  void refusesNullWhereAValueIsNeeded() {
    String json = full().build().toJson();
    for (String field : List.of("tls", "availability")) {
      assertThatThrownBy(
              () ->
                  InstanceSpec.fromJson(
                      json.replaceFirst("\"" + field + "\":\"\\w+\"", "\"" + field + "\":null")))
          .as(field)
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining(field);
    }
    assertThatThrownBy(() -> InstanceSpec.fromJson(json.replace("\"200\"", "null")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("max_connections");
  }

  @Test
  void aChangeIsCheckedAsASpecIs() {
    assertThatThrownBy(
            () ->
                InstanceChange.builder()
                    .size(InstanceSize.atLeast(0, DataSize.gib(8)))
                    .storageSize(DataSize.gib(0))
                    .backups(BackupPolicy.daily().retainDays(0))
                    .parameter("", "1")
                    .tag("Clouddb-Env", "x")
                    .build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll(
            "at least 1 vCPU", "no size", "1 to 3650 days", "parameter ''", "tag 'Clouddb-Env'");
    assertThatThrownBy(
            () -> InstanceChange.builder().backups(BackupPolicy.none().retainDays(7)).build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("backups are off");
  }

  @Test
  void aBuilderFromASpecBuildsTheSameSpec() {
    InstanceSpec spec = full().build();
    assertThat(spec.toBuilder().build()).isEqualTo(spec);
    assertThat(spec.toBuilder().insights(Insights.disabled()).build()).isNotEqualTo(spec);
  }

  @Test
  void aChangeGoesThroughJsonUnchanged() {
    InstanceChange change =
        InstanceChange.builder()
            .size(InstanceSize.named("db.m7g.xlarge"))
            .storageSize(DataSize.gib(200))
            .adminPassword(SecretRef.environment("NEW"))
            .backups(BackupPolicy.daily().retainDays(3))
            .deletionProtection(false)
            .parameter("work_mem", "64MB")
            .preferring(InstanceField.BACKUP_WINDOW)
            .build();
    assertThat(InstanceChange.fromJson(change.toJson())).isEqualTo(change);
    assertThat(change.fields())
        .contains(InstanceField.DELETION_PROTECTION, InstanceField.BACKUP_RETENTION)
        .doesNotContain(InstanceField.INSIGHTS);
  }

  @Test
  void anUnknownFieldIsNamedWithThoseThatAreKnown() {
    assertThatThrownBy(
            () -> InstanceSpec.fromJson(full().build().toJson().replace("\"size\"", "\"sise\"")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("'sise'", "known are", " availability, ", " size, ", " tls")
        .hasMessageNotContaining("preferring(");
    String change = InstanceChange.builder().storageSize(DataSize.gib(200)).build().toJson();
    assertThatThrownBy(() -> InstanceChange.fromJson(change.replace("storageSize", "storage_size")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("'storage_size'", "storageSize");
    assertThatThrownBy(
            () ->
                InstanceSpec.fromJson(
                    full().build().toJson().replaceFirst("\"iops\"|\"growth\"", "\"speed\"")))
        .as("in a value inside")
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("'speed'", "iops", "storage");
  }
}
