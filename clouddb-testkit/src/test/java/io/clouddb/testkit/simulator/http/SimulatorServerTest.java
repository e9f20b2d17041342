/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.testkit.contract.internal.Eventually;
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
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatorServerTest {
  private final ManualClock clock = SimulatedClock.manual(Instant.EPOCH);
  private final CloudEngine engine = new CloudEngine(clock);
  private final Faults faults = engine.faults();
  private final Counter counter = new Counter();
  private final SimulatorServer server = SimulatorServer.start(counter, engine, 0);
  private final HttpClient client = HttpClient.newHttpClient();

  /** Counts what has an effect. The operation is the first part of the path. */
  private static final class Counter implements WireProtocol {
    private final AtomicInteger effects = new AtomicInteger();
    private final AtomicInteger seen = new AtomicInteger();

    @Override
    public Optional<SimulatedResponse> refuseStranger(SimulatedRequest request) {
      seen.incrementAndGet();
      return request.header("X-Stranger").map(yes -> SimulatedResponse.empty(401));
    }

    @Override
    public Call callOf(SimulatedRequest request) {
      if (request.segments().isEmpty()) {
        throw new NotSimulatedException("an empty path");
      }
      return Call.of(request.segments().get(0), Verb.READ, "thing", "");
    }

    @Override
    public SimulatedResponse handle(Call call, SimulatedRequest request) {
      return switch (call.operation()) {
        case "count" -> SimulatedResponse.utf8(200, "text/plain", "" + effects.incrementAndGet());
        case "echo" ->
            SimulatedResponse.utf8(200, "text/plain", request.text(StandardCharsets.UTF_8))
                .withHeader("X-Name", request.query("name").orElse("none"));
        case "bytes" -> SimulatedResponse.of(200, "application/cbor", request.body());
        case "empty" -> SimulatedResponse.empty(204);
        case "refuse" ->
            throw new SimulatorException(SimulatorException.Reason.NOT_FOUND, "not there");
        case "bug" -> throw new IllegalStateException("a bug");
        case "error" -> throw new OutOfMemoryError("not in truth");
        default -> throw new NotSimulatedException("the operation " + call.operation());
      };
    }

    @Override
    public SimulatedResponse refused(
        Call call, SimulatedRequest request, SimulatorException reason) {
      return SimulatedResponse.utf8(404, "text/plain", reason.sentence());
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
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private int status(String path) throws Exception {
    // A POST is not repeated by the client when its connection is dropped.
    return send(to(path).POST(HttpRequest.BodyPublishers.noBody())).statusCode();
  }

  @Test
  void answersAndKeepsRequestsWithoutTheirSecrets() throws Exception {
    String body = "{\"name\":\"x\",\"administratorLoginPassword\":\"hun\\\"ter2\",\"n\":1}";
    HttpResponse<String> response =
        send(
            to("/echo/it?name=a%20b&password=hunter2")
                .header("Authorization", "Bearer hunter2")
                .header("X-Amz-Security-Token", "hunter2")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    assertThat(response.body()).isEqualTo(body);
    assertThat(response.headers().firstValue("X-Name")).contains("a b");
    send(
        to("/echo")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "Action=x&MasterUserPassword=hunter2&Version=1")));
    send(
        to("/echo")
            .POST(HttpRequest.BodyPublishers.ofString("<MasterUserPassword>hunter2</MasterU>")));
    assertThat(engine.requests().requests())
        .filteredOn(request -> request.operation().equals("echo"))
        .hasSize(3);
    RecordedRequest first = engine.requests().requests().get(0);
    assertThat(first.method()).isEqualTo("POST");
    assertThat(first.path()).isEqualTo("/echo/it");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.headers()).containsEntry("authorization", List.of("***"));
    assertThat(first.body())
        .isEqualTo("{\"name\":\"x\",\"administratorLoginPassword\":\"***\",\"n\":1}");
    assertThat(engine.requests().requests().get(1).body())
        .isEqualTo("Action=x&MasterUserPassword=***&Version=1");
    assertThat(engine.requests().requests().toString())
        .doesNotContain("hunter2")
        .doesNotContain("ter2");
  }

  @Test
  void unpacksBodies() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write("packed é".getBytes(StandardCharsets.UTF_8));
    }
    HttpResponse<String> response =
        send(
            to("/echo")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes.toByteArray())));
    assertThat(response.body()).isEqualTo("packed é");
  }

  @Test
  void translatesWhatIsRefusedAndNamesWhatIsNotSimulated() throws Exception {
    assertThat(status("/refuse")).isEqualTo(404);
    assertThat(status("/empty")).isEqualTo(204);
    assertThat(engine.requests().notSimulated()).isEmpty();
    HttpResponse<String> unknown = send(to("/reboot/x").GET());
    assertThat(unknown.statusCode()).isEqualTo(501);
    assertThat(unknown.body()).contains("does not simulate the operation reboot");
    assertThat(status("/")).isEqualTo(501);
    assertThat(engine.requests().notSimulated())
        .hasSize(2)
        .first()
        .asString()
        .contains("GET /reboot/x");
    assertThat(engine.requests().bugs()).isEmpty();
    assertThat(status("/bug")).isEqualTo(500);
    assertThat(engine.requests().bugs()).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void answersWhateverIsThrown() throws Exception {
    assertThat(status("/error")).isEqualTo(500);
    assertThat(engine.requests().bugs()).singleElement().isInstanceOf(OutOfMemoryError.class);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.endpoint().getPort());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void ask(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET /empty HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
  }

  /** The status line of an answer without a body, or the end of the connection. */
  private static String answer(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        return "closed after '" + text + "'";
      }
      text.append((char) next);
    }
    return text.substring(0, text.indexOf("\r\n"));
  }

  /** More at once than the JDK's server keeps idle by itself, and than are served at once. */
  @Test
  void keepsTheConnectionsOfManyClients() throws Exception {
    int many = 400;
    CountDownLatch released = new CountDownLatch(1);
    faults.onAny().times(many).heldUntil(released);
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < many; i++) {
        Socket socket = connect();
        sockets.add(socket);
        ask(socket);
      }
      released.countDown();
      for (Socket socket : sockets) {
        assertThat(answer(socket)).isEqualTo("HTTP/1.1 204 No Content");
      }
      for (Socket socket : sockets) {
        ask(socket);
        assertThat(answer(socket)).isEqualTo("HTTP/1.1 204 No Content");
      }
    } finally {
      released.countDown();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void knowsWhatIsUnderWay() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    faults.onAny().times(2).heldUntil(released);
    try (Socket first = connect();
        Socket second = connect()) {
      assertThat(server.underWay()).isZero();
      ask(first);
      ask(second);
      Eventually.holds("both are held", Duration.ofSeconds(20), () -> server.underWay() == 2);
      released.countDown();
      assertThat(answer(first)).isEqualTo("HTTP/1.1 204 No Content");
      assertThat(answer(second)).isEqualTo("HTTP/1.1 204 No Content");
      Eventually.holds("both are over", Duration.ofSeconds(20), () -> server.underWay() == 0);
      assertThat(engine.requests().requests()).hasSize(2);
    } finally {
      released.countDown();
    }
  }

  @Test
  void saysThatAPortIsTaken() {
    assertThatThrownBy(
            () -> SimulatorServer.start(new Counter(), engine, server.endpoint().getPort()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("port " + server.endpoint().getPort())
        .hasMessageContaining("name none");
  }

  @Test
  void throttlesAndFailsTheCallsThatItIsToldTo() throws Exception {
    faults.on("count").after(1).times(2).throttled();
    faults.on("other").unavailable();
    assertThat(status("/count")).isEqualTo(200);
    assertThat(status("/empty")).isEqualTo(204);
    assertThat(status("/count")).isEqualTo(429);
    assertThat(status("/count")).isEqualTo(429);
    assertThat(status("/count")).isEqualTo(200);
    assertThat(counter.effects).hasValue(2);
    assertThat(faults.pending()).isEqualTo(1);
    faults.clear();
    faults.onAny().unavailable();
    assertThat(status("/empty")).isEqualTo(500);
    assertThat(faults.pending()).isZero();
  }

  @Test
  void dropsTheConnectionBeforeOrAfterTheEffect() throws Exception {
    faults.on("count").connectionResetBefore();
    assertThatThrownBy(() -> status("/count")).isInstanceOf(IOException.class);
    assertThat(counter.effects).hasValue(0);
    faults.on("count").connectionResetAfter();
    assertThatThrownBy(() -> status("/count")).isInstanceOf(IOException.class);
    assertThat(counter.effects).hasValue(1);
    assertThat(engine.requests().requests())
        .extracting(RecordedRequest::status)
        .containsExactly(0, 0);
    assertThat(status("/count")).isEqualTo(200);
  }

  @Test
  void cutsAndGarblesAnAnswerAfterTheEffect() throws Exception {
    String whole = send(to("/count")).body();
    faults.on("count").answerCut();
    assertThatThrownBy(() -> status("/count")).isInstanceOf(IOException.class);
    assertThat(counter.effects).hasValue(2);
    faults.on("count").answerGarbled();
    assertThat(send(to("/count")).body())
        .hasSameSizeAs(whole)
        .startsWith(whole.substring(0, whole.length() / 2))
        .endsWith("\u0000");
    assertThat(counter.effects).hasValue(3);
    faults.onAny().answerCut();
    assertThatThrownBy(() -> status("/empty")).isInstanceOf(IOException.class);
    assertThat(faults.pending()).isZero();
  }

  @Test
  void delaysAnAnswer() throws Exception {
    faults.onAny().slow(Duration.ofSeconds(30));
    assertThatThrownBy(() -> send(to("/count").timeout(Duration.ofMillis(200)).GET()))
        .isInstanceOf(java.net.http.HttpTimeoutException.class);
    faults.onAny().slow(Duration.ofMillis(150));
    long before = System.nanoTime();
    assertThat(status("/empty")).isEqualTo(204);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(149));
  }

  @Test
  void listensOnLoopbackOnly() {
    assertThat(server.endpoint().getHost()).isEqualTo("127.0.0.1");
    assertThat(server.endpoint().getPort()).isPositive();
  }

  @Test
  void refusesAndExpiresAndInterceptsAsItIsTold() throws Exception {
    faults.on(Verb.READ, "thing").named("other").unavailable();
    faults.on(Verb.READ, "thing").refused(403, "Forbidden", "Not you");
    faults.onAny().credentialsExpire();
    faults.onAny().intercepted(502, "text/html", "<p>a proxy");
    HttpResponse<String> refused = send(to("/count"));
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).isEqualTo("Forbidden: Not you");
    assertThat(status("/count")).isEqualTo(401);
    assertThat(send(to("/count")).body()).isEqualTo("<p>a proxy");
    assertThat(counter.effects).hasValue(0);
    assertThat(faults.pending()).isEqualTo(1);
  }

  /** Of what is no text nobody can tell what in it is a secret. */
  @Test
  void bytesGoThroughAsTheyAreAndAreNotShown() throws Exception {
    byte[] body = {(byte) 0xa1, 0x61, 0x61, 0x5b, 0x5b, (byte) 0xff, 0, (byte) 0x80};
    HttpResponse<byte[]> response =
        client.send(
            to("/bytes").POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.body()).isEqualTo(body);
    assertThat(engine.requests().requests().get(0).body()).isEqualTo("(8 bytes that are no text)");
    assertThat(engine.requests().requests().get(0).responseBody())
        .isEqualTo("(8 bytes that are no text)");
  }

  @Test
  void keepsWhatWasAcceptedWhoeverHeardTheAnswer() throws Exception {
    faults.on("count").connectionResetBefore();
    faults.on("count").connectionResetAfter();
    faults.on("count").throttled();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> status("/count")).isInstanceOf(IOException.class);
    }
    assertThat(status("/count")).isEqualTo(429);
    assertThat(status("/refuse")).isEqualTo(404);
    assertThat(engine.requests().accepted()).extracting(Call::operation).containsExactly("count");
    assertThat(status("/count")).isEqualTo(200);
    assertThat(engine.requests().accepted()).hasSize(counter.effects.get()).hasSize(2);
    engine.requests().clear();
    assertThat(engine.requests().accepted()).isEmpty();
  }
}
