/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What recordings of the real service show, which others have published (LocalStack's snapshots,
 * Apache-2.0), and the answers in the examples of AWS' command line.
 */
class RecordedAnswersTest {
  private static final String MUSIC = "{'TableName':'MusicCollection',";
  private static final String UNITS =
      "'ProvisionedThroughput':{'ReadCapacityUnits':5,'WriteCapacityUnits':5}";
  private static final String FIGURES =
      ",'ReturnConsumedCapacity':'TOTAL','ReturnItemCollectionMetrics':'SIZE'}";

  private final TestDynamoDb db = new TestDynamoDb();

  @AfterEach
  void close() {
    db.close();
  }

  private JsonNode create(String name, String more) {
    return db.ok(
            "CreateTable",
            "{'TableName':'"
                + name
                + "','KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],"
                + "'AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}],"
                + more
                + "}")
        .get("TableDescription");
  }

  private static String key(String artist, String song) {
    return "{'Artist':{'S':'" + artist + "'},'SongTitle':{'S':'" + song + "'}}";
  }

  private static String item(String artist, String song, String album) {
    return key(artist, song).replace("}}", "},'AlbumTitle':{'S':'" + album + "'}}");
  }

  /** As the examples have it: with a local index by the album. */
  private void music() {
    db.ok(
        "CreateTable",
        MUSIC
            + "'KeySchema':[{'AttributeName':'Artist','KeyType':'HASH'},"
            + "{'AttributeName':'SongTitle','KeyType':'RANGE'}],'AttributeDefinitions':["
            + "{'AttributeName':'Artist','AttributeType':'S'},"
            + "{'AttributeName':'SongTitle','AttributeType':'S'},"
            + "{'AttributeName':'AlbumTitle','AttributeType':'S'}],'BillingMode':'PAY_PER_REQUEST',"
            + "'LocalSecondaryIndexes':[{'IndexName':'AlbumTitleIndex','KeySchema':["
            + "{'AttributeName':'Artist','KeyType':'HASH'},"
            + "{'AttributeName':'AlbumTitle','KeyType':'RANGE'}],"
            + "'Projection':{'ProjectionType':'KEYS_ONLY'}}]}");
    db.seconds(60);
  }

  @Test
  void whatIsProvisionedFromTheBeginningShowsNoBillingMode() {
    JsonNode created = create("named", UNITS + ",'BillingMode':'PROVISIONED'");
    db.seconds(10);
    assertThat(created.has("BillingModeSummary")).isFalse();
    assertThat(created.has("WarmThroughput")).isFalse();
    JsonNode described = db.describe(TestDynamoDb.HOME, "named");
    assertThat(described.has("BillingModeSummary")).isFalse();
    assertThat(described.get("WarmThroughput").toString())
        .isEqualTo("{\"ReadUnitsPerSecond\":5,\"WriteUnitsPerSecond\":5,\"Status\":\"ACTIVE\"}");
  }

  @Test
  void whatIsOnDemandShowsSinceWhenOnceItIsThere() {
    JsonNode created = create("demand", "'BillingMode':'PAY_PER_REQUEST'");
    db.seconds(10);
    assertThat(created.get("BillingModeSummary").toString())
        .isEqualTo("{\"BillingMode\":\"PAY_PER_REQUEST\"}");
    JsonNode described = db.describe(TestDynamoDb.HOME, "demand");
    assertThat(described.at("/BillingModeSummary/LastUpdateToPayPerRequestDateTime").isNumber())
        .isTrue();
    assertThat(described.get("WarmThroughput").toString())
        .isEqualTo(
            "{\"ReadUnitsPerSecond\":12000,\"WriteUnitsPerSecond\":4000,\"Status\":\"ACTIVE\"}");
  }

  @Test
  void aTableThatGoesShowsLittle() {
    create("going", UNITS);
    db.seconds(10);
    List<String> members = new ArrayList<>();
    db.ok("DeleteTable", "{'TableName':'going'}")
        .get("TableDescription")
        .fieldNames()
        .forEachRemaining(members::add);
    assertThat(members)
        .containsExactlyInAnyOrder(
            "TableName",
            "TableStatus",
            "ProvisionedThroughput",
            "TableSizeBytes",
            "ItemCount",
            "TableArn",
            "TableId",
            "DeletionProtectionEnabled");
  }

  @Test
  void aRestoredTableShowsThatItIsProvisioned() {
    create("source", UNITS);
    db.seconds(10);
    String backup =
        db.ok("CreateBackup", "{'TableName':'source','BackupName':'kept'}")
            .at("/BackupDetails/BackupArn")
            .asText();
    db.seconds(60);
    JsonNode restored =
        db.ok("RestoreTableFromBackup", "{'TargetTableName':'target','BackupArn':'" + backup + "'}")
            .get("TableDescription");
    assertThat(restored.get("BillingModeSummary").toString())
        .isEqualTo("{\"BillingMode\":\"PROVISIONED\"}");
    assertThat(restored.at("/RestoreSummary/SourceBackupArn").asText()).isEqualTo(backup);
    assertThat(restored.at("/RestoreSummary/RestoreInProgress").asBoolean()).isTrue();
  }

