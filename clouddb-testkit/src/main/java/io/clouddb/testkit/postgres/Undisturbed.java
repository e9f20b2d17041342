/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work that an interrupt does not stop, since what it leaves undone would stay: the end of a
 * server. It is done on a thread that nobody knows, because on an interrupted one not even a file
 * can be read; the caller waits for it, and is still interrupted afterwards. The work has limits of
 * its own.
 */
final class Undisturbed {
  /** What is to be done. */
  interface Work {
    void run() throws IOException;
  }

  private Undisturbed() {}

  /** Does it, and throws what it throws. */
  static void run(Work work) throws IOException {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              work.run();
              return true;
            });
    Thread thread = new Thread(task, Thread.currentThread().getName() + "-undisturbed");
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
