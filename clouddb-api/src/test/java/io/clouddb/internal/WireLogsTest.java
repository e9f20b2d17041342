/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class WireLogsTest {
  private static final String ALL = "io.clouddb.test.driver";
  private static final String ONE = "io.clouddb.test.driver.core.Executor";

  @Test
  void aLoggerThatIsOnByItselfIsNamedAndOneThatAnotherBringsIsNot() {
    Logger all = Logger.getLogger(ALL);
    Logger one = Logger.getLogger(ONE);
    one.setLevel(Level.FINEST);
    assertThat(WireLogs.on(List.of(ALL, ONE), Level.FINEST)).containsExactly(ONE);
    all.setLevel(Level.FINEST);
    assertThat(WireLogs.on(List.of(ALL, ONE), Level.FINEST)).containsExactly(ALL);
    all.setLevel(Level.INFO);
    one.setLevel(Level.INFO);
    assertThat(WireLogs.on(List.of(ALL, ONE), Level.FINEST)).isEmpty();
  }

  @Test
  void theJdksOwnAreAskedWhereTheyWrite() {
    String name = "sun.net.www.protocol.http.HttpURLConnection";
    Logger logger = Logger.getLogger(name);
    assertThat(WireLogs.on(List.of(name), Level.FINE)).isEmpty();
    logger.setLevel(Level.FINE);
    try {
      assertThat(WireLogs.on(List.of(name), Level.FINE)).containsExactly(name);
    } finally {
      logger.setLevel(null);
    }
  }
}
