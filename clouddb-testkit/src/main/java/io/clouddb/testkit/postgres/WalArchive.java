/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A hold of what a server can be made again from, as it was at any moment since its beginning: the
 * empty data that it was started with, and all of its write-ahead log since. While somebody has
 * one, the log stays when its server is closed; with the last one it is deleted.
 *
 * <p>A server that runs writes on, so its archive reaches to now. One that was killed, or closed,
 * has what was committed until then. The moments of a replica are those of the server that it
 * follows, and, once it is promoted, its own.
 */
public final class WalArchive implements AutoCloseable {
  private final KeptLog log;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Counts as a hold from now on. */
  WalArchive(KeptLog log) {
    log.hold();
    this.log = log;
  }

  /**
   * Starts the description of a new server with the data of a moment. Any number of them may be
   * made of one archive, also at once.
   *
   * @return a builder, with the settings of the server whose log it is
   * @throws IllegalStateException when this was closed
   */
  public RestoreBuilder restore() {
    return new RestoreBuilder(open());
  }

  /**
   * Another hold of the same, to be closed by itself.
   *
   * @return the hold
   * @throws IllegalStateException when this was closed
   */
  public WalArchive hold() {
    return new WalArchive(open());
  }

  KeptLog log() {
    return log;
  }

  private KeptLog open() {
    if (closed.get()) {
      throw new IllegalStateException("This archive is closed");
    }
    return log;
  }

  /**
   * Lets go of it; does nothing the second time.
   *
   * @throws io.clouddb.error.CloudDbException when it was the last hold of a server that is closed,
   *     and the log cannot be deleted
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      log.release();
    }
  }
}
