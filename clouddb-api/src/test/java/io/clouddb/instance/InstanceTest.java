/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.security.SecretRef;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InstanceTest {
  private static final ResourceId ID =
      ResourceId.of("recording", "shop", "here", "instance", "orders");

  private static Instance.Builder ready() {
    return Instance.builder(ID, Engine.POSTGRESQL, "16.4", InstanceState.AVAILABLE, "ready")
        .endpoint("db.example.com", 5433)
        .database("shop")
        .admin(AdminLogin.of("app", SecretRef.environment("PW")))
        .nativeSize("large")
        .storageSize(DataSize.gib(20))
        .availability(Availability.REGIONAL)
        .tls(TlsMode.REQUIRED)
        .deletionProtection(true)
        .tags(Map.of("team", "shop"))
        .nativeObject(URI.create("the-vendors"));
  }

  @Test
  void saysWhatItsProviderSaid() {
    Instance instance = ready().build();
    assertThat(instance.id()).isEqualTo(ID);
    assertThat(instance.name()).isEqualTo("orders");
    assertThat(instance.engine()).isEqualTo(Engine.POSTGRESQL);
    assertThat(instance.engineVersion()).isEqualTo("16.4");
    assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(instance.nativeState()).isEqualTo("ready");
    assertThat(instance.host()).contains("db.example.com");
    assertThat(instance.port()).isEqualTo(5433);
    assertThat(instance.database()).contains("shop");
    assertThat(instance.nativeSize()).contains("large");
    assertThat(instance.storageSize()).contains(DataSize.gib(20));
    assertThat(instance.availability()).contains(Availability.REGIONAL);
    assertThat(instance.tls()).contains(TlsMode.REQUIRED);
    assertThat(instance.deletionProtection()).isTrue();
    assertThat(instance.tags()).containsExactly(Map.entry("team", "shop"));
    assertThat(instance).hasToString("Instance[" + ID + ", postgresql 16.4, ready]");
    assertThat(ready().deletionProtection(false).build().deletionProtection()).isFalse();
  }

  @Test
  void isCopiedWhole() {
    Instance copy = ready().build().toBuilder().build();
    assertThat(copy).isEqualTo(ready().build());
    assertThat(copy.unwrap(URI.class)).hasToString("the-vendors");
    assertThat(ready().tags(Map.of("a", "b")).build().tags()).containsOnlyKeys("a");
  }

  @Test
  void namesTheVendorsClassesThatThereAre() {
    assertThatThrownBy(() -> ready().build().unwrap(Thread.class))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("orders unwraps to [java.net.URI], not to java.lang.Thread");
  }

  @Test
  void isConnectedToAsItsAdministrator() {
    assertThat(ready().build().connection().user()).isEqualTo("app");
    assertThat(ready().build().connection().database()).isEqualTo("shop");
    assertThat(ready().database(null).build().connection().database()).isEqualTo("postgres");
    assertThatThrownBy(() -> ready().admin(AdminLogin.named("app")).build().connection())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("does not tell the password");
    assertThatThrownBy(() -> ready().admin(null).build().connection())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("does not tell the password");
  }

  @Test
  void isNotConnectedToWithoutAnAddressOrAPassword() {
    Instance creating =
        Instance.builder(ID, Engine.POSTGRESQL, "16.4", InstanceState.CREATING, "making").build();
    assertThatThrownBy(() -> creating.connection(AdminLogin.of("app", SecretRef.environment("PW"))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("orders has no address yet: it is making");
    assertThatThrownBy(() -> ready().build().connection(AdminLogin.named("reader")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("The login reader has no password");
    Instance other =
        Instance.builder(ID, Engine.MYSQL, "8.4", InstanceState.AVAILABLE, "ready")
            .endpoint("db.example.com", 3306)
            .build();
    assertThatThrownBy(() -> other.connection(AdminLogin.of("app", SecretRef.environment("PW"))))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("mysql");
  }
}