  /** A write that changes nothing leaves no record; sizes are those of the keys and both images. */
  @Test
  void theStreamOfSomeTransactions() {
    create(
        "changes",
        UNITS
            + ",'StreamSpecification':"
            + "{'StreamEnabled':true,'StreamViewType':'NEW_AND_OLD_IMAGES'}");
    db.seconds(30);
    String put = "{'Put':{'TableName':'changes','Item':{'id':{'S':'%s'}}}}";
    db.ok("PutItem", "{'TableName':'changes','Item':{'id':{'S':'Fred'}}}");
    transact(put.formatted("Fred") + "," + put.formatted("NewKey"));
    transact(update("NewKey", "SET attr1 = :v1, attr2 = :v2", ",':v2':{'S':'value2'}"));
    transact(update("NonExistentKey", "SET attr1 = :v1", ""));
    transact(
        "{'Delete':{'TableName':'changes','Key':{'id':{'S':'NewKey'}}}},"
            + update("NonExistentKey", "SET attr1 = :v1", ""));
    String arn = db.describe(TestDynamoDb.HOME, "changes").get("LatestStreamArn").asText();
    String shard =
        stream("DescribeStream", "{'StreamArn':'" + arn + "'}")
            .at("/StreamDescription/Shards/0/ShardId")
            .asText();
    String iterator =
        stream(
                "GetShardIterator",
                "{'StreamArn':'"
                    + arn
                    + "','ShardId':'"
                    + shard
                    + "','ShardIteratorType':'TRIM_HORIZON'}")
            .get("ShardIterator")
            .asText();
    List<String> records = new ArrayList<>();
    stream("GetRecords", "{'ShardIterator':'" + iterator + "'}")
        .get("Records")
        .forEach(
            record ->
                records.add(
                    record.get("eventName").asText()
                        + " "
                        + record.at("/dynamodb/Keys/id/S").asText()
                        + " "
                        + record.at("/dynamodb/SizeBytes").asInt()));
    assertThat(records)
        .containsExactly(
            "INSERT Fred 12",
            "INSERT NewKey 16",
            "MODIFY NewKey 46",
            "INSERT NonExistentKey 43",
            "REMOVE NewKey 38");
  }

  private JsonNode stream(String action, String json) {
    return db.stream(TestDynamoDb.HOME, action, json);
  }

  private void transact(String items) {
    assertThat(db.ok("TransactWriteItems", "{'TransactItems':[" + items + "]}")).isEmpty();
  }

  private static String update(String key, String expression, String more) {
    return "{'Update':{'TableName':'changes','Key':{'id':{'S':'"
        + key
        + "'}},'UpdateExpression':'"
        + expression
        + "','ExpressionAttributeValues':{':v1':{'S':'value1'}"
        + more
        + "}}}";
  }

  private String units(String action, String json) {
    JsonNode capacity = db.ok(action, MUSIC + json + FIGURES).get("ConsumedCapacity");
    return capacity.get("CapacityUnits").asText();
  }

  /** The command line's examples of PutItem, UpdateItem, DeleteItem and TransactWriteItems. */
  @Test
  void writesCostWhatTheExamplesSay() {
    music();
    String put = "'Item':" + item("No One You Know", "Call Me Today", "Somewhat Famous");
    // A new item is written to the table and to its index.
    assertThat(units("PutItem", put)).isEqualTo("2.0");
    units("PutItem", "'Item':" + item("Acme Band", "Happy Day", "Songs About Life"));
    // The key of an index changes: an entry goes, and one comes.
    assertThat(
            units(
                "UpdateItem",
                "'Key':"
                    + key("Acme Band", "Happy Day")
                    + ",'UpdateExpression':'SET #Y = :y, #AT = :t',"
                    + "'ExpressionAttributeNames':{'#Y':'Year','#AT':'AlbumTitle'},"
                    + "'ExpressionAttributeValues':"
                    + "{':y':{'N':'2015'},':t':{'S':'Louder Than Ever'}}"))
        .isEqualTo("3.0");
    JsonNode both =
        db.ok(
            "TransactWriteItems",
            "{'TransactItems':[{'Update':"
                + MUSIC
                + "'Key':"
                + key("Acme Band", "Happy Day")
                + ",'UpdateExpression':'SET AlbumTitle = :n',"
                + "'ExpressionAttributeValues':{':n':{'S':'Updated Album Title'}}}},{'Delete':"
                + MUSIC
                + "'Key':"
                + key("No One You Know", "Call Me Today")
                + "}}]"
                + FIGURES);
    // The example says 10, an index twice too; captures of 2026 have the table alone twice.
    assertThat(both.at("/ConsumedCapacity/0/WriteCapacityUnits").asText()).isEqualTo("7.0");
    assertThat(both.at("/ItemCollectionMetrics/MusicCollection"))
        .extracting(metrics -> metrics.at("/ItemCollectionKey/Artist/S").asText())
        .containsExactly("Acme Band", "No One You Know");
  }
}
