/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the schema of a selection of tables on the target, out of the catalogs of the source.
 *
 * <p>The phases are called in the order of {@link Phase}, each as often as one likes: an object is
 * made in one transaction, and one that is there already is left alone, so that a phase that was
 * interrupted is completed by calling it again, in another process too. The source is read once per
 * instance. The role of the target's connection stands for that of the source's; every other role
 * keeps what it owns and may, and has to exist on the target.
 *
 * <p>One instance is used by one thread at a time.
 */
public final class SchemaTransfer {
  private static final int DEFAULT_CONNECTIONS = 2;

  /** What is built out of the rows, and takes long. */
  private static final Set<ObjectKind> BUILT =
      Collections.unmodifiableSet(EnumSet.of(ObjectKind.KEY, ObjectKind.INDEX));

  /** Who owns and may do what. */
  private static final Set<ObjectKind> RIGHTS =
      Collections.unmodifiableSet(
          EnumSet.of(ObjectKind.OWNER, ObjectKind.SCHEMA_OWNER, ObjectKind.PRIVILEGES));

  private final ConnectionDetails source;
  private final ConnectionDetails target;
  private final TableSelection selection;
  private final int connections;
  private final SchemaProgress progress;
  private final Set<String> leftBehind;
  private @Nullable Plan plan;

  /**
   * What has to be made, and what of it is on the target.
   *
   * @param schema of the source
   * @param leaves what foreign keys of partitioned tables are made of
   * @param made what is on the target
   */
  record Plan(
      DatabaseSchema schema,
      Map<Address, List<SchemaObject>> leaves,
      Set<SchemaObject.Key> made,
      int targetVersion) {}

  private SchemaTransfer(
      ConnectionDetails source,
      ConnectionDetails target,
      TableSelection selection,
      int connections,
      SchemaProgress progress,
      Set<String> leftBehind) {
    this.source = source;
    this.target = target;
    this.selection = selection;
    this.connections = connections;
    this.progress = progress;
    this.leftBehind = Set.copyOf(leftBehind);
  }

  /**
   * A transfer over two connections to the target, which reports to nobody.
   *
   * @param source the database that is read
   * @param target the database that the schema is made in
   * @param selection the tables
   * @return the transfer; nothing was read yet
   */
  public static SchemaTransfer of(
      ConnectionDetails source, ConnectionDetails target, TableSelection selection) {
    return new SchemaTransfer(
        source,
        target,
        selection,
        DEFAULT_CONNECTIONS,
        (phase, object, done, total) -> {},
        Set.of());
  }

