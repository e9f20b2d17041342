/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp;

import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.services.sqladmin.SQLAdminScopes;
import com.google.auth.Credentials;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.GoogleCredentials;
import io.clouddb.gcp.sql.MissingCredentialsException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the credentials, read when the first request needs them, into every request. */
final class CredentialsInitializer implements HttpRequestInitializer {
  /** Where credentials come from. */
  @FunctionalInterface
  interface Source {
    Credentials read() throws IOException;
  }

  private static final List<String> SCOPES =
      List.of(SQLAdminScopes.SQLSERVICE_ADMIN, SQLAdminScopes.CLOUD_PLATFORM);

  private final Source source;
  private @Nullable HttpCredentialsAdapter adapter;

  CredentialsInitializer(Source source) {
    this.source = source;
  }

  @Override
  public void initialize(HttpRequest request) throws IOException {
    adapter().initialize(request);
  }

  private synchronized HttpCredentialsAdapter adapter() throws MissingCredentialsException {
    HttpCredentialsAdapter known = adapter;
    if (known == null) {
      known = new HttpCredentialsAdapter(scoped());
      adapter = known;
    }
    return known;
  }

  private Credentials scoped() throws MissingCredentialsException {
    try {
      Credentials credentials = source.read();
      return credentials instanceof GoogleCredentials google && google.createScopedRequired()
          ? google.createScoped(SCOPES)
          : credentials;
    } catch (IOException e) {
      throw new MissingCredentialsException(e);
    }
  }
}
