/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.peer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.testkit.simulator.aws.DynamoDbWire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Something that answers as DynamoDB does. */
interface Peer {
  /** Answers a request. */
  DynamoDbWire.Answered answer(String action, JsonNode body);

  /** Lets a table come, which was asked for. */
  void await(String table);

  /** JSON that is written with apostrophes. */
  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The simulator. */
  static Peer of(DynamoDbWire wire) {
    return new Peer() {
      @Override
      public DynamoDbWire.Answered answer(String action, JsonNode body) {
        return wire.send(action, body.toString());
      }

      @Override
      public void await(String table) {
        wire.clock().advance(Duration.ofMinutes(20));
      }
    };
  }

  /** An emulator that looks at no signature. */
  static Peer at(URI endpoint) {
    HttpClient client = HttpClient.newHttpClient();
    ObjectMapper mapper = new ObjectMapper();
    return new Peer() {
      @Override
      public DynamoDbWire.Answered answer(String action, JsonNode body) {
        HttpRequest request =
            HttpRequest.newBuilder(endpoint)
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "DynamoDB_20120810." + action)
                .header("X-Amz-Date", "20260101T000000Z")
                .header(
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request,"
                        + " SignedHeaders=host, Signature=0")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
          HttpResponse<String> response =
              client.send(request, HttpResponse.BodyHandlers.ofString());
          return new DynamoDbWire.Answered(response.statusCode(), read(response.body()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }

      private JsonNode read(String body) {
        try {
          return mapper.readTree(body);
        } catch (JsonProcessingException e) {
          return mapper.createObjectNode().put("message", body);
        }
      }

      @Override
      public void await(String table) {
        JsonNode asked = json("{'TableName':'" + table + "'}");
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!answer("DescribeTable", asked)
            .body()
            .at("/Table/TableStatus")
            .asText()
            .equals("ACTIVE")) {
          if (System.nanoTime() > deadline) {
            throw new IllegalStateException(table + " does not become active");
          }
          Thread.onSpinWait();
        }
      }
    };
  }
}
