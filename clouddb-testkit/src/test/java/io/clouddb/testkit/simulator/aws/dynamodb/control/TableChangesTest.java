/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.testkit.simulator.aws.dynamodb.TestDynamoDb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A table is made, changed one thing at a time, and deleted, each in its time. */
class TableChangesTest {
  private static final String HOME = TestDynamoDb.HOME;
  private static final String T = "{'TableName':'orders'";

  private final TestDynamoDb db = new TestDynamoDb();

  @AfterEach
  void close() {
    db.close();
  }

  private static String throughput(int reads, int writes) {
    return ",'ProvisionedThroughput':{'ReadCapacityUnits':"
        + reads
        + ",'WriteCapacityUnits':"
        + writes
        + "}";
  }

  private JsonNode orders() {
    return db.describe(HOME, "orders");
  }

  private JsonNode update(String members) {
    return db.ok("UpdateTable", T + "," + members + "}").get("TableDescription");
  }

  private void refused(String members, String code, String text) {
    db.refused("UpdateTable", T + "," + members + "}", code, text);
  }

  @Test
  void aTableIsThereAfterAWhile() {
    JsonNode made =
        db.ok(
                "CreateTable",
                T
                    + ",'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}],"
                    + "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'}]"
                    + throughput(3, 2)
                    + "}")
            .get("TableDescription");
    assertThat(made.get("TableStatus").asText()).isEqualTo("CREATING");
    assertThat(made.get("TableArn").asText())
        .isEqualTo("arn:aws:dynamodb:us-east-1:123456789012:table/orders");
    db.refused(
        "GetItem",
        T + ",'Key':{'pk':{'S':'a'}}}",
        "ResourceNotFoundException",
        "Requested resource not found");
    db.refused(
        "DeleteTable",
        T + "}",
        "ResourceInUseException",
        "Attempt to change a resource which is still in use: Table is being created: orders");
    db.seconds(10);
    JsonNode there = orders();
    assertThat(there.get("TableStatus").asText()).isEqualTo("ACTIVE");
    assertThat(there.at("/ProvisionedThroughput/ReadCapacityUnits").asInt()).isEqualTo(3);
    assertThat(there.at("/WarmThroughput/Status").asText()).isEqualTo("ACTIVE");
    assertThat(there.has("Replicas")).isFalse();
    db.refused(
        "CreateTable",
        T
            + ",'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}],"
            + "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'}]"
            + throughput(3, 2)
            + "}",
        "ResourceInUseException",
        "Table already exists: orders");
  }

  @Test
  void aTableGoesUnlessItIsProtected() {
    db.table("orders", ",'DeletionProtectionEnabled':true");
    db.refused(
        "DeleteTable",
        T + "}",
        "ValidationException",
        "Resource cannot be deleted as it is currently protected against deletion. Disable"
            + " deletion protection first.");
    assertThat(
            update("'DeletionProtectionEnabled':false")
                .get("DeletionProtectionEnabled")
                .asBoolean())
        .isFalse();
    db.seconds(60);
    JsonNode going = db.ok("DeleteTable", T + "}").get("TableDescription");
    assertThat(going.get("TableStatus").asText()).isEqualTo("DELETING");
    db.seconds(10);
    db.refused(
        "DescribeTable",
        T + "}",
        "ResourceNotFoundException",
        "Requested resource not found: Table: orders not found");
  }

  @Test
  void throughputIsLoweredFourTimesADay() {
    db.table("orders", ",'BillingMode':'PROVISIONED'" + throughput(10, 10));
    for (int reads = 9; reads > 5; reads--) {
      assertThat(update(throughput(reads, 10).substring(1)).get("TableStatus").asText())
          .isEqualTo("UPDATING");
      db.seconds(30);
    }
    JsonNode shown = orders().get("ProvisionedThroughput");
    assertThat(shown.get("NumberOfDecreasesToday").asInt()).isEqualTo(4);
    assertThat(shown.get("ReadCapacityUnits").asInt()).isEqualTo(6);
    assertThat(shown.get("LastDecreaseDateTime").asDouble()).isPositive();
    TestDynamoDb.Reply reply = db.reply(HOME, "UpdateTable", T + throughput(5, 10) + "}");
    assertThat(reply.code()).isEqualTo("LimitExceededException");
    assertThat(reply.text()).contains("Number of decreases today: 4");
    update(throughput(20, 10).substring(1));
    db.pass(Duration.ofHours(22));
    assertThat(orders().at("/ProvisionedThroughput/NumberOfDecreasesToday").asInt()).isZero();
    assertThat(update(throughput(5, 10).substring(1)).get("TableStatus").asText())
        .isEqualTo("UPDATING");
  }

