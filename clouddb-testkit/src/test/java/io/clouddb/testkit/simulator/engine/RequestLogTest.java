/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestLogTest {
  private static RecordedRequest with(String body) {
    return new RecordedRequest("x", "POST", "/a", "", Map.of(), body, 200, "");
  }

  @Test
  void keepsTheNewestRequestsOnly() {
    RequestLog log = new RequestLog();
    RecordedRequest large = with("x".repeat(1 << 20));
    for (int i = 0; i < 100; i++) {
      log.add(1 << 20, () -> large);
    }
    assertThat(log.requests().size()).isBetween(1, (int) (RequestLog.MOST_TEXT >> 20));
    RecordedRequest small = with("");
    for (int i = 0; i < RequestLog.MOST + 1; i++) {
      log.add(0, () -> small);
    }
    assertThat(log.requests()).hasSize(RequestLog.MOST).doesNotContain(large);
    log.clear();
    assertThat(log.requests()).isEmpty();
  }
}
