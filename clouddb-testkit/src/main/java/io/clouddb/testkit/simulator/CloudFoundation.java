/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.http.RunSecret;
import io.clouddb.testkit.simulator.server.ManagedServers;

/**
 * What a simulated cloud is built on, before it speaks a protocol.
 *
 * @param clock its time
 * @param ownsClock whether the clock was made for it, and is closed with it
 * @param engine what its services share
 * @param servers its managed database servers
 * @param secret what it asks of its clients
 * @param region the region that is opened when none is named
 * @param port the TCP port to listen on; 0 for a free one
 */
public record CloudFoundation(
    SimulatedClock clock,
    boolean ownsClock,
    CloudEngine engine,
    ManagedServers servers,
    RunSecret secret,
    String region,
    int port)
    implements AutoCloseable {
  /** Ends what goes on, and stops and deletes all databases. */
  @Override
  public void close() {
    // The last first; each of them, whatever another says.
    try (AutoClock time = ownsClock ? clock::close : () -> {};
        engine;
        servers) {
      // Closed by leaving.
    }
  }

  private interface AutoClock extends AutoCloseable {
    @Override
    void close();
  }
}
