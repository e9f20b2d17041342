/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.clouddb.aws.internal.SignedJsonClient;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.testkit.simulator.aws.definition.WireWitness;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import io.micrometer.observation.ObservationRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/**
 * What the own client of Application Auto Scaling sends and takes, against the published
 * definition, without a simulator of our own.
 */
class ScalingClientTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ASKED = "{\"ServiceNamespace\":\"dynamodb\"}";
  private static final Scaled READS = new Scaled("app", "", false);
  private static final Scaled WRITES = new Scaled("app", "gsi1", true);

  private final Answers http = new Answers();
  private final ScalingClient client = new ScalingClient(this::json, "us-east-1", calls());

  private static RemoteCalls calls() {
    return new RemoteCalls(
        "aws", RetryPolicy.NONE, ObservationRegistry.NOOP, ControlErrors.ofReads());
  }

  private SignedJsonClient json() {
    return new SignedJsonClient(
        () -> http,
        URI.create("https://application-autoscaling.us-east-1.amazonaws.com"),
        "us-east-1",
        "application-autoscaling",
        "AnyScaleFrontendService",
        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "hidden")));
  }

  /** Answers one after the other, and keeps what was asked. */
  private static final class Answers implements SdkHttpClient {
    private final Deque<HttpExecuteResponse> answers = new ArrayDeque<>();
    private final List<String> actions = new ArrayList<>();
    private final List<JsonNode> bodies = new ArrayList<>();
    private final List<HttpExecuteRequest> requests = new ArrayList<>();
    private @Nullable IOException broken;

    void add(int status, String body, @Nullable String requestId) {
      SdkHttpResponse.Builder head = SdkHttpResponse.builder().statusCode(status);
      if (requestId != null) {
        head.putHeader("x-amzn-RequestId", requestId);
      }
      answers.add(
          HttpExecuteResponse.builder()
              .response(head.build())
              .responseBody(
                  AbortableInputStream.create(
                      new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
              .build());
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      requests.add(request);
      actions.add(
          request
              .httpRequest()
              .firstMatchingHeader("X-Amz-Target")
              .map(target -> target.substring(target.indexOf('.') + 1))
              .orElseThrow());
      try (InputStream in = request.contentStreamProvider().orElseThrow().newStream()) {
        bodies.add(JSON.readTree(in));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() throws IOException {
          if (broken != null) {
            throw broken;
          }
          return answers.remove();
        }

        @Override
        public void abort() {}
      };
    }

    @Override
    public void close() {}
  }

  private void assertDefined() {
    for (int at = 0; at < http.actions.size(); at++) {
      assertDefined(http.actions.get(at), http.bodies.get(at).toString(), 0, "");
    }
  }

  private static void assertDefined(String action, String body, int status, String answer) {
    RecordedRequest exchange =
        new RecordedRequest(
            action,
            "POST",
            "/",
            "",
            Map.of("x-amz-target", List.of("AnyScaleFrontendService." + action)),
            body,
            status,
            answer);
    assertThat(WireWitness.problems(List.of(exchange))).isEmpty();
  }

  @Test
  void changesAreAsTheDefinitionHasThem() {
    http.add(200, "{\"ScalableTargetARN\":\"arn:aws:x\"}", "1");
    http.add(200, "{\"PolicyARN\":\"arn:aws:y\",\"Alarms\":[]}", "2");
    http.add(200, "{}", "3");
    client.register(READS, TableCloud.scaled(40_000), true);
    client.track(WRITES, WRITES.policy(), TableCloud.scaled(40_000));
    client.deregister(READS);
    assertThat(http.actions)
        .containsExactly("RegisterScalableTarget", "PutScalingPolicy", "DeregisterScalableTarget");
    assertDefined();
    assertThat(http.bodies.get(0).path("MinCapacity").asInt()).isEqualTo(5);
    assertThat(http.bodies.get(0).path("MaxCapacity").asInt()).isEqualTo(40_000);
    assertThat(http.bodies.get(0).path("SuspendedState").path("DynamicScalingInSuspended"))
        .isEqualTo(BooleanNode.FALSE);
    JsonNode tracking = http.bodies.get(1).path("TargetTrackingScalingPolicyConfiguration");
    assertThat(tracking.path("TargetValue").asDouble()).isEqualTo(70);
    assertThat(tracking.path("ScaleInCooldown").asInt()).isEqualTo(300);
    assertThat(tracking.path("ScaleOutCooldown").asInt()).isEqualTo(60);
    assertThat(http.bodies.get(1).path("ResourceId").asText()).isEqualTo("table/app/index/gsi1");
    assertThat(http.requests)
        .allSatisfy(
            request ->
                assertThat(request.httpRequest().firstMatchingHeader("Authorization").orElse(""))
                    .contains("/us-east-1/application-autoscaling/aws4_request"));
  }

  @Test
  void allPagesAreReadAndBelongToTheTable() {
    String target =
        "{\"ServiceNamespace\":\"dynamodb\",\"ResourceId\":\"%s\",\"ScalableDimension\":\"%s\","
            + "\"MinCapacity\":5,\"MaxCapacity\":9,\"RoleARN\":\"r\",\"CreationTime\":1.5}";
    String first =
        "{\"ScalableTargets\":["
            + target.formatted("table/app", READS.dimension())
            + "],\"NextToken\":\"more\"}";
    String second =
        "{\"ScalableTargets\":["
            + target.formatted("table/app/index/gsi1", WRITES.dimension())
            + ","
            + target.formatted("table/application", READS.dimension())
            + "]}";
    String policy =
        "{\"ScalingPolicies\":[{\"PolicyARN\":\"a\",\"PolicyName\":\"other\",\"ServiceNamespace\":"
            + "\"dynamodb\",\"ResourceId\":\"table/app\",\"ScalableDimension\":\""
            + READS.dimension()
            + "\",\"PolicyType\":\"TargetTrackingScaling\",\"CreationTime\":1.5,"
            + "\"TargetTrackingScalingPolicyConfiguration\":{\"TargetValue\":70.0,"
            + "\"PredefinedMetricSpecification\":{\"PredefinedMetricType\":\""
            + READS.metric()
            + "\"}}}]}";
    for (String text : List.of(first, second)) {
      assertDefined("DescribeScalableTargets", ASKED, 200, text);
      http.add(200, text, "1");
    }
    assertDefined("DescribeScalingPolicies", ASKED, 200, policy);
    http.add(200, policy, "2");
    http.add(200, "{\"ScalingPolicies\":[]}", "3");
    var found = client.targets("app", List.of("gsi1"));
    assertThat(found).containsOnlyKeys(READS, WRITES);
    assertThat(Objects.requireNonNull(found.get(READS)).policies()).containsOnlyKeys("other");
    assertThat(Objects.requireNonNull(found.get(WRITES)).policies()).isEmpty();
    assertThat(http.bodies.get(1).path("NextToken").asText()).isEqualTo("more");
    assertDefined();
  }

  private ErrorCategory failure() {
    CloudDbException failed =
        catchThrowableOfType(
            CloudDbException.class, () -> client.register(READS, TableCloud.scaled(9), false));
    assertThat(failed.details().operation())
        .contains("application-autoscaling.RegisterScalableTarget");
    assertThat(failed).hasMessageNotContaining("hidden");
    return failed.category();
  }

  @Test
  void errorsMeanWhatTheyMeanOfEveryService() {
    String error = "{\"__type\":\"%s\",\"Message\":\"words\"}";
    http.add(400, error.formatted("ValidationException"), "1");
    assertThat(failure()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
    http.add(400, error.formatted("com.amazonaws#ConcurrentUpdateException"), "1");
    assertThat(failure()).isEqualTo(ErrorCategory.BUSY);
    http.add(400, error.formatted("ThrottlingException"), "1");
    assertThat(failure()).isEqualTo(ErrorCategory.THROTTLED);
    http.add(400, error.formatted("AccessDeniedException"), "1");
    assertThat(failure()).isEqualTo(ErrorCategory.PERMISSION);
    http.add(400, error.formatted("LimitExceededException"), "1");
    assertThat(failure()).isEqualTo(ErrorCategory.QUOTA);
  }

  @Test
  void credentialsThatCannotBeHadAreSaidSo() {
    IdentityProvider<AwsCredentialsIdentity> none =
        new IdentityProvider<>() {
          @Override
          public Class<AwsCredentialsIdentity> identityType() {
            return AwsCredentialsIdentity.class;
          }

          @Override
          public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(
              ResolveIdentityRequest request) {
            return CompletableFuture.supplyAsync(
                () -> {
                  throw new IllegalStateException("no role here");
                });
          }
        };
    SignedJsonClient unknown =
        new SignedJsonClient(
            () -> http, URI.create("https://localhost"), "us-east-1", "a", "b", none);
    CloudDbException failed =
        catchThrowableOfType(
            CloudDbException.class,
            () -> new ScalingClient(() -> unknown, "us-east-1", calls()).deregister(READS));
    assertThat(failed.category()).isEqualTo(ErrorCategory.AUTHENTICATION);
    assertThat(failed).hasMessageContaining("no role here");
  }

  @Test
  void whatIsNoAnswerOfTheServiceLeavesTheOutcomeOpen() {
    http.add(200, "<html>welcome</html>", "1");
    assertThat(failure()).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
    http.add(200, "{}", null);
    assertThat(failure()).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
    http.add(502, "<html>bad gateway</html>", null);
    assertThat(failure()).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
    http.broken = new SocketTimeoutException("Read timed out");
    assertThat(failure()).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
    http.broken = new ConnectException("refused");
    assertThat(failure()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(Optional.ofNullable(http.answers.peek())).isEmpty();
  }
}
