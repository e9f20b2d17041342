/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and kill. The JVM is asked to end; before it does, the work is asked to stop and is waited
 * for, so that it can put back what it has changed and say what is left.
 */
public final class Interruption {
  /** What a shell calls an end by Ctrl-C. */
  public static final int EXIT_CODE = 130;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Duration patience;
  private Runnable stop;
  private boolean requested;

  private Interruption(Duration patience, Runnable stop) {
    this.patience = patience;
    this.stop = stop;
  }

  /**
   * Begins to listen.
   *
   * @param patience how long the work may take to stop
   * @return what is asked whether somebody wants it to stop
   */
  public static Interruption listen(Duration patience) {
    Thread worker = Thread.currentThread();
    Interruption interruption = new Interruption(patience, worker::interrupt);
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::onShutdown, "interruption"));
    return interruption;
  }

  private void onShutdown() {
    if (ended.getCount() == 0) {
      return;
    }
    Runnable how;
    synchronized (this) {
      requested = true;
      how = stop;
    }
    how.run();
    try {
      if (!ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("The work did not stop within " + patience.toSeconds() + " s.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(EXIT_CODE);
  }

  /**
   * Says how the work is stopped from now on.
   *
   * @param how called on another thread, at most once
   */
  public synchronized void stopBy(Runnable how) {
    stop = how;
    if (requested) {
      how.run();
    }
  }

  /** Whether somebody wants it to stop. */
  public synchronized boolean requested() {
    return requested;
  }

  /** The work has ended, and so may the JVM. */
  public void end() {
    ended.countDown();
  }
}
