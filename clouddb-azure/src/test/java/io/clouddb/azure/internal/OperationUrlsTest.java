/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Azure's URLs, which are not always valid ones. */
class OperationUrlsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/subscriptions/s/locations/East US/x?api-version=1"
            + "|/subscriptions/s/locations/East%20US/x?api-version=1",
        "/subscriptions/s/locations/East%20US/x?t=1&c=a-b_c|/subscriptions/s/locations/East%20US/x?t=1&c=a-b_c",
        "/subscriptions/s/x?a=b c&$skiptoken=1|/subscriptions/s/x?a=b%20c&$skiptoken=1",
        "/subscriptions/s/x?a={b}#part|/subscriptions/s/x?a=%7Bb%7D",
        "/subscriptions/s/Süd|/subscriptions/s/S%C3%BCd"
      })
  void areMadeValidAndStayWhatTheyName(String path, String expected) {
    String relative = ArmOperations.relative("https://management.azure.com" + path);
    assertThat(relative).isEqualTo(expected);
    assertThat(URI.create(ArmOperations.absolute("https://management.azure.com/", relative)))
        .hasHost("management.azure.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "https://", "https://host", "/relative"})
  void whatIsNoUrlIsAnErrorOfTheLibrarys(String text) {
    assertThatThrownBy(() -> ArmOperations.relative(text)).isInstanceOf(CloudDbException.class);
  }

  @Test
  void aTokenLeadsNowhereElse() {
    assertThatThrownBy(() -> ArmOperations.absolute("https://management.azure.com", "@evil/x"))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("nothing of Azure Resource Manager");
  }
}
