/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/**
 * What writes requests and answers down, secrets and all, when somebody turns it on.
 *
 * @param name a logger's or a system property's
 * @param level of a logger: from which level of {@code java.util.logging} on it does; null for a
 *     system property, which turns it on with any value
 */
public record WireLog(String name, @Nullable Level level) {
  /**
   * A logger.
   *
   * @param name its name
   * @param level the coarsest level at which it writes secrets: FINE is DEBUG of SLF4J too, FINEST
   *     is TRACE, and CONFIG is of {@code java.util.logging} alone
   * @return what may be on
   */
  public static WireLog logger(String name, Level level) {
    return new WireLog(name, level);
  }

  /**
   * A system property.
   *
   * @param name its name
   * @return what may be on
   */
  public static WireLog property(String name) {
    return new WireLog(name, null);
  }
}
