/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.dynamodb.expression.Path;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.TableDefinition;
import java.util.List;

/** What is a key has no members that a path could lead to. */
final class KeyPaths {
  private static final String SCALAR =
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed:"
          + " ";

  private KeyPaths() {}

  static void check(TableDefinition table, List<Path> paths) {
    for (Path path : paths) {
      if (!path.nested()) {
        continue;
      }
      if (table.keys().has(path.attribute())) {
        throw Validation.error(SCALAR + "Key: " + path.attribute());
      }
      if (table.indexes().stream().anyMatch(index -> index.keys().has(path.attribute()))) {
        throw Validation.error(SCALAR + "IndexKey: " + path.attribute());
      }
    }
  }
}
