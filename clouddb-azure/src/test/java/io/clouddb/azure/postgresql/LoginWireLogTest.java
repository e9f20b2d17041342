/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import io.clouddb.CloudConfig;
import io.clouddb.spi.WireLog;
import io.clouddb.testkit.contract.WireLogContract;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * As it is with an application's own secret in the environment, and {@code
 * AZURE_HTTP_LOG_DETAIL_LEVEL} set: a token is fetched first.
 */
class LoginWireLogTest extends WireLogContract {
  @Override
  protected List<WireLog> known() {
    return List.of();
  }

  /** Azure's login and resource manager, as far as they are asked here. */
  private record Answer(HttpRequest request, int status, String json) {}

  private static final class Azure implements HttpClient {
    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
      return Mono.fromSupplier(() -> answer(request));
    }

    @Override
    public HttpResponse sendSync(HttpRequest request, Context context) {
      return answer(request);
    }

    private static HttpResponse answer(HttpRequest request) {
      String url = request.getUrl().toString();
      if (url.contains("/oauth2/v2.0/token")) {
        return new Text(
            new Answer(
                request,
                200,
                "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"ext_expires_in\":3599,"
                    + "\"access_token\":\"5-"
                    + SECRET
                    + "\"}"));
      }
      if (url.contains("/discovery/instance")) {
        return new Text(
            new Answer(
                request,
                200,
                "{\"tenant_discovery_endpoint\":\"https://login.microsoftonline.com/common/.well-known"
                    + "/openid-configuration\",\"api-version\":\"1.1\",\"metadata\":[{"
                    + "\"preferred_network\":\"login.microsoftonline.com\",\"preferred_cache\":"
                    + "\"login.windows.net\",\"aliases\":[\"login.microsoftonline.com\","
                    + "\"login.windows.net\"]}]}"));
      }
      return new Text(
          new Answer(
              request,
              403,
              "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"no right\"}}"));
    }
  }

  private static final class Text extends HttpResponse {
    private final Answer answer;

    private Text(Answer answer) {
      super(answer.request());
      this.answer = answer;
    }

    @Override
    public int getStatusCode() {
      return answer.status();
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // The SDK's own to take away.
    public String getHeaderValue(String name) {
      return getHeaders().getValue(HttpHeaderName.fromString(name));
    }

    @Override
    public HttpHeaders getHeaders() {
      return new HttpHeaders()
          .set(HttpHeaderName.CONTENT_TYPE, "application/json")
          .set(HttpHeaderName.CONTENT_LENGTH, "" + answer.json().length());
    }

    @Override
    public Flux<ByteBuffer> getBody() {
      return Flux.defer(
          () -> Flux.just(ByteBuffer.wrap(answer.json().getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public Mono<byte[]> getBodyAsByteArray() {
      return Mono.just(answer.json().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Mono<String> getBodyAsString() {
      return Mono.just(answer.json());
    }

    @Override
    public Mono<String> getBodyAsString(Charset charset) {
      return Mono.just(answer.json());
    }
  }

  /** The program. */
  public static void main(String[] arguments) throws Exception {
    System.setProperty("AZURE_TENANT_ID", "00000000-0000-0000-0000-000000000002");
    System.setProperty("AZURE_CLIENT_ID", "00000000-0000-0000-0000-000000000003");
    System.setProperty("AZURE_CLIENT_SECRET", "6-" + SECRET);
    System.setProperty("AZURE_HTTP_LOG_DETAIL_LEVEL", "body_and_headers");
    ask(
        CloudConfig.fromUrl(
                "clouddb:azure:koreacentral?subscription=00000000-0000-0000-0000-000000000001"
                    + "&resourceGroup=shop-rg")
            .using(HttpClient.class, new Azure())
            .build());
    try (AzureOnThisMachine azure = new AzureOnThisMachine()) {
      create(azure.config().build(), AzureOnThisMachine.spec("orders").build());
    }
  }
}