  @Test
  void anIndexIsAllocatedThenFilledThenThere() {
    db.table("orders");
    db.ok("PutItem", T + ",'Item':{'pk':{'S':'a'},'city':{'S':'Oslo'}}}");
    String create =
        "'AttributeDefinitions':[{'AttributeName':'city','AttributeType':'S'}],"
            + "'GlobalSecondaryIndexUpdates':[{'Create':{'IndexName':'byCity','KeySchema':"
            + "[{'AttributeName':'city','KeyType':'HASH'}],'Projection':"
            + "{'ProjectionType':'ALL'}}}]";
    JsonNode index = update(create).at("/GlobalSecondaryIndexes/0");
    assertThat(index.get("IndexStatus").asText()).isEqualTo("CREATING");
    assertThat(index.get("Backfilling").asBoolean()).isFalse();
    db.seconds(60);
    index = orders().at("/GlobalSecondaryIndexes/0");
    assertThat(index.get("IndexStatus").asText()).isEqualTo("CREATING");
    assertThat(index.get("Backfilling").asBoolean()).isTrue();
    db.pass(Duration.ofMinutes(10));
    index = orders().at("/GlobalSecondaryIndexes/0");
    assertThat(index.get("IndexStatus").asText()).isEqualTo("ACTIVE");
    assertThat(index.has("Backfilling")).isFalse();
    String query =
        T
            + ",'IndexName':'byCity','KeyConditionExpression':'city = :c',"
            + "'ExpressionAttributeValues':{':c':{'S':'Oslo'}}}";
    assertThat(db.ok("Query", query).at("/Items/0/pk/S").asText()).isEqualTo("a");
    refused(create, "ValidationException", "Attempting to create an index which already exists");
    JsonNode going =
        update("'GlobalSecondaryIndexUpdates':[{'Delete':{'IndexName':'byCity'}}]")
            .at("/GlobalSecondaryIndexes/0");
    assertThat(going.get("IndexStatus").asText()).isEqualTo("DELETING");
    db.seconds(60);
    assertThat(orders().has("GlobalSecondaryIndexes")).isFalse();
    assertThat(db.reply(HOME, "Query", query).text())
        .isEqualTo("The table does not have the specified index: byCity");
    refused(
        "'GlobalSecondaryIndexUpdates':[{'Delete':{'IndexName':'byCity'}}]",
        "ResourceNotFoundException",
        "Requested resource not found: Index byCity for table orders");
  }

  private static String createIndex(String throughput) {
    return "'AttributeDefinitions':[{'AttributeName':'city','AttributeType':'S'}],"
        + "'GlobalSecondaryIndexUpdates':[{'Create':{'IndexName':'byCity','KeySchema':"
        + "[{'AttributeName':'city','KeyType':'HASH'}],'Projection':{'ProjectionType':'ALL'}"
        + throughput
        + "}}]";
  }

  @Test
  void anIndexThatIsAddedDefinesItsKeysAgain() {
    db.table("orders");
    String city = "{'AttributeName':'city','AttributeType':'S'}";
    String defined = "'AttributeDefinitions':[" + city + "],";
    String key = "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}";
    String create = createIndex("").replace("'KeySchema':[{'AttributeName':'city'", key);
    create = create.replace(key + ",'KeyType':'HASH'}", key);
    String invalid = "One or more parameter values were invalid: ";
    refused(
        create,
        "ValidationException",
        invalid
            + "Some index key attributes are not defined in AttributeDefinitions. Keys: [pk],"
            + " AttributeDefinitions: [city]");
    refused(
        create.replace(defined, ""),
        "ValidationException",
        invalid + "AttributeDefinitions is not specified for index: byCity");
    // A type that it does not have is passed over.
    update(create.replace(city, "{'AttributeName':'pk','AttributeType':'N'}"));
    assertThat(orders().at("/AttributeDefinitions").toString())
        .isEqualTo("[{\"AttributeName\":\"pk\",\"AttributeType\":\"S\"}]");
  }

  private int found() {
    return db.ok(
            "Query",
            T
                + ",'IndexName':'byCity','KeyConditionExpression':'city = :c',"
                + "'ExpressionAttributeValues':{':c':{'S':'Oslo'}}}")
        .get("Count")
        .asInt();
  }

