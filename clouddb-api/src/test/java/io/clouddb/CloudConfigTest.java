/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.security.SecretRef;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudConfigTest {
  @Test
  void readsAUrl() {
    CloudConfig config =
        CloudConfig.fromUrl(
                "clouddb:azure:koreacentral?subscription=s-1&resourceGroup=shop%20rg"
                    + "&endpoint=http%3A%2F%2F127.0.0.1%3A8080&pollInterval=PT0.25S")
            .build();
    assertThat(config.provider()).isEqualTo("azure");
    assertThat(config.location()).isEqualTo("koreacentral");
    assertThat(config.property("resourceGroup")).contains("shop rg");
    assertThat(config.endpoint()).contains(URI.create("http://127.0.0.1:8080"));
    assertThat(config.pollInterval()).isEqualTo(Duration.ofMillis(250));
    assertThatThrownBy(() -> config.requiredProperty("tenant"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("tenant=...");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aws:us-east-1",
        "clouddb:aws",
        "clouddb:AWS:us-east-1",
        "clouddb:aws:us east",
        "clouddb:aws:us-east-1?password=hunter2",
        "clouddb:aws:us-east-1?accessKeySecret=hunter2",
        "clouddb:aws:us-east-1?hunter2",
        "clouddb:aws:us-east-1?endpoint=http://example.com",
        "clouddb:aws:us-east-1?endpoint=http://localhost.example.com",
        "clouddb:aws:us-east-1?endpoint=https://me:hunter2@example.com",
        "clouddb:aws:us-east-1?endpoint=https://me:hunter2@exa%20mple.com",
        "clouddb:aws:us-east-1?account=%zzhunter2",
        "clouddb:aws:us-east-1?endpoint=ftp://127.0.0.1",
        "clouddb:aws:us-east-1?endpoint=http://127.0.0.1:1&endpointSecret=hunter2",
        "clouddb:aws:us-east-1?endpointSecret=env:PATH",
        "clouddb:aws:us-east-1?endpoint=https://127.0.0.1:1&endpointSecret=env:PATH",
        "clouddb:aws:us-east-1?endpoint=http://127.0.0.1:1&endpointSecret=store:x",
        "clouddb:aws:us-east-1?pollInterval=10s",
        "clouddb:aws:us-east-1?pollInterval=-PT1S"
      })
  void refusesAnythingElseWithoutRepeatingASecret(String url) {
    assertThatThrownBy(() -> CloudConfig.fromUrl(url).build())
        .isInstanceOf(InvalidArgumentException.class)
        .extracting(Throwables::getStackTrace, STRING)
        .doesNotContain("hunter2");
  }

  @Test
  void namesAllThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                CloudConfig.builder("", "")
                    .property("token", "x")
                    .endpoint(URI.create("http://example.com"))
                    .build())
        .hasMessageContainingAll("provider", "location", "token", "endpoint");
  }

  @Test
  void saysWhereTheSecretOfAStandInOnThisMachineIs() {
    CloudConfig config =
        CloudConfig.fromUrl(
                "clouddb:aws:us-east-1?endpoint=http://127.0.0.1:1&endpointSecret=file:/run/secrets/stand-in")
            .build();
    assertThat(config.endpointSecret()).contains(SecretRef.file(Path.of("/run/secrets/stand-in")));
    SecretRef literal = SecretRef.literal("hunter2");
    CloudConfig other =
        CloudConfig.builder("aws", "us-east-1")
            .endpoint(URI.create("http://localhost:1"))
            .endpointSecret(literal)
            .build();
    assertThat(other.endpointSecret()).contains(literal);
    assertThat(other.toString()).doesNotContain("hunter2");
    assertThat(CloudConfig.builder("aws", "us-east-1").build().endpointSecret()).isEmpty();
  }
}
