/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.Fault;
import io.clouddb.testkit.simulator.engine.Faults;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.RequestLog;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.http.RequestLimits.RefusedRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a {@link WireProtocol} over HTTP on a free port of the loopback address, with faults on
 * demand, and keeps every request for tests to look at, in the engine's {@link RequestLog}.
 *
 * <p>It is for the clients that this process hands its secret to: {@link
 * WireProtocol#refuseStranger} sees a request first. What a browser sends for a web page (by its
 * {@code Origin}, or by a {@code Host} that is not this machine's own) is refused before its body
 * is read. Heads, bodies (as they are unpacked), the depth of JSON, the time to read a request, and
 * how many are served at once and kept are limited. The time, {@value #READ_SECONDS} s, is the
 * system property {@code sun.net.httpserver.maxReqTime}, which is set here unless it is set
 * already.
 *
 * <p>A request that is not simulated is answered in the protocol's own way and listed in {@link
 * RequestLog#notSimulated()}; a bug in a simulator is answered as an internal error and listed in
 * {@link RequestLog#bugs()}.
 *
 * <p>After a dropped connection {@code HttpURLConnection}, which the default transport of Google's
 * library and one of AWS' clients use, sends even a POST once more by itself, unless the system
 * property {@code sun.net.http.retryPost} is {@code false}.
 */
public final class SimulatorServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatorServer.class);
  private static final String UNKNOWN = "?";
  private static final int FORBIDDEN = 403;
  private static final int HUNDRED = 100;
  private static final int FRAMES = 12;

  /** The JDK's server reads it once; by its default each answer waits for an acknowledgement. */
  private static final String NO_DELAY = "sun.net.httpserver.nodelay";

  /** The JDK's server reads it once; by its default a request may take for ever to arrive. */
  private static final String READ_TIME = "sun.net.httpserver.maxReqTime";

  /** The JDK's server reads it once. */
  private static final String IDLE_TIME = "sun.net.httpserver.idleInterval";

  static final int READ_SECONDS = 60;

  /**
   * Longer than any SDK keeps a connection: by the default, of 30 seconds, the server ends one at
   * the moment at which a client may send on it, whose request then has no answer.
   */
  private static final int IDLE_SECONDS = 600;

  /** The JDK's server reads it once. */
  private static final String IDLE_CONNECTIONS = "sun.net.httpserver.maxIdleConnections";

  /**
   * More than all clients of a process keep: where there are more, by the default 200, the server
   * ends one right after its answer, and its client sends the next request on it.
   */
  private static final int MOST_IDLE = 10_000;

  /** Connections that wait to be accepted: with the default, 50, a burst of them has to retry. */
  private static final int BACKLOG = 1024;

  private static final Duration IDLE_THREAD = Duration.ofSeconds(30);

  static {
    // Head and body of an answer are two packets, and the second one waits some 40 ms otherwise:
    // for the client's delayed acknowledgement of the first.
    if (System.getProperty(NO_DELAY) == null) {
      System.setProperty(NO_DELAY, "true");
    }
    if (System.getProperty(READ_TIME) == null) {
      System.setProperty(READ_TIME, Integer.toString(READ_SECONDS));
    }
    if (System.getProperty(IDLE_TIME) == null) {
      System.setProperty(IDLE_TIME, Integer.toString(IDLE_SECONDS));
    }
    if (System.getProperty(IDLE_CONNECTIONS) == null) {
      System.setProperty(IDLE_CONNECTIONS, Integer.toString(MOST_IDLE));
    }
  }

  private final WireProtocol protocol;
  private final Faults faults;
  private final SimulatedClock clock;
  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final RequestLog log;
  private final AtomicInteger underWay = new AtomicInteger();

  private SimulatorServer(WireProtocol protocol, CloudEngine engine, int port) throws IOException {
    this.protocol = protocol;
    this.faults = engine.faults();
    this.clock = engine.clock();
    this.log = engine.requests();
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    this.server = HttpServer.create(new InetSocketAddress(loopback, port), BACKLOG);
    AtomicInteger number = new AtomicInteger();
    // The JDK's server drops the connection of a request that finds no place.
    this.threads =
        new ThreadPoolExecutor(
            RequestLimits.AT_ONCE,
            RequestLimits.AT_ONCE,
            IDLE_THREAD.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(RequestLimits.WAITING),
            task -> {
              Thread thread =
                  new Thread(task, "clouddb-simulator-http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /**
   * Starts serving.
   *
   * @param protocol what to serve
   * @param engine whose faults happen here, and which keeps the requests
   * @param port the TCP port, 0 for a free one
   * @return the running server
   * @throws io.clouddb.error.ConditionFailedException when the port is taken
   * @throws UncheckedIOException when it cannot listen for another reason
   */
  public static SimulatorServer start(WireProtocol protocol, CloudEngine engine, int port) {
    try {
      return new SimulatorServer(protocol, engine, port);
    } catch (BindException e) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The simulator cannot listen on port " + port + ": " + e.getMessage())
          .nextStep("Free the port, or name none: then a free one is taken.")
          .toException(e);
    } catch (IOException e) {
      throw new UncheckedIOException("The simulator cannot listen on port " + port, e);
    }
  }

  /**
   * Where it is.
   *
   * @return for example {@code http://127.0.0.1:40123}
   */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /**
   * How many requests have arrived and are not answered.
   *
   * @return 0 when all are over, and kept
   */
  public int underWay() {
    return underWay.get();
  }

  private void serve(HttpExchange exchange) throws IOException {
    underWay.incrementAndGet();
    try {
      answer(exchange);
    } finally {
      underWay.decrementAndGet();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      SimulatedRequest request = head(exchange);
      Optional<SimulatedResponse> response;
      String operation = UNKNOWN;
      try {
        requireLocal(exchange);
        SimulatedRequest whole = read(exchange, request, protocol.largestRequest(request));
        Optional<SimulatedResponse> stranger = protocol.refuseStranger(whole);
        if (stranger.isEmpty()) {
          request = whole;
          Call call = protocol.callOf(whole);
          operation = call.operation();
          response = answer(call, whole);
        } else {
          response = stranger;
        }
      } catch (RefusedRequestException e) {
        response =
            Optional.of(
                SimulatedResponse.utf8(
                    e.status(),
                    "text/plain; charset=utf-8",
                    Objects.requireNonNullElse(e.getMessage(), "refused")));
      } catch (NotSimulatedException e) {
        String message = withoutSecrets(request, e.getMessage());
        log.notSimulated(withoutSecrets(request, request + ": " + message));
        LOG.debug("A request that is not simulated: {}", message);
        response = Optional.of(protocol.problem(request, Problem.notSimulated(message)));
      } catch (RuntimeException | Error e) {
        // An error, too: without an answer a client could not tell it from a broken network.
        log.bug(e);
        // Not the exception itself: its message may repeat a password.
        LOG.error(
            "The simulator could not answer {}: {} at {}",
            withoutSecrets(request, request.toString()),
            withoutSecrets(request, e.toString()),
            Arrays.stream(e.getStackTrace()).limit(FRAMES).toList());
        response =
            Optional.of(
                protocol.problem(
                    request,
                    Problem.unavailable(withoutSecrets(request, "A bug in the simulator: " + e))));
      }
      record(operation, request, response);
      if (response.isPresent()) {
        write(exchange, request, response.get());
      }
    }
  }

  private void requireLocal(HttpExchange exchange) {
    RequestLimits.checkHead(exchange.getRequestURI().toString(), exchange.getRequestHeaders());
    LocalRequests.problem(
            exchange.getRequestMethod(), exchange.getRequestURI(), exchange.getRequestHeaders())
        .ifPresent(
            problem -> {
              throw new RefusedRequestException(FORBIDDEN, problem);
            });
  }

  private static String withoutSecrets(SimulatedRequest request, @Nullable String text) {
    return Redaction.of(request).text(Objects.requireNonNullElse(text, "no message"));
  }

  /** Empty when the connection is to be dropped. */
  private Optional<SimulatedResponse> answer(Call call, SimulatedRequest request) {
    Fault fault = faults.next(call).orElse(null);
    if (fault instanceof Fault.ConnectionResetBefore) {
      return Optional.empty();
    }
    if (fault instanceof Fault.ConnectionResetAfter) {
      handle(call, request);
      return Optional.empty();
    }
    if (fault instanceof Fault.AnswerCut) {
      return withBody(handle(call, request)).map(SimulatedResponse::cut);
    }
    if (fault instanceof Fault.AnswerGarbled) {
      return withBody(handle(call, request)).map(SimulatedResponse::garbled);
    }
    if (fault instanceof Fault.Intercepted other) {
      return Optional.of(SimulatedResponse.utf8(other.status(), other.contentType(), other.text()));
    }
    if (fault instanceof Fault.Slow slow) {
      pause(slow.realTime());
    } else if (fault instanceof Fault.Held held) {
      hold(held.released());
    } else if (fault instanceof Fault.OperationFails fails) {
      return Optional.of(handle(call.failing(fails.failure()), request));
    } else if (fault != null) {
      return Optional.of(protocol.problem(request, problem(fault)));
    }
    return Optional.of(handle(call, request));
  }

  /** One without a body cannot arrive in part: its connection is dropped. */
  private static Optional<SimulatedResponse> withBody(SimulatedResponse response) {
    return Optional.of(response).filter(answer -> answer.size() > 0);
  }

  private static Problem problem(Fault fault) {
    if (fault instanceof Fault.Throttled) {
      return Problem.of(Problem.Kind.THROTTLED);
    }
    if (fault instanceof Fault.Unavailable) {
      return Problem.unavailable("A test asked for this failure");
    }
    if (fault instanceof Fault.CredentialsExpired) {
      return Problem.of(Problem.Kind.CREDENTIALS_EXPIRED);
    }
    if (fault instanceof Fault.Refused refused) {
      return new Problem(Problem.Kind.REFUSED, refused.status(), refused.code(), refused.message());
    }
    throw new IllegalStateException("Nobody knows what to do about " + fault);
  }

  private SimulatedResponse handle(Call call, SimulatedRequest request) {
    // How long an answer takes depends on this machine.
    Runnable goOn = protocol.answersAtOnce(request) ? () -> {} : clock.standStill();
    try {
      SimulatedResponse response = protocol.handle(call, request);
      if (response.status() / HUNDRED == 2) {
        log.accept(call);
      }
      return response;
    } catch (SimulatorException e) {
      return protocol.refused(call, request, e);
    } finally {
      goOn.run();
    }
  }

  private static void pause(Duration latency) {
    try {
      Thread.sleep(latency.toMillis());
    } catch (InterruptedException e) {
      // The server is closed while a request waits: answer at once.
      Thread.currentThread().interrupt();
    }
  }

  private static void hold(CountDownLatch released) {
    try {
      released.await();
    } catch (InterruptedException e) {
      // The server is closed while a request waits: answer at once.
      Thread.currentThread().interrupt();
    }
  }

  private void record(
      String operation, SimulatedRequest request, Optional<SimulatedResponse> response) {
    request.forget();
    int length = request.size() + response.map(SimulatedResponse::size).orElse(0);
    log.add(
        length,
        () ->
            Redaction.record(
                operation,
                request,
                response.map(SimulatedResponse::status).orElse(0),
                response
                    .map(
                        sent ->
                            BodyText.of(
                                sent.body(),
                                Optional.ofNullable(sent.headers().get("Content-Type"))))
                    .orElse("")));
  }

  /** What is known before the body is read. */
  private static SimulatedRequest head(HttpExchange exchange) {
    return new SimulatedRequest(
        exchange.getRequestMethod(),
        exchange.getRequestURI(),
        exchange.getRequestHeaders(),
        new byte[0],
        new byte[0]);
  }

  private static SimulatedRequest read(HttpExchange exchange, SimulatedRequest head, int most)
      throws IOException {
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream raw = exchange.getRequestBody()) {
      byte[] payload = RequestLimits.read(raw, most);
      byte[] body = zipped ? RequestLimits.unpack(payload, most) : payload;
      return head.with(payload, body);
    }
  }

  private static void write(
      HttpExchange exchange, SimulatedRequest request, SimulatedResponse response)
      throws IOException {
    response.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    byte[] bytes = response.body();
    boolean bodyless = bytes.length == 0 || request.method().equals("HEAD");
    exchange.sendResponseHeaders(response.status(), bodyless ? -1 : bytes.length);
    if (!bodyless) {
      // An exchange that is closed before all that was announced is written closes the connection.
      exchange.getResponseBody().write(bytes, 0, response.arriving());
      if (response.arriving() < bytes.length) {
        exchange.getResponseBody().flush();
      }
    }
  }

  /** Stops serving. The cloud behind it stays as it is. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
