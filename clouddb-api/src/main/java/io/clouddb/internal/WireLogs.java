/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal;

import io.clouddb.spi.WireLog;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of the logs of SDKs and drivers that are known to write down what goes over the wire, and
 * that this library cannot keep secrets out of. Each is warned of once in a JVM.
 */
public final class WireLogs {
  private static final Logger LOG = LoggerFactory.getLogger(WireLogs.class);

  /** The JVM's own: everything that TLS hides, before it is hidden. */
  private static final String TLS_DEBUG = "javax.net.debug";

  /** Where the JVM writes it when the property has no value. */
  private static final String TLS_LOGGER = "javax.net.ssl";

  private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

  private WireLogs() {}

  /**
   * Warns of those that are on.
   *
   * @param logs what is known to do it
   */
  public static void warn(Collection<WireLog> logs) {
    Set<String> on = on(logs);
    if (!WARNED.contains(TLS_DEBUG) && isTlsDebugOn()) {
      on.add(TLS_DEBUG);
    }
    on.removeIf(name -> !WARNED.add(name));
    if (!on.isEmpty()) {
      LOG.warn(
          "Passwords, tokens or rows may be written to the log in clear by {}, which this library"
              + " cannot prevent: turn it off, or keep the log as secret as they are",
          String.join(", ", on));
    }
  }

  /** With a value it is written to the error output; without, what the logger's level lets by. */
  static boolean isTlsDebugOn() {
    String value = System.getProperty(TLS_DEBUG);
    return value != null && (!value.isEmpty() || isJdkLoggerOn(TLS_LOGGER, Level.FINE));
  }

  /** Without those that another one of them brings with it. */
  static Set<String> on(Collection<WireLog> logs) {
    Set<String> on = new TreeSet<>();
    for (WireLog log : logs) {
      Level level = log.level();
      if (level == null ? System.getProperty(log.name()) != null : isOn(log.name(), level)) {
        on.add(log.name());
      }
    }
    Set<String> all = Set.copyOf(on);
    on.removeIf(name -> all.stream().anyMatch(other -> name.startsWith(other + ".")));
    return on;
  }

  private static boolean isOn(String name, Level level) {
    if (name.startsWith("jdk.") || name.startsWith("sun.")) {
      // The JDK's own write to SLF4J only where somebody has led them there.
      return isJdkLoggerOn(name, level);
    }
    return isOnInSlf4j(LoggerFactory.getLogger(name), level)
        || java.util.logging.Logger.getLogger(name).isLoggable(level);
  }

  /** SLF4J has nothing between DEBUG and INFO, which is always on: CONFIG is none of its levels. */
  private static boolean isOnInSlf4j(Logger logger, Level level) {
    if (level.intValue() > Level.FINE.intValue()) {
      return false;
    }
    return isTrace(level) ? logger.isTraceEnabled() : logger.isDebugEnabled();
  }

  private static boolean isTrace(Level level) {
    return level.intValue() < Level.FINE.intValue();
  }

  private static boolean isJdkLoggerOn(String name, Level level) {
    return System.getLogger(name)
        .isLoggable(isTrace(level) ? System.Logger.Level.TRACE : System.Logger.Level.DEBUG);
  }
}
