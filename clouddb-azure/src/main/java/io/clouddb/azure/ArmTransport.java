/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure;

import com.azure.core.http.HttpHeader;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.ProxyOptions;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Configuration;
import com.azure.core.util.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/**
 * The JDK's HTTP client as Azure's SDK wants one, with an end: {@link #close()} cuts off what is
 * under way, and gives back the threads and connections. The SDK's own client over the JDK's has no
 * such end: it keeps them, and a shutdown hook, for the process.
 *
 * <p>Answers are read whole, on the thread that asks; those of a resource manager are small.
 */
final class ArmTransport implements com.azure.core.http.HttpClient, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** What the JDK's client writes itself, and refuses to be told. */
  private static final Set<String> ITS_OWN =
      Set.of("connection", "content-length", "expect", "host", "upgrade");

  private final ClosableJdkClient client;
  private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  ArmTransport() {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT);
    ProxyOptions proxy =
        ProxyOptions.fromConfiguration(Configuration.getGlobalConfiguration(), true);
    if (proxy != null) {
      ConfiguredProxy.of(proxy).use(builder);
    }
    this.client = new ClosableJdkClient(builder);
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request) {
    return send(request, Context.NONE);
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request, Context context) {
    return Mono.fromCallable(() -> answer(request));
  }

  @Override
  public HttpResponse sendSync(HttpRequest request, Context context) {
    try {
      return answer(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw Exceptions.propagate(e);
    }
  }

  @SuppressWarnings("CollectionUndefinedEquality") // Each is only equal to itself, as is meant.
  private HttpResponse answer(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<java.net.http.HttpResponse<byte[]>> answer = begin(jdk(request));
    try {
      return new ArmAnswer(request, answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      IOException timeout = new HttpTimeoutException("No whole answer within " + ANSWER);
      timeout.initCause(e);
      throw timeout;
    } catch (CancellationException e) {
      throw new IOException("The cloud was closed before the answer came", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      underWay.remove(answer);
      // No effect on what has ended; of a request that was given up it ends the connection.
      answer.cancel(true);
    }
  }

  /** Either close() finds it among those that are under way, or it finds that it is closed. */
  private CompletableFuture<java.net.http.HttpResponse<byte[]>> begin(
      java.net.http.HttpRequest request) throws IOException {
    synchronized (this) {
      if (closed) {
        throw new ConnectException("The cloud is closed, and nothing was sent");
      }
      CompletableFuture<java.net.http.HttpResponse<byte[]>> answer = client.send(request);
      underWay.add(answer);
      return answer;
    }
  }

  private static java.net.http.HttpRequest jdk(HttpRequest request) {
    java.net.http.HttpRequest.Builder builder =
        java.net.http.HttpRequest.newBuilder(URI.create(request.getUrl().toString()))
            .timeout(ANSWER);
    BinaryData body = request.getBodyAsBinaryData();
    builder.method(
        request.getHttpMethod().toString(),
        body == null
            ? java.net.http.HttpRequest.BodyPublishers.noBody()
            : java.net.http.HttpRequest.BodyPublishers.ofByteArray(body.toBytes()));
    for (HttpHeader header : request.getHeaders()) {
      if (!ITS_OWN.contains(header.getName().toLowerCase(Locale.ROOT))) {
        header.getValuesList().forEach(value -> builder.header(header.getName(), value));
      }
    }
    return builder.build();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    // This closes their connections too: the client's end closes those that are idle.
    underWay.forEach(answer -> answer.cancel(true));
    client.close();
  }
}
