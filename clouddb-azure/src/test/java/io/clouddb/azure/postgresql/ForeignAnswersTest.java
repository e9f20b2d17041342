/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.clouddb.CloudConfig;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Instance;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that are not Azure's: the pages of a proxy or gateway; and 404 without an end. */
class ForeignAnswersTest {
  private static final String PAGE = "<html><body>Please log in to the proxy</body></html>";
  private static final String MISSING =
      "{\"error\":{\"code\":\"ResourceNotFound\",\"message\":\"It was not found.\"}}";
  private static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";

  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
  private volatile int readStatus = 200;
  private volatile String read = PAGE;
  private volatile int changeStatus = 200;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean reads = exchange.getRequestMethod().equals("GET");
          byte[] body = (reads ? read : PAGE).getBytes(StandardCharsets.UTF_8);
          exchange
              .getResponseHeaders()
              .set("Content-Type", body[0] == '<' ? "text/html" : "application/json");
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(reads ? readStatus : changeStatus, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private OneRun runs() {
    CloudConfig config =
        CloudConfig.builder("azure", "koreacentral")
            .property("subscription", SUBSCRIPTION)
            .property("resourceGroup", "g")
            .endpoint(
                java.net.URI.create(
                    "http://"
                        + server.getAddress().getHostString()
                        + ":"
                        + server.getAddress().getPort()))
            .clock(clock)
            .retryPolicy(RetryPolicy.NONE)
            .build();
    return new OneRun(config);
  }

  private StepRun<Instance> begun(OneRun runs) {
    return runs.resume(
        InstanceDriver.CREATE,
        OperationState.begin(
            InstanceDriver.CREATE.id(),
            runs.id("orders"),
            "attempt-1",
            clock.instant(),
            spec("orders").build()));
  }

  @ParameterizedTest
  @CsvSource({
    "502, UNAVAILABLE",
    "503, UNAVAILABLE",
    "504, UNAVAILABLE",
    "403, PERMISSION",
    "404, NOT_FOUND",
    "200, UNAVAILABLE"
  })
  void aPageInsteadOfAServerIsAnError(int status, ErrorCategory category) {
    readStatus = status;
    CloudDbException e =
        catchThrowableOfType(CloudDbException.class, () -> runs().instances().find("orders"));
    assertThat(e.category()).isEqualTo(category);
    assertThat(e).hasMessageContaining("proxy");
  }

  @ParameterizedTest
  @CsvSource({"200", "202", "502"})
  void aPageInsteadOfAnOperationIsNoProgress(int status) {
    readStatus = status;
    OneRun runs = runs();
    OperationState state =
        begun(runs)
            .state()
            .at("server", "", clock.instant())
            .asking(clock.instant(), "server")
            .accepted("/subscriptions/s/providers/x/azureAsyncOperation/1");
    CloudDbException e =
        catchThrowableOfType(
            CloudDbException.class, () -> runs.poll(runs.resume(InstanceDriver.CREATE, state)));
    assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(e.retryable()).isTrue();
  }

  @Test
  void aPageInsteadOfAnAcceptedCreationIsNoCreation() {
    readStatus = 404;
    read = MISSING;
    OneRun runs = runs();
    StepRun<Instance> run = begun(runs);
    assertThat(runs.poll(run)).isInstanceOf(StepRun.Outcome.Running.class);
    assertThat(run.state().lost()).isTrue();
    readStatus = 403;
    read = "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"No.\"}}";
    CloudDbException e = catchThrowableOfType(CloudDbException.class, () -> runs.poll(run));
    assertThat(e.category()).isEqualTo(ErrorCategory.PERMISSION);
    assertThat(e.details().outcomeKnown()).as("of the creation").isFalse();
    assertThat(e.details().leftBehind().orElseThrow()).contains("the server orders");
  }

  @Test
  void whatNeverAppearsIsNotWaitedForWithoutEnd() {
    readStatus = 404;
    read = MISSING;
    OneRun runs = runs();
    OperationState state = begun(runs).state().at("ready", "", clock.instant());
    StepRun<Instance> run = runs.resume(InstanceDriver.CREATE, state);
    assertThat(runs.poll(run)).isInstanceOf(StepRun.Outcome.Running.class);
    clock.advance(ServerStep.APPEARS);
    assertThat(catchThrowableOfType(NotFoundException.class, () -> runs.poll(run)))
        .hasMessageContaining("orders is not there after the step 'ready'");
  }
}
