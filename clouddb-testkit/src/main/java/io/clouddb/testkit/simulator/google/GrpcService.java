/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google;

import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.http.RunSecret;
import java.net.URI;

/**
 * A service that speaks gRPC. It listens on a port of its own, for the JDK's server knows no
 * HTTP/2, but belongs to the same cloud: it asks the engine's faults before each request, keeps the
 * requests without their secrets in the engine's log, and refuses whoever does not show the secret.
 */
public interface GrpcService extends AutoCloseable {
  /**
   * What it is found by.
   *
   * @return for example {@code spanner}
   */
  String name();

  /**
   * Starts serving, on a free port of the loopback address.
   *
   * @param engine the cloud's time, faults and log
   * @param secret what every request has to show as its bearer token
   * @return where it listens
   */
  URI start(CloudEngine engine, RunSecret secret);

  /** Stops serving. */
  @Override
  void close();
}
