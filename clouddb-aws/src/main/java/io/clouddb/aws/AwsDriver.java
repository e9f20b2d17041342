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
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.table.TableBackupDriver;
import io.clouddb.spi.table.TableDriver;
import io.clouddb.spi.workflow.Workflow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
  private final Lazy<RdsInstanceDriver> instances;
  private final Lazy<RdsReplicaDriver> replicas;
  private final Lazy<RdsBackupDriver> backups;
  private final Lazy<DynamoTableDriver> tables;
  private final Lazy<DynamoBackupDriver> tableBackups;
  private final Map<Class<?>, Lazy<?>> parts;
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
        new Lazy<>(
            () ->
                new RdsInstanceDriver(
                    AwsProvider.ID,
                    region,
                    () -> account.number(region),
                    () -> clients.rds(region),
                    calls));
    this.replicas =
        new Lazy<>(
            () ->
                new RdsReplicaDriver(
                    AwsProvider.ID, region, () -> account.number(region), clients::rds, calls));
    this.backups =
        new Lazy<>(
            () ->
                new RdsBackupDriver(
                    AwsProvider.ID, region, () -> account.number(region), clients::rds, calls));
    this.tables =
        new Lazy<>(
            () ->
                new DynamoTableDriver(
                    AwsProvider.ID,
                    region,
                    () -> account.number(region),
                    clients::tables,
                    clients::scaling,
                    spec -> DynamoTableData.of(spec, region, () -> clients.dynamo(region), calls),
                    calls));
    this.tableBackups =
        new Lazy<>(
            () ->
                new DynamoBackupDriver(
                    AwsProvider.ID,
                    region,
                    () -> account.number(region),
                    clients::tables,
                    clients::scaling,
                    calls));
    this.parts =
        Map.of(
            ReplicaDriver.class, replicas,
            BackupDriver.class, backups,
            TableDriver.class, tables,
            TableBackupDriver.class, tableBackups);
  }

  @Override
  public CloudDriver in(CloudConfig there) {
    return new AwsDriver(there, calls, clients, account, false);
  }

  @Override
  public List<Workflow<?>> workflows() {
    return Stream.of(
            instances.get().workflows(),
            replicas.get().workflows(),
            backups.get().workflows(),
            tables.get().workflows(),
            tableBackups.get().workflows())
        .<Workflow<?>>flatMap(List::stream)
        .toList();
  }

  @Override
  public <D> Optional<D> driver(Class<D> type) {
    return Optional.ofNullable(parts.get(type)).map(Lazy::get).map(type::cast);
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
    return instances.get();
  }

  @Override
  public Support supports(Feature feature, FeatureContext context) {
    return replicas
        .get()
        .supports(feature, context)
        .or(() -> backups.get().supports(feature, context))
        .or(() -> tables.get().supports(feature, context))
        .orElseGet(() -> instances.get().supports(feature, context));
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

  /**
   * A part of the driver, made when it is first needed: who has tables alone needs none of the
   * hundreds of classes of instances.
   */
  private static final class Lazy<T> {
    private final Supplier<T> maker;
    private volatile @Nullable T made;

    Lazy(Supplier<T> maker) {
      this.maker = maker;
    }

    T get() {
      T known = made;
      return known == null ? make() : known;
    }

    private synchronized T make() {
      T its = made;
      if (its == null) {
        its = maker.get();
        made = its;
      }
      return its;
    }
  }
}
