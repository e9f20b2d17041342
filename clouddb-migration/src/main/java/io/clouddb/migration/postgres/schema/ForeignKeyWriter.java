/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.SqlFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes foreign keys without looking at the rows, and validates them afterwards, so that each takes
 * a strong lock for a moment only.
 *
 * <p>Before PostgreSQL 18 a partitioned table's foreign key cannot be made NOT VALID. There it is
 * made in the leaves, validated there, and then on the partitioned table, which adopts those of the
 * leaves without reading them again.
 */
final class ForeignKeyWriter {
  private static final int NOT_VALID_ON_PARTITIONED = 18;

  private final List<SchemaObject> wanted;
  private final Map<Address, List<SchemaObject>> leavesOf;
  private final int version;
  private final TargetWriter writer;

  /**
   * Describes what is to be made.
   *
   * @param wanted all foreign keys
   * @param leavesOf what those of partitioned tables are made of
   * @param version of the target
   * @param writer the caller's to close
   */
  ForeignKeyWriter(
      List<SchemaObject> wanted,
      Map<Address, List<SchemaObject>> leavesOf,
      int version,
      TargetWriter writer) {
    this.wanted = wanted;
    this.leavesOf = leavesOf;
    this.version = version;
    this.writer = writer;
  }

  /** Makes foreign keys, without a look at the rows that are there. */
  void add(List<SchemaObject> missing, TargetWriter.Made made) {
    writer.inOrder(withoutValidation(missing), made);
  }

  /** What makes foreign keys without a look at the rows that are there. */
  List<SchemaObject> withoutValidation(List<SchemaObject> missing) {
    if (missing.isEmpty()) {
      return missing;
    }
    Map<SchemaObject.Key, SchemaObject> onTarget = onTarget();
    List<SchemaObject> statements = new ArrayList<>();
    for (SchemaObject key : missing) {
      if (key.kind() != ObjectKind.FOREIGN_KEY) {
        statements.add(key);
      } else {
        List<SchemaObject> leaves = leaves(key);
        if (leaves.isEmpty()) {
          statements.add(notValid(key));
        } else {
          leaves.stream()
              .filter(leaf -> !onTarget.containsKey(leaf.key()))
              .forEach(leaf -> statements.add(notValid(leaf)));
        }
      }
    }
    return statements;
  }

  /** Validates what is to be valid and is not on the target. */
  void validate(TargetWriter.Made made) {
    Map<SchemaObject.Key, SchemaObject> onTarget = onTarget();
    Map<Optional<TableName>, List<SchemaObject>> byTable = new LinkedHashMap<>();
    List<SchemaObject> partitioned = new ArrayList<>();
    for (SchemaObject key : wanted) {
      List<SchemaObject> parts = new ArrayList<>(leaves(key));
      if (!parts.isEmpty() && !onTarget.containsKey(key.key())) {
        partitioned.add(key);
      }
      parts.add(key);
      for (SchemaObject part : parts) {
        SchemaObject there = onTarget.get(part.key());
        if (there != null && isNotValid(there) && !isNotValid(part)) {
          byTable.computeIfAbsent(part.table(), t -> new ArrayList<>()).add(validation(part));
        }
      }
    }
    writer.atOnce(
        byTable.values().stream().map(each -> new TargetWriter.Work(each, List.of())).toList(),
        object -> {});
    writer.inOrder(partitioned, made);
  }

  private List<SchemaObject> leaves(SchemaObject key) {
    return version >= NOT_VALID_ON_PARTITIONED
        ? List.of()
        : leavesOf.getOrDefault(key.address(), List.of());
  }

  /** The foreign keys of the target, those in the leaves of partitioned tables too. */
  private Map<SchemaObject.Key, SchemaObject> onTarget() {
    Map<SchemaObject.Key, SchemaObject> keys = new HashMap<>();
    try {
      for (SchemaObject constraint :
          writer.read(
              connection -> ConstraintReader.read(connection, new UserOptions(connection)))) {
        if (constraint.kind() == ObjectKind.FOREIGN_KEY) {
          keys.put(constraint.key(), constraint);
        }
      }
    } catch (SQLException e) {
      throw SqlFailure.of("reading the foreign keys of the target", e);
    }
    return keys;
  }

  private static boolean isNotValid(SchemaObject key) {
    return key.definition().endsWith(ConstraintReader.NOT_VALID);
  }

  private static SchemaObject notValid(SchemaObject key) {
    String sql = key.statements().get(0);
    return isNotValid(key) || sql.endsWith(" NOT ENFORCED")
        ? key
        : key.withStatement(sql + ConstraintReader.NOT_VALID);
  }

  private static SchemaObject validation(SchemaObject key) {
    return key.withStatement(
        "ALTER TABLE "
            + key.table().map(TableName::quoted).orElseThrow()
            + " VALIDATE CONSTRAINT "
            + name(key));
  }

  /** What the constraint is called on its table, quoted. */
  static String name(SchemaObject key) {
    String identity = key.identity();
    String ending = " ON " + key.table().map(TableName::quoted).orElseThrow();
    if (!identity.endsWith(ending)) {
      throw new IllegalStateException("The foreign key " + identity + " is not one" + ending);
    }
    return identity.substring(0, identity.length() - ending.length());
  }
}
