/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.internal;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import java.util.Locale;
import reactor.core.publisher.Mono;

/**
 * What stands before every request and answer.
 *
 * <p>Requests to flexible servers speak a newer version of the service's API than the SDK does. The
 * SDK's last stable release speaks 2022-12-01, whose definition lists PostgreSQL 11 to 14; that of
 * 2025-08-01 lists 11 to 18, and takes and answers what this driver sends and reads. URLs that
 * Azure made itself (operations, next pages) stay as they are: they are signed, and carry the
 * version of the request that they come from.
 *
 * <p>A page of a proxy's is an error whatever its status is: the SDK has no error of its own for
 * it.
 */
public final class ArmPipeline implements HttpPipelinePolicy {
  /** The version of the service's API that is spoken. */
  public static final String API_VERSION = "2025-08-01";

  private static final String SDK = "api-version=2022-12-01";
  private static final String SERVERS = "/providers/microsoft.dbforpostgresql/flexibleservers";
  private static final int LEAST_ERROR = 400;

  private ArmPipeline() {}

  /**
   * Puts this policy before those of a pipeline.
   *
   * @param pipeline the pipeline; it stays as it is
   * @return a new one over the same client and policies
   */
  public static HttpPipeline before(HttpPipeline pipeline) {
    HttpPipelinePolicy[] policies = new HttpPipelinePolicy[pipeline.getPolicyCount() + 1];
    policies[0] = new ArmPipeline();
    for (int i = 0; i < pipeline.getPolicyCount(); i++) {
      policies[i + 1] = pipeline.getPolicy(i);
    }
    return new HttpPipelineBuilder()
        .httpClient(pipeline.getHttpClient())
        .policies(policies)
        .tracer(pipeline.getTracer())
        .build();
  }

  @Override
  public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
    speak(context.getHttpRequest());
    return next.process().map(ArmPipeline::ofArm);
  }

  @Override
  public HttpResponse processSync(
      HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
    speak(context.getHttpRequest());
    return ofArm(next.processSync());
  }

  private static void speak(HttpRequest request) {
    String url = request.getUrl().toString();
    int query = url.indexOf('?');
    if (query > 0 && url.substring(0, query).toLowerCase(Locale.ROOT).contains(SERVERS)) {
      request.setUrl(
          url.substring(0, query)
              + url.substring(query).replace(SDK, "api-version=" + API_VERSION));
    }
  }

  private static HttpResponse ofArm(HttpResponse response) {
    String type = response.getHeaderValue(HttpHeaderName.CONTENT_TYPE);
    if (response.getStatusCode() < LEAST_ERROR
        && type != null
        && type.toLowerCase(Locale.ROOT).startsWith("text/html")) {
      response.close();
      throw new HttpResponseException("A page instead of an answer", response);
    }
    return response;
  }
}
