/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableCloud.AWAY;
import static io.clouddb.aws.dynamodb.TableCloud.HOME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.error.BusyException;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableRegion;
import io.clouddb.table.TableStatus;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoDbSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Tables that are CREATING, of which DynamoDB answers DescribeTable and nothing else. */
class TableBeingMadeTest {
  /** So long that everything else comes first. */
  private static TableCloud slow(Duration change) {
    return new TableCloud(new DynamoDbSettings(change, Duration.ZERO));
  }

  @Test
  void aTableThatIsBeingMadeIsFound() {
    try (TableCloud aws = slow(Duration.ofDays(1));
        CloudDb cloud = aws.open();
        var client = aws.client(HOME)) {
      client.createTable(
          request ->
              request
                  .tableName("early")
                  .billingMode(BillingMode.PAY_PER_REQUEST)
                  .attributeDefinitions(
                      AttributeDefinition.builder()
                          .attributeName("pk")
                          .attributeType(ScalarAttributeType.S)
                          .build())
                  .keySchema(
                      KeySchemaElement.builder()
                          .attributeName("pk")
                          .keyType(KeyType.HASH)
                          .build()));
      TableDescription found = cloud.tables().find("early").orElseThrow();
      assertThat(found.status()).isEqualTo(TableStatus.CREATING);
      assertThat(found.regions()).containsEntry(HOME, TableStatus.CREATING);
      TableChange change = TableChange.builder().addRegion(TableRegion.of(AWAY)).build();
      assertThatThrownBy(() -> cloud.tables().modify(found.id(), change))
          .isInstanceOf(BusyException.class)
          .hasMessageContaining("CREATING");
    }
  }

  @Test
  void aCreationWhoseAnswerIsLostWaitsUntilItTellsWhoseItIs() {
    try (TableCloud aws = slow(Duration.ofMinutes(20));
        CloudDb cloud = aws.open()) {
      aws.simulator.faults().on("CreateTable").connectionResetAfter();
      TableDescription made = TableCloud.create(cloud, TableCloud.plain("lost").tag("a", "b"));
      assertThat(made.status()).isEqualTo(TableStatus.ACTIVE);
      assertThat(made.spec().tags()).containsEntry("a", "b");
      assertThat(aws.simulator.requests("CreateTable")).hasSize(1);
      assertThat(cloud.tables().find("lost").map(TableDescription::status))
          .contains(TableStatus.ACTIVE);
      assertThat(aws.simulator.faults().pending()).isZero();
    }
  }
}
