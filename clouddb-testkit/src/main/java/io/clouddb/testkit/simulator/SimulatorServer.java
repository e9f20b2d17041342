/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a {@link WireProtocol} over HTTP on a free port of the loopback address, with faults on
 * demand, and keeps every request for tests to look at.
 *
 * <p>A request that is not simulated is answered by the protocol's own {@link
 * WireProtocol#notSimulated} and listed in {@link #notSimulated()}; a bug in a skin is answered as
 * an internal error and listed in {@link #bugs()}. A test that asserts that both are empty cannot
 * pass by accident.
 *
 * <p>After a dropped connection {@code HttpURLConnection}, which the default transport of Google's
 * library and one of AWS' clients use, sends even a POST once more by itself, unless the system
 * property {@code sun.net.http.retryPost} is {@code false}.
 */
public final class SimulatorServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatorServer.class);
  private static final String UNKNOWN = "?";

  /** The JDK's server reads it once; by its default each answer waits for an acknowledgement. */
  private static final String NO_DELAY = "sun.net.httpserver.nodelay";

  static {
    // Head and body of an answer are two packets, and the second one waits some 40 ms otherwise:
    // for the client's delayed acknowledgement of the first.
    if (System.getProperty(NO_DELAY) == null) {
      System.setProperty(NO_DELAY, "true");
    }
  }

  private final WireProtocol protocol;
  private final Faults faults;
  private final HttpServer server;
  private final ExecutorService threads;
  private final List<RecordedRequest> requests = new ArrayList<>();
  private final List<String> notSimulated = new ArrayList<>();
  private final List<Throwable> bugs = new ArrayList<>();

  private SimulatorServer(WireProtocol protocol, Faults faults, int port) throws IOException {
    this.protocol = protocol;
    this.faults = faults;
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    this.server = HttpServer.create(new InetSocketAddress(loopback, port), 0);
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread =
                  new Thread(task, "clouddb-simulator-http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /**
   * Starts serving on a free port.
   *
   * @param protocol the skin
   * @param faults what goes wrong; mostly {@link SimulatedCloud#faults()}
   * @return the running server
   * @throws UncheckedIOException when it cannot listen
   */
  public static SimulatorServer start(WireProtocol protocol, Faults faults) {
    return start(protocol, faults, 0);
  }

  /**
   * Starts serving.
   *
   * @param protocol the skin
   * @param faults what goes wrong; mostly {@link SimulatedCloud#faults()}
   * @param port the TCP port, 0 for a free one
   * @return the running server
   * @throws io.clouddb.error.ConditionFailedException when the port is taken
   * @throws UncheckedIOException when it cannot listen for another reason
   */
  public static SimulatorServer start(WireProtocol protocol, Faults faults, int port) {
    try {
      return new SimulatorServer(protocol, faults, port);
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
   * All requests, without secrets.
   *
   * @return a copy, oldest first
   */
  public List<RecordedRequest> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /**
   * The requests of one operation.
   *
   * @param operation its name
   * @return a copy, oldest first
   */
  public List<RecordedRequest> requests(String operation) {
    return requests().stream().filter(r -> r.operation().equals(operation)).toList();
  }

  /** Forgets the requests. */
  public void clearRequests() {
    synchronized (requests) {
      requests.clear();
    }
  }

  /**
   * What was asked for and is not simulated.
   *
   * @return a copy of the messages
   */
  public List<String> notSimulated() {
    synchronized (requests) {
      return List.copyOf(notSimulated);
    }
  }

  /**
   * What a skin has thrown and should not have.
   *
   * @return a copy
   */
  public List<Throwable> bugs() {
    synchronized (requests) {
      return List.copyOf(bugs);
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      SimulatedRequest request = read(exchange);
      String operation = UNKNOWN;
      Optional<SimulatedResponse> response;
      try {
        operation = protocol.operationOf(request);
        response = answer(operation, request);
      } catch (NotSimulatedException e) {
        String message = Objects.requireNonNullElse(e.getMessage(), e.what());
        synchronized (requests) {
          notSimulated.add(request + ": " + message);
        }
        LOG.debug("{}: {}", request, message);
        response = Optional.of(protocol.notSimulated(message));
      } catch (RuntimeException e) {
        synchronized (requests) {
          bugs.add(e);
        }
        LOG.error("The simulator could not answer {}", request, e);
        response = Optional.of(protocol.failed(operation, "A bug in the simulator: " + e));
      }
      record(operation, request, response);
      if (response.isPresent()) {
        write(exchange, request, response.get());
      }
    }
  }

  /** Empty when the connection is to be dropped. */
  private Optional<SimulatedResponse> answer(String operation, SimulatedRequest request) {
    Optional<Faults.Fault> fault = faults.next(operation);
    if (fault.isEmpty()) {
      return Optional.of(handle(operation, request));
    }
    return switch (fault.get().kind()) {
      case THROTTLE -> Optional.of(protocol.throttled(operation));
      case FAIL -> Optional.of(protocol.failed(operation, "A test asked for this failure"));
      case DROP_BEFORE_EFFECT -> Optional.empty();
      case DROP_AFTER_EFFECT -> {
        handle(operation, request);
        yield Optional.empty();
      }
      case LATENCY -> {
        pause(fault.get().latency());
        yield Optional.of(handle(operation, request));
      }
      case INTERCEPT -> fault.get().answer();
      case HOLD -> {
        hold(fault.get().released());
        yield Optional.of(handle(operation, request));
      }
    };
  }

  private SimulatedResponse handle(String operation, SimulatedRequest request) {
    try {
      return protocol.handle(operation, request);
    } catch (SimulatorException e) {
      return protocol.refused(operation, request, e);
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
    RecordedRequest record =
        RecordedRequest.of(
            operation,
            request,
            response.map(SimulatedResponse::status).orElse(0),
            response.map(SimulatedResponse::body).orElse(""));
    synchronized (requests) {
      requests.add(record);
    }
  }

  private static SimulatedRequest read(HttpExchange exchange) throws IOException {
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream raw = exchange.getRequestBody();
        InputStream body = zipped ? new GZIPInputStream(raw) : raw) {
      URI uri = exchange.getRequestURI();
      return new SimulatedRequest(
          exchange.getRequestMethod(),
          uri.getPath(),
          Objects.requireNonNullElse(uri.getRawQuery(), ""),
          exchange.getRequestHeaders(),
          new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static void write(
      HttpExchange exchange, SimulatedRequest request, SimulatedResponse response)
      throws IOException {
    response.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    byte[] bytes = response.body().getBytes(StandardCharsets.UTF_8);
    boolean bodyless = bytes.length == 0 || request.method().equals("HEAD");
    exchange.sendResponseHeaders(response.status(), bodyless ? -1 : bytes.length);
    if (!bodyless) {
      exchange.getResponseBody().write(bytes);
    }
  }

  /** Stops serving. The cloud behind it stays as it is. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
