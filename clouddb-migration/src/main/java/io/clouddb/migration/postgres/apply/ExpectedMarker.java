/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import java.time.Duration;

/**
 * A logical message that an applier looks out for until this is closed. It is made before the
 * message is written: of messages that nobody expects, nothing is kept.
 */
public final class ExpectedMarker implements AutoCloseable {
  private final Markers markers;
  private final ApplyGate gate;
  private final String content;

  ExpectedMarker(Markers markers, ApplyGate gate, String content) {
    this.markers = markers;
    this.gate = gate;
    this.content = content;
    markers.expect(content);
  }

  /**
   * Waits until the transaction with the message is durable on the target. Can be called again.
   *
   * @param patience how long to wait
   * @throws io.clouddb.error.CloudDbException when it did not come in time, or the applier failed
   */
  public void await(Duration patience) {
    gate.await(() -> markers.isDurable(content), patience, "The marker was not applied");
  }

  /** Looks out for it no more. */
  @Override
  public void close() {
    markers.forget(content);
  }
}
