/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.CloudDb;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** What the simulated DynamoDB answers: to queries, to PartiQL, and to any JSON. */
final class DynamoTargets implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** It keeps what was put, and every request. */
  private static final int CASES_OF_ONE = 4000;

  private @Nullable SimulatedAws aws;
  private @Nullable AwsSigning signing;
  private boolean ready;
  private int cases;

  List<Target> targets() {
    return List.of(
        new Target("dynamodb-query", this::start, this::query),
        new Target("dynamodb-partiql", this::start, this::partiql),
        new Target("dynamodb-json", this::start, this::json));
  }

  private void start() throws Exception {
    if (!ready || cases++ > CASES_OF_ONE) {
      close();
      SimulatedAws now = SimulatedAws.start();
      aws = now;
      cases = 0;
      try (CloudDb cloud = CloudDb.open(now.config("us-east-1").build())) {
        SampleTables.make(cloud);
      }
      AwsBasicCredentials key =
          AwsBasicCredentials.create(SimulatedAws.ACCESS_KEY, now.secret().resolve());
      signing = new AwsSigning(now.endpoint(), key, "dynamodb");
      // Else each case would be refused at the door.
      for (SampleTables.Request request : SampleTables.REQUESTS) {
        assertThat(answer(request.action(), request.body()))
            .as(request.action())
            .startsWith("HTTP/1.1 200");
      }
      ready = true;
    }
  }

  private void query(Source source) throws Exception {
    String text = SampleTables.expression(source, SampleTables.KEY_CONDITIONS);
    ObjectNode request = SampleTables.request(source).put("KeyConditionExpression", text);
    if (source.chance(30)) {
      request.put("FilterExpression", SampleTables.expression(source, SampleTables.CONDITIONS));
    }
    check("Query", request);
  }

  private void partiql(Source source) throws Exception {
    String text = SampleTables.expression(source, SampleTables.STATEMENTS);
    ObjectNode request = JSON.createObjectNode().put("Statement", text);
    for (int i = source.below(4); i > 0; i--) {
      request.withArray("Parameters").addObject().put("S", source.text());
    }
    check("ExecuteStatement", request);
  }

  private void json(Source source) throws Exception {
    SampleTables.Request sample = source.pick(SampleTables.REQUESTS);
    String action =
        source.chance(10) ? source.pick(SampleTables.REQUESTS).action() : sample.action();
    String body = ChangedJson.of(source, List.of(sample.body()));
    source.noted(action + " " + body);
    check(action, body);
  }

  private void check(String action, ObjectNode request) throws Exception {
    check(action, JSON.writeValueAsString(request));
  }

  /** An answer, or an error of the service's: neither a bug nor silence. */
  private void check(String action, String body) throws Exception {
    String answer = answer(action, body);
    assertThat(requireNonNull(aws).bugs()).as(answer).isEmpty();
    assertThat(answer).as("the answer to " + action).matches("(?s)HTTP/1\\.1 [24][0-9][0-9].*");
    if (!answer.startsWith("HTTP/1.1 200")) {
      assertThat(answer).contains("__type");
    }
  }

  private String answer(String action, String body) throws Exception {
    RawRequest request =
        new RawRequest(
            "POST / HTTP/1.1",
            List.of(
                "Content-Type: application/x-amz-json-1.0",
                "X-Amz-Target: DynamoDB_20120810." + action),
            body.getBytes(StandardCharsets.UTF_8));
    byte[] answer =
        HttpWire.send(
            requireNonNull(aws).endpoint(), requireNonNull(signing).sign(request).bytes());
    return new String(answer, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    SimulatedAws now = aws;
    aws = null;
    ready = false;
    if (now != null) {
      now.close();
    }
  }
}
