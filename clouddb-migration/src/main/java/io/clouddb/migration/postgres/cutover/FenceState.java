/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.TableName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the triggers of a fence are in the catalogs. Who owns a table may disable, drop, rename or
 * replace a trigger on it, and enable it again before anybody looks: what was changed since has
 * another version, though it reads as before.
 */
final class FenceState {
  /** With a row for a table that has none; what makes a trigger, and its version. */
  private static final String TRIGGERS =
      """
      SELECT q.name, t.tgname,
        t.tgenabled OPERATOR(pg_catalog.=) 'A' AS always,
        pg_catalog.concat_ws(' ', t.tgrelid, t.oid, t.tgfoid, t.tgtype, t.tgattr, t.tgnargs,
          t.tgqual) AS content,
        pg_catalog.concat_ws(' ', t.xmin, c.relkind, c.relname, c.relnamespace) AS version
      FROM pg_catalog.unnest(?::pg_catalog.text[]) q (name)
      JOIN pg_catalog.pg_class c
        ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(q.name)::pg_catalog.oid
      LEFT JOIN pg_catalog.pg_trigger t ON t.tgrelid OPERATOR(pg_catalog.=) c.oid
        AND t.tgname OPERATOR(pg_catalog.=) ANY (?::pg_catalog.text[])
      """;

  /** Partitions and children that were attached meanwhile: whoever names them passes by. */
  private static final String CHILDREN =
      """
      SELECT pg_catalog.quote_ident(n.nspname), pg_catalog.quote_ident(c.relname)
      FROM pg_catalog.pg_inherits i
      JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) i.inhrelid
      JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
      WHERE i.inhparent OPERATOR(pg_catalog.=) ANY (
          SELECT pg_catalog.to_regclass(q.name)::pg_catalog.oid
          FROM pg_catalog.unnest(?::pg_catalog.text[]) q (name))
        AND c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,f}'::pg_catalog."char"[])
      """;

  private static final Pattern KEPT =
      Pattern.compile("([0-9a-f]{16}) (\"(?:[^\"]|\"\")*+\")\\.(\"(?:[^\"]|\"\")*+\")");

  private record Key(String table, String trigger) {}

  private record Trigger(String content, boolean always, String version) {}

  private final String name;
  private final String rowName;

  /** What was made, by whom is known. */
  private final Map<Key, String> made = new HashMap<>();

  private Map<Key, Trigger> stood = Map.of();
  private Set<String> children = Set.of();

  FenceState(String name, String rowName) {
    this.name = name;
    this.rowName = rowName;
  }

  /** Keeps what the triggers of a table are; in the transaction that made them. */
  void keep(Connection connection, TableName table) throws SQLException {
    made.keySet().removeIf(key -> key.table.equals(table.quoted()));
    read(connection, List.of(table)).forEach((key, trigger) -> made.put(key, trigger.content));
  }

  /**
   * Looks for the first time behind the fence.
   *
   * @return the tables on which it does not stand as it was made; empty when it stands
   */
  Set<String> begin(Connection connection, Collection<TableName> tables) throws SQLException {
    stood = read(connection, tables);
    children = children(connection, tables);
    Set<String> open = new TreeSet<>();
    for (TableName table : tables) {
      String quoted = table.quoted();
      Key row = new Key(quoted, rowName);
      if (!stands(new Key(quoted, name)) || (made.containsKey(row) && !stands(row))) {
        open.add(quoted);
      }
    }
    return open;
  }

  private boolean stands(Key key) {
    Trigger found = stood.get(key);
    return found != null && found.always && Objects.equals(found.content, made.get(key));
  }

  /**
   * Looks again.
   *
   * @return the tables of which anything was changed since {@link #begin}, and their new partitions
   */
  Set<String> changed(Connection connection, Collection<TableName> tables) throws SQLException {
    Map<Key, Trigger> now = read(connection, tables);
    Set<String> changed = new TreeSet<>();
    stood.forEach(
        (key, trigger) -> {
          if (!trigger.equals(now.get(key))) {
            changed.add(key.table);
          }
        });
    Set<String> more = children(connection, tables);
    more.removeAll(children);
    changed.addAll(more);
    return changed;
  }

  /** What there was at {@link #begin}: a few characters for each table, and its quoted name. */
  String kept() {
    return tokens(stood).entrySet().stream()
        .map(table -> table.getValue() + " " + table.getKey())
        .collect(Collectors.joining(" "));
  }

  /** The tables of {@link #kept}, unquoted. */
  static List<TableName> tables(String kept) {
    return KEPT.matcher(kept)
        .results()
        .map(table -> new TableName(unquoted(table.group(2)), unquoted(table.group(3))))
        .toList();
  }

  private static String unquoted(String name) {
    return name.substring(1, name.length() - 1).replace("\"\"", "\"");
  }

  /**
   * Compares with what an earlier process kept. Partitions are not looked at: they may be made at
   * any time.
   *
   * @return the tables whose triggers are not those of then; also those that are gone
   */
  Set<String> changedSince(Connection connection, Collection<TableName> tables, String kept)
      throws SQLException {
    Map<String, String> now = tokens(read(connection, tables));
    Set<String> changed = new TreeSet<>();
    KEPT.matcher(kept)
        .results()
        .forEach(
            table -> {
              String quoted = table.group(2) + "." + table.group(3);
              if (!table.group(1).equals(now.get(quoted))) {
                changed.add(quoted);
              }
            });
    return changed;
  }

  private static Map<String, String> tokens(Map<Key, Trigger> found) {
    Map<String, List<String>> byTable = new TreeMap<>();
    found.forEach(
        (key, trigger) ->
            byTable
                .computeIfAbsent(key.table, table -> new ArrayList<>())
                .add(key + " " + trigger));
    Map<String, String> tokens = new TreeMap<>();
    byTable.forEach((table, lines) -> tokens.put(table, token(lines)));
    return tokens;
  }

  private static String token(List<String> lines) {
    try {
      String text = lines.stream().sorted().collect(Collectors.joining("\n"));
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, Long.BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private Map<Key, Trigger> read(Connection connection, Collection<TableName> tables)
      throws SQLException {
    Array names = names(connection, tables);
    Array triggers = connection.createArrayOf("text", new String[] {name, rowName});
    try {
      Map<Key, Trigger> found = new HashMap<>();
      CatalogQuery.list(
              connection,
              TRIGGERS,
              row ->
                  Map.entry(
                      new Key(row.getString("name"), String.valueOf(row.getString("tgname"))),
                      new Trigger(
                          row.getString("content"),
                          row.getBoolean("always"),
                          row.getString("version"))),
              names,
              triggers)
          .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
      return found;
    } finally {
      names.free();
      triggers.free();
    }
  }

  private static Set<String> children(Connection connection, Collection<TableName> tables)
      throws SQLException {
    Array names = names(connection, tables);
    try {
      return new TreeSet<>(
          CatalogQuery.list(
              connection, CHILDREN, row -> row.getString(1) + "." + row.getString(2), names));
    } finally {
      names.free();
    }
  }

  private static Array names(Connection connection, Collection<TableName> tables)
      throws SQLException {
    return connection.createArrayOf(
        "text", tables.stream().map(TableName::quoted).toArray(String[]::new));
  }
}
