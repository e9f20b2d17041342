/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableCloud.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableDescription;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tags that are set and taken away by one change. */
class TagChangesTest {
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

  @Test
  void aTagOfAFullTableIsExchanged() {
    GlobalTableSpec.Builder spec = TableCloud.plain("full");
    IntStream.range(0, 49).forEach(i -> spec.tag("t" + i, "x"));
    TableDescription table = TableCloud.create(cloud, spec);
    TableDescription changed = modify(table, TableChange.builder().untag("t0").tag("new", "y"));
    assertThat(changed.spec().tags()).hasSize(49).containsKey("new");
  }

  @Test
  void aTagChangeThatGoesOnIsWaitedFor() {
    TableDescription table = TableCloud.create(cloud, TableCloud.plain("tagged").tag("a", "b"));
    aws.simulator
        .faults()
        .on("TagResource")
        .refused(
            400,
            "LimitExceededException",
            "Subscriber limit exceeded: Table tags are being updated: tagged");
    TableDescription changed = modify(table, TableChange.builder().tag("c", "d").untag("a"));
    assertThat(changed.spec().tags()).containsOnlyKeys("c");
  }
}
