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
 * Keeps the port of a server that is down from others, which would be found there when it starts
 * again. It is bound and not listened on: who connects is refused, as without it.
 */
final class HeldPort {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);

  private @Nullable SocketChannel channel;

  /** Until it is released; a port that somebody has taken already stays theirs. */
  synchronized void hold(int port) {
    if (port == 0 || channel != null) {
      return;
    }
    try {
      SocketChannel bound = SocketChannel.open();
      try {
        // What is left of the server's connections would be in the way otherwise.
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
}