  /**
   * Sets over how many connections indexes and keys are built, and foreign keys validated.
   *
   * @param count at least 1
   * @return a transfer with that number
   */
  public SchemaTransfer withConnections(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("At least one connection is needed, not " + count);
    }
    return new SchemaTransfer(source, target, selection, count, progress, leftBehind);
  }

  /**
   * Sets who hears of each object that was made.
   *
   * @param listener called by the threads that make the objects, several at once
   * @return a transfer with that listener
   */
  public SchemaTransfer withProgress(SchemaProgress listener) {
    return new SchemaTransfer(source, target, selection, connections, listener, leftBehind);
  }

  /**
   * Names objects that may stay behind: those that cannot be made, since they need one that is not
   * carried, and others that are not wanted; and roles, as {@code role name}, whose ownership,
   * privileges and policies are left out.
   *
   * @param objects as preflight names them
   * @return a transfer that leaves them behind
   */
  public SchemaTransfer leavingBehind(Set<String> objects) {
    return new SchemaTransfer(source, target, selection, connections, progress, objects);
  }

  /**
   * The tables that this transfer makes: those of the selection, but for what stays behind.
   *
   * @return their names, partitions too
   * @throws io.clouddb.error.CloudDbException when the catalogs cannot be read
   */
  public Set<TableName> tables() {
    return plan().schema.objects().stream()
        .filter(object -> object.kind() == ObjectKind.TABLE)
        .map(SchemaObject::table)
        .flatMap(Optional::stream)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The foreign keys of the selected tables that this transfer does not make, since they refer to
   * what stays behind.
   *
   * @return what they are called, as preflight does
   * @throws io.clouddb.error.CloudDbException when the catalogs cannot be read
   */
  public List<String> foreignKeysLeftBehind() {
    return plan().schema.blocked().keySet().stream()
        .filter(object -> object.kind() == ObjectKind.FOREIGN_KEY)
        .map(SchemaObject::toString)
        .sorted()
        .toList();
  }

  /**
   * Makes what rows are written into: schemas, extensions, types, functions, sequences, bare tables
   * with columns, partitions, defaults and identity. Everything, here and later, is given to its
   * owner in the transaction that makes it, and to those who may use it before the rows come. The
   * role of the target goes on by its membership in the owners.
   *
   * @throws io.clouddb.error.CloudDbException when an object cannot be made, naming it
   */
  public void beforeData() {
    List<SchemaObject> missing = missing(Phase.BEFORE_DATA);
    try (TargetWriter writer = writer()) {
      writer.inOrder(missing, reporter(Phase.BEFORE_DATA, missing.size()));
    }
  }

  /**
   * Makes primary keys, unique and exclusion constraints, and indexes, over several connections,
   * the largest tables first and a table's keys before its indexes; then checks, replica identities
   * and statistics objects.
   *
   * @throws io.clouddb.error.CloudDbException when an object cannot be made, naming it
   */
  public void afterData() {
    List<SchemaObject> missing = missing(Phase.AFTER_DATA);
    TargetWriter.Made made = reporter(Phase.AFTER_DATA, missing.size());
    try (TargetWriter writer = writer()) {
      // What a key or an index needs, and was pulled forward for that, is made before them.
      writer.inOrder(
          only(
              missing,
              object ->
                  object.kind().phase() != Phase.AFTER_DATA && !RIGHTS.contains(object.kind())),
          made);
      writer.atOnce(builds(only(missing, object -> BUILT.contains(object.kind())), writer), made);
      writer.inOrder(
          only(
              missing,
              object ->
                  object.kind().phase() == Phase.AFTER_DATA && !BUILT.contains(object.kind())),
          made);
      writer.inOrder(only(missing(Phase.AFTER_DATA), o -> RIGHTS.contains(o.kind())), made);
    }
  }

  private static List<SchemaObject> only(
      List<SchemaObject> objects, Predicate<SchemaObject> condition) {
    return objects.stream().filter(condition).toList();
  }

  /**
   * Makes foreign keys, referenced tables' keys being there. Where they are not validated, they
   * hold for what is written from now on, and {@link #validateForeignKeys} is called later; that
   * needs a moment only, whatever the size of the tables.
   *
   * @param validate true to check the rows that are there
   * @throws io.clouddb.error.CloudDbException when a foreign key cannot be made, or a row violates
   *     it, naming it
   */
  public void addForeignKeys(boolean validate) {
    try (TargetWriter writer = writer()) {
      ForeignKeyWriter keys = foreignKeys(writer);
      List<SchemaObject> missing = missing(Phase.FOREIGN_KEYS);
      keys.add(missing, reporter(Phase.FOREIGN_KEYS, missing.size()));
      if (validate) {
        keys.validate(object -> plan().made().add(object.key()));
      }
    }
  }

  private ForeignKeyWriter foreignKeys(TargetWriter writer) {
    Plan current = plan();
    return new ForeignKeyWriter(
        only(current.schema.objects(), object -> object.kind() == ObjectKind.FOREIGN_KEY),
        current.leaves,
        current.targetVersion,
        writer);
  }

  /**
   * Checks the rows that are there against each foreign key that is valid on the source and not yet
   * on the target. Writers go on meanwhile. One that rows violate is no reason not to check others.
   *
   * @return those that rows violate; they hold for what is written from now on
   * @throws io.clouddb.error.CloudDbException when the target cannot be asked
   */
  public List<FailedForeignKey> validateForeignKeys() {
    List<FailedForeignKey> failed = new ArrayList<>();
    try (TargetWriter writer =
        new TargetWriter(target, connections, FailedForeignKey.into(failed))) {
      foreignKeys(writer).validate(object -> plan().made().add(object.key()));
    }
    return failed;
  }

  /**
   * Makes views, comments and policies, and refreshes materialized views.
   *
   * @throws io.clouddb.error.CloudDbException when an object cannot be made, naming it
   */
  public void finish() {
    // An earlier version made these last.
    List<SchemaObject> missing =
        new ArrayList<>(only(missing(Phase.BEFORE_DATA), object -> RIGHTS.contains(object.kind())));
    missing.addAll(missing(Phase.LAST));
    try (TargetWriter writer = writer()) {
      writer.inOrder(missing, reporter(Phase.LAST, missing.size()));
    }
  }

  /**
   * Fills the materialized views anew that are filled on both sides, those first that others read.
   * Nobody can read one meanwhile.
   *
   * @return how many there are
   * @throws io.clouddb.error.CloudDbException when one cannot be filled, naming it
   */
  public int refreshMaterializedViews() {
    Plan current = plan();
    List<SchemaObject> filled =
        only(
            current.schema.objects(Phase.LAST),
            object ->
                object.kind() == ObjectKind.MATERIALIZED_VIEW_ROWS
                    && current.made.contains(object.key()));
    try (TargetWriter writer = writer()) {
      writer.inOrder(filled, reporter(Phase.LAST, filled.size()));
    }
    return filled.size();
  }

  /**
   * Reads all that is needed to make triggers and rules, in the state (enabled, disabled, always)
   * that they have on the source, and comments on them; and before them foreign keys without a look
   * at the rows. They fire from then on, so they are made at once in the pause of the cutover.
   *
   * @param withForeignKeys whether foreign keys are missing too
   * @return what is not on the target yet
   * @throws io.clouddb.error.CloudDbException when the catalogs cannot be read
   */
  public PreparedObjects prepareTakeover(boolean withForeignKeys) {
    List<SchemaObject> objects = new ArrayList<>();
    if (withForeignKeys) {
      objects.addAll(foreignKeysWithoutValidation());
    }
    objects.addAll(missing(Phase.TRIGGERS));
    return prepared(objects);
  }

  private List<SchemaObject> foreignKeysWithoutValidation() {
    try (TargetWriter writer = writer()) {
      return foreignKeys(writer).withoutValidation(missing(Phase.FOREIGN_KEYS));
    }
  }

  private PreparedObjects prepared(List<SchemaObject> objects) {
    Plan current = plan();
    return new PreparedObjects(
        objects, () -> objects.forEach(object -> current.made.add(object.key())));
  }

  /**
   * Triggers and rules on the selected tables of the target, and foreign keys. The source is looked
   * at only if there are some.
   *
   * @param withForeignKeys whether foreign keys count
   * @return each with whether this transfer makes one of its kind and name
   * @throws io.clouddb.error.CloudDbException when the catalogs cannot be read
   */
  public List<StandingObject> standing(boolean withForeignKeys) {
    List<SchemaObject> standing = inTheWay(withForeignKeys);
    if (standing.isEmpty()) {
      return List.of();
    }
    // What cannot be made is no matter here: it is refused when it is to be made.
    Plan known = plan != null ? plan : read();
    Set<SchemaObject.Key> planned = new HashSet<>();
    for (SchemaObject object : known.schema.objects()) {
      planned.add(object.key());
      known
          .leaves
          .getOrDefault(object.address(), List.of())
          .forEach(leaf -> planned.add(leaf.key()));
    }
    return standing.stream()
        .flatMap(
            object ->
                object.drop().stream()
                    .map(
                        drop ->
                            new StandingObject(
                                object.toString(),
                                planned.contains(object.key()),
                                object.definition(),
                                drop)))
        .toList();
  }

  private List<SchemaObject> inTheWay(boolean withForeignKeys) {
    try (Connection to = CatalogSession.open(target)) {
      Set<TableName> tables = Set.copyOf(Catalog.names(to, selection).values());
      List<SchemaObject> found = new ArrayList<>(TriggerReader.read(to));
      if (withForeignKeys) {
        found.addAll(ConstraintReader.read(to, new UserOptions(to)));
      }
      return only(
          found,
          object ->
              object.drop().isPresent() && object.table().map(tables::contains).orElse(false));
    } catch (SQLException e) {
      throw SqlFailure.of("reading what stands on the target", e);
    }
  }

  /** Looks anew at what is on the target, of which something was dropped by another hand. */
  public void readAgain() {
    plan = null;
  }

  private TargetWriter writer() {
    Plan current = plan();
    return new TargetWriter(
        target,
        connections,
        only(current.schema.objects(), object -> object.kind() == ObjectKind.OWNER),
        current.made);
  }

  private List<SchemaObject> missing(Phase phase) {
    Plan current = plan();
    return current.schema.objects(phase).stream()
        .filter(object -> !current.made.contains(object.key()))
        .toList();
  }

  private TargetWriter.Made reporter(Phase phase, int total) {
    Plan current = plan();
    AtomicInteger done = new AtomicInteger();
    return object -> {
      current.made.add(object.key());
      progress.made(phase, object.toString(), done.incrementAndGet(), total);
    };
  }

  /** A table's keys one after the other, since each locks it, and then its indexes at once. */
  private List<TargetWriter.Work> builds(List<SchemaObject> objects, TargetWriter writer) {
    Map<Optional<TableName>, List<SchemaObject>> keys = new LinkedHashMap<>();
    Map<Optional<TableName>, List<TargetWriter.Work>> indexes = new HashMap<>();
    for (SchemaObject object : objects) {
      List<SchemaObject> ofTable = keys.computeIfAbsent(object.table(), table -> new ArrayList<>());
      if (object.kind() == ObjectKind.KEY) {
        ofTable.add(object);
      } else {
        indexes
            .computeIfAbsent(object.table(), table -> new ArrayList<>())
            .add(new TargetWriter.Work(List.of(object), List.of()));
      }
    }
    Map<TableName, Long> pages = objects.isEmpty() ? Map.of() : pages(writer);
    return keys.keySet().stream()
        .sorted(
            Comparator.comparing(
                (Optional<TableName> table) ->
                    -table.map(t -> pages.getOrDefault(t, 0L)).orElse(0L)))
        .map(
            table ->
                new TargetWriter.Work(
                    keys.getOrDefault(table, List.of()), indexes.getOrDefault(table, List.of())))
        .toList();
  }

  private Map<TableName, Long> pages(TargetWriter writer) {
    try {
      return writer.read(connection -> Catalog.read(connection, selection)).stream()
          .collect(Collectors.toMap(Table::name, Table::pages));
    } catch (SQLException e) {
      throw SqlFailure.of("reading the sizes of the target's tables", e);
    }
  }

  private Plan plan() {
    Plan current = plan;
    if (current == null) {
      current = read();
      refuseBlocked(current.schema);
      plan = current;
    }
    return current;
  }

  /**
   * Reads both catalogs now, in sessions that are open, unless that was done before.
   *
   * @param from one of {@link CatalogSession} on the source
   * @param to one on the target
   * @throws SQLException when a catalog cannot be read
   * @throws io.clouddb.error.CloudDbException when an object cannot be made
   */
  public void readIn(Connection from, Connection to) throws SQLException {
    if (plan == null) {
      Plan read = read(from, to);
      refuseBlocked(read.schema);
      plan = read;
    }
  }

  private Plan read() {
    try (Connection from = CatalogSession.open(source);
        Connection to = CatalogSession.open(target)) {
      return read(from, to);
    } catch (SQLException e) {
      throw SqlFailure.of("reading the catalogs", e);
    }
  }

  private Plan read(Connection from, Connection to) throws SQLException {
    int targetVersion = CatalogQuery.majorVersion(to);
    Sides sides = Sides.of(from, to, leftBehind);
    Set<SchemaObject.Key> made = ConcurrentHashMap.newKeySet();
    made.addAll(DatabaseSchema.read(to, selection, sides).keys());
    DatabaseSchema schema = DatabaseSchema.read(from, selection, sides);
    return new Plan(schema, ConstraintReader.leafForeignKeys(from), made, targetVersion);
  }

  private void refuseBlocked(DatabaseSchema schema) {
    List<String> blocked =
        schema.blocked().keySet().stream()
            .map(SchemaObject::toString)
            .filter(object -> !leftBehind.contains(object))
            .sorted()
            .toList();
    if (!blocked.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE,
              "These objects need others that are not selected, or of a kind that is not carried: "
                  + String.join(", ", blocked))
          .nextStep("Look at what preflight says about each.")
          .toException();
    }
  }
}
