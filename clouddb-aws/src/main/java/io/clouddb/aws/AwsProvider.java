/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.spi.CloudDbProvider;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Amazon Web Services, {@code clouddb:aws:<region>}.
 *
 * <p>Takes no properties. Takes an {@link RdsClient}, a {@link SecretsManagerClient}, an {@link
 * SdkHttpClient} and an {@link AwsCredentialsProvider}; without credentials the SDK's default chain
 * finds them. An endpoint stands for both RDS and Secrets Manager. The account is left out of
 * resource ids, since AWS derives it from the credentials; it is part of the ARN, the native id.
 *
 * <p>Clients that are made here do not retry: {@link io.clouddb.spi.RemoteCalls} does. A client
 * that is handed in keeps its own settings, so hand in one that does not retry either.
 */
public final class AwsProvider implements CloudDbProvider {
  /** The provider's id. */
  public static final String ID = "aws";

  /** Called by {@link java.util.ServiceLoader}. */
  public AwsProvider() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public Set<String> properties() {
    return Set.of();
  }

  @Override
  public Set<Class<?>> acceptedObjects() {
    return Set.of(
        RdsClient.class,
        SecretsManagerClient.class,
        SdkHttpClient.class,
        AwsCredentialsProvider.class);
  }

  @Override
  public CloudDriver open(DriverContext context) {
    return new AwsDriver(context);
  }
}
