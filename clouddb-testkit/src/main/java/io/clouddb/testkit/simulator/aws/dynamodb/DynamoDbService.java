/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.AwsProtocol;
import io.clouddb.testkit.simulator.aws.AwsService;
import io.clouddb.testkit.simulator.aws.autoscaling.AutoScalingService;
import io.clouddb.testkit.simulator.aws.dynamodb.control.ControlPlane;
import io.clouddb.testkit.simulator.aws.dynamodb.item.ItemActions;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.StatementActions;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Model;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelProtocol;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import java.util.List;

/**
 * Amazon DynamoDB (2012-08-10) in all regions of an account.
 *
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html">Amazon
 *     DynamoDB API Reference</a>
 */
public final class DynamoDbService implements AwsService {
  /** What stands before the codes of its errors. */
  public static final String NAMESPACE = "com.amazonaws.dynamodb.v20120810";

  private static final int INTERNAL = 500;

  /** A batch of the largest items, in base 64 and with all that is around them. */
  private static final int LARGEST_REQUEST = 24 << 20;

  private final DynamoTables tables;
  private final ControlPlane control;
  private final ModelProtocol protocol;
  private final ModelProtocol streams;

  /**
   * Makes the service, without tables.
   *
   * @param account the account's number
   * @param engine its time and what it does later
   * @param settings what a test says of it
   */
  public DynamoDbService(String account, CloudEngine engine, DynamoDbSettings settings) {
    this.tables = new DynamoTables(account);
    this.protocol =
        new ModelProtocol(
            "1.0",
            "DynamoDB_20120810",
            NAMESPACE,
            Model.of(DynamoDbService.class, "dynamodb-2012-08-10.txt"));
    // Each part of the service adds its actions here.
    this.control = new ControlPlane(tables, engine, settings);
    control.register(protocol);
    ItemActions.register(protocol, tables, engine.clock());
    this.streams =
        new ModelProtocol(
            "1.0",
            "DynamoDBStreams_20120810",
            NAMESPACE,
            Model.of(DynamoDbService.class, "dynamodbstreams-2012-08-10.txt"));
    control.registerStreams(streams);
    StatementActions.register(protocol, tables, engine.clock());
  }

  /**
   * Its tables, for tests that look into them.
   *
   * @return the tables
   */
  public DynamoTables tables() {
    return tables;
  }

  /**
   * What a test sets of its tables: by how much replicas are behind, and which keys are disabled.
   *
   * @return the control plane
   */
  public ControlPlane control() {
    return control;
  }

  /**
   * Application Auto Scaling of its tables, a service of its own.
   *
   * @return the service
   */
  public AutoScalingService autoScaling() {
    return control.autoScaling(tables.account());
  }

  @Override
  public String signingName() {
    return "dynamodb";
  }

  @Override
  public List<AwsProtocol> protocols() {
    return List.of(protocol, streams);
  }

  @Override
  public int largestRequest() {
    return LARGEST_REQUEST;
  }

  @Override
  public boolean answersAtOnce() {
    return true;
  }

  @Override
  public AwsError refused(SimulatorException reason) {
    return new AwsError(INTERNAL, "InternalServerError", reason.sentence());
  }
}
