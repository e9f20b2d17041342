/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import io.clouddb.security.SecretRef;
import java.net.URI;
import java.net.URL;
import reactor.core.publisher.Mono;

/** Shows the secret of a stand-in for Azure to it, and to no other address that it may name. */
final class StandInToken implements HttpPipelinePolicy {
  private final String authority;
  private final SecretRef secret;

  StandInToken(URI endpoint, SecretRef secret) {
    this.authority = endpoint.getRawAuthority();
    this.secret = secret;
  }

  @Override
  public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
    show(context);
    return next.process();
  }

  @Override
  public HttpResponse processSync(
      HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
    show(context);
    return next.processSync();
  }

  private void show(HttpPipelineCallContext context) {
    URL url = context.getHttpRequest().getUrl();
    if (url.getProtocol().equals("http") && url.getAuthority().equals(authority)) {
      context
          .getHttpRequest()
          .setHeader(HttpHeaderName.AUTHORIZATION, "Bearer " + secret.resolve());
    }
  }
}
