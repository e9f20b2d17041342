/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import java.time.Instant;

/**
 * The data of a moment.
 *
 * @param archive what it is restored from; this one's own hold of it
 * @param moment the moment, in real time
 */
record BackedUp(DatabaseArchive archive, Instant moment) implements AutoCloseable {
  /** The same, with a hold of its own. */
  BackedUp again() {
    return new BackedUp(archive.again(), moment);
  }

  /** Lets go of it. */
  @Override
  public void close() {
    archive.close();
  }
}
