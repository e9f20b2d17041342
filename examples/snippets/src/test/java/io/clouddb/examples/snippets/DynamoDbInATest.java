/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.aws.DynamoDbSimulator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The raw SDK against DynamoDB on this machine. */
class DynamoDbInATest {
  private static DynamoDbClient connect(DynamoDbSimulator dynamoDb) {
    // @start region="client"
    DynamoDbClient client =
        DynamoDbClient.builder()
            .endpointOverride(dynamoDb.endpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(dynamoDb.accessKey(), dynamoDb.secretKey())))
            .build();
    // @end region="client"
    return client;
  }

  @Test
  void writesAndReads() {
    // @start region="test"
    try (DynamoDbSimulator dynamoDb = DynamoDbSimulator.start();
        DynamoDbClient client = connect(dynamoDb)) {
      client.createTable(
          table ->
              table
                  .tableName("orders")
                  .billingMode(BillingMode.PAY_PER_REQUEST)
                  .attributeDefinitions(
                      AttributeDefinition.builder()
                          .attributeName("id")
                          .attributeType(ScalarAttributeType.S)
                          .build())
                  .keySchema(
                      KeySchemaElement.builder()
                          .attributeName("id")
                          .keyType(KeyType.HASH)
                          .build()));
      client.waiter().waitUntilTableExists(table -> table.tableName("orders"));

      client.executeStatement(
          s -> s.statement("INSERT INTO orders VALUE {'id': '7', 'total': 42}"));
      Map<String, AttributeValue> order =
          client
              .getItem(g -> g.tableName("orders").key(Map.of("id", AttributeValue.fromS("7"))))
              .item();

      assertThat(order).containsEntry("total", AttributeValue.fromN("42"));
      assertThat(dynamoDb.notSimulated()).isEmpty(); // nothing was asked for that is not there
    }
    // @end region="test"
  }
}
