/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableCloud.AWAY;
import static io.clouddb.aws.dynamodb.TableCloud.HOME;
import static io.clouddb.aws.dynamodb.TableCloud.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.aws.internal.SignedJsonClient;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.operation.Operation;
import io.clouddb.plan.Drift;
import io.clouddb.spi.OperationState;
import io.clouddb.table.Capacity;
import io.clouddb.table.ChangeImages;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableClass;
import io.clouddb.table.TableConsistency;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableRegion;
import io.clouddb.table.TableStatus;
import io.clouddb.table.Throughput;
import io.clouddb.table.TimeToLive;
import io.clouddb.testkit.simulator.aws.dynamodb.control.MasterKeys;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.GlobalTableWitnessGroupUpdate;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ReplicationGroupUpdate;
import software.amazon.awssdk.services.dynamodb.model.Tag;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/** Tables made, changed and deleted in a simulated AWS, by the SDK over the wire. */
class TableControlTest {
  private static TableCloud aws;
  private CloudDb cloud;

  @BeforeAll
  static void start() {
    aws = new TableCloud();
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  @BeforeEach
  void open() {
    cloud = aws.open();
  }

  @AfterEach
  void close() {
    cloud.close();
    assertThat(aws.simulator.faults().pending()).isZero();
  }

  private TableDescription modify(TableDescription table, TableChange.Builder change) {
    return cloud.tables().modify(table.id(), change.build()).await(LIMIT);
  }

  private static void until(BooleanSupplier holds) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private void assertNoDrift(GlobalTableSpec spec) {
    Drift drift = cloud.tables().drift(spec);
    assertThat(drift.differences()).isEmpty();
  }

  @Test
  void allOfATableIsMadeInBothRegionsReadsBackAndGoesWithoutALeftover() {
    GlobalTableSpec spec = TableCloud.whole("whole").build();
    TableDescription made = cloud.tables().create(spec).await(LIMIT);

    assertThat(made.id().location()).isEqualTo(ResourceId.GLOBAL);
    assertThat(made.status()).isEqualTo(TableStatus.ACTIVE);
    assertThat(made.regions())
        .containsEntry(HOME, TableStatus.ACTIVE)
        .containsEntry(AWAY, TableStatus.ACTIVE);
    assertThat(made.indexes()).containsOnlyKeys("gsi1", "gsi2", "lsi");
    GlobalTableSpec back = made.spec();
    assertThat(back.key()).isEqualTo(spec.key());
    assertThat(back.indexes()).containsExactlyInAnyOrderElementsOf(spec.indexes());
    assertThat(back.regions()).containsExactlyElementsOf(spec.regions());
    assertThat(back.throughput()).isEqualTo(spec.throughput());
    assertThat(back.timeToLive()).isEqualTo(spec.timeToLive());
    assertThat(back.changeFeed()).isEqualTo(spec.changeFeed());
    assertThat(back.deletionProtection()).contains(true);
    assertThat(back.pointInTimeRecoveryDays()).contains(7);
    assertThat(back.tags()).isEqualTo(spec.tags());
    assertNoDrift(spec);

    assertThatThrownBy(() -> cloud.tables().delete(made.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("protected")
        .hasMessageContaining("deletionProtection(false)");
    modify(made, TableChange.builder().deletionProtection(false));
    cloud.tables().delete(made.id()).await(LIMIT);
    assertThat(cloud.tables().find("whole")).isEmpty();
    try (CloudDb away = CloudDb.open(aws.config(AWAY).build())) {
      assertThat(away.tables().find("whole")).isEmpty();
    }
    assertThat(aws.left(HOME, "whole")).isEmpty();
    assertThat(aws.left(AWAY, "whole")).isEmpty();
  }

  @Test
  void aPlainTableIsOnDemandInTheOpenRegion() {
    TableDescription made = TableCloud.create(cloud, TableCloud.plain("plain"));
    assertThat(made.spec().throughput()).contains(Throughput.onDemand());
    assertThat(made.spec().regions()).containsExactly(TableRegion.of(HOME));
    assertThat(made.spec().tags()).isEmpty();
    assertThat(cloud.tables().list().stream()).contains(made.id());
    assertThatThrownBy(() -> TableCloud.create(cloud, TableCloud.plain("plain")))
        .isInstanceOf(AlreadyExistsException.class);
  }

  @Test
  void aTableThatIsInAnotherRegionAlreadyIsRefusedBeforeAnythingIsMade() {
    try (CloudDb away = CloudDb.open(aws.config(AWAY).build())) {
      TableCloud.create(away, TableCloud.plain("taken"));
    }
    assertThatThrownBy(
            () -> TableCloud.create(cloud, TableCloud.plain("taken").region(HOME).region(AWAY)))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining(AWAY);
    assertThat(cloud.tables().find("taken")).isEmpty();
  }

  @Test
  void throughputIsSwitchedBothWaysWithWhatScalesIt() {
    TableDescription table =
        TableCloud.create(cloud, TableCloud.plain("switched").index(TableCloud.index("gsi1")));
    Throughput scaled = Throughput.reads(TableCloud.scaled(100)).writes(TableCloud.scaled(50));
    TableDescription provisioned = modify(table, TableChange.builder().throughput(scaled));
    assertThat(provisioned.spec().throughput()).contains(scaled);
    assertThat(provisioned.spec().index("gsi1").flatMap(IndexSpec::throughput)).isEmpty();
    assertThat(aws.left(HOME, "switched")).hasSize(4);

    Throughput fixed = Throughput.reads(Capacity.fixed(7)).writes(Capacity.fixed(8));
    TableDescription own =
        modify(provisioned, TableChange.builder().indexThroughput("gsi1", fixed));
    assertThat(own.spec().throughput()).contains(scaled);
    assertThat(own.spec().index("gsi1").flatMap(IndexSpec::throughput)).contains(fixed);
    assertThat(aws.left(HOME, "switched")).hasSize(2);

    TableDescription onDemand =
        modify(own, TableChange.builder().throughput(Throughput.onDemand()));
    assertThat(onDemand.spec().throughput()).contains(Throughput.onDemand());
    assertThat(aws.left(HOME, "switched")).isEmpty();
    assertThatThrownBy(() -> modify(onDemand, TableChange.builder().indexThroughput("gsi1", fixed)))
        .as("provisioned beside on demand")
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("the table is not provisioned");
    assertThat(aws.left(HOME, "switched")).isEmpty();
  }

  @Test
  void indexesAreAddedAndRemovedOneByOne() {
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain("indexed")
                .index(TableCloud.index("gsi1"))
                .throughput(Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9))));
    TableDescription changed =
        modify(
            table,
            TableChange.builder()
                .removeIndex("gsi1")
                .addIndex(TableCloud.index("gsi2"))
                .addIndex(TableCloud.index("gsi3")));
    assertThat(changed.spec().indexes())
        .containsExactlyInAnyOrder(TableCloud.index("gsi2"), TableCloud.index("gsi3"));
    assertThat(aws.left(HOME, "indexed")).hasSize(6);
    assertThatThrownBy(() -> modify(changed, TableChange.builder().removeIndex("gsi1")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("no global index gsi1");
  }

  @Test
  void aRegionIsAddedAndRemovedWithItsSettingsAndItsScaling() {
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain("moved")
                .throughput(Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9)))
                .pointInTimeRecoveryDays(3)
                .tag("app", "shop"));
    TableDescription both =
        modify(table, TableChange.builder().addRegion(TableRegion.of(AWAY)).tag("more", "tags"));
    assertThat(both.regions()).containsEntry(AWAY, TableStatus.ACTIVE);
    assertThat(both.spec().changeFeed()).contains(ChangeImages.NEW_AND_OLD);
    assertNoDrift(
        TableCloud.plain("moved")
            .region(AWAY)
            .region(HOME)
            .throughput(Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9)))
            .pointInTimeRecoveryDays(3)
            .tag("app", "shop")
            .tag("more", "tags")
            .build());
    assertThat(aws.left(AWAY, "moved")).hasSize(2);

    TableDescription alone = modify(both, TableChange.builder().removeRegion(AWAY));
    assertThat(alone.regions()).containsOnlyKeys(HOME);
    assertThat(aws.left(AWAY, "moved")).isEmpty();
    assertThat(aws.left(HOME, "moved")).hasSize(2);
  }

  /** A request that was given up can arrive late, and then the next one is refused for it. */
  @Test
  void aReplicaThatIsGoneWhenItsRemovalArrivesIsRemoved() {
    TableDescription table =
        TableCloud.create(cloud, TableCloud.plain("raced").region(HOME).region(AWAY));
    CountDownLatch released = new CountDownLatch(1);
    aws.simulator.faults().on("UpdateTable").heldUntil(released);
    Operation<TableDescription> removal =
        cloud.tables().modify(table.id(), TableChange.builder().removeRegion(AWAY).build());
    try (DynamoDbClient client = aws.client(HOME)) {
      until(() -> aws.simulator.faults().pending() == 0);
      ReplicationGroupUpdate gone =
          ReplicationGroupUpdate.builder().delete(delete -> delete.regionName(AWAY)).build();
      client.updateTable(update -> update.tableName("raced").replicaUpdates(gone));
      until(
          () ->
              client.describeTable(of -> of.tableName("raced")).table().replicas().stream()
                  .noneMatch(replica -> replica.regionName().equals(AWAY)));
    } finally {
      released.countDown();
    }
    assertThat(removal.await(LIMIT).regions()).containsOnlyKeys(HOME);
  }

  /** An operator who asks for the same name, and for something else behind it. */
  private CloudDbException meanwhile(
      TableDescription table, TableChange change, UpdateTableRequest another, String settled) {
    CountDownLatch released = new CountDownLatch(1);
    aws.simulator.faults().on("UpdateTable").heldUntil(released);
    Operation<TableDescription> operation = cloud.tables().modify(table.id(), change);
    try (DynamoDbClient client = aws.client(HOME)) {
      until(() -> aws.simulator.faults().pending() == 0);
      client.updateTable(another);
      until(
          () ->
              client
                  .describeTable(of -> of.tableName(table.id().name()))
                  .table()
                  .toString()
                  .contains(settled));
    } finally {
      released.countDown();
    }
    return catchThrowableOfType(CloudDbException.class, () -> operation.await(LIMIT));
  }

  @Test
  void anIndexOfTheSameNameAndOfAnotherKeyIsNotTheOneThatIsAskedFor() {
    TableDescription table = TableCloud.create(cloud, TableCloud.plain("two-indexes"));
    CloudDbException refused =
        meanwhile(
            table,
            TableChange.builder().addIndex(TableCloud.index("gsi1")).build(),
            UpdateTableRequest.builder()
                .tableName("two-indexes")
                .attributeDefinitions(
                    AttributeDefinition.builder().attributeName("x").attributeType("S").build())
                .globalSecondaryIndexUpdates(
                    GlobalSecondaryIndexUpdate.builder()
                        .create(
                            create ->
                                create
                                    .indexName("gsi1")
                                    .keySchema(
                                        KeySchemaElement.builder()
                                            .attributeName("x")
                                            .keyType("HASH")
                                            .build())
                                    .projection(all -> all.projectionType("ALL")))
                        .build())
                .build(),
            "IndexStatus=ACTIVE");
    assertThat(refused).hasMessageContaining("already exists");
    assertThat(cloud.tables().find("two-indexes").orElseThrow().spec().indexes())
        .singleElement()
        .satisfies(index -> assertThat(index.key().partition().name()).isEqualTo("x"));
  }

  @Test
  void aReplicaWithAnotherKeyIsNotTheOneThatIsAskedFor() {
    String key = ":" + aws.simulator.account() + ":key/0a0b0c0d-1111-2222-3333-5555555555";
    String home = "arn:aws:kms:" + HOME + key + "11";
    String other = "arn:aws:kms:" + AWAY + key + "12";
    TableDescription table =
        TableCloud.create(
            cloud, TableCloud.plain("two-keys").region(TableRegion.of(HOME).key(home)));
    CloudDbException refused =
        meanwhile(
            table,
            TableChange.builder()
                .addRegion(TableRegion.of(AWAY).key("arn:aws:kms:" + AWAY + key + "13"))
                .build(),
            UpdateTableRequest.builder()
                .tableName("two-keys")
                .replicaUpdates(
                    ReplicationGroupUpdate.builder()
                        .create(create -> create.regionName(AWAY).kmsMasterKeyId(other))
                        .build())
                .build(),
            "ReplicaStatus=ACTIVE");
    assertThat(refused).isInstanceOf(ConditionFailedException.class).hasMessageContaining(AWAY);
    assertThat(cloud.tables().find("two-keys").orElseThrow().spec().regions())
        .contains(TableRegion.of(AWAY).key(other));
  }

  @Test
  void aChangeOfSomethingElseLeavesWhatScalesEachRegion() {
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain("apart")
                .region(HOME)
                .region(AWAY)
                .throughput(Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9))));
    Scaled reads = new Scaled("apart", "", false);
    ScalingClient away = aws.scaling(AWAY);
    away.register(reads, Capacity.autoscale(5, 4000), false);
    away.track(reads, reads.policy(), Capacity.autoscale(5, 4000).target(50));
    modify(table, TableChange.builder().tag("a", "b"));
    ScalingClient.Target target =
        Objects.requireNonNull(away.targets("apart", List.of()).get(reads));
    assertThat(target.most()).isEqualTo(4000);
    assertThat(target.policies().values())
        .singleElement()
        .extracting(ScalingClient.Policy::percent)
        .isEqualTo(50.0);
  }

  @Test
  void aRegionThatIsProtectedIsRemovedOnlyWhereThatIsAsked() {
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain("guarded")
                .region(HOME)
                .region(AWAY)
                .throughput(Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9)))
                .deletionProtection(true));
    assertThatThrownBy(() -> modify(table, TableChange.builder().removeRegion(AWAY)))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("deletionProtection(false)");
    assertThat(aws.left(AWAY, "guarded")).hasSize(2);
    TableDescription alone =
        modify(table, TableChange.builder().removeRegion(AWAY).deletionProtection(false));
    assertThat(alone.regions()).containsOnlyKeys(HOME);
    assertThat(aws.left(AWAY, "guarded")).isEmpty();
  }

  @Test
  void aReplicaThatIsNotRemovedIsScaledStill() {
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain("stays")
                .region(HOME)
                .region(AWAY)
                .throughput(Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9))));
    aws.simulator
        .faults()
        .on("UpdateTable")
        .refused(400, "AccessDeniedException", "User is not authorized");
    assertThatThrownBy(() -> cloud.tables().delete(table.id()).await(LIMIT))
        .hasMessageContaining("not authorized");
    assertThat(aws.left(AWAY, "stays")).hasSize(2);
    assertThat(aws.left(HOME, "stays")).hasSize(2);
  }

  @Test
  void aReplicaThatHasFailedIsRemoved() throws InterruptedException {
    String key = ":" + aws.simulator.account() + ":key/11111111-2222-3333-4444-555555555555";
    String home = "arn:aws:kms:" + HOME + key;
    String away = "arn:aws:kms:" + AWAY + key;
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain("broken")
                .region(TableRegion.of(HOME).key(home))
                .region(TableRegion.of(AWAY).key(away))
                .deletionProtection(true));
    MasterKeys keys = aws.simulator.dynamoDb().control().keys();
    keys.disable(away);
    CountDownLatch noticed = new CountDownLatch(1);
    aws.clock.schedule(Duration.ofMinutes(20), noticed::countDown);
    assertThat(noticed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(cloud.tables().get(table.id()).regions())
        .containsEntry(AWAY, TableStatus.INACCESSIBLE);
    TableDescription alone =
        modify(table, TableChange.builder().removeRegion(AWAY).deletionProtection(false));
    assertThat(alone.regions()).containsOnlyKeys(HOME);
    keys.enable(away);
  }

  @Test
  void aTableOfTheLongestNameIsScaledWithItsIndexOfTheLongestName() {
    String name = "t".repeat(255);
    String index = "i".repeat(255);
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain(name)
                .index(IndexSpec.of(index, Key.partition("gsi1pk", KeyType.STRING)))
                .throughput(Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9))));
    assertThat(aws.left(HOME, name)).hasSize(4);
    assertThat(table.spec().index(index).flatMap(IndexSpec::throughput)).isEmpty();
    assertThat(new Scaled(name, index, true).policy())
        .hasSizeLessThanOrEqualTo(256)
        .isNotEqualTo(new Scaled(name, index, false).policy())
        .isNotEqualTo(new Scaled(name, "", true).policy());
  }

  @Test
  void whatOthersMadeAndNoSpecMayAskForIsFound() {
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain("foreign")
                .index(TableCloud.index("gsi1"))
                .throughput(Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9))));
    String arn =
        table
            .unwrap(software.amazon.awssdk.services.dynamodb.model.TableDescription.class)
            .tableArn();
    try (var client = aws.client(HOME)) {
      client.updateTimeToLive(
          request ->
              request
                  .tableName("foreign")
                  .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName("gsi1sk")));
      client.tagResource(
          request ->
              request.resourceArn(arn).tags(Tag.builder().key("CloudDB-x").value("y").build()));
    }
    Scaled reads = new Scaled("foreign", "", false);
    aws.scaling(HOME).track(reads, reads.policy(), Capacity.autoscale(5, 9).target(15));
    TableDescription found = cloud.tables().get(table.id());
    assertThat(found.spec().timeToLive()).contains(TimeToLive.at("gsi1sk"));
    assertThat(found.spec().tags()).isEmpty();
    assertThat(found.spec().throughput().flatMap(Throughput::reads).flatMap(Capacity::target))
        .contains(15);
    assertThat(modify(found, TableChange.builder().tag("a", "b")).spec().tags())
        .containsOnlyKeys("a");
    TableDescription other =
        TableCloud.create(cloud, TableCloud.plain("foreign-key").index(TableCloud.index("gsi1")));
    try (var client = aws.client(HOME)) {
      client.updateTimeToLive(
          request ->
              request
                  .tableName("foreign-key")
                  .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName("gsi1pk")));
    }
    assertThat(cloud.tables().get(other.id()).spec().timeToLive()).isEmpty();
  }

  @Test
  void settingsAreChangedTogether() {
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain("changed")
                .timeToLive(TimeToLive.at("one"))
                .changeFeed(ChangeImages.NEW)
                .pointInTimeRecoveryDays(35)
                .tag("old", "1")
                .tag("kept", "1"));
    TableDescription changed =
        modify(
            table,
            TableChange.builder()
                .timeToLive(TimeToLive.at("other"))
                .changeFeed(ChangeImages.KEYS_ONLY)
                .pointInTimeRecoveryDays(2)
                .deletionProtection(true)
                .tableClass(TableClass.INFREQUENT_ACCESS)
                .untag("old")
                .tag("new", "2"));
    assertThat(changed.spec().timeToLive()).contains(TimeToLive.at("other"));
    assertThat(changed.spec().changeFeed()).contains(ChangeImages.KEYS_ONLY);
    assertThat(changed.spec().pointInTimeRecoveryDays()).contains(2);
    assertThat(changed.spec().deletionProtection()).contains(true);
    assertThat(changed.spec().tableClass()).contains(TableClass.INFREQUENT_ACCESS);
    assertThat(changed.spec().tags()).containsOnlyKeys("kept", "new");
    TableDescription off =
        modify(
            changed,
            TableChange.builder()
                .noTimeToLive()
                .noChangeFeed()
                .pointInTimeRecoveryDays(0)
                .deletionProtection(false));
    assertThat(off.spec().timeToLive()).isEmpty();
    assertThat(off.spec().changeFeed()).isEmpty();
    assertThat(off.spec().pointInTimeRecoveryDays()).isEmpty();
    assertThat(off.spec().deletionProtection()).contains(false);
  }

  @Test
  void aTableIsConsistentOverThreeRegions() {
    GlobalTableSpec spec =
        TableCloud.plain("strong")
            .region(HOME)
            .region("us-east-2")
            .region("us-west-2")
            .consistency(TableConsistency.GLOBAL)
            .changeFeed(ChangeImages.OLD)
            .build();
    TableDescription made = cloud.tables().create(spec).await(LIMIT);
    assertThat(made.spec().consistency()).contains(TableConsistency.GLOBAL);
    assertThat(made.regions()).containsOnlyKeys(HOME, "us-east-2", "us-west-2");
    assertNoDrift(spec);
    assertThatThrownBy(() -> modify(made, TableChange.builder().removeRegion("us-west-2")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("together");
    TableChange fourth = TableChange.builder().addRegion(TableRegion.of("ca-central-1")).build();
    assertThatThrownBy(() -> cloud.tables().modify(made.id(), fourth).await(LIMIT))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("three");
    assertNoDrift(spec);
    cloud.tables().delete(made.id()).await(LIMIT);
    assertThat(cloud.tables().find("strong")).isEmpty();
  }

  @Test
  void aTableWithAWitnessIsDeletedWithIt() throws InterruptedException {
    TableDescription made = TableCloud.create(cloud, TableCloud.plain("witnessed"));
    try (var client = aws.client(HOME)) {
      client.updateTable(
          request ->
              request
                  .tableName("witnessed")
                  .multiRegionConsistency("STRONG")
                  .replicaUpdates(
                      ReplicationGroupUpdate.builder()
                          .create(create -> create.regionName("us-east-2"))
                          .build())
                  .globalTableWitnessUpdates(
                      GlobalTableWitnessGroupUpdate.builder()
                          .create(create -> create.regionName("us-west-2"))
                          .build()));
    }
    CountDownLatch active = new CountDownLatch(1);
    aws.clock.schedule(Duration.ofMinutes(10), active::countDown);
    assertThat(active.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(modify(made, TableChange.builder().tag("a", "b")).spec().tags())
        .containsOnlyKeys("a");
    cloud.tables().delete(made.id()).await(LIMIT);
    assertThat(cloud.tables().find("witnessed")).isEmpty();
  }

  /** By others, or by quotas that were raised: a change of something else is none of it. */
  @Test
  void whatNoPlanAllowsIsThereAndDoesNotKeepFromAChange() {
    TableDescription table =
        TableCloud.create(cloud, TableCloud.plain("rare").changeFeed(ChangeImages.KEYS_ONLY));
    var vendor = software.amazon.awssdk.services.dynamodb.model.TableDescription.class;
    String label = table.unwrap(vendor).latestStreamLabel();
    TableDescription both =
        modify(table, TableChange.builder().addRegion(TableRegion.of(AWAY)).tag("a", "b"));
    assertThat(both.unwrap(vendor).latestStreamLabel()).isEqualTo(label);
    assertThat(both.spec().changeFeed()).contains(ChangeImages.KEYS_ONLY);
    assertThatThrownBy(() -> modify(both, TableChange.builder().changeFeed(ChangeImages.NEW)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("whose images cannot be changed");
    try (var client = aws.client(HOME)) {
      for (int i = 0; i < 48; i++) {
        Tag tag = Tag.builder().key("more-" + i).value("x").build();
        client.tagResource(
            request -> request.resourceArn(both.unwrap(vendor).tableArn()).tags(tag));
      }
      client.untagResource(
          request ->
              request
                  .resourceArn(both.unwrap(vendor).tableArn())
                  .tagKeys(OperationState.CREATION_TAG));
      client.tagResource(
          request ->
              request
                  .resourceArn(both.unwrap(vendor).tableArn())
                  .tags(Tag.builder().key("fiftieth").value("x").build()));
    }
    assertThat(cloud.tables().get(both.id()).spec().tags()).hasSize(50);
    assertThat(modify(both, TableChange.builder().pointInTimeRecoveryDays(9)).spec())
        .returns(Optional.of(9), GlobalTableSpec::pointInTimeRecoveryDays);
  }

  @Test
  void theKeyOfAReplicaIsChangedInItsOwnRegion() {
    String key = ":" + aws.simulator.account() + ":key/11111111-2222-3333-4444-";
    String home = "arn:aws:kms:" + HOME + key + "555555555501";
    String other = "arn:aws:kms:" + AWAY + key + "555555555503";
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain("keyed")
                .region(TableRegion.of(HOME).key(home))
                .region(TableRegion.of(AWAY).key("arn:aws:kms:" + AWAY + key + "555555555502")));
    assertThatThrownBy(() -> modify(table, TableChange.builder().regionKey(AWAY, other)))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("in(\"" + AWAY + "\")");
    TableDescription changed =
        cloud
            .in(AWAY)
            .tables()
            .modify(table.id(), TableChange.builder().regionKey(AWAY, other).build())
            .await(LIMIT);
    assertThat(changed.spec().regions())
        .containsExactlyInAnyOrder(TableRegion.of(HOME).key(home), TableRegion.of(AWAY).key(other));
  }

  @Test
  void scalingThatIsNotAsASpecSaysIsDriftAndSetAnew() {
    GlobalTableSpec spec =
        TableCloud.plain("odd")
            .throughput(Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9)))
            .build();
    TableDescription table = cloud.tables().create(spec).await(LIMIT);
    Scaled reads = new Scaled("odd", "", false);
    SignedJsonClient scaler = aws.scaler(HOME);
    ObjectNode target =
        JsonNodeFactory.instance
            .objectNode()
            .put("ServiceNamespace", Scaled.NAMESPACE)
            .put("ResourceId", reads.resourceId())
            .put("ScalableDimension", reads.dimension());
    ObjectNode suspended = target.deepCopy();
    suspended.putObject("SuspendedState").put("DynamicScalingOutSuspended", true);
    assertThat(scaler.send("RegisterScalableTarget", suspended)).isNotNull();
    ObjectNode policy =
        target.put("PolicyName", reads.policy()).put("PolicyType", "TargetTrackingScaling");
    policy
        .putObject("TargetTrackingScalingPolicyConfiguration")
        .put("TargetValue", 70.4)
        .put("ScaleInCooldown", 300)
        .put("ScaleOutCooldown", 60)
        .put("DisableScaleIn", true)
        .putObject("PredefinedMetricSpecification")
        .put("PredefinedMetricType", reads.metric());
    assertThat(scaler.send("PutScalingPolicy", policy)).isNotNull();
    assertThat(cloud.tables().drift(spec).differences())
        .singleElement()
        .satisfies(
            difference ->
                assertThat(difference.toString())
                    .contains("suspended", "never scaled in", "70.4 percent"));
    modify(table, TableChange.builder().throughput(spec.throughput().orElseThrow()));
    assertNoDrift(spec);
  }

  @Test
  void driftTellsEachFieldThatDiffers() {
    TableCloud.create(
        cloud,
        TableCloud.plain("drifted")
            .index(TableCloud.index("gsi1"))
            .throughput(Throughput.reads(Capacity.fixed(5)).writes(Capacity.fixed(5)))
            .tag("app", "shop"));
    GlobalTableSpec other =
        TableCloud.plain("drifted")
            .index(TableCloud.index("gsi2"))
            .throughput(Throughput.reads(Capacity.fixed(5)).writes(TableCloud.scaled(9)))
            .timeToLive(TimeToLive.at("expires"))
            .changeFeed(ChangeImages.OLD)
            .deletionProtection(true)
            .pointInTimeRecoveryDays(9)
            .tableClass(TableClass.INFREQUENT_ACCESS)
            .version("version")
            .tag("app", "other")
            .build();
    Drift drift = cloud.tables().drift(other);
    assertThat(drift.differences().stream().map(difference -> difference.field().id()))
        .containsExactlyInAnyOrder(
            "indexes",
            "throughput",
            "time-to-live",
            "change-feed",
            "deletion-protection",
            "point-in-time-recovery",
            "table-class",
            "tags");
    assertThat(drift.unknown().stream().map(difference -> difference.field().id()))
        .containsExactly("version");
  }

  @Test
  void theTagOfTheAttemptIsNoTagOfTheUsers() {
    TableDescription made = TableCloud.create(cloud, TableCloud.plain("tagged").tag("a", "b"));
    String arn =
        made.unwrap(software.amazon.awssdk.services.dynamodb.model.TableDescription.class)
            .tableArn();
    try (var client = aws.client(HOME)) {
      assertThat(client.listTagsOfResource(request -> request.resourceArn(arn)).tags())
          .extracting(tag -> tag.key())
          .containsExactlyInAnyOrder("a", OperationState.CREATION_TAG);
    }
    assertThat(made.spec().tags()).containsOnlyKeys("a");
  }
}