  @Test
  void anIndexThatIsChangedWhileItIsFilledIsFilledAllTheSame() {
    db.table("orders", ",'BillingMode':'PROVISIONED'" + throughput(5, 5));
    db.ok("PutItem", T + ",'Item':{'pk':{'S':'a'},'city':{'S':'Oslo'}}}");
    update(createIndex(throughput(5, 5)));
    db.seconds(60);
    JsonNode index =
        update(
                "'GlobalSecondaryIndexUpdates':[{'Update':{'IndexName':'byCity'"
                    + throughput(6, 6)
                    + "}}]")
            .at("/GlobalSecondaryIndexes/0");
    assertThat(index.get("IndexStatus").asText()).isEqualTo("UPDATING");
    db.seconds(10);
    index = orders().at("/GlobalSecondaryIndexes/0");
    assertThat(index.get("IndexStatus").asText()).isEqualTo("CREATING");
    assertThat(index.get("Backfilling").asBoolean()).isTrue();
    db.pass(Duration.ofHours(1));
    index = orders().at("/GlobalSecondaryIndexes/0");
    assertThat(index.get("IndexStatus").asText()).isEqualTo("ACTIVE");
    assertThat(index.at("/ProvisionedThroughput/ReadCapacityUnits").asInt()).isEqualTo(6);
    assertThat(found()).isOne();
  }

  @Test
  void anIndexIsFilledBeforeTheTableHasAReplica() {
    db.table("orders");
    db.ok("PutItem", T + ",'Item':{'pk':{'S':'a'},'city':{'S':'Oslo'}}}");
    update(createIndex(""));
    db.seconds(60);
    String replica = "'ReplicaUpdates':[{'Create':{'RegionName':'us-west-2'}}]";
    refused(
        replica,
        "ResourceInUseException",
        "The resource which you are attempting to change is in use.");
    db.pass(Duration.ofMinutes(10));
    update(replica);
    db.pass(Duration.ofMinutes(1));
    assertThat(db.ok("us-west-2", "Scan", T + ",'IndexName':'byCity'}").get("Count").asInt())
        .isOne();
  }

  @Test
  void whatIsRefusedChangesNothing() {
    db.table("orders");
    String none = "'GlobalSecondaryIndexUpdates':[{'Update':{'IndexName':'none'}}]";
    refused(
        "'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'KEYS_ONLY'}," + none,
        "ResourceNotFoundException",
        "Requested resource not found: Index none for table orders");
    assertThat(orders().has("StreamSpecification")).isFalse();
    assertThat(orders().get("TableStatus").asText()).isEqualTo("ACTIVE");
  }

  @Test
  void aRefusedIndexLeavesTheOtherAsItIs() {
    db.table("orders", ",'BillingMode':'PROVISIONED'" + throughput(5, 5));
    update(createIndex(throughput(5, 5)));
    db.pass(Duration.ofMinutes(20));
    String two =
        "'GlobalSecondaryIndexUpdates':[{'Update':{'IndexName':'byCity'"
            + throughput(6, 6)
            + "}},{'Create':{'IndexName':'two','KeySchema':[{'AttributeName':'undefined',"
            + "'KeyType':'HASH'}],'Projection':{'ProjectionType':'ALL'}"
            + throughput(5, 5)
            + "}}]";
    assertThat(db.reply(HOME, "UpdateTable", T + "," + two + "}").code())
        .isEqualTo("ValidationException");
    JsonNode index = orders().at("/GlobalSecondaryIndexes/0");
    assertThat(index.get("IndexStatus").asText()).isEqualTo("ACTIVE");
    db.seconds(30);
    index = orders().at("/GlobalSecondaryIndexes/0");
    assertThat(index.at("/ProvisionedThroughput/ReadCapacityUnits").asInt()).isEqualTo(5);
  }

  @Test
  void oneKindOfChangeAtATime() {
    db.table("orders");
    assertThat(db.reply(HOME, "UpdateTable", T + "}").text())
        .startsWith("At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled,");
    JsonNode streamed =
        update("'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'KEYS_ONLY'}");
    assertThat(streamed.get("TableStatus").asText()).isEqualTo("UPDATING");
    db.seconds(30);
    assertThat(orders().get("LatestStreamArn").asText())
        .startsWith("arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2026-05-04T");
    update("'TableClass':'STANDARD_INFREQUENT_ACCESS'");
    db.seconds(30);
    assertThat(orders().at("/TableClassSummary/TableClass").asText())
        .isEqualTo("STANDARD_INFREQUENT_ACCESS");
    update("'BillingMode':'PROVISIONED'" + throughput(5, 5));
    db.seconds(100);
    assertThat(orders().at("/BillingModeSummary/BillingMode").asText()).isEqualTo("PROVISIONED");
    assertThat(orders().at("/ProvisionedThroughput/WriteCapacityUnits").asInt()).isEqualTo(5);
  }

