/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp;

import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestInitializer;
import java.io.IOException;
import java.time.Duration;

/** Time limits of every request, and no request in any log: some carry a password. */
final class RequestSettings implements HttpRequestInitializer {
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration READ = Duration.ofSeconds(60);

  private final HttpRequestInitializer next;

  RequestSettings(HttpRequestInitializer next) {
    this.next = next;
  }

  @Override
  public void initialize(HttpRequest request) throws IOException {
    request.setConnectTimeout((int) CONNECT.toMillis());
    request.setReadTimeout((int) READ.toMillis());
    // Google's client writes whole bodies to java.util.logging at level CONFIG.
    request.setLoggingEnabled(false);
    request.setCurlLoggingEnabled(false);
    next.initialize(request);
  }
}
