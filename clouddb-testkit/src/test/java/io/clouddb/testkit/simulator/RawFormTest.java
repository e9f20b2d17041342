/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may send as it is in a form, and what a password may have. */
class RawFormTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Action=A&MasterUserPassword=abc?hunter2-hunter2&B=c",
        "<A><MasterUserPassword kind=\"text\">hunter2-hunter2</MasterUserPassword></A>",
        "<A><MasterUserPassword><![CDATA[hunter2-hunter2]]></MasterUserPassword></A>"
      })
  void hidesAllOfASecret(String body) {
    SimulatedRequest request =
        new SimulatedRequest(
            "POST",
            URI.create("http://127.0.0.1:1/a"),
            Map.of(),
            body.getBytes(StandardCharsets.UTF_8),
            body);
    assertThat(RecordedRequest.of("x", request, 200, "").toString()).doesNotContain("hunter2");
  }
}
