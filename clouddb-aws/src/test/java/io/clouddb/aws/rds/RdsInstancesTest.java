/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceState;
import io.clouddb.security.SecretRef;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.Tag;

/** What RDS' description of an instance is in portable terms. */
class RdsInstancesTest {
  private static final String ARN = "arn:aws:rds:eu-west-1:123456789012:db:orders";

  private static DBInstance.Builder described() {
    return DBInstance.builder()
        .dbInstanceIdentifier("orders")
        .dbInstanceArn(ARN)
        .engine("postgres")
        .engineVersion("16.15")
        .dbInstanceStatus("available");
  }

  private static Instance instance(DBInstance.Builder described) {
    return new RdsInstances("aws", "us-east-1", () -> "999999999999").toInstance(described.build());
  }

  @Test
  void allThatIsShownIsTaken() {
    DBInstance shown =
        described()
            .dbName("shop")
            .masterUsername("app_admin")
            .dbInstanceClass("db.m7g.large")
            .allocatedStorage(50)
            .multiAZ(true)
            .deletionProtection(true)
            .endpoint(e -> e.address("orders.example.com").port(5433))
            .tagList(
                Tag.builder().key("team").value("shop").build(), Tag.builder().key("bare").build())
            .build();
    Instance instance = instance(shown.toBuilder());
    assertThat(instance.id())
        .isEqualTo(ResourceId.of("aws", "123456789012", "eu-west-1", "instance", "orders"));
    assertThat(instance.id().nativeId()).contains(ARN);
    assertThat(instance.engine()).isEqualTo(Engine.POSTGRESQL);
    assertThat(instance.engineVersion()).isEqualTo("16.15");
    assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(instance.nativeState()).isEqualTo("available");
    assertThat(instance.database()).contains("shop");
    assertThat(instance.admin()).contains(AdminLogin.named("app_admin"));
    assertThat(instance.nativeSize()).contains("db.m7g.large");
    assertThat(instance.storageSize()).contains(DataSize.gib(50));
    assertThat(instance.availability()).contains(Availability.REGIONAL);
    assertThat(instance.deletionProtection()).isTrue();
    assertThat(instance.host()).contains("orders.example.com");
    assertThat(instance.port()).isEqualTo(5433);
    assertThat(instance.tags()).isEqualTo(Map.of("team", "shop", "bare", ""));
    assertThat(instance.unwrap(DBInstance.class)).isEqualTo(shown);
  }

  @Test
  void whatIsNotShownIsEmpty() {
    Instance bare = instance(described().engineVersion(null));
    assertThat(bare.engineVersion()).isEmpty();
    assertThat(bare.database()).isEmpty();
    assertThat(bare.admin()).isEmpty();
    assertThat(bare.nativeSize()).isEmpty();
    assertThat(bare.storageSize()).isEmpty();
    assertThat(bare.availability()).isEmpty();
    assertThat(bare.deletionProtection()).isFalse();
    assertThat(bare.host()).isEmpty();
    assertThat(instance(described().endpoint(e -> e.address("half.example.com"))).host()).isEmpty();
    assertThat(instance(described().endpoint(e -> e.port(5432))).host()).isEmpty();
    assertThat(instance(described().multiAZ(false)).availability()).contains(Availability.ZONAL);
  }

  /** An answer without an ARN does not name the account, which is asked for then. */
  @Test
  void withoutAnArnTheAccountIsTheCallers() {
    Instance nameless = instance(described().dbInstanceArn(null));
    assertThat(nameless.id())
        .isEqualTo(ResourceId.of("aws", "999999999999", "us-east-1", "instance", "orders"));
    assertThat(nameless.id().nativeId()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "postgres, postgresql",
    "mysql, mysql",
    "sqlserver-ee, sqlserver",
    "sqlserver-web, sqlserver",
    "oracle-ee, oracle-ee"
  })
  void anEngineHasItsPortableName(String engine, String portable) {
    assertThat(instance(described().engine(engine)).engine()).hasToString(portable);
  }

  @Test
  void aPasswordThatRdsMakesIsInItsSecret() {
    DBInstance.Builder managed = described().masterUsername("owner");
    assertThat(instance(managed.masterUserSecret(s -> s.secretArn("arn:secret"))).admin())
        .hasValueSatisfying(
            admin -> {
              assertThat(admin.managed()).isTrue();
              assertThat(admin.password()).contains(SecretRef.store("arn:secret"));
            });
    assertThat(instance(managed.masterUserSecret(s -> s.secretStatus("creating"))).admin())
        .as("RDS has not named it yet")
        .contains(AdminLogin.named("owner"));
  }
}
