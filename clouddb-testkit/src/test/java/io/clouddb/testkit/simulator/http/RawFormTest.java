/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may send as it is in a form, and what a password may have. */
class RawFormTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Action=A&MasterUserPassword=abc?hunter2-hunter2&B=c",
        "see?q=http://host/a?MasterUserPassword=abc?hunter2-hunter2",
        "<A><MasterUserPassword>abc<!-- x --><Value>hunter2-hunter2</Value></MasterUserPassword></A>",
        "<A><MasterUserPassword kind='>'\nb=\"'\">hunter2-hunter2</MasterUserPassword></A>",
        "<A><MasterUserPassword><![CDATA[a</MasterUserPassword>hunter2-hunter2]]></MasterUserPassword></A>",
        "<A><MasterUserPassword>abc<hunter2-hunter2",
        "<A><Password a='b'/><Password><PasswordX>a</PasswordX>hunter2-hunter2</Password></A>",
        "<A><MasterUserPassword kind=\"text\">hunter2-hunter2</MasterUserPassword></A>",
        "<A><MasterUserPassword><![CDATA[hunter2-hunter2]]></MasterUserPassword></A>"
      })
  void hidesAllOfASecret(String body) {
    assertThat(recorded(body).toString()).doesNotContain("hunter2").contains("***");
  }

  /** An element without a text is no begin of what comes after it. */
  @Test
  void leavesWhatFollowsAnEmptyElement() {
    String body = "<A><Password a='b'/><B>here</B><Password b=\"c\"></Password><C>too</C></A>";
    assertThat(recorded(body).body()).isEqualTo(body);
  }

  private static RecordedRequest recorded(String body) {
    SimulatedRequest request =
        new SimulatedRequest(
            "POST",
            URI.create("http://127.0.0.1:1/a"),
            Map.of(),
            body.getBytes(StandardCharsets.UTF_8),
            body.getBytes(StandardCharsets.UTF_8));
    return Redaction.record("x", request, 200, "");
  }
}
