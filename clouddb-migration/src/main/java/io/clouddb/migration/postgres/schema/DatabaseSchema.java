/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The part of a database's schema that belongs to a selection of tables: everything in the schemas
 * that are selected as a whole, the selected tables of others, and all that any of these need.
 */
final class DatabaseSchema {
  // The dependencies among the user's objects; what is the server's own is always there.
  private static final String DEPENDENCIES =
      """
      SELECT DISTINCT classid::bigint AS class_id, objid::bigint AS object_id,
        refclassid::bigint AS ref_class_id, refobjid::bigint AS ref_object_id
      FROM pg_catalog.pg_depend
      WHERE objid >= 16384 AND refobjid >= 16384 AND deptype IN ('n', 'a', 'i')
        AND (classid, objid) <> (refclassid, refobjid)
      """;

  private final List<DependencyOrder.Placed> placed;
  private final Map<SchemaObject, Set<SchemaObject>> needs;
  private final Map<SchemaObject, Blocker> blocked;
  private final Set<Address> known;
  private final Set<SchemaObject.Key> keys;
  private final List<String> left;
  private final Set<String> optionsLeftOut;

  /**
   * What keeps an object from being made.
   *
   * @param address of what it needs
   * @param object what it needs, when that is of a kind that is carried
   */
  record Blocker(Address address, Optional<SchemaObject> object) {}

  private DatabaseSchema(
      List<DependencyOrder.Placed> placed,
      Map<SchemaObject, Set<SchemaObject>> needs,
      Map<SchemaObject, Blocker> blocked,
      Set<Address> known,
      Set<SchemaObject.Key> keys,
      List<String> left,
      Set<String> optionsLeftOut) {
    this.placed = placed;
    this.needs = needs;
    this.blocked = blocked;
    this.known = known;
    this.keys = keys;
    this.left = left;
    this.optionsLeftOut = optionsLeftOut;
  }

  /**
   * Reads it, in a dozen queries however large it is.
   *
   * @param connection a pinned session
   * @param selection the tables
   * @param sides the databases that the schema is written for or compared with
   */
  static DatabaseSchema read(Connection connection, TableSelection selection, Sides sides)
      throws SQLException {
    VersionSpan versions = sides.versions();
    UserOptions userOptions = new UserOptions(connection);
    List<SchemaObject> all = new ArrayList<>();
    all.addAll(CollationReader.read(connection));
    all.addAll(new TypeReader(connection, versions).read());
    all.addAll(SequenceReader.read(connection, versions));
    all.addAll(RoutineReader.read(connection));
    all.addAll(new TableReader(connection, versions, userOptions).read());
    all.addAll(ConstraintReader.read(connection, userOptions));
    all.addAll(IndexReader.read(connection));
    all.addAll(ViewReader.read(connection, userOptions));
    all.addAll(TriggerReader.read(connection));
    all.addAll(RowSecurityReader.read(connection, sides));
    all.addAll(CommentReader.read(connection, Scope.addresses(all).keySet()));
    all.addAll(new PrivilegeReader(connection, sides, Scope.addresses(all).keySet()).read());
    all.addAll(DefaultPrivilegeReader.read(connection, sides));
    return new Scope(all, selection, sides, userOptions.leftOut())
        .resolve(dependencies(connection));
  }

  private static Map<Address, Set<Address>> dependencies(Connection connection)
      throws SQLException {
    Map<Address, Set<Address>> dependencies = new HashMap<>();
    list(
            connection,
            DEPENDENCIES,
            row ->
                Map.entry(
                    new Address(row.getLong("class_id"), row.getLong("object_id")),
                    new Address(row.getLong("ref_class_id"), row.getLong("ref_object_id"))))
        .forEach(
            edge ->
                dependencies
                    .computeIfAbsent(edge.getKey(), address -> new LinkedHashSet<>())
                    .add(edge.getValue()));
    return dependencies;
  }

  /** The objects that are made in a phase, in the order in which they can be made. */
  List<SchemaObject> objects(Phase phase) {
    return placed.stream()
        .filter(each -> each.phase() == phase)
        .map(DependencyOrder.Placed::object)
        .toList();
  }

  /** All objects in the order in which they can be made. */
  List<SchemaObject> objects() {
    return placed.stream().map(DependencyOrder.Placed::object).toList();
  }

  /** What has to be there before an object can be made. */
  Set<SchemaObject> needs(SchemaObject object) {
    return needs.getOrDefault(object, Set.of());
  }

  /**
   * Objects of the selection that cannot be made, since they need one that is not selected or of a
   * kind that is not carried.
   */
  Map<SchemaObject, Blocker> blocked() {
    return blocked;
  }

