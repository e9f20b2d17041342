/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ConditionFailedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatorServerTest {
  private final Faults faults = new Faults();
  private final Counter counter = new Counter();
  private final SimulatorServer server = SimulatorServer.start(counter, faults);
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
    public String operationOf(SimulatedRequest request) {
      if (request.segments().isEmpty()) {
        throw new NotSimulatedException("an empty path");
      }
      return request.segments().get(0);
    }

    @Override
    public SimulatedResponse handle(String operation, SimulatedRequest request) {
      return switch (operation) {
        case "count" -> SimulatedResponse.of(200, "text/plain", "" + effects.incrementAndGet());
        case "echo" ->
            SimulatedResponse.of(200, "text/plain", request.body())
                .withHeader("X-Name", request.query("name").orElse("none"));
        case "empty" -> SimulatedResponse.empty(204);
        case "refuse" ->
            throw new SimulatorException(SimulatorException.Reason.NOT_FOUND, "not there");
        case "bug" -> throw new IllegalStateException("a bug");
        default -> throw new NotSimulatedException("the operation " + operation);
      };
    }

    @Override
    public SimulatedResponse refused(
        String operation, SimulatedRequest request, SimulatorException reason) {
      return SimulatedResponse.of(404, "text/plain", reason.sentence());
    }

    @Override
    public SimulatedResponse throttled(String operation) {
      return SimulatedResponse.empty(429);
    }

    @Override
    public SimulatedResponse failed(String operation, String message) {
      return SimulatedResponse.of(500, "text/plain", message);
    }

    @Override
    public SimulatedResponse notSimulated(String message) {
      return SimulatedResponse.of(501, "text/plain", message);
    }
  }

  @AfterEach
  void close() {
    server.close();
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
    assertThat(server.requests("echo")).hasSize(3);
    RecordedRequest first = server.requests().get(0);
    assertThat(first.method()).isEqualTo("POST");
    assertThat(first.path()).isEqualTo("/echo/it");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.headers()).containsEntry("authorization", java.util.List.of("***"));
    assertThat(first.body())
        .isEqualTo("{\"name\":\"x\",\"administratorLoginPassword\":\"***\",\"n\":1}");
    assertThat(server.requests().get(1).body())
        .isEqualTo("Action=x&MasterUserPassword=***&Version=1");
    assertThat(server.requests().toString()).doesNotContain("hunter2").doesNotContain("ter2");
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
    assertThat(server.notSimulated()).isEmpty();
    HttpResponse<String> unknown = send(to("/reboot/x").GET());
    assertThat(unknown.statusCode()).isEqualTo(501);
    assertThat(unknown.body()).contains("does not simulate the operation reboot");
    assertThat(status("/")).isEqualTo(501);
    assertThat(server.notSimulated()).hasSize(2).first().asString().contains("GET /reboot/x");
    assertThat(server.bugs()).isEmpty();
    assertThat(status("/bug")).isEqualTo(500);
    assertThat(server.bugs()).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void saysThatAPortIsTaken() {
    assertThatThrownBy(
            () -> SimulatorServer.start(new Counter(), new Faults(), server.endpoint().getPort()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("port " + server.endpoint().getPort())
        .hasMessageContaining("name none");
  }

  @Test
  void throttlesAndFailsTheCallsThatItIsToldTo() throws Exception {
    faults.on("count").after(1).times(2).throttle();
    faults.on("other").fail();
    assertThat(status("/count")).isEqualTo(200);
    assertThat(status("/empty")).isEqualTo(204);
    assertThat(status("/count")).isEqualTo(429);
    assertThat(status("/count")).isEqualTo(429);
    assertThat(status("/count")).isEqualTo(200);
    assertThat(counter.effects).hasValue(2);
    assertThat(faults.pending()).isEqualTo(1);
    faults.clear();
    faults.onAny().fail();
    assertThat(status("/empty")).isEqualTo(500);
    assertThat(faults.pending()).isZero();
  }

  @Test
  void dropsTheConnectionBeforeOrAfterTheEffect() throws Exception {
    faults.on("count").dropBeforeEffect();
    assertThatThrownBy(() -> status("/count")).isInstanceOf(IOException.class);
    assertThat(counter.effects).hasValue(0);
    faults.on("count").dropAfterEffect();
    assertThatThrownBy(() -> status("/count")).isInstanceOf(IOException.class);
    assertThat(counter.effects).hasValue(1);
    assertThat(server.requests()).extracting(RecordedRequest::status).containsExactly(0, 0);
    assertThat(status("/count")).isEqualTo(200);
  }

  @Test
  void delaysAnAnswer() throws Exception {
    faults.onAny().latency(Duration.ofSeconds(30));
    assertThatThrownBy(() -> send(to("/count").timeout(Duration.ofMillis(200)).GET()))
        .isInstanceOf(java.net.http.HttpTimeoutException.class);
    faults.onAny().latency(Duration.ofMillis(150));
    long before = System.nanoTime();
    assertThat(status("/empty")).isEqualTo(204);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(149));
  }

  @Test
  void listensOnLoopbackOnly() {
    assertThat(server.endpoint().getHost()).isEqualTo("127.0.0.1");
    assertThat(server.endpoint().getPort()).isPositive();
  }
}
