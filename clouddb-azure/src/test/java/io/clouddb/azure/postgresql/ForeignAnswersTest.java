/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.clouddb.CloudConfig;
import io.clouddb.ResourceId;
import io.clouddb.azure.AzureProvider;
import io.clouddb.azure.internal.ArmErrors;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.CreateInstance;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.Step;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
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
  private static final ResourceId ORDERS =
      ResourceId.of("azure", SUBSCRIPTION + "/g", "koreacentral", "instance", "orders");

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

  private InstanceDriver driver() {
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
            .retryPolicy(RetryPolicy.NONE)
            .build();
    RemoteCalls calls =
        new RemoteCalls(
            AzureProvider.ID, config.retryPolicy(), ObservationRegistry.NOOP, new ArmErrors());
    return new AzureProvider().open(new DriverContext(config, calls)).instances();
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
        catchThrowableOfType(CloudDbException.class, () -> driver().find("orders"));
    assertThat(e.category()).isEqualTo(category);
    assertThat(e).hasMessageContaining("proxy");
  }

  @ParameterizedTest
  @CsvSource({"200", "202", "502"})
  void aPageInsteadOfAnOperationIsNoProgress(int status) {
    readStatus = status;
    PolledState state =
        PolledState.of(PolledState.MODIFY, ORDERS, "server")
            .at("server", "/subscriptions/s/providers/x/azureAsyncOperation/1");
    CloudDbException e = catchThrowableOfType(CloudDbException.class, () -> driver().poll(state));
    assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(e.retryable()).isTrue();
  }

  @Test
  void aPageInsteadOfAnAcceptedCreationIsNoCreation() {
    readStatus = 404;
    read = MISSING;
    CreateInstance request =
        new CreateInstance(spec("orders").build(), "attempt-1", Customizations.NONE);
    CloudDbException e =
        catchThrowableOfType(CloudDbException.class, () -> driver().startCreate(request));
    assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(e.details().outcomeKnown()).isFalse();
  }

  @Test
  void whatNeverAppearsIsNotWaitedForWithoutEnd() {
    readStatus = 404;
    read = MISSING;
    InstanceDriver driver = driver();
    PolledState state =
        new Attempts(0, false, 0, Attempts.MOST_MISSING - 3)
            .in(PolledState.of(PolledState.CREATE, ORDERS, "server"));
    int looks = 0;
    NotFoundException end = null;
    while (end == null && looks < 10) {
      looks++;
      try {
        state = ((Step.Running) driver.poll(state)).state();
      } catch (NotFoundException e) {
        end = e;
      }
    }
    assertThat(looks).isEqualTo(4);
    assertThat(end).isNotNull().hasMessageContaining("orders is not there after the step 'server'");
  }
}
