/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.testkit.simulator.aws.DynamoDbWire;
import io.clouddb.testkit.simulator.aws.DynamoDbWire.Answered;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoDbSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries and scans, as they come over the wire. */
class SearchTest {
  private static final Duration LAG = Duration.ofSeconds(3);
  private static final String INDEXES =
      ",'BillingMode':'PAY_PER_REQUEST','GlobalSecondaryIndexes':[{'IndexName':'global',"
          + "'KeySchema':[{'AttributeName':'g','KeyType':'HASH'}],"
          + "'Projection':{'ProjectionType':'KEYS_ONLY'}}],"
          + "'LocalSecondaryIndexes':[{'IndexName':'local','KeySchema':[{'AttributeName':'pk',"
          + "'KeyType':'HASH'},{'AttributeName':'l','KeyType':'RANGE'}],"
          + "'Projection':{'ProjectionType':'KEYS_ONLY'}}]";
  private static final String PARTITION =
      "'TableName':'items','KeyConditionExpression':'pk = :p',"
          + "'ExpressionAttributeValues':{':p':{'S':'a'}}";

  private final DynamoDbWire wire =
      new DynamoDbWire(new DynamoDbSettings(Duration.ofSeconds(1), LAG));

  @BeforeEach
  void makeTable() {
    wire.table("items", INDEXES);
    for (int i = 0; i < 12; i++) {
      wire.ok(
          "PutItem",
          "{'TableName':'items','Item':{'pk':{'S':'a'},'sk':{'S':'"
              + (10 + i)
              + "'},'l':{'N':'"
              + (i - 6)
              + "'},'g':{'S':'x'},'even':{'BOOL':"
              + (i % 2 == 0)
              + "}}}");
    }
  }

  @AfterEach
  void close() {
    wire.close();
  }

  private static List<String> sortKeys(Answered answered) {
    List<String> keys = new ArrayList<>();
    for (JsonNode item : answered.body().path("Items")) {
      keys.add(item.at("/sk/S").asText());
    }
    return keys;
  }

  @Test
  void aFilterTakesFromAPageWhatTheLimitHasCounted() {
    Answered page =
        wire.ok(
            "Query",
            "{'TableName':'items','KeyConditionExpression':'pk = :p','FilterExpression':'even = :e',"
                + "'ExpressionAttributeValues':{':p':{'S':'a'},':e':{'BOOL':true}},'Limit':5,"
                + "'ScanIndexForward':false}");
    assertThat(sortKeys(page)).containsExactly("20", "18");
    assertThat(page.body().path("Count").asInt()).isEqualTo(2);
    assertThat(page.body().path("ScannedCount").asInt()).isEqualTo(5);
    assertThat(page.body().at("/LastEvaluatedKey/sk/S").asText()).isEqualTo("17");
  }

  @Test
  void pagesOfAQueryHaveAllItemsOnceAndTheLastHasNoKey() {
    List<String> keys = new ArrayList<>();
    String start = "";
    int pages = 0;
    do {
      Answered page = wire.ok("Query", "{" + PARTITION + ",'Limit':4" + start + "}");
      keys.addAll(sortKeys(page));
      JsonNode last = page.body().path("LastEvaluatedKey");
      start = last.isMissingNode() ? "" : ",'ExclusiveStartKey':" + last;
      pages++;
    } while (!start.isEmpty());
    // The service does not look whether there is more after a page that is full.
    assertThat(pages).isEqualTo(4);
    assertThat(keys).hasSize(12).isSorted();
  }

  @Test
  void aLocalIndexIsInItsOwnOrderAndFetchesWhatItHasNot() {
    String query = "{" + PARTITION + ",'IndexName':'local','Limit':3";
    Answered page = wire.ok("Query", query + ",'ReturnConsumedCapacity':'INDEXES'}");
    assertThat(page.toString())
        .contains("{'pk':{'S':'a'},'sk':{'S':'10'},'l':{'N':'-6'}}")
        .contains("'LastEvaluatedKey':{'pk':{'S':'a'},'sk':{'S':'12'},'l':{'N':'-4'}}")
        .contains("'LocalSecondaryIndexes':{'local':{'CapacityUnits':0.5}}");
    Answered fetched =
        wire.ok(
            "Query",
            query
                + ",'ProjectionExpression':'even','ConsistentRead':true,"
                + "'ReturnConsumedCapacity':'INDEXES'}");
    assertThat(fetched.toString())
        .contains("'Items':[{'even':{'BOOL':true}},{'even':{'BOOL':false}}")
        .contains("'Table':{'CapacityUnits':3.0}");
  }

