/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.policy.HttpPipelineSyncPolicy;
import io.clouddb.security.SecretRef;
import java.net.URI;

/** Shows the secret of a stand-in for Azure to it, and to no other address that it may name. */
final class StandInToken extends HttpPipelineSyncPolicy {
  private final String authority;
  private final SecretRef secret;

  StandInToken(URI endpoint, SecretRef secret) {
    this.authority = endpoint.getRawAuthority();
    this.secret = secret;
  }

  @Override
  protected void beforeSendingRequest(HttpPipelineCallContext context) {
    HttpRequest request = context.getHttpRequest();
    if (request.getUrl().getProtocol().equals("http")
        && request.getUrl().getAuthority().equals(authority)) {
      request.setHeader(HttpHeaderName.AUTHORIZATION, "Bearer " + secret.resolve());
    }
  }
}
