/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.testkit.simulator.aws.dynamodb.TestDynamoDb;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A replica is a table of another region, with what is written in any. */
class TableReplicasTest {
  private static final String HOME = TestDynamoDb.HOME;
  private static final String WEST = "us-west-2";
  private static final String EAST = "us-east-2";

  private final TestDynamoDb db = new TestDynamoDb();

  @AfterEach
  void close() {
    db.close();
  }

  private JsonNode update(String members) {
    return db.ok("UpdateTable", "{'TableName':'orders'," + members + "}").get("TableDescription");
  }

  private void replica(String region) {
    update("'ReplicaUpdates':[{'Create':{'RegionName':'" + region + "'}}]");
    db.pass(Duration.ofMinutes(1));
  }

  @Test
  void aReplicaIsFilledAndFollows() {
    db.table("orders");
    db.put(HOME, "orders", "old", "1");
    JsonNode begun = update("'ReplicaUpdates':[{'Create':{'RegionName':'us-west-2'}}]");
    assertThat(begun.get("TableStatus").asText()).isEqualTo("UPDATING");
    db.refused(
        WEST,
        "DescribeTable",
        "{'TableName':'orders'}",
        "ResourceNotFoundException",
        "Requested resource not found: Table: orders not found");
    db.seconds(7);
    assertThat(db.describe(HOME, "orders").at("/Replicas/0/ReplicaStatus").asText())
        .isEqualTo("CREATING");
    db.pass(Duration.ofMinutes(1));
    JsonNode home = db.describe(HOME, "orders");
    assertThat(home.get("TableStatus").asText()).isEqualTo("ACTIVE");
    assertThat(home.get("GlobalTableVersion").asText()).isEqualTo("2019.11.21");
    assertThat(home.at("/Replicas/0/RegionName").asText()).isEqualTo(WEST);
    assertThat(home.at("/Replicas/0/ReplicaStatus").asText()).isEqualTo("ACTIVE");
    assertThat(home.at("/StreamSpecification/StreamViewType").asText())
        .isEqualTo("NEW_AND_OLD_IMAGES");
    JsonNode west = db.describe(WEST, "orders");
    assertThat(west.get("TableArn").asText())
        .isEqualTo("arn:aws:dynamodb:us-west-2:123456789012:table/orders");
    assertThat(db.get(WEST, "orders", "old")).isEqualTo("1");
    db.simulator().control().catalog().setReplicationLag(Duration.ofSeconds(5));
    db.put(HOME, "orders", "new", "2");
    assertThat(db.get(WEST, "orders", "new")).isEmpty();
    db.seconds(6);
    assertThat(db.get(WEST, "orders", "new")).isEqualTo("2");
    db.put(WEST, "orders", "new", "3");
    db.seconds(6);
    assertThat(db.get(HOME, "orders", "new")).isEqualTo("3");
  }

  @Test
  void theLastWriterWins() {
    db.table("orders");
    replica(WEST);
    db.simulator().control().catalog().setReplicationLag(Duration.ofSeconds(5));
    db.put(HOME, "orders", "a", "home");
    db.seconds(1);
    db.put(WEST, "orders", "a", "west");
    assertThat(db.get(HOME, "orders", "a")).isEqualTo("home");
    db.seconds(10);
    assertThat(db.get(HOME, "orders", "a")).isEqualTo("west");
    assertThat(db.get(WEST, "orders", "a")).isEqualTo("west");
  }

  private JsonNode lastRecord(String region) {
    String arn = db.describe(region, "orders").get("LatestStreamArn").asText();
    String shard =
        db.stream(region, "DescribeStream", "{'StreamArn':'" + arn + "'}")
            .at("/StreamDescription/Shards/0/ShardId")
            .asText();
    String iterator =
        db.stream(
                region,
                "GetShardIterator",
                "{'StreamArn':'"
                    + arn
                    + "','ShardId':'"
                    + shard
                    + "','ShardIteratorType':'TRIM_HORIZON'}")
            .get("ShardIterator")
            .asText();
    JsonNode records =
        db.stream(region, "GetRecords", "{'ShardIterator':'" + iterator + "'}").get("Records");
    return records.get(records.size() - 1);
  }

