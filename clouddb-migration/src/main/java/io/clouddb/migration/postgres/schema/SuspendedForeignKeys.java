/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.OwnSchema;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Drops the foreign keys past which changes cannot be applied, and makes them again as they were.
 * What makes each is kept in {@code clouddb_migration.foreign_keys}, written in the transaction
 * that drops it: no crash forgets it, and it needs no other database.
 */
public final class SuspendedForeignKeys {
  private static final String NAME = "foreign_keys";
  private static final String TABLE = OwnSchema.NAME + "." + NAME;

  private final ConnectionDetails database;
  private final TableSelection selection;
  private final String migration;
  private final int connections;

  /**
   * Describes them; nothing is done yet.
   *
   * @param database where they are, as the role that owns the tables
   * @param selection the tables that have them
   * @param migration the migration's id
   * @param connections over how many connections they are validated
   */
  public SuspendedForeignKeys(
      ConnectionDetails database, TableSelection selection, String migration, int connections) {
    this.database = database;
    this.selection = selection;
    this.migration = migration;
    this.connections = connections;
  }

  /**
   * What was kept of foreign keys.
   *
   * @param keys what makes each
   * @param leaves what those of partitioned tables are made of
   */
  private record Kept(List<SchemaObject> keys, Map<Address, List<SchemaObject>> leaves) {}

  /**
   * Drops those that are there. Can be done again.
   *
   * @return how many were dropped now
   * @throws io.clouddb.error.CloudDbException when the database refuses
   */
  public int drop() {
    try (Connection connection = CatalogSession.open(database)) {
      Map<Address, List<SchemaObject>> leaves = ConstraintReader.leafForeignKeys(connection);
      List<SchemaObject> keys =
          ConstraintReader.read(connection, new UserOptions(connection)).stream()
              .filter(key -> key.kind() == ObjectKind.FOREIGN_KEY)
              .filter(key -> key.table().filter(selection::includes).isPresent())
              .toList();
      connection.setAutoCommit(false);
      for (SchemaObject key : keys) {
        drop(connection, key, leaves.getOrDefault(key.address(), List.of()));
        connection.commit();
      }
      return keys.size();
    } catch (SQLException e) {
      throw SqlFailure.of("dropping foreign keys", e);
    }
  }

  private void drop(Connection connection, SchemaObject key, List<SchemaObject> leaves)
      throws SQLException {
    try (Statement ddl = connection.createStatement()) {
      OwnSchema.create(connection);
      ddl.execute(
          "CREATE TABLE IF NOT EXISTS "
              + TABLE
              + " (migration pg_catalog.text, of_key pg_catalog.text, identity pg_catalog.text,"
              + " table_schema pg_catalog.text NOT NULL, table_name pg_catalog.text NOT NULL,"
              + " definition pg_catalog.text NOT NULL,"
              + " PRIMARY KEY (migration, of_key, identity))");
      keep(connection, key, key);
      for (SchemaObject leaf : leaves) {
        keep(connection, key, leaf);
      }
      ddl.execute(
          "ALTER TABLE "
              + key.table().map(TableName::quoted).orElseThrow()
              + " DROP CONSTRAINT "
              + ForeignKeyWriter.name(key));
    }
  }

