/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.autoscaling.AutoScalingService;
import io.clouddb.testkit.simulator.aws.autoscaling.ScalingTargets;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoDbSettings;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTables;
import io.clouddb.testkit.simulator.aws.dynamodb.backup.Backups;
import io.clouddb.testkit.simulator.aws.dynamodb.streams.StreamActions;
import io.clouddb.testkit.simulator.aws.dynamodb.streams.StreamCatalog;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelProtocol;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.Verb;

/**
 * All that is done with tables and not with their items: the actions, and what a test sets. What is
 * in the service's definition and not here is refused by its name.
 */
public final class ControlPlane {
  private static final String TABLE = "table";
  private static final String BACKUP = "backup";
  private static final String STREAM = "stream";
  private static final String GLOBAL_TABLE = "global table";
  private static final String TABLE_NAME = "TableName";
  private static final String GLOBAL_TABLE_NAME = "GlobalTableName";

  private final CloudEngine engine;
  private final StreamCatalog streams = new StreamCatalog();
  private final ScalingTargets scaling;
  private final MasterKeys keys;
  private final TableCatalog catalog;
  private final ThroughputChange throughput;
  private final BackupActions backups;

  /**
   * Makes it, without tables.
   *
   * @param tables the tables as those see them who use them
   * @param engine the cloud's time and ids
   * @param settings what a test says
   */
  public ControlPlane(DynamoTables tables, CloudEngine engine, DynamoDbSettings settings) {
    this.engine = engine;
    this.scaling = new ScalingTargets(engine::newId);
    this.keys = new MasterKeys(tables.account());
    this.catalog = new TableCatalog(tables, engine, settings, keys, streams, scaling);
    this.throughput = new ThroughputChange(catalog);
    this.backups = new BackupActions(catalog, new Backups(engine.clock()));
  }

  /**
   * The tables as they are managed.
   *
   * @return the catalog
   */
  public TableCatalog catalog() {
    return catalog;
  }

  /**
   * The keys of KMS, for tests that disable one.
   *
   * @return the keys
   */
  public MasterKeys keys() {
    return keys;
  }

  /**
   * Application Auto Scaling of these tables.
   *
   * @param account the account's number
   * @return the service
   */
  public AutoScalingService autoScaling(String account) {
    return new AutoScalingService(account, engine, scaling, new ScaledTables(catalog, throughput));
  }

  /**
   * Adds the actions of the service.
   *
   * @param protocol where to
   */
  public void register(ModelProtocol protocol) {
    CreateTable creation = new CreateTable(catalog);
    TableDeletion deletion = new TableDeletion(catalog, backups::keep);
    UpdateTable update = new UpdateTable(catalog, throughput, deletion);
    DescribeActions description = new DescribeActions(catalog);
    protocol
        .add(
            "CreateTable",
            Verb.CREATE,
            TABLE,
            TABLE_NAME,
            call -> Answer.of(creation.run(call.region(), call.members())))
        .add(
            "UpdateTable",
            Verb.MODIFY,
            TABLE,
            TABLE_NAME,
            call -> Answer.of(update.run(call.region(), call.members())))
        .add(
            "DeleteTable",
            Verb.DELETE,
            TABLE,
            TABLE_NAME,
            call -> Answer.of(deletion.run(call.region(), call.members())))
        .add("DescribeTable", Verb.READ, TABLE, TABLE_NAME, description::table)
        .add("ListTables", Verb.LIST, TABLE, "", description::list)
        .add("DescribeLimits", Verb.READ, "account", "", DescribeActions::limits)
        .add("DescribeEndpoints", Verb.READ, "account", "", DescribeActions::endpoints);
    registerSettings(protocol);
    registerBackups(protocol);
    registerGlobalTables(protocol);
  }

