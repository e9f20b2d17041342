/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.security.SecretRef;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JSON of a spec refuses, and does not repeat. */
class SpecJsonRefusalsTest {
  private static final String JSON =
      InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
          .size(InstanceSize.atLeast(2, DataSize.gib(8)))
          .storage(Storage.provisionedIops(DataSize.gib(100), 3000))
          .admin(AdminLogin.of("app_admin", SecretRef.environment("PASSWORD")))
          .build()
          .toJson();

  private static String with(String old, String now) {
    assertThat(JSON).contains(old);
    return JSON.replace(old, now);
  }

  /** A password in the wrong place of a spec is in no message and no stack trace. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"s3cret-pass\"",
        "{\"user\":\"app_admin\",\"password\":\"env:PASSWORD\",\"managed\":\"s3cret-pass\"}",
        "{\"user\":\"app_admin\",\"password\":\"s3cret-pass\",\"managed\":false}",
        "{\"user\":\"app_admin\",\"password\":[\"s3cret-pass\"],\"managed\":false}",
        "{\"user\":{\"s3cret-pass\":1},\"managed\":false}",
        "[\"s3cret-pass\"]"
      })
  void aPasswordInTheWrongPlaceIsNotRepeated(String admin) {
    String json =
        with("{\"user\":\"app_admin\",\"password\":\"env:PASSWORD\",\"managed\":false}", admin);
    assertThatThrownBy(() -> InstanceSpec.fromJson(json))
        .isInstanceOfSatisfying(
            InvalidArgumentException.class,
            e -> {
              StringWriter trace = new StringWriter();
              e.printStackTrace(new PrintWriter(trace));
              assertThat(trace.toString()).doesNotContain("s3cret-pass");
            });
  }

  /** A number that is none of the field's is not rounded in silence. */
  @ParameterizedTest
  @CsvSource({"'\"iops\":3000','\"iops\":3000.9'", "'\"cpus\":2','\"cpus\":2.9'"})
  void aFractionIsNotCutOff(String old, String now) {
    String json = with(old, now);
    assertThatThrownBy(() -> InstanceSpec.fromJson(json))
        .isInstanceOf(InvalidArgumentException.class);
  }

  /** The place of a word in a list of words is not its name. */
  @Test
  void anAvailabilityIsAWordAndNoNumber() {
    String json = with("\"availability\":\"ZONAL\"", "\"availability\":1");
    assertThatThrownBy(() -> InstanceSpec.fromJson(json))
        .isInstanceOf(InvalidArgumentException.class);
  }
}
