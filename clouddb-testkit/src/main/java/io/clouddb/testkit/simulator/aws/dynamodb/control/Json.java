/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.KeyAttribute;
import io.clouddb.testkit.simulator.tables.KeySchema;
import java.time.Instant;

/** Writes what several answers have. */
final class Json {
  private static final double MILLIS = 1000.0;

  private Json() {}

  /** A moment. */
  static double seconds(Instant moment) {
    return moment.toEpochMilli() / MILLIS;
  }

  /** A key. */
  static void keys(ObjectNode into, KeySchema keys) {
    ArrayNode list = into.putArray("KeySchema");
    String type = "HASH";
    for (KeyAttribute attribute : keys.attributes()) {
      list.addObject().put("AttributeName", attribute.name()).put("KeyType", type);
      type = "RANGE";
    }
  }

  /** What is in an index. */
  static void projection(ObjectNode into, IndexDefinition index) {
    ObjectNode projection =
        into.putObject("Projection").put("ProjectionType", index.projection().name());
    if (!index.included().isEmpty()) {
      ArrayNode included = projection.putArray("NonKeyAttributes");
      index.included().stream().sorted().forEach(included::add);
    }
  }
}
