/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/**
 * A service of AWS that speaks JSON 1.1, in one region, without an SDK's module of its own: the
 * SDK's HTTP client and signer, and one request a call. What fails is one of the SDK's exceptions,
 * so that {@link AwsErrors} tells what it means.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html">AWS JSON 1.1</a>
 */
public final class SignedJsonClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REQUEST_ID = "x-amzn-RequestId";
  private static final int MULTIPLE_CHOICES = 300;
  private static final int OK = 200;

  /** Far above any page of an answer. */
  private static final int LONGEST_ANSWER = 16 << 20;

  private final Supplier<SdkHttpClient> http;
  private final URI endpoint;
  private final String region;
  private final String service;
  private final String targets;
  private final IdentityProvider<? extends AwsCredentialsIdentity> credentials;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

  /**
   * Makes a client.
   *
   * @param http what sends the requests, closed by its owner
   * @param endpoint where they go
   * @param region what they are signed for
   * @param service the service's name in signatures
   * @param targets what stands before an action's name in {@code X-Amz-Target}
   * @param credentials who signs
   */
  public SignedJsonClient(
      Supplier<SdkHttpClient> http,
      URI endpoint,
      String region,
      String service,
      String targets,
      IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.http = http;
    this.endpoint = endpoint;
    this.region = region;
    this.service = service;
    this.targets = targets;
    this.credentials = credentials;
  }

  /**
   * Sends one request.
   *
   * @param action the service's name of it
   * @param body its members
   * @return the members of the answer
   * @throws AwsServiceException when the service refused it
   * @throws SdkClientException when nobody answered
   * @throws StrangeAnswerException when somebody else did
   */
  public JsonNode send(String action, ObjectNode body) {
    try {
      HttpExecuteResponse answer = execute(action, body);
      byte[] bytes = bytes(answer);
      int status = answer.httpResponse().statusCode();
      if (status < OK || status >= MULTIPLE_CHOICES) {
        throw refused(answer.httpResponse(), bytes);
      }
      if (answer
          .httpResponse()
          .firstMatchingHeader(REQUEST_ID)
          .filter(id -> !id.isEmpty())
          .isEmpty()) {
        throw new StrangeAnswerException("it has no request id");
      }
      return read(bytes)
          .orElseThrow(() -> new StrangeAnswerException("it is no JSON of an action's members"));
    } catch (IOException e) {
      throw SdkClientException.create("Unable to execute HTTP request: " + e.getMessage(), e);
    }
  }

  private HttpExecuteResponse execute(String action, ObjectNode body) throws IOException {
    ContentStreamProvider payload =
        ContentStreamProvider.fromByteArray(body.toString().getBytes(StandardCharsets.UTF_8));
    SdkHttpRequest request =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(endpoint)
            .encodedPath("/")
            .putHeader("Content-Type", "application/x-amz-json-1.1")
            .putHeader("X-Amz-Target", targets + "." + action)
            .build();
    AwsCredentialsIdentity identity = identity();
    SignedRequest signed =
        signer.sign(
            sign ->
                sign.identity(identity)
                    .request(request)
                    .payload(payload)
                    .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, service)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region));
    return http.get()
        .prepareRequest(
            HttpExecuteRequest.builder()
                .request(signed.request())
                .contentStreamProvider(signed.payload().orElse(payload))
                .build())
        .call();
  }

  private AwsCredentialsIdentity identity() {
    try {
      return credentials.resolveIdentity().join();
    } catch (CompletionException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      // The SDK's own word, by which its other clients say so.
      throw SdkClientException.create("Unable to load credentials: " + why.getMessage(), why);
    }
  }

  private static byte[] bytes(HttpExecuteResponse answer) throws IOException {
    Optional<AbortableInputStream> body = answer.responseBody();
    if (body.isEmpty()) {
      return new byte[0];
    }
    try (InputStream in = body.get()) {
      byte[] bytes = in.readNBytes(LONGEST_ANSWER + 1);
      if (bytes.length > LONGEST_ANSWER) {
        body.get().abort();
        throw new StrangeAnswerException("it is longer than any of its answers");
      }
      return bytes;
    }
  }

  /** The members; those of an action without any may be no body at all. */
  private static Optional<JsonNode> read(byte[] bytes) {
    if (bytes.length == 0) {
      return Optional.of(JSON.createObjectNode());
    }
    try {
      return Optional.ofNullable(JSON.readTree(new String(bytes, StandardCharsets.UTF_8)))
          .filter(JsonNode::isObject);
    } catch (JsonProcessingException e) {
      // It quotes its input.
      return Optional.empty();
    }
  }

  private AwsServiceException refused(SdkHttpResponse response, byte[] bytes) {
    JsonNode body = read(bytes).orElseGet(JSON::createObjectNode);
    String type =
        response
            .firstMatchingHeader("x-amzn-ErrorType")
            .orElseGet(() -> body.path("__type").asText(""));
    String code = type.substring(type.indexOf('#') + 1);
    int colon = code.indexOf(':');
    String message = body.path("message").asText(body.path("Message").asText(""));
    AwsErrorDetails.Builder details =
        AwsErrorDetails.builder().serviceName(service).sdkHttpResponse(response);
    if (!code.isEmpty()) {
      details.errorCode(colon < 0 ? code : code.substring(0, colon)).errorMessage(message);
    }
    return AwsServiceException.builder()
        .message(message)
        .awsErrorDetails(details.build())
        .statusCode(response.statusCode())
        .requestId(response.firstMatchingHeader(REQUEST_ID).orElse(null))
        .build();
  }
}
