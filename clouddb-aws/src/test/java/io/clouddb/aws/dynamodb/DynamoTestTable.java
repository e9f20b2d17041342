/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.table.TableData;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.Table;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import io.clouddb.testkit.simulator.aws.definition.WireWitness;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** A table of the simulated DynamoDB, with its data by the driver and by the SDK. */
final class DynamoTestTable implements AutoCloseable {
  static final String REGION = "us-east-1";

  static final GlobalTableSpec SPEC =
      GlobalTableSpec.builder("app", Key.partition("pk", KeyType.STRING).sort("sk", KeyType.STRING))
          .index(
              IndexSpec.of(
                  "gsi1", Key.partition("group", KeyType.STRING).sort("rank", KeyType.NUMBER)))
          .index(
              IndexSpec.of("lsi1", Key.partition("pk", KeyType.STRING).sort("at", KeyType.BINARY))
                  .local())
          .build();

  final SimulatedAws aws;
  final DynamoDbAsyncClient client;
  final TableData data;
  private final CloudDb cloud;

  DynamoTestTable() {
    this(SimulatedAws.start());
  }

  /** One of a cloud, which is closed with it. */
  DynamoTestTable(SimulatedAws of) {
    aws = of;
    cloud = CloudDb.open(aws.config(REGION).build());
    client = cloud.unwrap(DynamoDbAsyncClient.class);
    data = data(SPEC);
    create();
  }

  /** Retries at once, so that no test waits. */
  TableData data(GlobalTableSpec spec) {
    RemoteCalls calls =
        new RemoteCalls(
            "aws",
            new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(1)),
            ObservationRegistry.NOOP,
            DynamoErrors.ofChanges());
    return DynamoTableData.of(spec, REGION, () -> client, calls);
  }

  /** The table by the facade, which checks what it is given. */
  Table open() {
    return cloud.tables().open(SPEC);
  }

  private void create() {
    client
        .createTable(
            table ->
                table
                    .tableName(SPEC.name())
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(
                        attribute("pk", ScalarAttributeType.S),
                        attribute("sk", ScalarAttributeType.S),
                        attribute("group", ScalarAttributeType.S),
                        attribute("rank", ScalarAttributeType.N),
                        attribute("at", ScalarAttributeType.B))
                    .keySchema(schema("pk", "sk"))
                    .globalSecondaryIndexes(
                        GlobalSecondaryIndex.builder()
                            .indexName("gsi1")
                            .keySchema(schema("group", "rank"))
                            .projection(p -> p.projectionType(ProjectionType.ALL))
                            .build())
                    .localSecondaryIndexes(
                        LocalSecondaryIndex.builder()
                            .indexName("lsi1")
                            .keySchema(schema("pk", "at"))
                            .projection(p -> p.projectionType(ProjectionType.ALL))
                            .build()))
        .join();
    client.waiter().waitUntilTableExists(table -> table.tableName(SPEC.name())).join();
  }

  private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
    return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
  }

  private static KeySchemaElement[] schema(String partition, String sort) {
    return new KeySchemaElement[] {
      KeySchemaElement.builder().attributeName(partition).keyType("HASH").build(),
      KeySchemaElement.builder().attributeName(sort).keyType("RANGE").build()
    };
  }

  /** Waits for what a call gives, and throws what it ends with. */
  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    // Some tests put an answer of their own, which is no JSON, in the place of the service's.
    List<String> problems =
        WireWitness.problems(
            aws.requests().stream()
                .filter(request -> !request.responseBody().startsWith("<html>"))
                .toList());
    List<Throwable> bugs = aws.bugs();
    cloud.close();
    aws.close();
    assertThat(bugs).isEmpty();
    assertThat(problems).isEmpty();
  }
}
