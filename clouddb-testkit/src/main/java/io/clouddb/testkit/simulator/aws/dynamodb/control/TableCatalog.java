/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.autoscaling.ScalingTargets;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoDbSettings;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTables;
import io.clouddb.testkit.simulator.aws.dynamodb.ItemSizes;
import io.clouddb.testkit.simulator.aws.dynamodb.TableCapacity;
import io.clouddb.testkit.simulator.aws.dynamodb.streams.StreamCatalog;
import io.clouddb.testkit.simulator.aws.dynamodb.streams.TableStream;
import io.clouddb.testkit.simulator.aws.dynamodb.streams.ViewType;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.tables.StoredTable;
import io.clouddb.testkit.simulator.tables.TableDefinition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tables of an account as they are managed, and what all actions on them share. Its lock is
 * held by whoever looks at one of them or changes it.
 */
public final class TableCatalog {
  private static final int MOST_TABLES = 2500;
  private static final DateTimeFormatter LABEL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS");

  private final DynamoTables tables;
  private final CloudEngine engine;
  private final DynamoDbSettings settings;
  private final MasterKeys keys;
  private final StreamCatalog streams;
  private final ScalingTargets scaling;
  private final Timing timing;
  private final Map<String, ManagedTable> byId = new HashMap<>();
  private volatile Duration replicationLag = Duration.ofSeconds(1);
  private Instant lastLabel = Instant.MIN;

  /**
   * Makes it without tables.
   *
   * @param tables the tables as those see them who use them
   * @param engine the cloud's time and ids
   * @param settings what a test says
   * @param keys the keys of KMS
   * @param streams the streams
   * @param scaling what scales tables
   */
  public TableCatalog(
      DynamoTables tables,
      CloudEngine engine,
      DynamoDbSettings settings,
      MasterKeys keys,
      StreamCatalog streams,
      ScalingTargets scaling) {
    this.tables = tables;
    this.engine = engine;
    this.settings = settings;
    this.keys = keys;
    this.streams = streams;
    this.scaling = scaling;
    this.timing = new Timing(settings);
    keys.whenChanged(() -> later(Timing.KEY_NOTICED, this::noticeKeys));
  }

  /**
   * Says by how much the replicas of a table are behind each other, for writes from now on.
   *
   * @param lag in simulated time
   */
  public void setReplicationLag(Duration lag) {
    replicationLag = lag;
  }

  /**
   * The keys of KMS, for tests that disable one.
   *
   * @return the keys
   */
  public MasterKeys keys() {
    return keys;
  }

  String account() {
    return tables.account();
  }

  ScalingTargets scaling() {
    return scaling;
  }

  StreamCatalog streams() {
    return streams;
  }

  DynamoTables tables() {
    return tables;
  }

  CloudEngine engine() {
    return engine;
  }

  Clock clock() {
    return engine.clock();
  }

  Instant now() {
    return engine.clock().instant();
  }

  Replication newReplication() {
    return new Replication(engine.tasks(), () -> replicationLag);
  }

  /** Does something later, with the lock. */
  void later(Duration usual, Runnable work) {
    engine
        .tasks()
        .later(
            timing.of(usual),
            () -> {
              synchronized (this) {
                work.run();
              }
            });
  }

  /** Makes the items of a table. */
  StoredTable newItems(TableDefinition definition) {
    StoredTable items = new StoredTable(definition, clock(), ItemSizes.RULE);
    items.setIndexLag(settings.indexLag());
    return items;
  }

  /** Makes what a table is to those who use it. */
  DynamoTable newTable(String region, StoredTable items) {
    return new DynamoTable(
        account(), region, engine.newId(), now(), items, new TableCapacity(clock()));
  }

  /** Adds a table. */
  void add(ManagedTable table) {
    if (!tables.add(table.table())) {
      throw AwsError.badRequest("ResourceInUseException", "Table already exists: " + table.name());
    }
    byId.put(table.table().id(), table);
  }

  /** What is encrypted with a disabled key cannot be used. */
  private void noticeKeys() {
    for (ManagedTable table : byId.values()) {
      String key = table.encryption().key();
      if (key == null || !keys.isDisabled(key)) {
        table.encryption().setInaccessible(null);
        table.table().setRefusal(null);
      } else if (!table.encryption().isInaccessible()) {
        table.encryption().setInaccessible(now());
        table.table().setRefusal(MasterKeys.disabledError(key));
      }
    }
  }

  /** Refuses one table too many. */
  void requireRoom(String region) {
    if (tables.in(region).size() >= MOST_TABLES) {
      throw Refusals.limit("There is a limit of " + MOST_TABLES + " tables per subscriber");
    }
  }

  void remove(ManagedTable table) {
    tables.remove(table.table());
    byId.remove(table.table().id());
  }

  /** Whether it is still there. */
  boolean has(ManagedTable table) {
    return byId.get(table.table().id()) == table;
  }

  /**
   * Looks for a table.
   *
   * @param region where
   * @param nameOrArn its name or its ARN
   * @return empty when there is none
   */
  public Optional<ManagedTable> find(String region, String nameOrArn) {
    return tables.find(region, nameOrArn).map(table -> byId.get(table.id()));
  }

  /** A table, for most actions. */
  ManagedTable get(String region, String nameOrArn) {
    return find(region, nameOrArn)
        .orElseThrow(() -> Refusals.noTable(tables.nameOf(region, nameOrArn)));
  }

  /** The ARN of a table, whether it is there or not. */
  String arn(String region, String name) {
    return DynamoTable.arn(account(), region, name);
  }

  /** Makes a stream of a table. */
  void beginStream(ManagedTable table, ViewType view) {
    Instant at = now();
    // Labels are unique, and no two streams of a table are made within a millisecond elsewhere.
    if (!at.isAfter(lastLabel)) {
      at = lastLabel.plusMillis(1);
    }
    lastLabel = at.truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
    TableStream stream =
        new TableStream(
            table.region(),
            table.name(),
            table.table().arn(),
            LABEL.format(at.atOffset(ZoneOffset.UTC)),
            view,
            table.table().items(),
            ItemSizes.RULE,
            clock());
    streams.add(stream);
    table.beginStream(stream);
  }
}
