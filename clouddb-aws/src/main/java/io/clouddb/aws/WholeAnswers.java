/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * A transport that hands an answer on when all of it is there. The SDK ends an exchange as soon as
 * it has read an error's body; where the transport is not done with it yet, it takes that for a
 * broken connection, and a refusal that was read becomes an answer that was lost.
 */
final class WholeAnswers implements SdkAsyncHttpClient {
  private final SdkAsyncHttpClient transport;

  /** Those whose answers nobody has been told yet. */
  private final Set<Exchange> underWay = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  WholeAnswers(SdkAsyncHttpClient transport) {
    this.transport = transport;
  }

  /** Builds a transport for one client, which closes it. */
  static final class Builder implements SdkAsyncHttpClient.Builder<Builder> {
    private final SdkAsyncHttpClient.Builder<?> transport;

    Builder(SdkAsyncHttpClient.Builder<?> transport) {
      this.transport = transport;
    }

    @Override
    public SdkAsyncHttpClient buildWithDefaults(AttributeMap defaults) {
      return new WholeAnswers(transport.buildWithDefaults(defaults));
    }
  }

  @Override
  public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
    Exchange exchange = new Exchange(request.responseHandler());
    AsyncExecuteRequest.Builder sent =
        AsyncExecuteRequest.builder()
            .request(request.request())
            .requestContentPublisher(request.requestContentPublisher())
            .responseHandler(exchange.answer)
            .fullDuplex(request.fullDuplex())
            .httpExecutionAttributes(request.httpExecutionAttributes());
    request.metricCollector().ifPresent(sent::metricCollector);
    return exchange.follow(transport.execute(sent.build()));
  }

  @Override
  public String clientName() {
    return transport.clientName();
  }

  /**
   * Cuts off what is under way, as whoever gives up does. A transport that is closed leaves that to
   * its threads, which write to connections that are closed meanwhile, and log it.
   */
  @Override
  public void close() {
    closed = true;
    try {
      underWay.forEach(Exchange::cutOff);
    } finally {
      transport.close();
    }
  }

  /** A request and its answer, whose end is told once. */
  private final class Exchange {
    private final SdkAsyncHttpResponseHandler handler;
    private final Answer answer = new Answer();
    private final CompletableFuture<Void> whole = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();

    Exchange(SdkAsyncHttpResponseHandler handler) {
      this.handler = handler;
    }

    CompletableFuture<Void> follow(CompletableFuture<Void> exchange) {
      underWay.add(this);
      CompletableFuture<Void> told = exchange.whenComplete((nothing, failure) -> end(failure));
      // Whoever gives up, as when the time of the call is over, gives up the exchange.
      CompletableFuture<Void> unusedWhole =
          whole.whenComplete(
              (nothing, failure) -> {
                underWay.remove(this);
                if (failure != null && !told.isDone()) {
                  exchange.cancel(true);
                }
              });
      if (closed) {
        cutOff();
      }
      return whole;
    }

    private void end(@Nullable Throwable failure) {
      if (!over.compareAndSet(false, true)) {
        return;
      }
      try {
        if (failure == null || answer.isWhole()) {
          answer.tell(handler);
          whole.complete(null);
        } else {
          handler.onError(failure);
          whole.completeExceptionally(failure);
        }
      } catch (RuntimeException | Error e) {
        // Nobody else would say that it could not be told, and whoever waits would for ever.
        whole.completeExceptionally(e);
      }
    }

    void cutOff() {
      end(new IOException("The client was closed during the request"));
    }
  }

  /** What has come of an answer; by one thread at a time. */
  private static final class Answer implements SdkAsyncHttpResponseHandler, Subscriber<ByteBuffer> {
    private final List<ByteBuffer> parts = new ArrayList<>(1);
    private volatile @Nullable SdkHttpResponse head;
    private volatile boolean whole;

    @Override
    public void onHeaders(SdkHttpResponse headers) {
      head = headers;
    }

    @Override
    public void onStream(Publisher<ByteBuffer> stream) {
      stream.subscribe(this);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    /** The SDK's transports give each part as a copy of its own: it can be kept as it is. */
    @Override
    public synchronized void onNext(ByteBuffer part) {
      parts.add(part);
    }

    /** The exchange ends with it, too. */
    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {
      whole = true;
    }

    /** Whatever becomes of the connection then. */
    boolean isWhole() {
      return whole;
    }

    private synchronized List<ByteBuffer> body() {
      return parts;
    }

    void tell(SdkAsyncHttpResponseHandler handler) {
      SdkHttpResponse its = head;
      if (its == null) {
        handler.onError(new IllegalStateException("An exchange ended without an answer"));
        return;
      }
      handler.onHeaders(its);
      handler.onStream(new Once(body()));
    }
  }

  /** A body that is there, for one subscriber. */
  private record Once(List<ByteBuffer> body) implements Publisher<ByteBuffer> {
    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
      subscriber.onSubscribe(new Telling(body, subscriber));
    }
  }

  /** Tells as much as was asked for; by one thread at a time. */
  private static final class Telling implements Subscription {
    private final Iterator<ByteBuffer> left;
    private final Subscriber<? super ByteBuffer> subscriber;
    private long asked;
    private boolean telling;
    private boolean over;

    Telling(List<ByteBuffer> body, Subscriber<? super ByteBuffer> subscriber) {
      this.left = body.iterator();
      this.subscriber = subscriber;
    }

    /** A subscriber asks for more within what it is told, too. */
    @Override
    public void request(long most) {
      if (over) {
        return;
      }
      if (most <= 0) {
        over = true;
        subscriber.onError(new IllegalArgumentException("Asked for " + most + " parts"));
        return;
      }
      asked = asked + most < 0 ? Long.MAX_VALUE : asked + most;
      if (telling) {
        return;
      }
      telling = true;
      while (!over && asked > 0 && left.hasNext()) {
        asked--;
        subscriber.onNext(left.next());
      }
      telling = false;
      if (!over && !left.hasNext()) {
        over = true;
        subscriber.onComplete();
      }
    }

    @Override
    public void cancel() {
      over = true;
    }
  }
}
