/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.aws.rds.RdsFeatures;
import io.clouddb.aws.rds.RdsInstanceDriver;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** AWS, opened for one region. */
final class AwsDriver implements CloudDriver {
  private final AwsClients clients;
  private final RdsInstanceDriver instances;
  private final StoredSecrets secrets;

  AwsDriver(DriverContext context) {
    this.clients = new AwsClients(context.config());
    this.secrets = new StoredSecrets(clients::secrets, context.calls());
    this.instances =
        new RdsInstanceDriver(
            AwsProvider.ID,
            context.config(),
            clients::rds,
            context.calls(),
            this::resolveSecret,
            Clock.systemUTC());
  }

  /** Empty: the credentials decide. */
  @Override
  public String account() {
    return "";
  }

  @Override
  public InstanceDriver instances() {
    return instances;
  }

  @Override
  public Support supports(Feature feature, FeatureContext context) {
    return RdsFeatures.supports(feature, context);
  }

  @Override
  public Set<Class<?>> customizableTypes() {
    return RdsInstanceDriver.CUSTOMIZABLE;
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> type) {
    if (type == RdsClient.class) {
      return Optional.of(type.cast(clients.rds()));
    }
    if (type == SecretsManagerClient.class) {
      return Optional.of(type.cast(clients.secrets()));
    }
    return Optional.empty();
  }

  @Override
  public String resolveSecret(SecretRef reference) {
    return reference.kind() == SecretRef.Kind.STORE
        ? secrets.password(reference.name())
        : reference.resolve();
  }

  @Override
  public void close() {
    clients.close();
  }
}
