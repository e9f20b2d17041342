/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Looks for a port that nobody listens on. */
final class FreePort {
  // Below the ports that Linux and macOS give to outgoing connections, so that none of them takes
  // the port while the server is stopped.
  private static final int FIRST = 20_000;
  private static final int LAST = 32_000;
  private static final int TRIES = 200;

  private FreePort() {}

  /** A port that was free a moment ago. */
  static int find() throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      try (ServerSocket probe = new ServerSocket()) {
        // With it the port that is held for a server that is down would look free.
        probe.setReuseAddress(false);
        probe.bind(new InetSocketAddress(loopback, port), 1);
        return port;
      } catch (IOException e) {
        // Taken: try another.
      }
    }
    throw new IOException(
        "No free port was found in " + TRIES + " tries between " + FIRST + " and " + LAST);
  }
}
