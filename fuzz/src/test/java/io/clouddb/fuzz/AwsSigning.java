/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Signs a request anew after it was changed, as AWS' SDK does: else it is refused at the door. */
final class AwsSigning {
  private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();
  private static final List<String> OF_SIGNATURE =
      List.of("authorization:", "x-amz-date:", "x-amz-content-sha256:");

  /** What the JSON protocol signs as well. */
  private static final String TARGET = "X-Amz-Target";

  private final URI endpoint;
  private final AwsCredentialsIdentity identity;
  private final String service;

  AwsSigning(URI endpoint, AwsCredentialsIdentity identity, String service) {
    this.endpoint = endpoint;
    this.identity = identity;
    this.service = service;
  }

  /** The front door sends a request to the service that it was signed for. */
  private String service(RawRequest request) {
    return request.headers().stream().anyMatch(header -> header.contains("/sts/aws4_request"))
        ? "sts"
        : service;
  }

  RawRequest sign(RawRequest request) {
    String[] line = request.line().split(" ");
    SdkHttpRequest.Builder unsigned =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(line[0]))
            .uri(endpoint.resolve(line[1]));
    request.headers().stream()
        .filter(header -> header.startsWith(TARGET))
        .forEach(header -> unsigned.putHeader(TARGET, header.substring(TARGET.length() + 2)));
    SignedRequest signed =
        SIGNER.sign(
            parts ->
                parts
                    .identity(identity)
                    .request(unsigned.build())
                    .payload(() -> new ByteArrayInputStream(request.body()))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service(request))
                    .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1"));
    List<String> headers = new ArrayList<>();
    for (String header : request.headers()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (!lower.startsWith("host:")
          && !header.startsWith(TARGET)
          && OF_SIGNATURE.stream().noneMatch(lower::startsWith)) {
        headers.add(header);
      }
    }
    signed
        .request()
        .forEachHeader((name, values) -> values.forEach(value -> headers.add(name + ": " + value)));
    return new RawRequest(request.line(), headers, request.body());
  }
}
