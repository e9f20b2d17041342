/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.Faults;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.Verb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a web page, or another process, can send to a simulator. */
class HostileRequestsTest {
  private final ManualClock clock = SimulatedClock.manual(Instant.EPOCH);
  private final CloudEngine engine = new CloudEngine(clock);
  private final Faults faults = engine.faults();
  private final Echo echo = new Echo();
  private final SimulatorServer server = SimulatorServer.start(echo, engine, 0);
  private final HttpClient client = HttpClient.newHttpClient();

  /** Counts who gets as far as to be asked who it is, and who gets past that. */
  private static final class Echo implements WireProtocol {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();

    @Override
    public Optional<SimulatedResponse> refuseStranger(SimulatedRequest request) {
      asked.incrementAndGet();
      return request.header("X-Stranger").map(yes -> SimulatedResponse.empty(401));
    }

    @Override
    public Call callOf(SimulatedRequest request) {
      return Call.of(request.segments().get(0), Verb.READ, "thing", "");
    }

    @Override
    public SimulatedResponse handle(Call call, SimulatedRequest request) {
      served.incrementAndGet();
      return switch (call.operation()) {
        case "form" -> SimulatedResponse.utf8(200, "text/plain", "" + request.form().size());
        case "deep" ->
            SimulatedResponse.utf8(
                200, "text/plain", "" + depth(request.text(StandardCharsets.UTF_8), 0));
        case "unknown" ->
            throw new NotSimulatedException("the value " + request.text(StandardCharsets.UTF_8));
        case "bug" ->
            throw new IllegalStateException("a bug with " + request.text(StandardCharsets.UTF_8));
        default -> SimulatedResponse.utf8(200, "text/plain", request.text(StandardCharsets.UTF_8));
      };
    }

    /** As deep as its text is long. */
    private static int depth(String text, int at) {
      return at == text.length() ? 0 : 1 + depth(text, at + 1);
    }

    @Override
    public SimulatedResponse refused(
        Call call, SimulatedRequest request, SimulatorException reason) {
      return SimulatedResponse.empty(404);
    }

    @Override
    public SimulatedResponse problem(SimulatedRequest request, Problem problem) {
      return switch (problem.kind()) {
        case THROTTLED -> SimulatedResponse.empty(429);
        case CREDENTIALS_EXPIRED -> SimulatedResponse.empty(401);
        case UNAVAILABLE -> SimulatedResponse.utf8(500, "text/plain", problem.message());
        case NOT_SIMULATED -> SimulatedResponse.utf8(501, "text/plain", problem.message());
        case REFUSED ->
            SimulatedResponse.utf8(
                problem.status(), "text/plain", problem.code() + ": " + problem.message());
      };
    }
  }