  private void expiringSoon() {
    db.ok(
        "UpdateTimeToLive",
        "{'TableName':'orders','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'ttl'}}");
    db.ok(
        "PutItem",
        "{'TableName':'orders','Item':{'pk':{'S':'a'},'v':{'S':'1'},'ttl':{'N':'"
            + (db.now().getEpochSecond() + 60)
            + "'}}}");
  }

  @Test
  void oneRegionExpiresAnItemForAll() {
    db.table("orders");
    replica(WEST);
    expiringSoon();
    db.pass(Duration.ofHours(1));
    JsonNode home = lastRecord(HOME);
    JsonNode west = lastRecord(WEST);
    assertThat(home.get("eventName").asText()).isEqualTo("REMOVE");
    assertThat(west.get("eventName").asText()).isEqualTo("REMOVE");
    assertThat(home.has("userIdentity")).isTrue();
    assertThat(west.has("userIdentity")).isFalse();
  }

  @Test
  void whatIsWrittenAfterAnItemHasExpiredStays() {
    db.table("orders");
    replica(WEST);
    db.simulator().control().catalog().setReplicationLag(Duration.ofSeconds(5));
    expiringSoon();
    db.pass(Duration.ofHours(1));
    db.put(HOME, "orders", "a", "2");
    assertThat(db.get(WEST, "orders", "a")).isEmpty();
    db.seconds(10);
    assertThat(db.get(HOME, "orders", "a")).isEqualTo("2");
    assertThat(db.get(WEST, "orders", "a")).isEqualTo("2");
  }

  @Test
  void aReplicaWhoseNameIsTakenMeanwhileDoesNotComeToBe() {
    db.table("orders");
    update("'ReplicaUpdates':[{'Create':{'RegionName':'us-west-2'}}]");
    db.ok(
        WEST,
        "CreateTable",
        "{'TableName':'orders','KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}],"
            + "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'}],"
            + "'BillingMode':'PAY_PER_REQUEST'}");
    db.pass(Duration.ofHours(1));
    JsonNode home = db.describe(HOME, "orders");
    assertThat(home.get("TableStatus").asText()).isEqualTo("ACTIVE");
    assertThat(home.has("Replicas")).isFalse();
    db.put(WEST, "orders", "a", "west");
    db.seconds(10);
    assertThat(db.get(HOME, "orders", "a")).isEmpty();
    replica(EAST);
    db.put(HOME, "orders", "a", "home");
    db.seconds(10);
    assertThat(db.get(EAST, "orders", "a")).isEqualTo("home");
    db.ok(WEST, "DeleteTable", "{'TableName':'orders'}");
  }

  @Test
  void aNewReplicaHasWhatWasOnItsWayToItsSource() {
    db.table("orders");
    replica(WEST);
    db.simulator().control().catalog().setReplicationLag(Duration.ofSeconds(10));
    update("'ReplicaUpdates':[{'Create':{'RegionName':'us-east-2'}}]");
    db.seconds(8);
    db.put(WEST, "orders", "a", "1");
    db.pass(Duration.ofMinutes(1));
    assertThat(db.get(HOME, "orders", "a")).isEqualTo("1");
    assertThat(db.get(EAST, "orders", "a")).isEqualTo("1");
  }

