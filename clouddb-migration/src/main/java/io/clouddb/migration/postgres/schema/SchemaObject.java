/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One object of a schema: what it is called, what makes it, and what it needs.
 *
 * @param kind what it is
 * @param identity its name, qualified and quoted as SQL wants it; unique within the kind
 * @param schema the schema that it is in or is; empty for what is in none
 * @param table the table or view that it belongs to or is
 * @param statements what makes it; all in one transaction. The same for equal objects of one server
 *     version, so that they also tell whether two are equal
 * @param wording the parts of the definition, where servers of two versions write some of them in
 *     other words
 * @param address where the catalog holds it
 * @param covers further rows of the catalogs that come with it, for example a table's row type
 * @param requires what has to be made before it, beyond what {@code pg_depend} says
 * @param roles the roles that it names, but for the migration's own
 */
record SchemaObject(
    ObjectKind kind,
    String identity,
    Optional<String> schema,
    Optional<TableName> table,
    List<String> statements,
    Optional<Wording> wording,
    Address address,
    List<Address> covers,
    List<Address> requires,
    Set<String> roles) {
  SchemaObject {
    statements = List.copyOf(statements);
    covers = List.copyOf(covers);
    requires = List.copyOf(requires);
    roles = Set.copyOf(roles);
  }

  /** What tells it from every other object, on any database. */
  record Key(ObjectKind kind, String identity) {}

  Key key() {
    return new Key(kind, identity);
  }

  /** The same object, made or changed by another statement. */
  SchemaObject withStatement(String sql) {
    return new SchemaObject(
        kind,
        identity,
        schema,
        table,
        List.of(sql),
        Optional.empty(),
        address,
        covers,
        requires,
        roles);
  }

  /** What removes it, if it is there; of kinds that stand in the way of changes only. */
  Optional<String> drop() {
    return switch (kind) {
      case TRIGGER -> Optional.of("DROP TRIGGER IF EXISTS " + identity);
      case RULE -> Optional.of("DROP RULE IF EXISTS " + identity);
      case FOREIGN_KEY ->
          table.map(
              on ->
                  "ALTER TABLE IF EXISTS "
                      + on.quoted()
                      + " DROP CONSTRAINT IF EXISTS "
                      + ForeignKeyWriter.name(this));
      default -> Optional.empty();
    };
  }

  String definition() {
    return String.join(";\n", statements);
  }

  @Override
  public String toString() {
    return kind.label() + " " + identity;
  }

  static Builder of(ObjectKind kind, String identity, Address address) {
    return new Builder(kind, identity, address);
  }

  static final class Builder {
    private final ObjectKind kind;
    private final String identity;
    private final Address address;
    private @Nullable String schema;
    private @Nullable TableName table;
    private final List<String> statements = new ArrayList<>();
    private @Nullable Wording wording;
    private final List<Address> covers = new ArrayList<>();
    private final List<Address> requires = new ArrayList<>();
    private final Set<String> roles = new TreeSet<>();

    private Builder(ObjectKind kind, String identity, Address address) {
      this.kind = kind;
      this.identity = identity;
      this.address = address;
    }

    Builder schema(String value) {
      this.schema = value;
      return this;
    }

    Builder table(TableName value) {
      this.schema = value.schema();
      this.table = value;
      return this;
    }

    Builder statement(String sql) {
      statements.add(sql);
      return this;
    }

    /** Tells the parts of the statements, which are never looked for in them. */
    Builder wording(Wording value) {
      this.wording = value;
      return this;
    }

    Builder covers(Address value) {
      covers.add(value);
      return this;
    }

    Builder requires(Address value) {
      requires.add(value);
      return this;
    }

    /** Names a role, unquoted. */
    Builder role(String value) {
      roles.add(value);
      return this;
    }

    SchemaObject build() {
      return new SchemaObject(
          kind,
          identity,
          Optional.ofNullable(schema),
          Optional.ofNullable(table),
          statements,
          Optional.ofNullable(wording),
          address,
          covers,
          requires,
          roles);
    }
  }
}
