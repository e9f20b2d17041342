/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.spi.WireLog;
import java.util.List;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class WireLogsTest {
  private static final WireLog ALL = WireLog.logger("io.clouddb.test.driver", Level.FINEST);
  private static final WireLog ONE =
      WireLog.logger("io.clouddb.test.driver.core.Executor", Level.FINEST);

  @Test
  void aLoggerThatIsOnByItselfIsNamedAndOneThatAnotherBringsIsNot() {
    Logger all = Logger.getLogger(ALL.name());
    Logger one = Logger.getLogger(ONE.name());
    one.setLevel(Level.FINEST);
    assertThat(WireLogs.on(List.of(ALL, ONE))).containsExactly(ONE.name());
    all.setLevel(Level.FINEST);
    assertThat(WireLogs.on(List.of(ALL, ONE))).containsExactly(ALL.name());
    all.setLevel(Level.INFO);
    one.setLevel(Level.INFO);
    assertThat(WireLogs.on(List.of(ALL, ONE))).isEmpty();
  }

  @Test
  void theJdksOwnAreAskedWhereTheyWrite() {
    String name = "sun.net.www.protocol.http.HttpURLConnection";
    Logger logger = Logger.getLogger(name);
    List<WireLog> log = List.of(WireLog.logger(name, Level.FINE));
    assertThat(WireLogs.on(log)).isEmpty();
    logger.setLevel(Level.FINE);
    try {
      assertThat(WireLogs.on(log)).containsExactly(name);
    } finally {
      logger.setLevel(null);
    }
  }

  /** As Google's client does: coarser than the levels of SLF4J that are off by default. */
  @Test
  void aLoggerThatWritesAtConfigIsAskedForThat() {
    String name = "io.clouddb.test.config";
    List<WireLog> log = List.of(WireLog.logger(name, Level.CONFIG));
    assertThat(WireLogs.on(log)).isEmpty();
    Logger logger = Logger.getLogger(name);
    logger.setLevel(Level.CONFIG);
    try {
      assertThat(WireLogs.on(log)).containsExactly(name);
    } finally {
      logger.setLevel(null);
    }
  }

  @Test
  void aPropertyIsNotTakenForALogger() {
    String name = "jdk.clouddb.test.log";
    List<WireLog> log = List.of(WireLog.property(name));
    Logger logger = Logger.getLogger(name);
    logger.setLevel(Level.ALL);
    try {
      assertThat(WireLogs.on(log)).isEmpty();
      System.setProperty(name, "requests");
      assertThat(WireLogs.on(log)).containsExactly(name);
    } finally {
      System.clearProperty(name);
      logger.setLevel(null);
    }
  }

  /** {@code -Djavax.net.debug} without a value: all that it can write goes to a logger. */
  @Test
  void theJvmsTlsWritesByAValueOrByALogger() {
    Logger tls = Logger.getLogger("javax.net.ssl");
    String property = "javax.net.debug";
    assertThat(WireLogs.isTlsDebugOn()).isFalse();
    try {
      System.setProperty(property, "ssl");
      assertThat(WireLogs.isTlsDebugOn()).isTrue();
      System.setProperty(property, "");
      assertThat(WireLogs.isTlsDebugOn()).isFalse();
      tls.setLevel(Level.FINE);
      assertThat(WireLogs.isTlsDebugOn()).isTrue();
      System.clearProperty(property);
      assertThat(WireLogs.isTlsDebugOn()).isFalse();
    } finally {
      tls.setLevel(null);
      System.clearProperty(property);
    }
  }

  @Test
  void eachIsWarnedOfOnceAndOneThatIsOffNever() throws Exception {
    String name = "io.clouddb.test." + UUID.randomUUID();
    WireLog one = WireLog.logger(name + "a", Level.FINEST);
    WireLog other = WireLog.logger(name + "b", Level.FINEST);
    assertThat(WrittenWarnings.during(() -> WireLogs.warn(List.of(one, other)))).isEmpty();
    Logger first = Logger.getLogger(one.name());
    Logger second = Logger.getLogger(other.name());
    first.setLevel(Level.FINEST);
    assertThat(WrittenWarnings.during(() -> WireLogs.warn(List.of(one, other))))
        .containsOnlyOnce(one.name())
        .contains("Passwords")
        .doesNotContain(other.name());
    second.setLevel(Level.FINEST);
    assertThat(WrittenWarnings.during(() -> WireLogs.warn(List.of(one, other))))
        .contains(other.name())
        .doesNotContain(one.name());
    assertThat(WrittenWarnings.during(() -> WireLogs.warn(List.of(one, other)))).isEmpty();
  }

  @Test
  void theJvmsTlsIsWarnedOfOnce() throws Exception {
    String property = "javax.net.debug";
    WrittenWarnings.forget(property);
    assertThat(WrittenWarnings.during(() -> WireLogs.warn(List.of()))).isEmpty();
    System.setProperty(property, "ssl");
    try {
      assertThat(WrittenWarnings.during(() -> WireLogs.warn(List.of()))).contains(property);
      assertThat(WrittenWarnings.during(() -> WireLogs.warn(List.of()))).isEmpty();
    } finally {
      System.clearProperty(property);
    }
  }
}