  /** Time stands still here: nothing but the order of the writes tells which is the later one. */
  @Test
  void writesOfOneMomentEndAlikeEverywhere() {
    db.table("orders");
    replica(WEST);
    db.simulator().control().catalog().setReplicationLag(Duration.ZERO);
    db.put(WEST, "orders", "a", "west");
    db.pass(Duration.ZERO);
    assertThat(db.get(HOME, "orders", "a")).isEqualTo("west");
    db.put(HOME, "orders", "a", "home");
    db.pass(Duration.ZERO);
    assertThat(db.get(HOME, "orders", "a")).isEqualTo("home");
    assertThat(db.get(WEST, "orders", "a")).isEqualTo("home");
    TableCatalog catalog = db.simulator().control().catalog();
    catalog.setReplicationLag(Duration.ofSeconds(5));
    db.put(HOME, "orders", "a", "older");
    catalog.setReplicationLag(Duration.ofSeconds(2));
    db.put(HOME, "orders", "a", "newer");
    db.seconds(10);
    assertThat(db.get(WEST, "orders", "a")).isEqualTo("newer");
  }

  @Test
  void aReplicaGoesButNotASource() {
    db.table("orders");
    replica(WEST);
    db.refused(
        "UpdateTable",
        "{'TableName':'orders','ReplicaUpdates':[{'Create':{'RegionName':'us-west-2'}}]}",
        "ValidationException",
        "Failed to create a the new replica of table with name: ‘orders’ because one or more"
            + " replicas already existed as tables.");
    assertThat(db.reply(HOME, "DeleteTable", "{'TableName':'orders'}").text())
        .startsWith("Replica cannot be deleted because it has acted as a source region");
    update("'ReplicaUpdates':[{'Delete':{'RegionName':'us-west-2'}}]");
    db.pass(Duration.ofMinutes(5));
    assertThat(db.describe(HOME, "orders").has("Replicas")).isFalse();
    assertThat(db.reply(WEST, "DescribeTable", "{'TableName':'orders'}").code())
        .isEqualTo("ResourceNotFoundException");
    db.ok("DeleteTable", "{'TableName':'orders'}");
  }

  private void scale(String units, int min) {
    String scaled =
        "'ServiceNamespace':'dynamodb','ResourceId':'table/orders','ScalableDimension':"
            + "'dynamodb:table:"
            + units
            + "CapacityUnits'";
    db.scaling(
        "RegisterScalableTarget", "{" + scaled + ",'MinCapacity':" + min + ",'MaxCapacity':50}");
    db.scaling(
        "PutScalingPolicy",
        "{'PolicyName':'half','PolicyType':'TargetTrackingScaling',"
            + scaled
            + ",'TargetTrackingScalingPolicyConfiguration':{'TargetValue':50.0,"
            + "'PredefinedMetricSpecification':{'PredefinedMetricType':'DynamoDB"
            + units
            + "CapacityUtilization'}}}");
    db.pass(Duration.ofMinutes(1));
  }

  private int reads(String region, String pointer) {
    return db.describe(region, "orders").at(pointer + "/ReadCapacityUnits").asInt();
  }

  @Test
  void whatScalesReadsOfOneRegionGivesTheOthersTheirOwn() {
    String own = "/ProvisionedThroughput";
    String others = "/Replicas/0/ProvisionedThroughputOverride";
    db.table(
        "orders",
        ",'BillingMode':'PROVISIONED','ProvisionedThroughput':"
            + "{'ReadCapacityUnits':2,'WriteCapacityUnits':2}");
    scale("Write", 2);
    replica(WEST);
    assertThat(db.describe(HOME, "orders").at(others).isMissingNode()).isTrue();
    scale("Read", 5);
    assertThat(reads(HOME, own)).isEqualTo(5);
    assertThat(reads(WEST, own)).isEqualTo(2);
    assertThat(reads(HOME, others)).isEqualTo(2);
    assertThat(db.describe(WEST, "orders").at(others).isMissingNode()).isTrue();
    // A region with units of its own is scaled like any other.
    db.ok(
        WEST,
        "UpdateTable",
        "{'TableName':'orders','ReplicaUpdates':[{'Update':{'RegionName':'us-east-1',"
            + "'ProvisionedThroughputOverride':{'ReadCapacityUnits':6}}}]}");
    db.pass(Duration.ofMinutes(1));
    assertThat(reads(WEST, others)).isEqualTo(6);
    scale("Read", 9);
    assertThat(reads(HOME, own)).isEqualTo(9);
    assertThat(reads(WEST, others)).isEqualTo(9);
    assertThat(reads(HOME, others)).isEqualTo(2);
  }

