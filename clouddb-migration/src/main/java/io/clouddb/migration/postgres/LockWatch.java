/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.copy.TableLocks;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the locks on the tables go when the application waits for them, until the copy's own
 * sessions have theirs. A TRUNCATE or ALTER that came after the locks waits for them; whatever the
 * migration asks of that table then queues up behind it, and the slot waits for the end of its
 * transaction. No server sees that circle, since the locks are those of another session.
 */
final class LockWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LockWatch.class);
  private static final long LOOK_AGAIN_MILLIS = 500;
  private static final int LOOKS = 4;

  private final ConnectionDetails source;
  private final String sessionName;
  private final TableLocks locks;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable String gaveWayTo;

  private LockWatch(ConnectionDetails source, String sessionName, TableLocks locks) {
    this.source = source;
    this.sessionName = sessionName;
    this.locks = locks;
    this.thread = new Thread(this::watch, "clouddb-locks");
    this.thread.setDaemon(true);
  }

  static LockWatch start(ConnectionDetails source, String sessionName, TableLocks locks) {
    LockWatch watch = new LockWatch(source, sessionName, locks);
    watch.thread.start();
    return watch;
  }

  private void watch() {
    try (Connection connection = PinnedSession.open(source, "watch")) {
      int seen = 0;
      while (!closed.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
        List<String> waiting = BlockedSessions.behind(connection, sessionName);
        seen = waiting.isEmpty() ? 0 : seen + 1;
        if (seen == LOOKS) {
          gaveWayTo = String.join("; ", waiting);
          locks.close();
          return;
        }
      }
    } catch (SQLException | CloudDbException e) {
      // Without it the migration may wait for as long as the application does; it says for whom.
      LOG.warn("Nobody watches who waits for the locks on the tables: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Throws when the locks were let go. */
  void requireLocks() {
    String waiting = gaveWayTo;
    if (waiting != null) {
      throw new GiveWayException(waiting);
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