  private void keep(Connection connection, SchemaObject key, SchemaObject part)
      throws SQLException {
    TableName table = part.table().orElseThrow();
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO "
                + TABLE
                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (migration, of_key, identity)"
                + " DO UPDATE SET definition = excluded.definition")) {
      insert.setString(1, migration);
      insert.setString(2, key.identity());
      insert.setString(3, part.identity());
      insert.setString(4, table.schema());
      insert.setString(5, table.name());
      insert.setString(6, part.definition());
      insert.executeUpdate();
    }
  }

  /**
   * Makes those again that are not there, without a look at the rows: that takes a moment only.
   *
   * @return those that cannot be made any more, for example since a table was dropped
   * @throws io.clouddb.error.CloudDbException when the database cannot be asked
   */
  public List<FailedForeignKey> restore() {
    List<FailedForeignKey> failed = new ArrayList<>();
    try (Connection connection = CatalogSession.open(database)) {
      Kept kept = kept(connection);
      Set<SchemaObject.Key> there = new HashSet<>();
      ConstraintReader.read(connection, new UserOptions(connection))
          .forEach(object -> there.add(object.key()));
      try (TargetWriter writer = writer(database, failed)) {
        keys(connection, kept, writer)
            .add(kept.keys.stream().filter(key -> !there.contains(key.key())).toList(), key -> {});
      }
      return failed;
    } catch (SQLException e) {
      throw SqlFailure.of("reading the foreign keys that were dropped", e);
    }
  }

  /**
   * Checks the rows that are there against those that were valid.
   *
   * @return those that rows violate; they hold for what is written from now on
   * @throws io.clouddb.error.CloudDbException when the database cannot be asked
   */
  public List<FailedForeignKey> validate() {
    return validateOn(database);
  }

  /**
   * Checks the same foreign keys on a database that has them too.
   *
   * @param other the database
   * @return those that rows violate there
   * @throws io.clouddb.error.CloudDbException when one of the databases cannot be asked
   */
  public List<FailedForeignKey> validateOn(ConnectionDetails other) {
    List<FailedForeignKey> failed = new ArrayList<>();
    try (Connection connection = CatalogSession.open(database);
        Connection there = CatalogSession.open(other);
        TargetWriter writer = writer(other, failed)) {
      keys(there, kept(connection), writer).validate(key -> {});
      return failed;
    } catch (SQLException e) {
      throw SqlFailure.of("reading the foreign keys that were dropped", e);
    }
  }

  private TargetWriter writer(ConnectionDetails side, List<FailedForeignKey> failed) {
    return new TargetWriter(side, connections, FailedForeignKey.into(failed));
  }

  private static ForeignKeyWriter keys(Connection connection, Kept kept, TargetWriter writer)
      throws SQLException {
    return new ForeignKeyWriter(
        kept.keys, kept.leaves, CatalogQuery.majorVersion(connection), writer);
  }

  private Kept kept(Connection connection) throws SQLException {
    if (!OwnSchema.holds(connection, NAME)) {
      return new Kept(List.of(), Map.of());
    }
    List<SchemaObject> keys = new ArrayList<>();
    Map<Address, List<SchemaObject>> leaves = new HashMap<>();
    CatalogQuery.list(
            connection,
            "SELECT of_key, identity, table_schema, table_name, definition FROM "
                + TABLE
                + " WHERE migration OPERATOR(pg_catalog.=) ? ORDER BY of_key, identity",
            row ->
                Map.entry(
                    row.getString("of_key"),
                    SchemaObject.of(
                            ObjectKind.FOREIGN_KEY,
                            row.getString("identity"),
                            address(row.getString("identity")))
                        .table(
                            new TableName(
                                row.getString("table_schema"), row.getString("table_name")))
                        .statement(row.getString("definition"))
                        .build()),
            migration)
        .forEach(
            entry -> {
              if (entry.getKey().equals(entry.getValue().identity())) {
                keys.add(entry.getValue());
              } else {
                leaves
                    .computeIfAbsent(address(entry.getKey()), key -> new ArrayList<>())
                    .add(entry.getValue());
              }
            });
    return new Kept(keys, leaves);
  }

  private static Address address(String identity) {
    return new Address(Address.CONSTRAINT, 0, identity);
  }

  /**
   * Removes what was kept, and the table with the last migration's.
   *
   * @throws SQLException when the database refuses
   */
  public void forget() throws SQLException {
    try (Connection connection = CatalogSession.open(database)) {
      if (!OwnSchema.holds(connection, NAME)) {
        return;
      }
      try (PreparedStatement delete =
              connection.prepareStatement(
                  "DELETE FROM " + TABLE + " WHERE migration OPERATOR(pg_catalog.=) ?");
          Statement ddl = connection.createStatement()) {
        delete.setString(1, migration);
        delete.executeUpdate();
        ddl.execute(
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM "
                + TABLE
                + ") THEN DROP TABLE "
                + TABLE
                + "; END IF; END $$");
      }
    }
  }
}
