/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.aws.dynamodb.ItemSizes;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.KeyAttribute;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.KeyType;
import io.clouddb.testkit.simulator.tables.StoredTable;
import io.clouddb.testkit.simulator.tables.TableDefinition;
import io.clouddb.testkit.simulator.tables.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicationTest {
  private static final List<String> REGIONS = List.of("eu-west-1", "us-east-1", "us-west-2");

  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-05-04T03:02:01Z"));
  private final CloudEngine engine = new CloudEngine(clock);
  private final Random random = new Random(7);
  private final Replication replication =
      new Replication(engine.tasks(), () -> Duration.ofMillis(random.nextInt(50)));
  private final List<StoredTable> tables = REGIONS.stream().map(region -> table()).toList();

  ReplicationTest() {
    replication.begin(REGIONS.get(0), tables.get(0));
    for (int i = 1; i < REGIONS.size(); i++) {
      replication.add(REGIONS.get(0), REGIONS.get(i), tables.get(i), () -> {});
    }
  }

  @AfterEach
  void close() {
    engine.close();
    clock.close();
  }

  private StoredTable table() {
    return new StoredTable(
        new TableDefinition(
            "t", new KeySchema(new KeyAttribute("k", KeyType.TEXT), null), List.of()),
        clock,
        ItemSizes.RULE);
  }

  private static ItemKey key(int number) {
    return new ItemKey(new Value.Text("k" + number), null);
  }

  private void write(int table, int key, int value) {
    tables
        .get(table)
        .change(
            key(key),
            before ->
                value < 0
                    ? null
                    : Map.of("k", key(key).partition(), "v", new Value.Text("" + value)));
  }

  @Test
  void forgetsWhatIsEverywhere() {
    for (int i = 0; i < 20_000; i++) {
      write(0, i, i);
      write(0, i, -1);
      clock.advance(Duration.ofMillis(1));
    }
    clock.advance(Duration.ofSeconds(1));
    assertThat(replication.known()).isLessThan(10_000);
    assertThat(engine.requests().bugs()).isEmpty();
  }

  /** Also at one moment, and while it forgets. */
  @Test
  void allCopiesBecomeAlike() {
    for (int i = 0; i < 30_000; i++) {
      write(random.nextInt(3), random.nextInt(10), random.nextInt(5) == 0 ? -1 : i);
      if (random.nextInt(3) == 0) {
        clock.advance(Duration.ofMillis(random.nextInt(20)));
      }
      if (i % 1000 == 0) {
        clock.advance(Duration.ofSeconds(1));
        for (int key = 0; key < 10; key++) {
          assertThat(tables.get(1).get(key(key))).isEqualTo(tables.get(0).get(key(key)));
          assertThat(tables.get(2).get(key(key))).isEqualTo(tables.get(0).get(key(key)));
        }
      }
    }
    assertThat(engine.requests().bugs()).isEmpty();
  }
}
