/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.schema.TwoDatabases;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {
  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void readsTablesAsTheDataPathNeedsThem(int version) throws SQLException {
    try (TwoDatabases databases = new TwoDatabases()) {
      ConnectionDetails database = databases.database(version);
      TwoDatabases.script(database, "everything.sql");
      TwoDatabases.execute(
          database,
          "CREATE UNLOGGED TABLE unlogged (id integer PRIMARY KEY)",
          "CREATE SCHEMA clouddb_migration",
          "CREATE TABLE clouddb_migration.position (id integer PRIMARY KEY)",
          "CREATE TABLE deferred (id integer PRIMARY KEY DEFERRABLE)",
          "INSERT INTO t1 SELECT i FROM generate_series(1, 1000) i",
          "ANALYZE t1");
      Map<TableName, Table> tables;
      try (Connection connection = CatalogSession.open(database)) {
        tables =
            Catalog.read(connection, TableSelection.all()).stream()
                .collect(Collectors.toMap(Table::name, Function.identity()));
      }

      Table customer = table(tables, "sales", "customer");
      assertThat(customer.kind()).isEqualTo(Table.Kind.ORDINARY);
      assertThat(customer.replicaIdentity()).isEqualTo('i');
      assertThat(customer.key())
          .as("not what the index only includes")
          .containsExactly("Full Name");
      assertThat(customer.columns())
          .extracting(Column::name)
          .startsWith("id", "email", "Full Name")
          .endsWith("name_length", "late")
          .doesNotContain("dropped");
      assertThat(customer.columns().get(0).identity()).isEqualTo('a');
      assertThat(customer.columns().get(1).type()).isEqualTo("sales.email");
      assertThat(customer.dataColumns()).extracting(Column::name).doesNotContain("name_length");

      Table event = table(tables, "sales", "event");
      assertThat(event.kind()).isEqualTo(Table.Kind.PARTITIONED);
      assertThat(event.key()).containsExactly("id", "at", "region");
      Table leaf = table(tables, "sales", "Event 2024 rest");
      assertThat(leaf.partitionOf()).isEqualTo(Optional.of(new TableName("sales", "event_2024")));
      assertThat(leaf.key()).containsExactly("id", "at", "region");
      assertThat(leaf.columns()).extracting(Column::name).startsWith("region", "payload", "id");

      assertThat(table(tables, "public", "whole_row").key()).isEmpty();
      assertThat(table(tables, "public", "deferred").key())
          .as("a deferrable key identifies no row in the stream")
          .isEmpty();
      assertThat(table(tables, "public", "no_columns").columns()).isEmpty();
      Table t1 = table(tables, "public", "t1");
      assertThat(t1.estimatedRows()).isEqualTo(1000);
      assertThat(t1.pages()).isPositive();
      assertThat(tables).doesNotContainKey(new TableName("public", "unlogged"));
      assertThat(tables.keySet()).extracting(TableName::schema).doesNotContain("clouddb_migration");
    }
  }

  private static Table table(Map<TableName, Table> tables, String schema, String name) {
    TableName wanted = new TableName(schema, name);
    assertThat(tables).containsKey(wanted);
    return Objects.requireNonNull(tables.get(wanted));
  }

  @ParameterizedTest
  @ValueSource(ints = 18)
  void readsOnlyWhatIsSelected(int version) throws SQLException {
    try (TwoDatabases databases = new TwoDatabases()) {
      ConnectionDetails database = databases.database(version);
      TwoDatabases.script(database, "everything.sql");
      try (Connection connection = CatalogSession.open(database)) {
        List<Table> tables = Catalog.read(connection, TableSelection.of("*.t*"));
        assertThat(tables)
            .extracting(table -> table.name().toString())
            .containsExactly(
                "owned_schema.thing",
                "public.t1",
                "public.t2",
                "public.table",
                "public.tag",
                "public.typed",
                "select.table");
      }
    }
  }
}
