/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import java.time.Duration;

/**
 * The time by which long operations are followed. An application needs none; a test hands in the
 * one of its simulated cloud, so that a pause of ten seconds passes as fast as the cloud's minutes.
 */
@FunctionalInterface
public interface OperationTimer {
  /**
   * Runs a task once, later, on a thread of its own choice.
   *
   * @param delay how much later; zero for at once
   * @param task returns soon and does not throw
   * @throws java.util.concurrent.RejectedExecutionException when it was closed: nothing will run
   */
  void schedule(Duration delay, Runnable task);
}
