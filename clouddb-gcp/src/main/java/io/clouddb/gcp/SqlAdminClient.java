/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp;

import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.sqladmin.SQLAdmin;
import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import io.clouddb.CloudConfig;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Google's client of the Cloud SQL Admin API: the caller's own, or one made when it is needed. */
final class SqlAdminClient {
  private final CloudConfig config;
  private @Nullable SQLAdmin client;
  private final ClosableConnections connections = new ClosableConnections();
  private final HttpTransport transport;
  private boolean closed;

  /** The transport is made here, right after the provider has looked at what would undo it. */
  SqlAdminClient(CloudConfig config) {
    this.config = config;
    this.transport =
        config
            .object(HttpTransport.class)
            .orElseGet(
                () -> new NetHttpTransport.Builder().setConnectionFactory(connections).build());
  }

  synchronized SQLAdmin get() {
    if (closed) {
      throw ErrorDetails.of(ErrorCategory.UNAVAILABLE, config + " is closed")
          .retryable(false)
          .toException();
    }
    SQLAdmin known = client;
    if (known == null) {
      known = config.object(SQLAdmin.class).orElseGet(this::build);
      client = known;
    }
    return known;
  }

  private SQLAdmin build() {
    SQLAdmin.Builder builder =
        new SQLAdmin.Builder(transport, GsonFactory.getDefaultInstance(), initializer())
            .setApplicationName("clouddb");
    config.endpoint().ifPresent(endpoint -> builder.setRootUrl(rootUrl(endpoint)));
    return builder.build();
  }

  private static String rootUrl(URI endpoint) {
    String text = endpoint.toString();
    return text.endsWith("/") ? text : text + "/";
  }

  private HttpRequestInitializer initializer() {
    HttpRequestInitializer own = config.object(HttpRequestInitializer.class).orElse(null);
    if (own != null) {
      return new RequestSettings(own);
    }
    Optional<Credentials> handedIn =
        config
            .object(Credentials.class)
            .or(() -> config.object(GoogleCredentials.class).map(Credentials.class::cast));
    if (handedIn.isPresent()) {
      return new RequestSettings(new CredentialsInitializer(handedIn::get));
    }
    // Plain http is accepted on this machine only, where no one asks for a Google account.
    boolean simulated =
        config.endpoint().map(endpoint -> "http".equals(endpoint.getScheme())).orElse(false);
    return new RequestSettings(
        simulated
            ? this::showSecret
            : new CredentialsInitializer(GoogleCredentials::getApplicationDefault));
  }

  /** To what stands in for Google on this machine, where the client sends everything. */
  private void showSecret(HttpRequest request) {
    config
        .endpointSecret()
        .ifPresent(secret -> request.getHeaders().setAuthorization("Bearer " + secret.resolve()));
  }

  /** Ends the connections that were made here, and those of no transport that was handed in. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    connections.close();
  }
}