  @Test
  void aGlobalIndexFollowsByTheClock() {
    String query =
        "{'TableName':'items','IndexName':'global','KeyConditionExpression':'g = :g',"
            + "'ExpressionAttributeValues':{':g':{'S':'x'}}";
    assertThat(wire.ok("Query", query + "}").body().path("Count").asInt()).isZero();
    wire.clock().advance(LAG);
    assertThat(wire.ok("Query", query + "}").body().path("Count").asInt()).isEqualTo(12);
    assertThat(wire.refused("Query", query + ",'ConsistentRead':true}"))
        .isEqualTo(
            "ValidationException: Consistent reads are not supported on global secondary indexes");
    assertThat(wire.refused("Query", query + ",'Select':'ALL_ATTRIBUTES'}"))
        .contains("Select type ALL_ATTRIBUTES is not supported for global secondary index global");
  }

  @Test
  void segmentsOfAScanHaveAllItemsOnce() {
    Set<String> all = new HashSet<>();
    int number = 0;
    for (int i = 0; i < 40; i++) {
      wire.ok(
          "PutItem",
          "{'TableName':'items','Item':{'pk':{'S':'p" + i + "'},'sk':{'S':'" + i + "'}}}");
    }
    for (int segment = 0; segment < 3; segment++) {
      Answered page =
          wire.ok("Scan", "{'TableName':'items','TotalSegments':3,'Segment':" + segment + "}");
      for (JsonNode item : page.body().path("Items")) {
        all.add(item.path("pk").toString() + item.path("sk"));
        number++;
      }
    }
    assertThat(number).isEqualTo(52);
    assertThat(all).hasSize(52);
  }

  @Test
  void aPageEndsWithTheItemByWhichItHasOneMegabyte() {
    for (int i = 0; i < 8; i++) {
      wire.ok(
          "PutItem",
          "{'TableName':'items','Item':{'pk':{'S':'large'},'sk':{'S':'"
              + i
              + "'},'p':{'S':'"
              + "x".repeat(200_000)
              + "'}}}");
    }
    Answered page =
        wire.ok(
            "Query",
            "{" + PARTITION.replace("'a'", "'large'") + ",'ReturnConsumedCapacity':'TOTAL'}");
    assertThat(sortKeys(page)).containsExactly("0", "1", "2", "3", "4", "5");
    assertThat(page.body().at("/LastEvaluatedKey/sk/S").asText()).isEqualTo("5");
    assertThat(page.body().at("/ConsumedCapacity/CapacityUnits").asDouble()).isEqualTo(146.5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'pk':{'S':'a'}} | The provided starting key is invalid: The provided key element does"
            + " not match the schema",
        "{'pk':{'S':'b'},'sk':{'S':'10'}} | The provided starting key is outside query boundaries"
            + " based on provided conditions",
        "{'pk':{'S':'a'},'sk':{'N':'10'}} | The provided starting key is invalid: The provided key"
            + " element does not match the schema",
        "{'pk':{'S':'a'},'sk':{'NULL':false}} | The provided starting key is invalid: One or more"
            + " parameter values were invalid: Null attribute value types must have the value of"
            + " true",
      })
  void aStartThatIsNoneIsRefused(String key, String message) {
    assertThat(wire.refused("Query", "{" + PARTITION + ",'ExclusiveStartKey':" + key + "}"))
        .isEqualTo("ValidationException: " + message);
  }

  @Test
  void whatCannotBeTogetherIsRefused() {
    assertThat(wire.refused("Query", "{" + PARTITION + ",'Select':'SPECIFIC_ATTRIBUTES'}"))
        .contains("Must specify the AttributesToGet or ProjectionExpression");
    assertThat(
            wire.refused(
                "Query", "{" + PARTITION + ",'Select':'COUNT','ProjectionExpression':'x'}"))
        .contains("Cannot specify the ProjectionExpression when choosing to get only the Count");
    assertThat(wire.refused("Query", "{" + PARTITION + ",'IndexName':'none'}"))
        .isEqualTo("ValidationException: The table does not have the specified index: none");
    assertThat(wire.refused("Query", "{" + PARTITION + ",'FilterExpression':'sk = :p'}"))
        .isEqualTo(
            "ValidationException: Filter Expression can only contain non-primary key attributes:"
                + " Primary key attribute: sk");
  }
}
