/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.ItemSizes;
import io.clouddb.testkit.simulator.aws.dynamodb.TableCapacity;
import io.clouddb.testkit.simulator.aws.dynamodb.item.Consumed;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.KeyAttribute;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.KeyType;
import io.clouddb.testkit.simulator.tables.StoredTable;
import io.clouddb.testkit.simulator.tables.TableDefinition;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a SELECT meets that is changed while it runs. */
class ReaderTest {
  private final Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  @Test
  void anIndexThatGoesMeanwhileIsNotThere() {
    KeySchema keys = new KeySchema(new KeyAttribute("pk", KeyType.TEXT), null);
    IndexDefinition index =
        new IndexDefinition(
            "gsi",
            new KeySchema(new KeyAttribute("g", KeyType.TEXT), null),
            IndexDefinition.Reach.GLOBAL,
            IndexDefinition.Projection.ALL,
            List.of());
    StoredTable items =
        new StoredTable(new TableDefinition("tab", keys, List.of(index)), clock, ItemSizes.RULE);
    TableCapacity capacity = new TableCapacity(clock);
    capacity.payOnDemand();
    DynamoTable table =
        new DynamoTable("123456789012", "us-east-1", "id", Instant.EPOCH, items, capacity);
    Prepared prepared = Prepared.of("SELECT * FROM tab.gsi WHERE g = 'a'", List.of());
    Reader reader = new Reader(prepared, (Statement.Select) prepared.statement(), table, false);
    items.removeIndex("gsi");

    assertThatThrownBy(
            () -> reader.read(PageToken.FIRST, 10, new Consumed(table, 1, Consumed.Detail.NONE)))
        .isInstanceOf(AwsError.class)
        .hasMessageContaining("The table does not have the specified index");
  }
}