  @AfterEach
  void close() {
    server.close();
    clock.close();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(server.endpoint() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send(to(path).POST(BodyPublishers.ofString(body)));
  }

  /** As it stands, for what no client of Java would send. */
  private String raw(String head) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.endpoint().getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      byte[] answer = new byte[64];
      int read = socket.getInputStream().readNBytes(answer, 0, 12);
      return new String(answer, 0, read, StandardCharsets.ISO_8859_1);
    }
  }

  private void nobodyWasAsked() {
    assertThat(echo.asked).hasValue(0);
    assertThat(echo.served).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Origin: https://evil.example", "Origin: null", "Sec-Fetch-Site: none"})
  void refusesWhatABrowserSendsForAWebPage(String header) throws Exception {
    String[] parts = header.split(": ", 2);
    HttpResponse<String> answer =
        send(
            to("/echo")
                .header(parts[0], parts[1])
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("x")));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().map()).doesNotContainKey("access-control-allow-origin");
    nobodyWasAsked();
  }

  @Test
  void refusesAnotherHostThatMeansThisMachine() throws Exception {
    int port = server.endpoint().getPort();
    for (String host :
        List.of(
            "evil.example:" + port, "localhost.evil.example:" + port, "127.0.0.1." + port, "")) {
      assertThat(raw("GET /echo HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
          .as(host)
          .isEqualTo("HTTP/1.1 403");
    }
    assertThat(raw("GET /echo HTTP/1.1\r\n\r\n")).isEqualTo("HTTP/1.1 403");
    String here = "Host: localhost:" + port + "\r\n";
    assertThat(raw("GET /echo HTTP/1.1\r\n" + here + here + "\r\n")).isEqualTo("HTTP/1.1 403");
    assertThat(raw("GET http://evil.example/echo HTTP/1.1\r\n" + here + "\r\n"))
        .isEqualTo("HTTP/1.1 403");
    nobodyWasAsked();
    assertThat(raw("GET /echo HTTP/1.1\r\n" + here + "\r\n")).isEqualTo("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPTIONS", "TRACE", "CONNECT"})
  void refusesMethodsOfNoApi(String method) throws Exception {
    String head = " /echo HTTP/1.1\r\nHost: localhost:" + server.endpoint().getPort() + "\r\n\r\n";
    assertThat(raw(method + head)).isEqualTo("HTTP/1.1 403");
    nobodyWasAsked();
  }

  @Test
  void doesNothingForAStrangerAndKeepsNoBodyOfIt() throws Exception {
    faults.onAny().unavailable();
    HttpResponse<String> answer =
        send(to("/echo").header("X-Stranger", "yes").POST(BodyPublishers.ofString("x=y")));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(echo.served).hasValue(0);
    assertThat(faults.pending()).isEqualTo(1);
    assertThat(engine.requests().requests())
        .singleElement()
        .extracting(RecordedRequest::body)
        .isEqualTo("");
  }

  @Test
  void refusesWhatIsTooLargeOrUnpacksToIt() throws Exception {
    String large = "x".repeat(WireProtocol.LARGEST_REQUEST + 1);
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
      zip.write(large.getBytes(StandardCharsets.UTF_8));
    }
    byte[] packed = bomb.toByteArray();
    assertThat(packed.length).isLessThan(10_000);
    HttpRequest.Builder zipped = to("/echo").header("Content-Encoding", "gzip");
    assertThat(send(zipped.POST(BodyPublishers.ofByteArray(packed))).statusCode()).isEqualTo(413);
    assertThat(send(zipped.POST(BodyPublishers.ofString("no gzip"))).statusCode()).isEqualTo(400);
    assertThat(post("/echo", large).statusCode()).isEqualTo(413);
    nobodyWasAsked();
    assertThat(post("/echo", large.substring(1)).statusCode()).isEqualTo(200);
    HttpRequest.Builder head = to("/echo").header("X-Much", "x".repeat(RequestLimits.HEAD));
    assertThat(send(head.GET()).statusCode()).isEqualTo(431);
    assertThat(engine.requests().bugs()).isEmpty();
  }

  @Test
  void refusesWhatIsTooDeepOrHasTooManyFieldsOrIsNoForm() throws Exception {
    assertThat(post("/echo", "[".repeat(100_000)).statusCode()).isEqualTo(400);
    assertThat(post("/echo", "{\"a\":".repeat(65) + "1" + "}".repeat(65)).statusCode())
        .isEqualTo(400);
    assertThat(post("/echo", "{\"a\":\"" + "[".repeat(100) + "\"}").statusCode()).isEqualTo(200);
    assertThat(post("/form", "a=b&".repeat(RequestLimits.PAIRS + 1)).statusCode()).isEqualTo(400);
    assertThat(post("/form", "a=%zz").statusCode()).isEqualTo(400);
    assertThat(post("/form", "a=b&c=d").body()).isEqualTo("2");
    assertThat(engine.requests().bugs()).isEmpty();
  }

  @Test
  void outlivesAnOverflowInASkin() throws Exception {
    assertThat(post("/deep", "x".repeat(1_000_000)).statusCode()).isEqualTo(500);
    assertThat(engine.requests().bugs()).singleElement().isInstanceOf(StackOverflowError.class);
  }

  @Test
  void servesSoManyAtOnceAndTheOthersAfterwards() throws Exception {
    int requests = RequestLimits.AT_ONCE + 20;
    CountDownLatch released = new CountDownLatch(1);
    faults.onAny().times(RequestLimits.AT_ONCE).heldUntil(released);
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      answers.add(
          client.sendAsync(
              to("/echo").POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString()));
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (faults.pending() > 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(faults.pending()).isZero();
    assertThat(echo.asked).hasValue(RequestLimits.AT_ONCE);
    released.countDown();
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void limitsTheTimeThatARequestMayTakeToArrive() {
    assertThat(Long.getLong("sun.net.httpserver.maxReqTime")).isBetween(1L, 300L);
  }

  @Test
  void keepsNoLongPasswordAndDoesNotOverflow() throws Exception {
    String secret = "p4ss\\\"word".repeat(3_000);
    post("/echo", "{\"a\":[{\"rootPassword\":\"" + secret + "\"}]}");
    assertThat(engine.requests().requests()).hasSize(1);
    assertThat(engine.requests().requests().toString()).doesNotContain("p4ss");
  }

  @Test
  void tellsNoSecretWhereItTellsOfARequest() throws Exception {
    HttpResponse<String> unknown = post("/unknown", "MasterUserPassword=hunter2-hunter2");
    HttpResponse<String> bug = post("/bug", "{\"password\":\"hunter2-hunter2\"}");
    assertThat(
            unknown.body()
                + bug.body()
                + engine.requests().notSimulated()
                + engine.requests().requests())
        .contains("a bug with")
        .doesNotContain("hunter2");
  }
}
