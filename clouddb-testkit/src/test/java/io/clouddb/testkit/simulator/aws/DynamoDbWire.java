/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.testkit.simulator.aws.definition.WireWitness;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoDbSettings;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A DynamoDB, and what is sent to it: JSON with single quotes, signed as AWS documents it without a
 * look at the code that checks it.
 */
public final class DynamoDbWire implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAMES = "content-type;host;x-amz-date;x-amz-target";
  private static final String TYPE = "application/x-amz-json-1.0";

  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
  private final DynamoDbSimulator simulator;
  private final HttpClient client = HttpClient.newHttpClient();

  public DynamoDbWire() {
    this(DynamoDbSettings.USUAL);
  }

  public DynamoDbWire(DynamoDbSettings settings) {
    this.simulator = DynamoDbSimulator.builder().clock(clock).settings(settings).start();
  }

  /** What was answered. */
  public record Answered(int status, JsonNode body) {
    /** The code of an error, without what stands before it. */
    public String code() {
      String type = body.path("__type").asText();
      return type.substring(type.indexOf('#') + 1);
    }

    public String message() {
      return body.path("message").asText(body.path("Message").asText());
    }

    /** As it is written in these tests, with single quotes. */
    @Override
    public String toString() {
      return body.toString().replace('"', '\'');
    }
  }

  public ManualClock clock() {
    return clock;
  }

  public DynamoDbSimulator simulator() {
    return simulator;
  }

  /** What is accepted. */
  public Answered ok(String action, String body) {
    Answered answer = send(action, body);
    if (answer.status() != 200) {
      throw new AssertionError(action + " is refused: " + answer);
    }
    return answer;
  }

  /** What is refused: its code and its message. */
  public String refused(String action, String body) {
    Answered answer = send(action, body);
    if (answer.status() != 400) {
      throw new AssertionError(action + " is not refused: " + answer);
    }
    return answer.code() + ": " + answer.message();
  }

  public Answered send(String action, String text) {
    return sendTo("DynamoDB_20120810." + action, text);
  }

  /** With the whole text of the header that names the action. */
  public Answered sendTo(String target, String text) {
    String body = text.replace('\'', '"');
    try {
      HttpResponse<String> response =
          client.send(request(target, body), HttpResponse.BodyHandlers.ofString());
      return new Answered(response.statusCode(), JSON.readTree(response.body()));
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private HttpRequest request(String target, String body) throws GeneralSecurityException {
    String date =
        DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
            .withZone(ZoneOffset.UTC)
            .format(Instant.now());
    String scope = date.substring(0, 8) + "/us-east-1/dynamodb/aws4_request";
    String canonical =
        String.join(
            "\n",
            "POST",
            "/",
            "",
            "content-type:" + TYPE,
            "host:" + simulator.endpoint().getAuthority(),
            "x-amz-date:" + date,
            "x-amz-target:" + target,
            "",
            NAMES,
            SignatureV4.hash(body.getBytes(StandardCharsets.UTF_8)));
    byte[] key = ("AWS4" + simulator.secretKey()).getBytes(StandardCharsets.UTF_8);
    for (String part : List.of(scope.split("/"))) {
      key = hmac(key, part);
    }
    String hash = SignatureV4.hash(canonical.getBytes(StandardCharsets.UTF_8));
    String signature =
        HexFormat.of()
            .formatHex(hmac(key, String.join("\n", "AWS4-HMAC-SHA256", date, scope, hash)));
    return HttpRequest.newBuilder(simulator.endpoint())
        .header("Content-Type", TYPE)
        .header("X-Amz-Date", date)
        .header("X-Amz-Target", target)
        .header(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential="
                + simulator.accessKey()
                + "/"
                + scope
                + ", SignedHeaders="
                + NAMES
                + ", Signature="
                + signature)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Makes a table whose key is the texts {@code pk} and {@code sk}, and waits for it. */
  public void table(String name, String more) {
    ok(
        "CreateTable",
        "{'TableName':'"
            + name
            + "','AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'},"
            + "{'AttributeName':'sk','AttributeType':'S'}"
            + (more.contains("'g'") ? ",{'AttributeName':'g','AttributeType':'S'}" : "")
            + (more.contains("'l'") ? ",{'AttributeName':'l','AttributeType':'N'}" : "")
            + "],'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},"
            + "{'AttributeName':'sk','KeyType':'RANGE'}]"
            + more
            + "}");
    clock.advance(Duration.ofMinutes(1));
  }

  @Override
  public void close() {
    // The last first; each of them, whatever another says.
    try (clock;
        simulator) {
      if (!simulator.bugs().isEmpty()) {
        throw new AssertionError(simulator.bugs().toString());
      }
      List<String> problems = WireWitness.problemsOfAccepted(simulator.requests());
      if (!problems.isEmpty()) {
        throw new AssertionError(String.join("\n", problems));
      }
    }
  }
}
