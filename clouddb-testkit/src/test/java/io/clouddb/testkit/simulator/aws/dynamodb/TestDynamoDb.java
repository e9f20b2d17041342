/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.testkit.simulator.aws.DynamoDbSimulator;
import io.clouddb.testkit.simulator.aws.definition.WireWitness;
import io.clouddb.testkit.simulator.aws.dynamodb.control.MasterKeys;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * DynamoDB on a clock that stands still, and requests to it that are signed as AWS documents it.
 * JSON is written with apostrophes here.
 */
public final class TestDynamoDb implements AutoCloseable {
  /** Where requests go that name no region. */
  public static final String HOME = "us-east-1";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-05-04T03:02:01Z"));
  private final DynamoDbSimulator simulator =
      DynamoDbSimulator.builder().clock(clock).settings(DynamoDbSettings.USUAL).start();
  private final HttpClient client = HttpClient.newHttpClient();

  /** An answer. */
  public record Reply(int status, JsonNode body) {
    /** The code of an error. */
    public String code() {
      String type = body.path("__type").asText();
      return type.substring(type.indexOf('#') + 1);
    }

    /** The text of an error. */
    public String text() {
      return body.path("message").asText();
    }
  }

  /** The simulator. */
  public DynamoDbSimulator simulator() {
    return simulator;
  }

  /** Its time. */
  public Instant now() {
    return clock.instant();
  }

  /** Lets time go on. */
  public void pass(Duration duration) {
    clock.advance(duration);
  }

  /** Lets seconds go on. */
  public void seconds(int count) {
    pass(Duration.ofSeconds(count));
  }

  /** Sends a request to the tables, which succeeds. */
  public JsonNode ok(String action, String json) {
    return ok(HOME, action, json);
  }

  /** Sends a request to the tables of a region, which succeeds. */
  public JsonNode ok(String region, String action, String json) {
    return succeeded(reply(region, action, json));
  }

  /** Sends a request to the tables of a region, and tells what came of it. */
  public Reply reply(String region, String action, String json) {
    return send(region, "dynamodb", "DynamoDB_20120810." + action, json);
  }

  /** The keys of KMS. */
  public MasterKeys keys() {
    return simulator.control().keys();
  }

  /** Sends a request to the streams of a region, which succeeds. */
  public JsonNode stream(String region, String action, String json) {
    return succeeded(send(region, "dynamodb", "DynamoDBStreams_20120810." + action, json));
  }

  /** Sends a request to Application Auto Scaling, which succeeds. */
  public JsonNode scaling(String action, String json) {
    return succeeded(scalingReply(action, json));
  }

  /** Sends a request to Application Auto Scaling. */
  public Reply scalingReply(String action, String json) {
    return send(HOME, "application-autoscaling", "AnyScaleFrontendService." + action, json);
  }

  private static JsonNode succeeded(Reply reply) {
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
    return reply.body();
  }

  /** Sends a request to the tables, which is refused. */
  public void refused(String action, String json, String code, String text) {
    refused(HOME, action, json, code, text);
  }

  /** Sends a request to the tables of a region, which is refused. */
  public void refused(String region, String action, String json, String code, String text) {
    Reply reply = reply(region, action, json);
    assertThat(reply.code() + ": " + reply.text()).isEqualTo(code + ": " + text);
    assertThat(reply.status()).isEqualTo(400);
  }

  /** Makes a table of a text as key, and waits for it. */
  public void table(String name) {
    table(name, "");
  }

  /** Makes a table of a text as key with more members, and waits for it. */
  public void table(String name, String more) {
    ok(
        "CreateTable",
        "{'TableName':'"
            + name
            + "','KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}],'AttributeDefinitions':"
            + "[{'AttributeName':'pk','AttributeType':'S'}],'BillingMode':'PAY_PER_REQUEST'"
            + more
            + "}");
    seconds(10);
  }

  /** What a table is. */
  public JsonNode describe(String region, String name) {
    return ok(region, "DescribeTable", "{'TableName':'" + name + "'}").get("Table");
  }

  /** Puts an item with a value. */
  public void put(String region, String table, String key, String value) {
    ok(
        region,
        "PutItem",
        "{'TableName':'"
            + table
            + "','Item':{'pk':{'S':'"
            + key
            + "'},'v':{'S':'"
            + value
            + "'}}}");
  }

  /** The value of an item; "" for none. */
  public String get(String region, String table, String key) {
    return ok(region, "GetItem", "{'TableName':'" + table + "','Key':{'pk':{'S':'" + key + "'}}}")
        .at("/Item/v/S")
        .asText();
  }

  private Reply send(String region, String service, String target, String json) {
    try {
      HttpResponse<String> response = post(region, service, target, json.replace('\'', '"'));
      return new Reply(response.statusCode(), JSON.readTree(response.body()));
    } catch (Exception e) {
      throw new AssertionError(target, e);
    }
  }

  private HttpResponse<String> post(String region, String service, String target, String body)
      throws Exception {
    String date =
        DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
            .withZone(ZoneOffset.UTC)
            .format(Instant.now());
    String scope = date.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
    String names = "host;x-amz-date;x-amz-target";
    String canonical =
        "POST\n/\n\nhost:"
            + simulator.endpoint().getAuthority()
            + "\nx-amz-date:"
            + date
            + "\nx-amz-target:"
            + target
            + "\n\n"
            + names
            + "\n"
            + hash(body.getBytes(StandardCharsets.UTF_8));
    byte[] key = ("AWS4" + simulator.secretKey()).getBytes(StandardCharsets.UTF_8);
    for (String part : List.of(scope.split("/"))) {
      key = hmac(key, part);
    }
    String text =
        "AWS4-HMAC-SHA256\n"
            + date
            + "\n"
            + scope
            + "\n"
            + hash(canonical.getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(simulator.endpoint())
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Date", date)
            .header("X-Amz-Target", target)
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential="
                    + simulator.accessKey()
                    + "/"
                    + scope
                    + ", SignedHeaders="
                    + names
                    + ", Signature="
                    + HexFormat.of().formatHex(hmac(key, text)))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String hash(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    try (clock;
        simulator) {
      assertThat(simulator.bugs()).isEmpty();
      assertThat(WireWitness.problemsOfAccepted(simulator.requests())).isEmpty();
    }
  }
}
