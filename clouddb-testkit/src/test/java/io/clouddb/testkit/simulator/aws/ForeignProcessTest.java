/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What another process of this machine, or a web page in a browser, gets from the simulator. */
class ForeignProcessTest {
  private static final SimulatedAws AWS = SimulatedAws.start();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static final String CREATE =
      "Action=CreateDBParameterGroup&Version=2014-10-31&DBParameterGroupName=evil"
          + "&DBParameterGroupFamily=postgres16&Description=evil";

  /** As the client of AWS writes it, signed with a secret that somebody has guessed. */
  private static String authorization(String accessKey, String date) {
    return "AWS4-HMAC-SHA256 Credential="
        + accessKey
        + "/"
        + date.substring(0, 8)
        + "/us-east-1/rds/aws4_request, SignedHeaders=host;x-amz-date, Signature="
        + "0".repeat(64);
  }

  @AfterAll
  static void close() {
    AWS.close();
  }

  private static HttpResponse<String> post(String form, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(AWS.endpoint())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void makesNothingWithoutTheSecretOfTheRun() throws Exception {
    String date =
        DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
            .withZone(ZoneOffset.UTC)
            .format(Instant.now());
    refused(post(CREATE), 403, "MissingAuthenticationToken");
    refused(post(CREATE, "Authorization", "Bearer x"), 400, "IncompleteSignature");
    refused(
        post(CREATE, "X-Amz-Date", date, "Authorization", authorization("AKIAX", date)),
        403,
        "InvalidClientTokenId");
    refused(
        post(CREATE, "X-Amz-Date", date, "Authorization", authorization("clouddb", date)),
        403,
        "SignatureDoesNotMatch");
    HttpResponse<String> secret =
        post("{\"SecretId\":\"x\"}", "X-Amz-Target", "secretsmanager.GetSecretValue");
    assertThat(secret.statusCode()).isEqualTo(400);
    assertThat(secret.body()).contains("MissingAuthenticationTokenException");
    assertThat(AWS.rds().parameterGroups("us-east-1")).isEmpty();
    assertThat(AWS.requests("CreateDBParameterGroup")).isEmpty();
  }

  private static void refused(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains("<Code>" + code + "</Code>");
  }
}
