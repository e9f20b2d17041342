/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.aws.dynamodb.DynamoDbService;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Model;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** What the service can do, and is not here. */
  private static final Set<String> ABSENT =
      Set.of(
          "DeleteResourcePolicy",
          "DescribeContributorInsights",
          "DescribeExport",
          "DescribeImport",
          "DescribeKinesisStreamingDestination",
          "DescribeTableReplicaAutoScaling",
          "DisableKinesisStreamingDestination",
          "EnableKinesisStreamingDestination",
          "ExportTableToPointInTime",
          "GetResourcePolicy",
          "ImportTable",
          "ListContributorInsights",
          "ListExports",
          "ListImports",
          "PutResourcePolicy",
          "UpdateContributorInsights",
          "UpdateKinesisStreamingDestination",
          "UpdateTableReplicaAutoScaling");

  @ParameterizedTest
  @CsvSource({
    "dynamodb-2012-08-10.txt,DynamoDB_20120810",
    "dynamodbstreams-2012-08-10.txt,DynamoDBStreams_20120810"
  })
  void answersEveryActionOfTheServiceOrRefusesItByName(String definition, String target) {
    try (DynamoDbWire wire = new DynamoDbWire()) {
      for (String action : Model.of(DynamoDbService.class, definition).operations()) {
        DynamoDbWire.Answered answer = wire.sendTo(target + "." + action, "{}");
        if (ABSENT.contains(action)) {
          assertThat(answer.status()).as(action).isEqualTo(501);
          assertThat(answer.code()).isEqualTo("NotSimulated");
          assertThat(answer.message())
              .contains("does not simulate the action " + target + "." + action);
        } else {
          // Without its members most are refused, by an error of the service.
          assertThat(answer.status()).as(action).isIn(200, 400);
          assertThat(answer.code()).as(action).isNotEqualTo("UnknownOperationException");
        }
      }
      assertThat(wire.simulator().notSimulated())
          .hasSize(target.startsWith("DynamoDB_") ? ABSENT.size() : 0);
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
