/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableCloud.AWAY;
import static io.clouddb.aws.dynamodb.TableCloud.HOME;
import static io.clouddb.aws.dynamodb.TableCloud.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.table.Capacity;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableClass;
import io.clouddb.table.TableDescription;
import io.clouddb.table.Throughput;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ReplicationGroupUpdate;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateReplicationGroupMemberAction;

/** What scales a table and what each replica has of its own, while other things change. */
class ScalingChangesTest {
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
    aws.simulator.faults().clear();
    cloud.close();
  }

  private TableDescription modify(TableDescription table, TableChange.Builder change) {
    return cloud.tables().modify(table.id(), change.build()).await(LIMIT);
  }

  private static Throughput scaled(long most) {
    return Throughput.reads(TableCloud.scaled(most)).writes(TableCloud.scaled(most));
  }

  /** Gives the replica away something of its own, and waits until it has it. */
  private static void override(
      String table,
      Consumer<UpdateReplicationGroupMemberAction.Builder> own,
      Predicate<software.amazon.awssdk.services.dynamodb.model.TableDescription> holds) {
    try (DynamoDbClient home = aws.client(HOME);
        DynamoDbClient away = aws.client(AWAY)) {
      home.updateTable(
          update ->
              update
                  .tableName(table)
                  .replicaUpdates(
                      ReplicationGroupUpdate.builder()
                          .update(one -> own.accept(one.regionName(AWAY)))
                          .build()));
      long end = System.nanoTime() + LIMIT.toNanos();
      while (true) {
        var there = away.describeTable(of -> of.tableName(table)).table();
        var here = home.describeTable(of -> of.tableName(table)).table();
        if (there.tableStatus() == TableStatus.ACTIVE
            && here.tableStatus() == TableStatus.ACTIVE
            && holds.test(there)) {
          return;
        }
        assertThat(System.nanoTime()).isLessThan(end);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }

  @Test
  void fixedReadsAreSetInEachRegionThatHasItsOwn() {
    Capacity writes = TableCloud.scaled(100);
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain("pinned")
                .region(HOME)
                .region(AWAY)
                .index(TableCloud.index("gsi1"))
                .throughput(Throughput.reads(Capacity.fixed(10)).writes(writes)));
    override(
        "pinned",
        own ->
            own.provisionedThroughputOverride(reads -> reads.readCapacityUnits(80L))
                .globalSecondaryIndexes(
                    index ->
                        index
                            .indexName("gsi1")
                            .provisionedThroughputOverride(reads -> reads.readCapacityUnits(90L))),
        there -> there.provisionedThroughput().readCapacityUnits() == 80);
    Throughput wanted = Throughput.reads(Capacity.fixed(50)).writes(writes);
    modify(table, TableChange.builder().throughput(wanted));
    GlobalTableSpec spec =
        TableCloud.plain("pinned")
            .region(HOME)
            .region(AWAY)
            .index(TableCloud.index("gsi1"))
            .throughput(wanted)
            .build();
    assertThat(cloud.tables().drift(spec).differences()).isEmpty();
  }

  @Test
  void theClassIsSetInEachRegionThatHasItsOwn() {
    GlobalTableSpec.Builder spec =
        TableCloud.plain("classes")
            .region(HOME)
            .region(AWAY)
            .tableClass(TableClass.INFREQUENT_ACCESS);
    TableDescription table = TableCloud.create(cloud, spec);
    override(
        "classes",
        own -> own.tableClassOverride("STANDARD"),
        there -> LiveSpec.tableClass(there) == TableClass.STANDARD);
    assertThat(cloud.tables().drift(spec.build()).differences()).isNotEmpty();
    modify(table, TableChange.builder().tableClass(TableClass.INFREQUENT_ACCESS));
    assertThat(cloud.tables().drift(spec.build()).differences()).isEmpty();
  }

  @Test
  void whatIsThereIsScaledBeforeAnIndexIsAdded() {
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain("ordered").index(TableCloud.index("gsi1")).region(HOME).region(AWAY));
    TableDescription changed =
        modify(
            table, TableChange.builder().throughput(scaled(50)).addIndex(TableCloud.index("gsi2")));
    assertThat(changed.spec().indexes()).hasSize(2);
  }

  @Test
  void eachAddedIndexIsScaledBeforeTheNextOne() {
    TableDescription table =
        TableCloud.create(
            cloud, TableCloud.plain("two").region(HOME).region(AWAY).throughput(scaled(50)));
    TableDescription changed =
        modify(
            table,
            TableChange.builder()
                .addIndex(TableCloud.index("gsi1"))
                .addIndex(TableCloud.index("gsi2")));
    assertThat(changed.spec().indexes()).hasSize(2);
  }

  @Test
  void aTableOnDemandIsDeletedWithoutRightsToScale() {
    TableDescription table = TableCloud.create(cloud, TableCloud.plain("lean"));
    aws.simulator
        .faults()
        .on("DescribeScalableTargets")
        .times(50)
        .refused(400, "AccessDeniedException", "User is not authorized");
    cloud.tables().delete(table.id()).await(LIMIT);
    assertThat(cloud.tables().find("lean")).isEmpty();
  }

  @Test
  void anIndexThatIsNotRemovedIsScaledStill() {
    TableDescription table =
        TableCloud.create(
            cloud, TableCloud.plain("kept").index(TableCloud.index("gsi1")).throughput(scaled(50)));
    aws.simulator
        .faults()
        .on("UpdateTable")
        .refused(400, "AccessDeniedException", "User is not authorized");
    assertThatThrownBy(() -> modify(table, TableChange.builder().removeIndex("gsi1")))
        .hasMessageContaining("not authorized");
    assertThat(aws.left(HOME, "kept")).hasSize(4);
  }

  @Test
  void aTableThatDoesNotBecomeOnDemandIsScaledStill() {
    TableDescription table =
        TableCloud.create(cloud, TableCloud.plain("stays").throughput(scaled(50)));
    aws.simulator
        .faults()
        .on("UpdateTable")
        .refused(400, "AccessDeniedException", "User is not authorized");
    assertThatThrownBy(() -> modify(table, TableChange.builder().throughput(Throughput.onDemand())))
        .hasMessageContaining("not authorized");
    assertThat(aws.left(HOME, "stays")).hasSize(2);
  }

  @Test
  void aCreationThatFailsLeavesNoTargetBehind() {
    aws.simulator
        .faults()
        .on("PutScalingPolicy")
        .refused(400, "AccessDeniedException", "User is not authorized");
    assertThatThrownBy(
            () -> TableCloud.create(cloud, TableCloud.plain("unscaled").throughput(scaled(50))))
        .hasMessageContaining("not authorized");
    assertThat(cloud.tables().find("unscaled")).isEmpty();
    assertThat(aws.left(HOME, "unscaled")).isEmpty();
  }
}
