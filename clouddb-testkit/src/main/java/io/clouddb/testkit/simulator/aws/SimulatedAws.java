/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import io.clouddb.CloudConfig;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.CloudFoundation;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoDbService;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoDbSettings;
import io.clouddb.testkit.simulator.aws.rds.RdsService;
import io.clouddb.testkit.simulator.aws.secretsmanager.SecretsManagerService;
import io.clouddb.testkit.simulator.aws.sts.StsService;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.server.CloudProfile;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * An AWS account on this machine, with RDS, DynamoDB, Secrets Manager and STS in every region. It
 * has one user: {@link #ACCESS_KEY}, with a {@link #secret()} of this run. Every request has to be
 * signed by it, as {@link #config()} has the SDK do; the region that it is signed for is the one
 * where it takes effect.
 *
 * <p>Faults go by the names of the actions, for example {@code CreateDBInstance}, or by neutral
 * ones.
 */
public final class SimulatedAws extends SimulatedCloud {
  /** The access key of the only user, whose name it is too. */
  public static final String ACCESS_KEY = "clouddb";

  private final RdsService rds;
  private final DynamoDbService dynamoDb;
  private final String account;

  private SimulatedAws(
      CloudFoundation foundation,
      AwsFrontDoor door,
      Builder builder,
      RdsService rds,
      DynamoDbService dynamoDb) {
    super(foundation, door);
    this.rds = rds;
    this.dynamoDb = dynamoDb;
    this.account = builder.account;
  }

  /**
   * Starts one as it is by default.
   *
   * @return the running cloud
   */
  public static SimulatedAws start() {
    return builder().start();
  }

  /**
   * Starts the description of one that differs from the default.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public CloudConfig.Builder config(String in) {
    return config("aws", in).databaseRootCertificate(EmbeddedPostgres.certificateAuthority());
  }

  /**
   * The number of the account.
   *
   * @return twelve digits
   */
  public String account() {
    return account;
  }

  /**
   * RDS, for tests that look into it or bring an instance into a state of its own.
   *
   * @return the service
   */
  public RdsService rds() {
    return rds;
  }

  /**
   * DynamoDB, for tests that look into its tables.
   *
   * @return the service
   */
  public DynamoDbService dynamoDb() {
    return dynamoDb;
  }

  /** Describes a simulated AWS. */
  public static final class Builder extends SimulatedCloud.Builder<Builder> {
    private static final int PAGE_SIZE = 100;

    private final Set<String> subnetGroups = new TreeSet<>(Set.of("default"));
    private String account = "123456789012";
    private int hiddenDescriptions;
    private DynamoDbSettings dynamoDb = DynamoDbSettings.USUAL;

    private Builder() {
      super("us-east-1", PAGE_SIZE);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Sets the number of the account; {@code 123456789012} by default.
     *
     * @param number twelve digits
     * @return this builder
     */
    public Builder account(String number) {
      this.account = Objects.requireNonNull(number, "account");
      return this;
    }

    /**
     * Hides every new instance from its first descriptions, as the service does for some seconds.
     *
     * @param count how many
     * @return this builder
     */
    public Builder hiddenDescriptions(int count) {
      this.hiddenDescriptions = count;
      return this;
    }

    /**
     * Says how DynamoDB differs from what it is by default.
     *
     * @param value its settings
     * @return this builder
     */
    public Builder dynamoDb(DynamoDbSettings value) {
      this.dynamoDb = Objects.requireNonNull(value, "dynamoDb");
      return this;
    }

    /**
     * Adds a DB subnet group to {@code default}, in every region.
     *
     * @param name its name
     * @return this builder
     */
    public Builder subnetGroup(String name) {
      subnetGroups.add(name);
      return this;
    }

    /**
     * Starts it.
     *
     * @return the running cloud
     */
    public SimulatedAws start() {
      CloudFoundation foundation = foundation(CloudProfile.RDS);
      CloudEngine engine = foundation.engine();
      SecretsManagerService secrets = new SecretsManagerService(account);
      RdsService rds =
          new RdsService(
              account,
              foundation.servers(),
              secrets,
              new RdsService.Settings(subnetGroups, pageSize(), hiddenDescriptions));
      DynamoDbService dynamo = new DynamoDbService(account, engine, dynamoDb);
      List<AwsService> services =
          List.of(rds, secrets, dynamo, dynamo.autoScaling(), new StsService(account, ACCESS_KEY));
      SignatureV4 signature =
          new SignatureV4(ACCESS_KEY, foundation.secret().reference().resolve(), Clock.systemUTC());
      return new SimulatedAws(
          foundation, new AwsFrontDoor(services, signature, engine::newId), this, rds, dynamo);
    }
  }
}
