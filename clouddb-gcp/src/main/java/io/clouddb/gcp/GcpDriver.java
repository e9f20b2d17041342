/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp;

import com.google.api.services.sqladmin.SQLAdmin;
import io.clouddb.CloudConfig;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.gcp.sql.CloudSqlBackups;
import io.clouddb.gcp.sql.CloudSqlInstances;
import io.clouddb.gcp.sql.CloudSqlReplicas;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.workflow.Workflow;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One region of one Google Cloud project. */
final class GcpDriver implements CloudDriver {
  private final DriverContext context;
  private final String project;
  private final SqlAdminClient client;
  private final boolean ownsClient;
  private final CloudSqlInstances instances;
  private final CloudSqlReplicas replicas;
  private final CloudSqlBackups backups;

  GcpDriver(DriverContext context, String project) {
    this(context, project, new SqlAdminClient(context.config()), true);
  }

  private GcpDriver(
      DriverContext context, String project, SqlAdminClient client, boolean ownsClient) {
    this.ownsClient = ownsClient;
    this.context = context;
    this.project = project;
    this.client = client;
    this.instances =
        new CloudSqlInstances(client::get, context.calls(), project, context.config().location());
    this.replicas =
        new CloudSqlReplicas(client::get, context.calls(), project, context.config().location());
    this.backups =
        new CloudSqlBackups(
            client::get, context.calls(), project, context.config().location(), instances);
  }

  @Override
  public String account() {
    return project;
  }

  @Override
  public InstanceDriver instances() {
    return instances;
  }

  @Override
  public <D> Optional<D> driver(Class<D> type) {
    return Stream.of(replicas, backups).filter(type::isInstance).map(type::cast).findFirst();
  }

  @Override
  public List<Workflow<?>> workflows() {
    return Stream.of(instances.workflows(), replicas.workflows(), backups.workflows())
        .flatMap(List::stream)
        .toList();
  }

  /** With the same client: Google has one endpoint for all regions. */
  @Override
  public CloudDriver in(CloudConfig there) {
    return new GcpDriver(new DriverContext(there, context.calls()), project, client, false);
  }

  @Override
  public Support supports(Feature feature, FeatureContext context) {
    return CloudSqlInstances.supports(feature, context);
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> type) {
    return type == SQLAdmin.class ? Optional.of(type.cast(client.get())) : Optional.empty();
  }

  @Override
  public String resolveSecret(SecretRef reference) {
    return secret(reference);
  }

  private String secret(SecretRef reference) {
    if (reference.kind() == SecretRef.Kind.STORE) {
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE,
              "gcp does not read " + reference + " out of Google's Secret Manager")
          .nextStep("Use SecretRef.environment or SecretRef.file.")
          .toException();
    }
    return reference.resolve();
  }

  @Override
  public void close() {
    if (ownsClient) {
      client.close();
    }
  }
}
