/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DynamoDbSimulatorTest {
  private static int post(URI endpoint) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .header("X-Amz-Target", "DynamoDB_20120810.ListTables")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  @Test
  void startsInOneLineAndLetsNobodyInWithoutItsKey() throws Exception {
    try (DynamoDbSimulator simulator = DynamoDbSimulator.start();
        DynamoDbSimulator other = DynamoDbSimulator.start()) {
      assertThat(simulator.port()).isNotEqualTo(other.port());
      assertThat(simulator.secretKey()).isNotEqualTo(other.secretKey());
      assertThat(post(simulator.endpoint())).isEqualTo(400);
      assertThat(Duration.between(simulator.clock().instant(), Instant.now()).abs())
          .isLessThan(Duration.ofSeconds(5));
      assertThat(simulator.bugs()).isEmpty();
      assertThat(simulator.notSimulated()).isEmpty();
    }
  }

  @Test
  void keepsItsRequestsAndHasFaults() {
    try (DynamoDbWire wire = new DynamoDbWire()) {
      wire.table("orders", ",'BillingMode':'PAY_PER_REQUEST'");
      wire.simulator().faults().on("PutItem").named("orders").throttled();
      String put =
          "{'TableName':'orders','Item':{'pk':{'S':'a'},'sk':{'S':'b'},'x':{'S':'value'}}}";
      assertThat(wire.refused("PutItem", put)).startsWith("ThrottlingException");
      wire.ok("PutItem", put);
      assertThat(wire.simulator().requests())
          .extracting(request -> request.operation() + " " + request.status())
          .containsExactly("CreateTable 200", "PutItem 400", "PutItem 200");
      assertThat(wire.simulator().requests().get(2).body()).contains("value");
      assertThat(wire.simulator().requests().toString())
          .doesNotContain(wire.simulator().secretKey());
      assertThat(wire.simulator().faults().pending()).isZero();
    }
  }

  @Test
  void refusesWhatItDoesNotSimulateByName() {
    try (DynamoDbWire wire = new DynamoDbWire()) {
      assertThat(wire.send("MakeCoffee", "{}").status()).isEqualTo(501);
      assertThat(wire.simulator().notSimulated())
          .singleElement()
          .asString()
          .contains("the action DynamoDB_20120810.MakeCoffee");
    }
  }
}
