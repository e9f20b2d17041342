/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure;

import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.util.UrlBuilder;
import java.net.MalformedURLException;
import java.util.Locale;
import reactor.core.publisher.Mono;

/**
 * Speaks version 2025-08-01 of the API of flexible servers, the newest stable one, where the SDK's
 * newest stable release says 2022-12-01: that one's published definition lists PostgreSQL 11 to 14,
 * the newer one's 11 to 18. What the driver sends and reads is the same in both (see
 * docs/decisions). Requests to other services, and the URLs of operations, which have the version
 * of the request that began them, are left alone.
 */
final class ApiVersionPolicy implements HttpPipelinePolicy {
  /** What is asked for. */
  static final String VERSION = "2025-08-01";

  private static final String OF_THE_SDK = "2022-12-01";
  private static final String PARAMETER = "api-version";
  private static final String PROVIDER = "/providers/microsoft.dbforpostgresql/";

  @Override
  public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
    ask(context);
    return next.process();
  }

  @Override
  public HttpResponse processSync(
      HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
    ask(context);
    return next.processSync();
  }

  private static void ask(HttpPipelineCallContext context) {
    UrlBuilder url = UrlBuilder.parse(context.getHttpRequest().getUrl());
    String path = String.valueOf(url.getPath()).toLowerCase(Locale.ROOT);
    if (path.contains(PROVIDER) && OF_THE_SDK.equals(url.getQuery().get(PARAMETER))) {
      url.setQueryParameter(PARAMETER, VERSION);
      try {
        context.getHttpRequest().setUrl(url.toUrl());
      } catch (MalformedURLException e) {
        throw new IllegalStateException("A URL with another parameter is a URL", e);
      }
    }
  }
}
