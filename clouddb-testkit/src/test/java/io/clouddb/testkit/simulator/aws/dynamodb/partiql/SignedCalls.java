/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.testkit.simulator.aws.DynamoDbSimulator;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Calls a simulator as an SDK does: signed, in JSON. */
final class SignedCalls {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TYPE = "application/x-amz-json-1.0";

  private final HttpClient client = HttpClient.newHttpClient();
  private final DynamoDbSimulator simulator;

  SignedCalls(DynamoDbSimulator simulator) {
    this.simulator = simulator;
  }

  /** An answer; an error's code stands behind the last {@code #} of its type. */
  record Answer(int status, JsonNode body) {
    String code() {
      String type = body.path("__type").asText();
      return type.substring(type.indexOf('#') + 1);
    }

    String message() {
      return body.has("message") ? body.get("message").asText() : body.path("Message").asText();
    }
  }

  static JsonNode json(String text) throws Exception {
    return JSON.readTree(text);
  }

  Answer call(String action, JsonNode body) throws Exception {
    String date =
        DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
            .withZone(ZoneOffset.UTC)
            .format(Instant.now());
    String target = "DynamoDB_20120810." + action;
    String scope = date.substring(0, 8) + "/eu-west-1/dynamodb/aws4_request";
    String names = "host;x-amz-date;x-amz-target";
    String canonical =
        "POST\n/\n\nhost:%s\nx-amz-date:%s\nx-amz-target:%s\n\n%s\n%s"
            .formatted(
                simulator.endpoint().getAuthority(), date, target, names, hash(body.toString()));
    byte[] key = ("AWS4" + simulator.secretKey()).getBytes(StandardCharsets.UTF_8);
    for (String part : List.of(scope.split("/"))) {
      key = hmac(key, part);
    }
    String text = "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + hash(canonical);
    HttpRequest request =
        HttpRequest.newBuilder(simulator.endpoint())
            .header("Content-Type", TYPE)
            .header("X-Amz-Date", date)
            .header("X-Amz-Target", target)
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                    .formatted(
                        simulator.accessKey(),
                        scope,
                        names,
                        HexFormat.of().formatHex(hmac(key, text))))
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
  }

  private static String hash(String text) throws Exception {
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(sum);
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
