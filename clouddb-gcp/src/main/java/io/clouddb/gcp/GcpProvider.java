/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp;

import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpTransport;
import com.google.api.services.sqladmin.SQLAdmin;
import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import io.clouddb.CloudConfig;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.CloudDbProvider;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.WireLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.regex.Pattern;

/**
 * Google Cloud, opened by {@code clouddb:gcp:<region>?project=<project>}. Without credentials that
 * are handed in, Google's <a
 * href="https://cloud.google.com/docs/authentication/application-default-credentials">application
 * default credentials</a> are read at the first call. An {@code http} endpoint on this machine gets
 * none of them, but the {@link CloudConfig#endpointSecret()} as a bearer token.
 */
public final class GcpProvider implements CloudDbProvider {
  static final String ID = "gcp";
  private static final String PROJECT = "project";

  /** Where it is set, Google's transport forgets the connections that it was given. */
  private static final String PROXY = "com.google.api.client.should_use_proxy";

  // Old projects are named within a domain: example.com:shop.
  private static final Pattern PROJECT_ID =
      Pattern.compile("(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]");

  /** Called by {@link java.util.ServiceLoader}. */
  public GcpProvider() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public Set<String> properties() {
    return Set.of(PROJECT);
  }

  @Override
  public Set<Class<?>> acceptedObjects() {
    return Set.of(
        SQLAdmin.class,
        HttpTransport.class,
        HttpRequestInitializer.class,
        Credentials.class,
        GoogleCredentials.class);
  }

  /**
   * Headers with tokens, of the JVM's HTTP client; and what Google's login sends and gets, whose
   * requests cannot be told, as those of the API are, to stay out of the log of Google's client.
   */
  @Override
  public List<WireLog> wireLogs() {
    return List.of(
        WireLog.logger("sun.net.www.protocol.http.HttpURLConnection", Level.FINE),
        WireLog.logger("com.google.api.client.http.HttpTransport", Level.CONFIG));
  }

  @Override
  public CloudDriver open(DriverContext context) {
    CloudConfig config = context.config();
    String project = config.requiredProperty(PROJECT);
    Set<Class<?>> objects = config.objects().keySet();
    List<String> problems = new ArrayList<>();
    if (!PROJECT_ID.matcher(project).matches()) {
      problems.add(
          "project '" + project + "' is no id of 6 to 30 lower case letters, digits and hyphens");
    }
    if (objects.contains(SQLAdmin.class) && (objects.size() > 1 || config.endpoint().isPresent())) {
      problems.add(
          "a handed in SQLAdmin has its own endpoint, transport and credentials: no others beside"
              + " it");
    }
    boolean credentials =
        objects.contains(Credentials.class) || objects.contains(GoogleCredentials.class);
    if (objects.contains(HttpRequestInitializer.class) && credentials) {
      problems.add(
          "a handed in HttpRequestInitializer puts the credentials into requests: no others beside"
              + " it");
    }
    if (System.getProperty(PROXY) != null
        && !objects.contains(SQLAdmin.class)
        && !objects.contains(HttpTransport.class)) {
      problems.add(
          "the system property "
              + PROXY
              + " is set, by which Google's client makes connections that close() cannot end: leave"
              + " it out, since https.proxyHost and https.proxyPort alone lead through the proxy as"
              + " well, or hand in an HttpTransport, which is yours to close");
    }
    if (!problems.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The configuration of " + config + " is invalid: " + String.join("; ", problems))
          .toException();
    }
    return new GcpDriver(context, project);
  }
}