  @Test
  void aStrongTableHasAWitness() {
    db.table("orders");
    update(
        "'MultiRegionConsistency':'STRONG','ReplicaUpdates':[{'Create':{'RegionName':'us-east-2'}}],"
            + "'GlobalTableWitnessUpdates':[{'Create':{'RegionName':'us-west-2'}}]");
    db.pass(Duration.ofMinutes(2));
    JsonNode home = db.describe(HOME, "orders");
    assertThat(home.get("MultiRegionConsistency").asText()).isEqualTo("STRONG");
    assertThat(home.at("/GlobalTableWitnesses/0/RegionName").asText()).isEqualTo(WEST);
    assertThat(home.at("/GlobalTableWitnesses/0/WitnessStatus").asText()).isEqualTo("ACTIVE");
    db.put(HOME, "orders", "a", "1");
    assertThat(db.get(EAST, "orders", "a")).isEqualTo("1");
    assertThat(db.ok(WEST, "ListTables", "{}").get("TableNames")).isEmpty();
    assertThat(
            db.reply(
                    HOME,
                    "UpdateTimeToLive",
                    "{'TableName':'orders','TimeToLiveSpecification':"
                        + "{'Enabled':true,'AttributeName':'ttl'}}")
                .code())
        .isEqualTo("ValidationException");
    assertThat(
            db.reply(
                    HOME,
                    "TransactWriteItems",
                    "{'TransactItems':[{'Put':{'TableName':'orders','Item':{'pk':{'S':'b'}}}}]}")
                .code())
        .isEqualTo("ValidationException");
    String parts = "{'TransactStatements':[{'Statement':'SELECT * FROM orders WHERE pk = ?',";
    db.refused(
        "ExecuteTransaction",
        parts + "'Parameters':[{'S':'a'}]}]}",
        "ValidationException",
        "Transactions are not supported for global tables with MultiRegionConsistency set to"
            + " STRONG.");
  }

  @Test
  void aStrongTableHasThreeRegions() {
    db.table("orders");
    assertThat(
            db.reply(
                    HOME,
                    "UpdateTable",
                    "{'TableName':'orders','MultiRegionConsistency':'STRONG','ReplicaUpdates':"
                        + "[{'Create':{'RegionName':'us-east-2'}}]}")
                .code())
        .isEqualTo("ValidationException");
  }

  /** They are not filled from streams, so that each has one when it is asked for alone. */
  @Test
  void aStrongReplicaHasAStreamWhenItIsAskedFor() {
    String stream = "'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'NEW_IMAGE'}";
    db.table("strong", "," + stream);
    db.ok(
        "UpdateTable",
        "{'TableName':'strong','MultiRegionConsistency':'STRONG','ReplicaUpdates':["
            + "{'Create':{'RegionName':'us-east-2'}},{'Create':{'RegionName':'us-west-2'}}]}");
    db.seconds(3600);
    JsonNode copy = db.describe("us-east-2", "strong");
    assertThat(copy.path("TableStatus").asText()).isEqualTo("ACTIVE");
    assertThat(copy.has("StreamSpecification")).isFalse();
    db.ok("us-east-2", "UpdateTable", "{'TableName':'strong'," + stream + "}");
    db.seconds(3600);
    assertThat(db.describe("us-east-2", "strong").has("StreamSpecification")).isTrue();
    assertThat(db.describe("us-west-2", "strong").has("StreamSpecification")).isFalse();
    db.ok(
        "us-east-2",
        "UpdateTable",
        "{'TableName':'strong','StreamSpecification':{'StreamEnabled':false}}");
    db.seconds(3600);
    assertThat(db.describe("us-east-2", "strong").has("StreamSpecification")).isFalse();
    assertThat(db.describe("us-east-1", "strong").has("StreamSpecification")).isTrue();
  }
}
