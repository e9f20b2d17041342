/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.testkit.simulator.aws.dynamodb.TestDynamoDb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stream has the changes of its table, in order, for a day. */
class TableStreamTest {
  private static final String HOME = TestDynamoDb.HOME;

  private final TestDynamoDb db = new TestDynamoDb();

  @AfterEach
  void close() {
    db.close();
  }

  private String arn(String view) {
    db.table(
        "orders", ",'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'" + view + "'}");
    return db.describe(HOME, "orders").get("LatestStreamArn").asText();
  }

  private List<String> shards(String arn) {
    List<String> shards = new ArrayList<>();
    db.stream(HOME, "DescribeStream", "{'StreamArn':'" + arn + "'}")
        .at("/StreamDescription/Shards")
        .forEach(shard -> shards.add(shard.get("ShardId").asText()));
    return shards;
  }

  private String iterator(String arn, String shard, String type) {
    return db.stream(
            HOME,
            "GetShardIterator",
            "{'StreamArn':'"
                + arn
                + "','ShardId':'"
                + shard
                + "','ShardIteratorType':"
                + type
                + "}")
        .get("ShardIterator")
        .asText();
  }

  private JsonNode records(String iterator) {
    return db.stream(HOME, "GetRecords", "{'ShardIterator':'" + iterator + "'}");
  }

  private List<JsonNode> all(String arn) {
    List<JsonNode> all = new ArrayList<>();
    for (String shard : shards(arn)) {
      records(iterator(arn, shard, "'TRIM_HORIZON'")).get("Records").forEach(all::add);
    }
    return all;
  }

  @Test
  void itHasWhatItsViewSays() {
    String arn = arn("NEW_AND_OLD_IMAGES");
    db.put(HOME, "orders", "a", "1");
    db.put(HOME, "orders", "a", "2");
    db.ok("DeleteItem", "{'TableName':'orders','Key':{'pk':{'S':'a'}}}");
    List<JsonNode> records = all(arn);
    assertThat(records)
        .extracting(record -> record.get("eventName").asText())
        .containsExactly("INSERT", "MODIFY", "REMOVE");
    JsonNode change = records.get(1).get("dynamodb");
    assertThat(change.at("/Keys/pk/S").asText()).isEqualTo("a");
    assertThat(change.at("/OldImage/v/S").asText()).isEqualTo("1");
    assertThat(change.at("/NewImage/v/S").asText()).isEqualTo("2");
    assertThat(change.get("StreamViewType").asText()).isEqualTo("NEW_AND_OLD_IMAGES");
    assertThat(records.get(2).has("userIdentity")).isFalse();
    assertThat(records.get(0).at("/dynamodb/SequenceNumber").asText())
        .isLessThan(records.get(1).at("/dynamodb/SequenceNumber").asText());
  }

  @Test
  void iteratorsBeginWhereTheyAreToldTo() {
    String arn = arn("KEYS_ONLY");
    db.put(HOME, "orders", "a", "1");
    db.put(HOME, "orders", "a", "2");
    List<JsonNode> records = all(arn);
    assertThat(records.get(0).get("dynamodb").has("NewImage")).isFalse();
    String shard = shards(arn).get(0);
    String first = records.get(0).at("/dynamodb/SequenceNumber").asText();
    String at = "'AT_SEQUENCE_NUMBER','SequenceNumber':'" + first + "'";
    String after = "'AFTER_SEQUENCE_NUMBER','SequenceNumber':'" + first + "'";
    assertThat(records(iterator(arn, shard, at)).get("Records")).hasSize(2);
    assertThat(records(iterator(arn, shard, after)).get("Records")).hasSize(1);
    JsonNode none = records(iterator(arn, shard, "'LATEST'"));
    assertThat(none.get("Records")).isEmpty();
    db.put(HOME, "orders", "a", "3");
    assertThat(records(none.get("NextShardIterator").asText()).get("Records")).hasSize(1);
  }

  @Test
  void recordsAreTrimmedAfterADay() {
    String arn = arn("NEW_IMAGE");
    db.put(HOME, "orders", "a", "1");
    db.pass(Duration.ofHours(20));
    db.put(HOME, "orders", "a", "2");
    db.pass(Duration.ofHours(5));
    assertThat(all(arn))
        .extracting(record -> record.at("/dynamodb/NewImage/v/S").asText())
        .containsExactly("2");
  }