  @Test
  void aDisabledKeyIsNoticed() {
    db.table("orders");
    String key = "arn:aws:kms:us-east-1:123456789012:key/one";
    update("'SSESpecification':{'Enabled':true,'SSEType':'KMS','KMSMasterKeyId':'" + key + "'}");
    db.pass(Duration.ofMinutes(1));
    assertThat(orders().at("/SSEDescription/Status").asText()).isEqualTo("ENABLED");
    assertThat(orders().at("/SSEDescription/KMSMasterKeyArn").asText()).isEqualTo(key);
    db.put(HOME, "orders", "a", "1");
    db.keys().disable(key);
    assertThat(db.get(HOME, "orders", "a")).isEqualTo("1");
    db.pass(Duration.ofMinutes(20));
    assertThat(orders().get("TableStatus").asText())
        .isEqualTo("INACCESSIBLE_ENCRYPTION_CREDENTIALS");
    assertThat(db.reply(HOME, "GetItem", T + ",'Key':{'pk':{'S':'a'}}}").text())
        .startsWith("KMS key disabled error: ");
    db.keys().enable(key);
    db.pass(Duration.ofMinutes(20));
    assertThat(orders().get("TableStatus").asText()).isEqualTo("ACTIVE");
    assertThat(db.get(HOME, "orders", "a")).isEqualTo("1");
  }

  @Test
  void aTableIsSwitchedToOnDemandFourTimesADay() {
    db.table("orders");
    String on = "'BillingMode':'PAY_PER_REQUEST'";
    String off = "'BillingMode':'PROVISIONED'" + throughput(1, 1);
    for (int i = 0; i < 4; i++) {
      update(off);
      db.pass(Duration.ofHours(1));
      update(on);
      db.pass(Duration.ofHours(1));
    }
    update(off);
    db.pass(Duration.ofHours(1));
    refused(
        on,
        "LimitExceededException",
        "Subscriber limit exceeded: Update to PayPerRequest mode are limited to 4 times in 1"
            + " day(s). Last update at Monday, May 4, 2026 at 10:02:11 AM Coordinated Universal"
            + " Time. Next update can be made at Tuesday, May 5, 2026 at 4:02:11 AM Coordinated"
            + " Universal Time");
    db.pass(Duration.ofHours(16));
    update(on);
  }

  @Test
  void tablesAreListedInPages() {
    List<String> names = List.of("aaa", "bbb", "ccc", "ddd", "eee");
    names.forEach(db::table);
    List<String> listed = new ArrayList<>();
    String start = "";
    do {
      JsonNode page = db.ok("ListTables", "{'Limit':2" + start + "}");
      page.get("TableNames").forEach(name -> listed.add(name.asText()));
      JsonNode last = page.path("LastEvaluatedTableName");
      start = last.isMissingNode() ? "" : ",'ExclusiveStartTableName':'" + last.asText() + "'";
    } while (!start.isEmpty());
    assertThat(listed).isEqualTo(names);
    assertThat(db.ok("eu-west-1", "ListTables", "{}").get("TableNames")).isEmpty();
  }

  @Test
  void tagsAreOfATable() {
    db.table("orders", ",'Tags':[{'Key':'team','Value':'red'}]");
    String arn = "{'ResourceArn':'arn:aws:dynamodb:us-east-1:123456789012:table/orders'";
    db.ok("TagResource", arn + ",'Tags':[{'Key':'stage','Value':'test'}]}");
    db.seconds(2);
    db.ok("UntagResource", arn + ",'TagKeys':['team']}");
    JsonNode tags = db.ok("ListTagsOfResource", arn + "}").get("Tags");
    assertThat(tags).hasSize(1);
    assertThat(tags.at("/0/Key").asText()).isEqualTo("stage");
  }