  /** What tells apart all objects of the database that are of a kind that is carried. */
  Set<SchemaObject.Key> keys() {
    return keys;
  }

  /** What stays behind by the caller's will, kind and name. */
  List<String> left() {
    return left;
  }

  /** Options of columns, tables, views and indexes that are not carried: see UserOptions. */
  Set<String> optionsLeftOut() {
    return optionsLeftOut;
  }

  /** Every row of the catalogs that is of a kind that is carried, selected or not. */
  Set<Address> known() {
    return known;
  }

  /** Works out which objects belong to a selection. */
  private static final class Scope {
    private final List<SchemaObject> all;
    private final Set<Address> known;
    private final TableSelection selection;
    private final Map<Address, SchemaObject> owners;
    private final List<String> left;
    private final Set<String> optionsLeftOut;

    Scope(
        List<SchemaObject> read,
        TableSelection selection,
        Sides sides,
        Set<String> optionsLeftOut) {
      this.optionsLeftOut = Set.copyOf(optionsLeftOut);
      this.all = withoutParts(read.stream().filter(object -> !sides.leavesBehind(object)).toList());
      this.left = read.stream().filter(sides::leavesBehind).map(SchemaObject::toString).toList();
      this.known = addresses(read).keySet();
      this.owners = addresses(all);
      this.selection = selection;
    }

    private static Map<Address, SchemaObject> addresses(List<SchemaObject> objects) {
      Map<Address, SchemaObject> addresses = new HashMap<>();
      for (SchemaObject object : objects) {
        addresses.put(object.address(), object);
        object.covers().forEach(address -> addresses.put(address, object));
      }
      return addresses;
    }

    /** What belongs to a table of a kind that is not carried stays behind with it. */
    private static List<SchemaObject> withoutParts(List<SchemaObject> read) {
      Set<TableName> relations =
          read.stream()
              .filter(Scope::isRelation)
              .map(SchemaObject::table)
              .flatMap(Optional::stream)
              .collect(Collectors.toSet());
      return read.stream()
          .filter(object -> object.table().map(relations::contains).orElse(true))
          .toList();
    }

    private static boolean isRelation(SchemaObject object) {
      return switch (object.kind()) {
        case TABLE, VIEW, MATERIALIZED_VIEW -> true;
        default -> false;
      };
    }

    DatabaseSchema resolve(Map<Address, Set<Address>> dependencies) {
      Map<SchemaObject, Set<SchemaObject>> needs = new HashMap<>();
      Map<SchemaObject, Address> missing = new HashMap<>();
      for (SchemaObject object : all) {
        for (Address address : addresses(object, dependencies)) {
          SchemaObject needed = owners.get(address);
          if (needed == null) {
            missing.put(object, address);
          } else if (!needed.equals(object)) {
            needs.computeIfAbsent(object, o -> new LinkedHashSet<>()).add(needed);
          }
        }
      }
      refreshInOrder(needs);
      Set<SchemaObject> selected = closure(needs);
      Map<SchemaObject, Blocker> blocked = blocked(selected, needs, missing);
      selected.removeAll(blocked.keySet());
      Set<SchemaObject> wholes = Set.copyOf(blocked.keySet());
      blocked.entrySet().removeIf(entry -> isPart(entry.getKey(), entry.getValue(), wholes));
      Map<SchemaObject, Set<SchemaObject>> kept = new HashMap<>();
      for (SchemaObject object : selected) {
        Set<SchemaObject> needed = new LinkedHashSet<>(needs.getOrDefault(object, Set.of()));
        needed.retainAll(selected);
        kept.put(object, needed);
      }
      List<SchemaObject> inReadingOrder = all.stream().filter(selected::contains).toList();
      return new DatabaseSchema(
          new DependencyOrder(inReadingOrder, kept).place(),
          kept,
          blocked,
          Set.copyOf(known),
          all.stream().map(SchemaObject::key).collect(Collectors.toUnmodifiableSet()),
          left,
          optionsLeftOut);
    }

    /** Whether an object is blocked only since what it is a part of, or describes, is. */
    private static boolean isPart(SchemaObject object, Blocker blocker, Set<SchemaObject> blocked) {
      return object.kind() == ObjectKind.COMMENT
          || object.kind() == ObjectKind.OWNER
          || object.kind() == ObjectKind.PRIVILEGES
          || blocker
              .object()
              .filter(blocked::contains)
              .filter(whole -> isRelation(whole) && whole.table().equals(object.table()))
              .isPresent();
    }

