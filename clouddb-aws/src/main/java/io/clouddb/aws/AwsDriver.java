/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.CloudConfig;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.aws.dynamodb.DynamoBackupDriver;
import io.clouddb.aws.dynamodb.DynamoTableData;
import io.clouddb.aws.dynamodb.DynamoTableDriver;
import io.clouddb.aws.rds.RdsBackupDriver;
import io.clouddb.aws.rds.RdsInstanceDriver;
import io.clouddb.aws.rds.RdsReplicaDriver;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.workflow.Workflow;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sts.StsClient;

/** AWS, opened for one region. */
final class AwsDriver implements CloudDriver {
  private final CloudConfig config;
  private final RemoteCalls calls;
  private final AwsClients clients;
  private final AwsAccount account;
  private final boolean whole;
  private final RdsInstanceDriver instances;
  private final RdsReplicaDriver replicas;
  private final RdsBackupDriver backups;
  private final DynamoTableDriver tables;
  private final DynamoBackupDriver tableBackups;
  private final StoredSecrets secrets;

  AwsDriver(DriverContext context) {
    this(context.config(), context.calls(), new AwsClients(context.config()));
  }

  private AwsDriver(CloudConfig config, RemoteCalls calls, AwsClients clients) {
    this(config, calls, clients, new AwsAccount(clients::sts, calls), true);
  }

  private AwsDriver(
      CloudConfig config,
      RemoteCalls calls,
      AwsClients clients,
      AwsAccount account,
      boolean whole) {
    AwsClients.requireRegion(config);
    this.config = config;
    this.calls = calls;
    this.clients = clients;
    this.account = account;
    this.whole = whole;
    String region = config.location();
    this.secrets = new StoredSecrets(region, () -> clients.secrets(region), calls);
    this.instances =
        new RdsInstanceDriver(
            AwsProvider.ID, region, () -> account.number(region), () -> clients.rds(region), calls);
    this.replicas =
        new RdsReplicaDriver(
            AwsProvider.ID, region, () -> account.number(region), clients::rds, calls);
    this.backups =
        new RdsBackupDriver(
            AwsProvider.ID, region, () -> account.number(region), clients::rds, calls);
    this.tables =
        new DynamoTableDriver(
            AwsProvider.ID,
            region,
            () -> account.number(region),
            clients::tables,
            clients::scaling,
            spec -> DynamoTableData.of(spec, region, () -> clients.dynamo(region), calls),
            calls);
    this.tableBackups =
        new DynamoBackupDriver(
            AwsProvider.ID,
            region,
            () -> account.number(region),
            clients::tables,
            clients::scaling,
            calls);
  }

  @Override
  public CloudDriver in(CloudConfig there) {
    return new AwsDriver(there, calls, clients, account, false);
  }

  @Override
  public List<Workflow<?>> workflows() {
    return Stream.of(
            instances.workflows(),
            replicas.workflows(),
            backups.workflows(),
            tables.workflows(),
            tableBackups.workflows())
        .<Workflow<?>>flatMap(List::stream)
        .toList();
  }

  @Override
  public <D> Optional<D> driver(Class<D> type) {
    return Stream.of(replicas, backups, tables, tableBackups)
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }

  @Override
  public String account() {
    return account.number(config.location());
  }

  @Override
  public Optional<String> knownAccount() {
    return account.known();
  }

  @Override
  public InstanceDriver instances() {
    return instances;
  }

  @Override
  public Support supports(Feature feature, FeatureContext context) {
    return replicas
        .supports(feature, context)
        .or(() -> backups.supports(feature, context))
        .or(() -> tables.supports(feature, context))
        .orElseGet(() -> instances.supports(feature, context));
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> type) {
    if (type == RdsClient.class) {
      return Optional.of(type.cast(clients.rds(config.location())));
    }
    if (type == DynamoDbAsyncClient.class) {
      return Optional.of(type.cast(clients.dynamo(config.location())));
    }
    if (type == DynamoDbClient.class) {
      return Optional.of(type.cast(clients.tables(config.location())));
    }
    if (type == SecretsManagerClient.class) {
      return Optional.of(type.cast(clients.secrets(config.location())));
    }
    if (type == StsClient.class) {
      return Optional.of(type.cast(clients.sts(config.location())));
    }
    return Optional.empty();
  }

  @Override
  public String resolveSecret(SecretRef reference) {
    return reference.kind() == SecretRef.Kind.STORE
        ? secrets.password(reference.name())
        : reference.resolve();
  }

  /** The clients of all regions are closed with the driver that was opened first. */
  @Override
  public void close() {
    if (whole) {
      clients.close();
    }
  }
}