  @Test
  void tagsAreWrittenOneAtATime() {
    db.table("orders", ",'Tags':[{'Key':'team','Value':'red'}]");
    String arn = "{'ResourceArn':'arn:aws:dynamodb:us-east-1:123456789012:table/orders'";
    String stage = "{'Key':'stage','Value':'test'}";
    String team = "{'Key':'team','Value':'red'}";
    // What changes nothing takes no time.
    db.ok("TagResource", arn + ",'Tags':[" + team + "]}");
    db.ok("UntagResource", arn + ",'TagKeys':['absent']}");
    db.ok("TagResource", arn + ",'Tags':[" + stage + "]}");
    String said = "Table tags are being updated: orders";
    String limit = "Subscriber limit exceeded: " + said;
    for (String tags : List.of(team, "{'Key':'stage','Value':'other'}")) {
      String request = arn + ",'Tags':[" + tags + "]}";
      db.refused("TagResource", request, "LimitExceededException", limit);
    }
    String absent = arn + ",'TagKeys':['absent']}";
    db.refused("UntagResource", absent, "LimitExceededException", limit);
    db.refused(
        "DeleteTable",
        T + "}",
        "ResourceInUseException",
        "Attempt to change a resource which is still in use: " + said);
    db.ok("TagResource", arn + ",'Tags':[" + stage + "]}");
    db.ok("TagResource", arn + ",'Tags':[" + stage + "," + team + "]}");
    update("'DeletionProtectionEnabled':false");
    db.pass(Duration.ofMillis(1599));
    db.refused("UntagResource", absent, "LimitExceededException", limit);
    db.pass(Duration.ofMillis(1));
    db.ok("UntagResource", arn + ",'TagKeys':['team']}");
    db.refused("TagResource", arn + ",'Tags':[" + stage + "]}", "LimitExceededException", limit);
    db.seconds(2);
    db.ok("DeleteTable", T + "}");
    db.refused(
        "TagResource",
        arn + ",'Tags':[" + stage + "]}",
        "ResourceInUseException",
        "Attempt to change a resource which is still in use: Table is being deleted: orders");
  }

  @Test
  void whatIsNotSimulatedIsRefusedByName() {
    db.table("orders");
    assertThat(db.reply(HOME, "DescribeContributorInsights", T + "}").text())
        .contains("DescribeContributorInsights");
    assertThat(db.simulator().notSimulated()).hasSize(1);
  }

  @Test
  void anIndexThatIsFilledIsNotRead() {
    db.table("orders");
    db.ok("PutItem", T + ",'Item':{'pk':{'S':'a'},'city':{'S':'Oslo'}}}");
    update(createIndex(""));
    String query =
        T
            + ",'IndexName':'byCity','KeyConditionExpression':'city = :c',"
            + "'ExpressionAttributeValues':{':c':{'S':'Oslo'}}}";
    String text = "Cannot read from backfilling global secondary index: byCity";
    db.refused("Query", query, "ValidationException", text);
    db.seconds(60);
    db.refused("Query", query, "ValidationException", text);
    db.refused("Scan", T + ",'IndexName':'byCity'}", "ValidationException", text);
    db.refused(
        "ExecuteStatement",
        "{'Statement':'SELECT * FROM orders.byCity'}",
        "ValidationException",
        text);
    db.pass(Duration.ofMinutes(10));
    assertThat(found()).isOne();
  }

  @Test
  void anIndexIsFilledWithoutWhatCannotBeItsKey() {
    db.table("orders");
    db.ok("PutItem", T + ",'Item':{'pk':{'S':'a'},'city':{'S':'Oslo'}}}");
    db.ok("PutItem", T + ",'Item':{'pk':{'S':'b'},'city':{'S':'" + "x".repeat(2049) + "'}}}");
    db.ok("PutItem", T + ",'Item':{'pk':{'S':'c'},'city':{'S':'" + "x".repeat(2048) + "'}}}");
    db.ok("PutItem", T + ",'Item':{'pk':{'S':'d'},'city':{'S':''}}}");
    db.ok("PutItem", T + ",'Item':{'pk':{'S':'e'},'city':{'N':'1'}}}");
    update(createIndex(""));
    db.pass(Duration.ofMinutes(10));
    assertThat(db.ok("Scan", T + ",'IndexName':'byCity'}").get("Items").findValuesAsText("S"))
        .containsExactlyInAnyOrder("a", "Oslo", "c", "x".repeat(2048));
    db.ok("DeleteItem", T + ",'Key':{'pk':{'S':'b'}}}");
    assertThat(db.ok("Scan", T + ",'IndexName':'byCity'}").get("Count").asInt()).isEqualTo(2);
  }
}
