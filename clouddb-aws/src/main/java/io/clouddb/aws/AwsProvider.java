/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.CloudConfig;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.CloudDbProvider;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.WireLog;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Amazon Web Services, {@code clouddb:aws:<region>}.
 *
 * <p>Takes no properties. Takes an {@link RdsClient}, a {@link DynamoDbClient} for the control of
 * tables and a {@link DynamoDbAsyncClient} for their data, each with the {@link StsClient} of its
 * account, a {@link SecretsManagerClient}, an {@link SdkHttpClient} for the clients that block and
 * an {@link SdkAsyncHttpClient} for those that do not, and an {@link AwsCredentialsProvider};
 * without credentials the SDK's default chain finds them, but for an http endpoint, which is on
 * this machine and gets none of anybody's: it gets the access key {@code clouddb} with the {@link
 * CloudConfig#endpointSecret()} as its secret. An endpoint stands for RDS, DynamoDB, Application
 * Auto Scaling, Secrets Manager and STS.
 *
 * <p>The account in resource ids is the one that the credentials are of. The first call that needs
 * it asks STS in its own region, by {@code GetCallerIdentity}, for which no permission is needed;
 * opening a cloud and plans ask nothing. Later calls in all regions go by that answer, so a cloud
 * is for one account: open another one for credentials of another. An id or a token of another
 * account is refused before anything is changed, and so is one without an account, as earlier
 * versions wrote them: nothing tells whose it is.
 *
 * <p>Clients that are made here do not retry: {@link io.clouddb.spi.RemoteCalls} does. A client
 * that is handed in keeps its own settings, so hand in one that does not retry either; an endpoint,
 * an HTTP client or credentials beside it are refused, since it would not use them, and so is a
 * region that is not its own, but for STS, which tells the same in every region.
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
        StsClient.class,
        DynamoDbAsyncClient.class,
        DynamoDbClient.class,
        SdkHttpClient.class,
        SdkAsyncHttpClient.class,
        AwsCredentialsProvider.class);
  }

  /**
   * Bodies with passwords, and headers with session tokens, of the HTTP client and the signer; and
   * headers with the tokens that a machine or a container shows for its credentials, of the JVM's.
   */
  @Override
  public List<WireLog> wireLogs() {
    return List.of(
        WireLog.logger("org.apache.hc.client5.http.wire", Level.FINE),
        WireLog.logger("org.apache.hc.client5.http.headers", Level.FINE),
        WireLog.logger(
            "software.amazon.awssdk.http.auth.aws.internal.signer.DefaultV4RequestSigner",
            Level.FINE),
        WireLog.logger("io.netty.handler.logging.LoggingHandler", Level.FINE),
        WireLog.logger("sun.net.www.protocol.http.HttpURLConnection", Level.FINE));
  }

  @Override
  public CloudDriver open(DriverContext context) {
    CloudConfig config = context.config();
    boolean client =
        config.object(RdsClient.class).isPresent()
            || config.object(SecretsManagerClient.class).isPresent()
            || config.object(DynamoDbAsyncClient.class).isPresent()
            || config.object(DynamoDbClient.class).isPresent()
            || config.object(StsClient.class).isPresent();
    boolean parts =
        config.endpoint().isPresent()
            || config.object(SdkHttpClient.class).isPresent()
            || config.object(SdkAsyncHttpClient.class).isPresent()
            || config.object(AwsCredentialsProvider.class).isPresent();
    if (client && parts) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The configuration of "
                  + config
                  + " is invalid: a client that is handed in has its own endpoint, HTTP client and"
                  + " credentials: no others beside it")
          .nextStep(
              "Hand in an RdsClient, an StsClient, a SecretsManagerClient, a DynamoDbClient and a"
                  + " DynamoDbAsyncClient, or none.")
          .toException();
    }
    boolean service =
        config.object(RdsClient.class).isPresent()
            || config.object(DynamoDbAsyncClient.class).isPresent()
            || config.object(DynamoDbClient.class).isPresent();
    if (service != config.object(StsClient.class).isPresent()) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The configuration of "
                  + config
                  + " is invalid: an RdsClient, or a DynamoDbAsyncClient, and an StsClient are"
                  + " handed in together, so that the account is that of the instances and tables")
          .nextStep("Make them with the same credentials, or hand in none.")
          .toException();
    }
    return new AwsDriver(context);
  }
}
