/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the port of a server that is down from what would be found there when it starts again: from
 * other servers that look for one, and from connections that begin there. It is bound and not
 * listened on, so that who connects is refused, as without it; a stand-in that names the port
 * itself gets it. On Linux only: elsewhere such a stand-in, and the server itself, would be
 * refused.
 */
final class HeldPort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);

  private @Nullable SocketChannel channel;
  private boolean closed;

  /** Until it is released; a port that somebody has taken already stays theirs. */
  synchronized void hold(int port) {
    if (port == 0 || channel != null || closed || !Platform.isLinux()) {
      return;
    }
    try {
      SocketChannel bound = SocketChannel.open();
      try {
        // Also the server's, with which both can have it at once.
        bound.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        bound.bind(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        channel = bound;
      } catch (IOException | RuntimeException e) {
        bound.close();
        throw e;
      }
    } catch (IOException e) {
      LOG.debug("Port {} cannot be kept for the next start", port, e);
    }
  }

  /** Does nothing when none is held. */
  synchronized void release() {
    SocketChannel held = channel;
    channel = null;
    if (held != null) {
      try {
        held.close();
      } catch (IOException e) {
        LOG.debug("A port that was kept could not be released", e);
      }
    }
  }

  /** Holds none from now on. */
  @Override
  public synchronized void close() {
    closed = true;
    release();
  }
}
