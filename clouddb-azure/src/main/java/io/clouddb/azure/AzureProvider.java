/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpPipeline;
import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import io.clouddb.CloudConfig;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.CloudDbProvider;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.WireLog;
import java.util.List;
import java.util.Set;

/**
 * Azure, opened by {@code clouddb:azure:<region>?subscription=<id>&resourceGroup=<name>}, with
 * {@code tenant} and {@code endpoint} where they are not the default. The resource group has to
 * exist.
 *
 * <p>Taken objects: a {@link PostgreSqlManager}; or a whole {@link HttpPipeline}; or an {@link
 * HttpClient} and a {@link TokenCredential}. A manager or a pipeline that is handed in should not
 * retry, since this library does. Without a credential {@code DefaultAzureCredential} finds one; an
 * {@code http} endpoint on this machine gets none, but the {@link CloudConfig#endpointSecret()} as
 * a bearer token.
 */
public final class AzureProvider implements CloudDbProvider {
  /** The id in URLs and resource ids. */
  public static final String ID = "azure";

  static final String SUBSCRIPTION = "subscription";
  static final String RESOURCE_GROUP = "resourceGroup";
  static final String TENANT = "tenant";

  /** Called by {@link java.util.ServiceLoader}. */
  public AzureProvider() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public Set<String> properties() {
    return Set.of(SUBSCRIPTION, RESOURCE_GROUP, TENANT);
  }

  @Override
  public Set<Class<?>> acceptedObjects() {
    return Set.of(
        PostgreSqlManager.class, HttpClient.class, HttpPipeline.class, TokenCredential.class);
  }

  /** Headers with tokens, of the JVM's HTTP client. */
  @Override
  public List<WireLog> wireLogs() {
    return List.of(WireLog.property("jdk.httpclient.HttpClient.log"));
  }

  @Override
  public CloudDriver open(DriverContext context) {
    CloudConfig config = context.config();
    Set<Class<?>> objects = config.objects().keySet();
    if (objects.contains(PostgreSqlManager.class)
        && (objects.size() > 1 || config.endpoint().isPresent())) {
      throw invalid(
          config,
          "a handed in PostgreSqlManager has its own endpoint, pipeline and credential: no others"
              + " beside it");
    }
    if (objects.contains(HttpPipeline.class) && objects.size() > 1) {
      throw invalid(
          config,
          "a handed in HttpPipeline has its own HTTP client and credential: no others beside it");
    }
    return new AzureDriver(context);
  }

  private static RuntimeException invalid(CloudConfig config, String problem) {
    return ErrorDetails.of(
            ErrorCategory.INVALID_ARGUMENT,
            "The configuration of " + config + " is invalid: " + problem)
        .toException();
  }
}
