/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.InterruptedIOException;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a lost session says of its server. The sessions of a server that is killed end before the
 * server itself has: who asks at once is told that it runs.
 */
final class LostSession {
  private static final Duration END = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(10);

  /** Class 08 of the SQL standard: connection exceptions. */
  private static final String CONNECTION = "08";

  private LostSession() {}

  /** Whether the server still runs after an error. Waits for its end when the session was lost. */
  static boolean outlivedBy(ServerLifecycle server, Exception error) {
    if (!isLost(error)) {
      return server.isRunning();
    }
    long start = System.nanoTime();
    while (server.isRunning() && System.nanoTime() - start < END.toNanos()) {
      try {
        Pause.of(POLL);
      } catch (InterruptedIOException e) {
        break;
      }
    }
    return server.isRunning();
  }

  private static boolean isLost(@Nullable Throwable error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (each instanceof SQLException e && e.getSQLState() != null) {
        return e.getSQLState().startsWith(CONNECTION);
      }
    }
    return false;
  }
}
