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
import io.clouddb.CloudDb;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.instance.Instance;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.workflow.StepRun;
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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRepeatedRequestDoesNotTakeOverAServerThatSomebodyElseHasMadeMeanwhile(boolean refused) {
    if (refused) {
      azure.azure.faults().on("Servers_Create").refused(429, "TooManyRequests", "Later.");
    } else {
      azure.azure.faults().on("Servers_Create").connectionResetBefore();
    }
    OneRun another = azure.runs();
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
          StepRun<Instance> theirs =
              another.begin(
                  InstanceDriver.CREATE,
                  "orders",
                  "attempt-2",
                  spec("orders").tag("owner", "them").build());
          assertThat(another.poll(theirs)).isInstanceOf(StepRun.Outcome.Running.class);
          assertThat(theirs.state().handle()).isPresent();
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