  private void registerSettings(ModelProtocol protocol) {
    TimeToLiveActions timeToLive = new TimeToLiveActions(catalog);
    TagActions tags = new TagActions(catalog);
    protocol
        .add("UpdateTimeToLive", Verb.MODIFY, TABLE, TABLE_NAME, timeToLive::update)
        .add("DescribeTimeToLive", Verb.READ, TABLE, TABLE_NAME, timeToLive::describe)
        .add("TagResource", Verb.MODIFY, TABLE, "", tags::tag)
        .add("UntagResource", Verb.MODIFY, TABLE, "", tags::untag)
        .add("ListTagsOfResource", Verb.READ, TABLE, "", tags::list);
  }

  private void registerBackups(ModelProtocol protocol) {
    RestoreActions restoration = new RestoreActions(catalog, backups);
    protocol
        .add("CreateBackup", Verb.CREATE, BACKUP, TABLE_NAME, backups::create)
        .add("DescribeBackup", Verb.READ, BACKUP, "", backups::describe)
        .add("ListBackups", Verb.LIST, BACKUP, "", backups::list)
        .add("DeleteBackup", Verb.DELETE, BACKUP, "", backups::delete)
        .add("UpdateContinuousBackups", Verb.MODIFY, TABLE, TABLE_NAME, backups::updateContinuous)
        .add("DescribeContinuousBackups", Verb.READ, TABLE, TABLE_NAME, backups::describeContinuous)
        .add(
            "RestoreTableFromBackup",
            Verb.CREATE,
            TABLE,
            "TargetTableName",
            restoration::fromBackup)
        .add(
            "RestoreTableToPointInTime",
            Verb.CREATE,
            TABLE,
            "TargetTableName",
            restoration::toPointInTime);
  }

  private static void registerGlobalTables(ModelProtocol protocol) {
    protocol
        .add(
            "CreateGlobalTable",
            Verb.CREATE,
            GLOBAL_TABLE,
            GLOBAL_TABLE_NAME,
            call -> {
              throw DescribeActions.refuseGlobalTable();
            })
        .add(
            "UpdateGlobalTable",
            Verb.MODIFY,
            GLOBAL_TABLE,
            GLOBAL_TABLE_NAME,
            call -> {
              throw DescribeActions.noGlobalTable(call);
            })
        .add(
            "UpdateGlobalTableSettings",
            Verb.MODIFY,
            GLOBAL_TABLE,
            GLOBAL_TABLE_NAME,
            call -> {
              throw DescribeActions.noGlobalTable(call);
            })
        .add(
            "DescribeGlobalTable",
            Verb.READ,
            GLOBAL_TABLE,
            GLOBAL_TABLE_NAME,
            call -> {
              throw DescribeActions.noGlobalTable(call);
            })
        .add(
            "DescribeGlobalTableSettings",
            Verb.READ,
            GLOBAL_TABLE,
            GLOBAL_TABLE_NAME,
            call -> {
              throw DescribeActions.noGlobalTable(call);
            })
        .add("ListGlobalTables", Verb.LIST, GLOBAL_TABLE, "", DescribeActions::noGlobalTables);
  }

  /**
   * Adds the actions of the service of the streams.
   *
   * @param protocol where to
   */
  public void registerStreams(ModelProtocol protocol) {
    StreamActions actions = new StreamActions(streams, engine.clock());
    protocol
        .add(
            "ListStreams",
            Verb.LIST,
            STREAM,
            "",
            call -> Answer.of(actions.list(call.region(), call.members())))
        .add(
            "DescribeStream",
            Verb.READ,
            STREAM,
            "StreamArn",
            call -> Answer.of(actions.describe(call.region(), call.members())))
        .add(
            "GetShardIterator",
            Verb.READ,
            STREAM,
            "StreamArn",
            call -> Answer.of(actions.iterator(call.region(), call.members())))
        .add(
            "GetRecords",
            Verb.READ,
            STREAM,
            "",
            call -> Answer.of(actions.records(call.region(), call.members())));
  }
}
