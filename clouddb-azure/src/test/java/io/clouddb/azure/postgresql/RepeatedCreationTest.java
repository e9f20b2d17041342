/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.azure.AzureProvider;
import io.clouddb.azure.internal.ArmErrors;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.spi.CreateInstance;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.RemoteCalls;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** A PUT changes what exists, so it must not be sent again without a look. */
class RepeatedCreationTest {
  private final AzureOnThisMachine azure = new AzureOnThisMachine();

  @AfterEach
  void close() {
    try {
      assertThat(azure.azure.bugs()).isEmpty();
      assertThat(azure.azure.notSimulated()).isEmpty();
    } finally {
      azure.close();
    }
  }

  private InstanceDriver another() {
    CloudConfig config = azure.config().build();
    RemoteCalls calls =
        new RemoteCalls(
            AzureProvider.ID, config.retryPolicy(), ObservationRegistry.NOOP, new ArmErrors());
    return new AzureProvider().open(new DriverContext(config, calls)).instances();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRepeatedRequestDoesNotTakeOverAServerThatSomebodyElseHasMadeMeanwhile(boolean refused) {
    if (refused) {
      azure.azure.faults().on("Servers_Create").refused(429, "TooManyRequests", "Later.");
    } else {
      azure.azure.faults().on("Servers_Create").connectionResetBefore();
    }
    CreateInstance theirs =
        new CreateInstance(
            spec("orders").tag("owner", "them").build(), "attempt-2", Customizations.NONE);
    HttpClient real = new JdkHttpClientBuilder().build();
    AtomicBoolean first = new AtomicBoolean(true);
    HttpClient client =
        request -> {
          if (request.getHttpMethod() != HttpMethod.PUT || !first.getAndSet(false)) {
            return real.send(request);
          }
          Mono<HttpResponse> answer = real.send(request).cache();
          try {
            HttpResponse unused = answer.block();
          } catch (RuntimeException lost) {
            // The pipeline gets it too.
          }
          PolledState made = another().startCreate(theirs);
          assertThat(made.handle()).isNotNull();
          return answer;
        };
    try (CloudDb cloud = CloudDb.open(azure.config().using(HttpClient.class, client).build())) {
      assertThat(
              catchThrowableOfType(
                  AlreadyExistsException.class,
                  () ->
                      cloud
                          .instances()
                          .create(spec("orders").tag("owner", "us").build())
                          .await(LIMIT)))
          .hasMessageContaining("orders");
      assertThat(cloud.instances().get("orders").tags()).containsEntry("owner", "them");
      assertThat(azure.azure.requests("Servers_Create")).hasSize(2);
    }
  }
}
