/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.aws.SignatureRefusal.Verdict;
import io.clouddb.testkit.simulator.aws.SignatureV4.Sent;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Against AWS' published test suite of Signature Version 4 (awslabs/aws-c-auth,
 * tests/aws-signing-test-suite/v4, Apache-2.0): its requests and their signatures.
 */
class SignatureV4Test {
  private static final Instant SIGNED = Instant.parse("2015-08-30T12:36:00Z");
  private static final String UNRESERVED =
      "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private static SignatureV4 at(Instant now) {
    return new SignatureV4(
        "AKIDEXAMPLE",
        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        Clock.fixed(now, ZoneOffset.UTC));
  }

  private static Sent sent(
      String method, String query, String headers, String signed, String signature, String body) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    String lines =
        "Host:example.amazonaws.com\nX-Amz-Date:20150830T123600Z\n"
            + headers
            + "Authorization:AWS4-HMAC-SHA256"
            + " Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="
            + signed
            + ", Signature="
            + signature;
    for (String line : lines.split("\n", -1)) {
      int colon = line.indexOf(':');
      all.computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(line.substring(colon + 1));
    }
    return new Sent(method, "/", query, all, hash(body));
  }

  private static String hash(String body) {
    return SignatureV4.hash(body.getBytes(StandardCharsets.UTF_8));
  }

  private static final Sent VANILLA =
      sent(
          "GET",
          "",
          "",
          "host;x-amz-date",
          "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
          "");

  private static final Sent FORM =
      sent(
          "POST",
          "",
          """
          Content-Type:application/x-www-form-urlencoded
          Content-Length:13
          X-Amz-Content-Sha256:9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e
          """,
          "content-length;content-type;host;x-amz-content-sha256;x-amz-date",
          "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
          "Param1=value1");

  @Test
  void takesWhatTheSuiteSigns() {
    List<Sent> suite =
        List.of(
            VANILLA,
            FORM,
            sent(
                "POST",
                "",
                "",
                "host;x-amz-date",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
                ""),
            sent(
                "POST",
                "",
                "Content-Type:application/x-www-form-urlencoded\n",
                "content-type;host;x-amz-date",
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
                "Param1=value1"),
            sent(
                "GET",
                "",
                "My-Header1: value1\nMy-Header2: \"a   b   c\"\n",
                "host;my-header1;my-header2;x-amz-date",
                "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
                ""),
            sent(
                "GET",
                "",
                "My-Header1:value2\nMy-Header1:value2\nMy-Header1:value1\n",
                "host;my-header1;x-amz-date",
                "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
                ""),
            sent(
                "GET",
                "%E1%88%B4=bar",
                "",
                "host;x-amz-date",
                "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
                ""),
            sent(
                "GET",
                UNRESERVED + "=" + UNRESERVED,
                "",
                "host;x-amz-date",
                "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
                ""));
    for (Sent request : suite) {
      assertThat(at(SIGNED).check(request)).as(request.toString()).isEmpty();
    }
  }

  @Test
  void refusesARequestThatIsAnother() {
    List<Sent> others =
        List.of(
            new Sent("PUT", "/", "", FORM.headers(), FORM.payloadHash()),
            new Sent("POST", "/x", "", FORM.headers(), FORM.payloadHash()),
            new Sent("POST", "/", "a=b", FORM.headers(), FORM.payloadHash()),
            new Sent("POST", "/", "", FORM.headers(), hash("Param1=value2")),
            with(FORM, "host", "other.amazonaws.com"),
            with(FORM, "content-type", "text/plain"),
            with(FORM, "x-amz-date", "20150830T123601Z"),
            with(FORM, "x-amz-target", "secretsmanager.GetSecretValue"));
    for (Sent other : others) {
      assertThat(verdict(at(SIGNED), other)).isEqualTo(Verdict.MISMATCH);
    }
  }

  private static Sent with(Sent request, String header, String value) {
    Map<String, List<String>> headers = new LinkedHashMap<>(request.headers());
    headers.put(header, List.of(value));
    return new Sent(
        request.method(), request.rawPath(), request.rawQuery(), headers, request.payloadHash());
  }

  private static Verdict verdict(SignatureV4 signature, Sent request) {
    return signature.check(request).map(SignatureRefusal::verdict).orElseThrow();
  }

  @Test
  void refusesAnotherUserSecretServiceRegionAndSession() {
    Clock clock = Clock.fixed(SIGNED, ZoneOffset.UTC);
    assertThat(verdict(new SignatureV4("OTHER", "x", clock), VANILLA))
        .isEqualTo(Verdict.UNKNOWN_USER);
    assertThat(verdict(new SignatureV4("AKIDEXAMPLE", "x", clock), VANILLA))
        .isEqualTo(Verdict.MISMATCH);
    String header = VANILLA.header("authorization").orElseThrow();
    Sent elsewhere = with(VANILLA, "authorization", header.replace("/service/", "/rds/"));
    assertThat(verdict(at(SIGNED), elsewhere)).isEqualTo(Verdict.MISMATCH);
    assertThat(
            verdict(
                at(SIGNED),
                with(VANILLA, "authorization", header.replace("us-east-1", "eu-west-1"))))
        .isEqualTo(Verdict.MISMATCH);
    assertThat(verdict(at(SIGNED), with(VANILLA, "x-amz-security-token", "t")))
        .isEqualTo(Verdict.UNKNOWN_USER);
    assertThat(SignatureV4.scope(Optional.of(header)))
        .contains(new SignatureV4.Scope("us-east-1", "service"));
  }

  @ParameterizedTest
  @CsvSource({"-PT15M,true", "-PT15M1S,false", "PT15M,true", "PT15M1S,false"})
  void refusesWhatIsTooOldOrNotYet(Duration later, boolean taken) {
    assertThat(at(SIGNED.plus(later)).check(VANILLA).isEmpty()).isEqualTo(taken);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request",
        "AWS3 x",
        "Bearer x",
        "''"
      })
  void refusesWhatIsNoWholeSignature(String header) {
    assertThat(verdict(at(SIGNED), with(VANILLA, "authorization", header)))
        .isEqualTo(Verdict.INCOMPLETE);
    assertThat(verdict(at(SIGNED), with(VANILLA, "x-amz-date", "yesterday")))
        .isEqualTo(Verdict.INCOMPLETE);
  }
}
