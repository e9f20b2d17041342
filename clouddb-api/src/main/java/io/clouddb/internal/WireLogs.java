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
    Set<String> on = on(names, level);
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

  /** Without those that another one of them brings with it. */
  static Set<String> on(Collection<String> names, Level level) {
    Set<String> on = new TreeSet<>();
    for (String name : names) {
      if (isOn(name, level)) {
        on.add(name);
      }
    }
    Set<String> all = Set.copyOf(on);
    on.removeIf(name -> all.stream().anyMatch(other -> name.startsWith(other + ".")));
    return on;
  }

  private static boolean isOn(String name, Level level) {
    if (System.getProperty(name) != null) {
      return true;
    }
    boolean fine = !level.equals(Level.FINEST);
    if (name.startsWith("jdk.") || name.startsWith("sun.")) {
      // The JDK's own write to SLF4J only where somebody has led them there.
      return System.getLogger(name)
          .isLoggable(fine ? System.Logger.Level.DEBUG : System.Logger.Level.TRACE);
    }
    Logger logger = LoggerFactory.getLogger(name);
    return (fine ? logger.isDebugEnabled() : logger.isTraceEnabled())
        || java.util.logging.Logger.getLogger(name).isLoggable(level);
  }
}
