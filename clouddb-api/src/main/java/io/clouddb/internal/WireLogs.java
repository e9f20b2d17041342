/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal;

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

  private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

  private WireLogs() {}

  /**
   * Warns of those that are on.
   *
   * @param names loggers, of SLF4J or of {@code java.util.logging}, and system properties
   * @param level from which level on they do it; FINE is DEBUG of SLF4J, FINEST is TRACE
   */
  public static void warn(Collection<String> names, Level level) {
    Set<String> on = new TreeSet<>();
    for (String name : names) {
      if (!WARNED.contains(name) && isOn(name, level)) {
        on.add(name);
      }
    }
    if (!WARNED.contains(TLS_DEBUG) && !System.getProperty(TLS_DEBUG, "").isEmpty()) {
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

  private static boolean isOn(String name, Level level) {
    Logger logger = LoggerFactory.getLogger(name);
    return (level.equals(Level.FINEST) ? logger.isTraceEnabled() : logger.isDebugEnabled())
        || java.util.logging.Logger.getLogger(name).isLoggable(level)
        || System.getProperty(name) != null;
  }
}