    /** The rows of a materialized view need those of all that it reads, through views too. */
    private void refreshInOrder(Map<SchemaObject, Set<SchemaObject>> needs) {
      for (SchemaObject rows : all) {
        if (rows.kind() == ObjectKind.MATERIALIZED_VIEW_ROWS) {
          Set<SchemaObject> seen = new LinkedHashSet<>();
          Deque<SchemaObject> open = new ArrayDeque<>(needs.getOrDefault(rows, Set.of()));
          while (!open.isEmpty()) {
            SchemaObject need = open.remove();
            if (seen.add(need)) {
              open.addAll(needs.getOrDefault(need, Set.of()));
            }
          }
          seen.stream()
              .filter(need -> need.kind() == ObjectKind.MATERIALIZED_VIEW)
              .map(view -> owners.get(aboutRows(view)))
              .filter(read -> read != null && !read.equals(rows))
              .forEach(read -> needs.computeIfAbsent(rows, r -> new LinkedHashSet<>()).add(read));
        }
      }
    }

    private static Address aboutRows(SchemaObject view) {
      return Address.about(ObjectKind.MATERIALIZED_VIEW_ROWS, view.address().oid());
    }

    private static Set<Address> addresses(
        SchemaObject object, Map<Address, Set<Address>> dependencies) {
      Set<Address> addresses = new LinkedHashSet<>(object.requires());
      // A table owns its serial sequence, but it is the default that needs it, not the reverse.
      if (object.kind() != ObjectKind.EXTENSION && object.kind() != ObjectKind.SEQUENCE) {
        addresses.addAll(dependencies.getOrDefault(object.address(), Set.of()));
        for (Address covered : object.covers()) {
          addresses.addAll(dependencies.getOrDefault(covered, Set.of()));
        }
      }
      return addresses;
    }

    /** What is selected by name, everything that it needs, and what describes any of that. */
    private Set<SchemaObject> closure(Map<SchemaObject, Set<SchemaObject>> needs) {
      Set<SchemaObject> selected = new LinkedHashSet<>();
      Deque<SchemaObject> open = new ArrayDeque<>(all.stream().filter(this::isSelected).toList());
      while (!open.isEmpty()) {
        while (!open.isEmpty()) {
          SchemaObject object = open.remove();
          if (selected.add(object)) {
            needs.getOrDefault(object, Set.of()).stream()
                .filter(this::mayBePulled)
                .forEach(open::add);
          }
        }
        all.stream()
            .filter(object -> isDescription(object) && !selected.contains(object))
            .filter(object -> selected.containsAll(needs.getOrDefault(object, Set.of())))
            .filter(object -> needs.containsKey(object))
            .forEach(open::add);
      }
      return selected;
    }

    /** Of a table that is not selected nothing comes along but the sequence that it owns. */
    private boolean mayBePulled(SchemaObject need) {
      return switch (need.kind()) {
        case SEQUENCE, VIEW, MATERIALIZED_VIEW -> true;
        default -> need.table().isEmpty() || isSelected(need);
      };
    }

    private static boolean isDescription(SchemaObject object) {
      return switch (object.kind()) {
        case COMMENT, DOMAIN_CONSTRAINT, OWNER, SCHEMA_OWNER, PRIVILEGES -> true;
        default -> false;
      };
    }

    private boolean isSelected(SchemaObject object) {
      if (object.kind() == ObjectKind.COMMENT) {
        return false;
      }
      if (object.table().isPresent()) {
        return selection.includes(object.table().get());
      }
      return object.schema().map(selection::includesSchema).orElse(selection.includesEverything());
    }

    private Map<SchemaObject, Blocker> blocked(
        Set<SchemaObject> selected,
        Map<SchemaObject, Set<SchemaObject>> needs,
        Map<SchemaObject, Address> missing) {
      Map<SchemaObject, Blocker> blocked = new LinkedHashMap<>();
      Set<SchemaObject> candidates = new HashSet<>(selected);
      boolean found = true;
      while (found) {
        found = false;
        for (SchemaObject object : List.copyOf(candidates)) {
          @Nullable Blocker reason =
              missing.containsKey(object)
                  ? new Blocker(Objects.requireNonNull(missing.get(object)), Optional.empty())
                  : null;
          for (SchemaObject need : needs.getOrDefault(object, Set.of())) {
            if (reason == null && !candidates.contains(need)) {
              reason = new Blocker(need.address(), Optional.of(need));
            }
          }
          if (reason != null) {
            blocked.put(object, reason);
            candidates.remove(object);
            found = true;
          }
        }
      }
      return blocked;
    }
  }
}
