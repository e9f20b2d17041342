/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure;

import java.lang.reflect.InvocationTargetException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's HTTP client, with an end also where the JDK gives it none: {@code shutdownNow()} came
 * with Java 21. Before, a client ends when it is garbage, some seconds after; its idle connections
 * stay for 20 minutes otherwise. Its one thread ends, and closes them all, when it is interrupted.
 * Where that thread is not found under the name that it has in Java 17, all is as it was.
 */
final class ClosableJdkClient implements AutoCloseable {
  private static final Duration END = Duration.ofSeconds(1);
  private static final long IDLE_SECONDS = 30;
  private static final int MORE = 16;
  private static final Pattern NUMBER = Pattern.compile("\\((\\d+)\\)$");
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          ClosableJdkClient::daemon,
          // What the client does while it ends, it does itself.
          (task, pool) -> task.run());

  private final HttpClient client;
  private final @Nullable Thread selector;

  ClosableJdkClient(HttpClient.Builder builder) {
    this.client = builder.executor(workers).build();
    this.selector = selectorOf(client);
  }

  /** The client's text ends with the number that is in its thread's name. */
  private static @Nullable Thread selectorOf(HttpClient client) {
    Matcher number = NUMBER.matcher(client.toString());
    if (!number.find()) {
      return null;
    }
    String name = "HttpClient-" + number.group(1) + "-SelectorManager";
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    Thread[] threads = new Thread[2 * group.activeCount() + MORE];
    int count = group.enumerate(threads);
    for (int i = 0; i < count; i++) {
      if (threads[i].getName().equals(name)
          && threads[i].getClass().getName().startsWith("jdk.internal.net.http.")) {
        return threads[i];
      }
    }
    return null;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "clouddb-azure-http-" + COUNT.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request) {
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  @Override
  public void close() {
    Thread thread = selector;
    if (!shutDown() && thread != null) {
      thread.interrupt();
    }
    workers.shutdownNow();
    if (thread != null && thread != Thread.currentThread()) {
      try {
        thread.join(END.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Java 21's way; false where there is none. */
  private boolean shutDown() {
    try {
      HttpClient.class.getMethod("shutdownNow").invoke(client);
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("The HTTP client does not shut down", e);
    }
  }
}