  @Test
  void whatExpiresIsRemovedByTheService() {
    String arn = arn("OLD_IMAGE");
    db.ok(
        "UpdateTimeToLive",
        "{'TableName':'orders','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'ttl'}}");
    assertThat(
            db.reply(
                    HOME,
                    "UpdateTimeToLive",
                    "{'TableName':'orders','TimeToLiveSpecification':"
                        + "{'Enabled':false,'AttributeName':'ttl'}}")
                .code())
        .isEqualTo("ValidationException");
    db.seconds(10);
    assertThat(
            db.ok("DescribeTimeToLive", "{'TableName':'orders'}")
                .at("/TimeToLiveDescription/TimeToLiveStatus")
                .asText())
        .isEqualTo("ENABLED");
    db.ok(
        "PutItem",
        "{'TableName':'orders','Item':{'pk':{'S':'a'},'ttl':{'N':'"
            + (db.now().getEpochSecond() + 60)
            + "'}}}");
    db.pass(Duration.ofMinutes(5));
    assertThat(db.ok("Scan", "{'TableName':'orders','Select':'COUNT'}").get("Count").asInt())
        .isEqualTo(1);
    db.pass(Duration.ofHours(1));
    assertThat(db.ok("Scan", "{'TableName':'orders','Select':'COUNT'}").get("Count").asInt())
        .isZero();
    List<JsonNode> records = all(arn);
    JsonNode last = records.get(records.size() - 1);
    assertThat(last.get("eventName").asText()).isEqualTo("REMOVE");
    assertThat(last.at("/userIdentity/PrincipalId").asText()).isEqualTo("dynamodb.amazonaws.com");
    assertThat(last.at("/userIdentity/Type").asText()).isEqualTo("Service");
  }

  private void expiring(String key, Duration life) {
    db.ok(
        "PutItem",
        "{'TableName':'orders','Item':{'pk':{'S':'"
            + key
            + "'},'ttl':{'N':'"
            + db.now().plus(life).getEpochSecond()
            + "'}}}");
  }

  @Test
  void whatExpiresIsInTheStreamThoughNobodyLooksAtTheTable() {
    String arn = arn("KEYS_ONLY");
    db.ok(
        "UpdateTimeToLive",
        "{'TableName':'orders','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'ttl'}}");
    expiring("a", Duration.ofMinutes(1));
    long due = db.now().plus(Duration.ofMinutes(11)).getEpochSecond();
    db.pass(Duration.ofHours(3));
    List<JsonNode> records = all(arn);
    assertThat(records)
        .extracting(record -> record.get("eventName").asText())
        .containsExactly("INSERT", "REMOVE");
    assertThat(records.get(1).at("/dynamodb/ApproximateCreationDateTime").asLong()).isEqualTo(due);
  }

  @Test
  void aShardInWhichNothingWasWrittenEnds() {
    String arn = arn("KEYS_ONLY");
    db.pass(Duration.ofHours(5));
    db.ok("UpdateTable", "{'TableName':'orders','StreamSpecification':{'StreamEnabled':false}}");
    db.seconds(30);
    List<String> shards = shards(arn);
    assertThat(shards).hasSize(2);
    for (String shard : shards) {
      for (String type : List.of("'TRIM_HORIZON'", "'LATEST'")) {
        JsonNode page = records(iterator(arn, shard, type));
        assertThat(page.get("Records")).isEmpty();
        assertThat(page.has("NextShardIterator")).as(shard + " from " + type).isFalse();
      }
    }
    JsonNode range =
        db.stream(HOME, "DescribeStream", "{'StreamArn':'" + arn + "'}")
            .at("/StreamDescription/Shards/0/SequenceNumberRange");
    assertThat(range.get("EndingSequenceNumber")).isEqualTo(range.get("StartingSequenceNumber"));
    String start = range.get("StartingSequenceNumber").asText();
    String at = "'AT_SEQUENCE_NUMBER','SequenceNumber':'" + start + "'";
    assertThat(records(iterator(arn, shards.get(0), at)).has("NextShardIterator")).isFalse();
  }

  @Test
  void aDisabledStreamIsReadToItsEnd() {
    String arn = arn("KEYS_ONLY");
    db.put(HOME, "orders", "a", "1");
    db.ok("UpdateTable", "{'TableName':'orders','StreamSpecification':{'StreamEnabled':false}}");
    db.seconds(30);
    JsonNode described =
        db.stream(HOME, "DescribeStream", "{'StreamArn':'" + arn + "'}").get("StreamDescription");
    assertThat(described.get("StreamStatus").asText()).isEqualTo("DISABLED");
    assertThat(described.at("/Shards/0/SequenceNumberRange").has("EndingSequenceNumber")).isTrue();
    JsonNode page = records(iterator(arn, shards(arn).get(0), "'TRIM_HORIZON'"));
    assertThat(page.get("Records")).hasSize(1);
    assertThat(page.has("NextShardIterator")).isFalse();
    assertThat(db.stream(HOME, "ListStreams", "{'TableName':'orders'}").get("Streams")).hasSize(1);
  }
}
