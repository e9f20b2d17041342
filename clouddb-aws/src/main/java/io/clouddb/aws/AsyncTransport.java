/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;

/**
 * The transport of the SDK's asynchronous clients, with threads of its own: those that the SDK
 * shares in the process outlive a cloud, and those that it makes for a client take seconds to end.
 */
final class AsyncTransport implements AutoCloseable {
  /** So many requests of one client are under way at a time; the others wait for a connection. */
  private static final int CONNECTIONS = 128;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** A page of 1 MB comes within a second or so; a connection on which nothing comes is broken. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private static final int SHUTDOWN_SECONDS = 5;

  /** From the thread of a connection to that of its pool, and to whoever waits for one of it. */
  private static final int MOST_HOPS = 5;

  private @Nullable EventLoopGroup threads;

  /** A transport for one client, which closes it. */
  synchronized SdkAsyncHttpClient.Builder<?> forOneClient() {
    if (threads == null) {
      threads = new NioEventLoopGroup(new DefaultThreadFactory("clouddb-aws-netty", true));
    }
    return new WholeAnswers.Builder(
        NettyNioAsyncHttpClient.builder()
            .eventLoopGroup(SdkEventLoopGroup.create(threads))
            .maxConcurrency(CONNECTIONS)
            .connectionTimeout(CONNECT_TIMEOUT)
            .readTimeout(SILENCE)
            .writeTimeout(SILENCE));
  }

  /** Ends what connections the clients have left, and then the threads. */
  @Override
  public synchronized void close() {
    EventLoopGroup last = threads;
    // A cloud may be closed twice.
    threads = null;
    if (last != null) {
      try {
        closeChannels(last);
        letTell(last);
      } finally {
        last.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS)
            .awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  /**
   * A client that is closed leaves the connections of calls under way. A thread that ends closes
   * them, too, but then the SDK counts them by another thread, which may be over, and netty logs
   * that as a warning.
   */
  private static void closeChannels(EventLoopGroup threads) {
    for (EventExecutor thread : threads) {
      if (thread instanceof SingleThreadEventLoop loop && loop.registeredChannels() != 0) {
        loop.submit(
                () -> {
                  // Not by their pipelines, in which the SDK waits for the answers under way.
                  List<Channel> left = new ArrayList<>();
                  loop.registeredChannelsIterator().forEachRemaining(left::add);
                  left.forEach(each -> each.unsafe().close(each.unsafe().voidPromise()));
                })
            .awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  /**
   * Waits until the threads have told each other what ends with the connections: one that is over
   * already cannot be told, which netty logs as an error.
   */
  private static void letTell(EventLoopGroup threads) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SHUTDOWN_SECONDS);
    for (int hop = 0; hop < MOST_HOPS; hop++) {
      for (EventExecutor thread : threads) {
        thread
            .submit(() -> {})
            .awaitUninterruptibly(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      }
    }
  }
}
