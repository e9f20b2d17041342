/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.engine.Verb;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where a request goes is what it was signed for, and errors have the shape of its protocol. */
class AwsFrontDoorTest {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String DESCRIBE = "Action=DescribeDBInstances&Version=2014-10-31";

  private final ManualClock clock = SimulatedClock.manual(Instant.EPOCH);
  private final SimulatedAws aws =
      SimulatedAws.builder().clock(clock).account("210987654321").start();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    // The last first; each of them, whatever another says.
    try (clock;
        aws) {
      assertThat(aws.bugs()).isEmpty();
    }
  }

  /** Signs as AWS documents it, without a look at the code that checks it. */
  private HttpResponse<String> post(
      String region, String service, String type, String target, String body) throws Exception {
    String date =
        DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
            .withZone(ZoneOffset.UTC)
            .format(Instant.now());
    String scope = date.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
    String names = "host;x-amz-date" + (target.isEmpty() ? "" : ";x-amz-target");
    String canonical =
        "POST\n/\n\nhost:"
            + aws.endpoint().getAuthority()
            + "\nx-amz-date:"
            + date
            + (target.isEmpty() ? "" : "\nx-amz-target:" + target)
            + "\n\n"
            + names
            + "\n"
            + SignatureV4.hash(body.getBytes(StandardCharsets.UTF_8));
    byte[] key = ("AWS4" + aws.secret().resolve()).getBytes(StandardCharsets.UTF_8);
    for (String part : List.of(scope.split("/"))) {
      key = hmac(key, part);
    }
    String text =
        "AWS4-HMAC-SHA256\n"
            + date
            + "\n"
            + scope
            + "\n"
            + SignatureV4.hash(canonical.getBytes(StandardCharsets.UTF_8));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(aws.endpoint())
            .header("Content-Type", type)
            .header("X-Amz-Date", date)
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential="
                    + SimulatedAws.ACCESS_KEY
                    + "/"
                    + scope
                    + ", SignedHeaders="
                    + names
                    + ", Signature="
                    + HexFormat.of().formatHex(hmac(key, text)))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!target.isEmpty()) {
      request.header("X-Amz-Target", target);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> rds(String region, String form) throws Exception {
    return post(region, "rds", FORM, "", form);
  }

  private HttpResponse<String> secrets(String action, String body) throws Exception {
    return post(
        "us-west-2",
        "secretsmanager",
        "application/x-amz-json-1.1",
        "secretsmanager." + action,
        body);
  }

  @Test
  void aRegionSeesItsOwnInstancesOnly() throws Exception {
    String create =
        "Action=CreateDBInstance&Version=2014-10-31&DBInstanceIdentifier=orders&Engine=postgres"
            + "&DBInstanceClass=db.t4g.micro&AllocatedStorage=20&MasterUsername=app_admin"
            + "&MasterUserPassword=not-a-real-one";
    assertThat(rds("us-west-2", create).statusCode()).isEqualTo(200);
    assertThat(rds("us-west-2", DESCRIBE).body())
        .contains("<DBInstanceArn>arn:aws:rds:us-west-2:210987654321:db:orders</DBInstanceArn>");
    assertThat(rds("ap-northeast-1", DESCRIBE).body())
        .contains("<DBInstances></DBInstances>")
        .doesNotContain("orders");
    assertThat(rds("ap-northeast-1", create).statusCode()).isEqualTo(200);
  }

  /** As the definition of AWS STS 2011-06-15 has it. */
  @Test
  void tellsWhoseAccountItIs() throws Exception {
    HttpResponse<String> answer =
        post("us-east-1", "sts", FORM, "", "Action=GetCallerIdentity&Version=2011-06-15");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .startsWith(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                + "<GetCallerIdentityResult>")
        .contains("<Arn>arn:aws:iam::210987654321:user/clouddb</Arn>")
        .containsPattern("<UserId>AIDA[A-Z0-9]{17}</UserId>")
        .contains("<Account>210987654321</Account>");
  }

  @Test
  void refusesAServiceAnActionAndAMemberThatAreNotSimulated() throws Exception {
    assertThat(post("us-east-1", "kms", FORM, "", "{}").statusCode()).isEqualTo(501);
    assertThat(rds("us-east-1", "Action=CreateDBCluster&Version=2014-10-31").body())
        .contains("<Code>NotSimulated</Code>");
    assertThat(post("us-east-1", "sts", FORM, "", DESCRIBE).statusCode()).isEqualTo(501);
    HttpResponse<String> action = secrets("DeleteSecret", "{}");
    assertThat(action.statusCode()).isEqualTo(501);
    assertThat(action.body()).contains("\"__type\":\"NotSimulated\"");
    assertThat(secrets("GetSecretValue", "{\"VersionId\":\"1\"}").statusCode()).isEqualTo(501);
    assertThat(aws.notSimulated()).hasSize(5);
    assertThat(aws.notSimulated().get(0)).contains("the service kms");
  }

  @Test
  void aFaultHasTheShapeOfItsProtocol() throws Exception {
    aws.faults().on(Verb.LIST, Call.INSTANCE).throttled();
    aws.faults().on(Verb.READ, "secret").named("s").throttled();
    aws.faults().onAny().times(2).credentialsExpire();
    assertThat(secrets("GetSecretValue", "{\"SecretId\":\"s\"}").body())
        .contains("\"__type\":\"ThrottlingException\"");
    assertThat(rds("us-east-1", DESCRIBE).body()).contains("<Code>Throttling</Code>");
    HttpResponse<String> expired = rds("us-east-1", DESCRIBE);
    assertThat(expired.statusCode()).isEqualTo(403);
    assertThat(expired.body()).contains("<Code>ExpiredToken</Code>");
    assertThat(secrets("GetSecretValue", "{\"SecretId\":\"s\"}").body())
        .contains("\"__type\":\"ExpiredTokenException\"");
    assertThat(secrets("GetSecretValue", "{\"SecretId\":\"s\"}").body())
        .contains("\"__type\":\"ResourceNotFoundException\"");
    assertThat(secrets("GetSecretValue", "[").body())
        .contains("\"__type\":\"SerializationException\"");
  }
}
