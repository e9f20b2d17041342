/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/**
 * Tells a child process that it is to end. Its standard input is a pipe that its parent holds open;
 * the operating system closes it also when the parent is killed.
 */
public final class ParentWatch {
  private final CountDownLatch ended = new CountDownLatch(1);

  private ParentWatch() {}

  /**
   * Begins to watch.
   *
   * @return the watch
   */
  public static ParentWatch begin() {
    ParentWatch watch = new ParentWatch();
    Thread thread = new Thread(() -> watch.readToTheEnd(System.in), "parent-watch");
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  private void readToTheEnd(InputStream in) {
    try {
      while (in.read() >= 0) {
        // Nothing is said on it.
      }
    } catch (IOException e) {
      LoggerFactory.getLogger(ParentWatch.class).debug("The pipe broke", e);
    } finally {
      ended.countDown();
    }
  }

  /**
   * Waits until the parent wants an end, or is no more.
   *
   * @throws InterruptedException when this thread is interrupted
   */
  public void await() throws InterruptedException {
    ended.await();
  }
}
