/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.QueryCall;
import io.clouddb.testkit.simulator.aws.QueryProtocol;
import io.clouddb.testkit.simulator.aws.QueryXml;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.function.Function;

/** The table of RDS' actions, in its Query protocol. */
final class RdsActions {
  private static final String NAMESPACE = "http://rds.amazonaws.com/doc/2014-10-31/";
  private static final String API_VERSION = "2014-10-31";
  private static final String INSTANCE = "DBInstanceIdentifier";
  private static final String GROUP = "DBParameterGroupName";
  private static final String RESOURCE = "ResourceName";
  private static final String SNAPSHOT = "DBSnapshotIdentifier";
  private static final String AUTOMATED_BACKUPS = "automated-backups";
  private static final String TAGS = "tags";
  private static final String OFFERS = "offers";

  private final RdsState state;
  private final QueryProtocol protocol = new QueryProtocol(API_VERSION, NAMESPACE);

  private RdsActions(RdsState state) {
    this.state = state;
  }

  static QueryProtocol of(RdsState state) {
    RdsActions actions = new RdsActions(state);
    actions.instances();
    actions.snapshots();
    actions.automatedBackups();
    actions.parameterGroups();
    actions.tags();
    actions.offers();
    return actions.protocol;
  }

  private void instances() {
    state.tagged().add("db", key -> InstanceActions.tagged(state, key));
    instance("CreateDBInstance", Verb.CREATE, call -> new CreateAction(state, call).run());
    instance("RebootDBInstance", Verb.RESTART, call -> new InstanceActions(state, call).reboot());
    instance("StartDBInstance", Verb.START, call -> new InstanceActions(state, call).start());
    instance("StopDBInstance", Verb.STOP, call -> new InstanceActions(state, call).stop());
    instance("DeleteDBInstance", Verb.DELETE, call -> new InstanceActions(state, call).delete());
    replicas();
    protocol
        .add(
            "ModifyDBInstance",
            Verb.MODIFY,
            Call.INSTANCE,
            INSTANCE,
            (call, xml) ->
                new InstanceXml(state, xml, new ModifyAction(state, call).run(), "available")
                    .write())
        .add(
            "DescribeDBInstances",
            Verb.READ,
            Call.INSTANCE,
            INSTANCE,
            (call, xml) -> new InstanceActions(state, call).describe(xml));
  }

  private void replicas() {
    instance(
        "CreateDBInstanceReadReplica",
        Verb.CREATE,
        call -> new CreateReplicaAction(state, call).run());
    instance("PromoteReadReplica", Verb.PROMOTE, call -> new PromoteAction(state, call).run());
    instance(
        "SwitchoverReadReplica",
        Verb.SWITCH_OVER,
        call -> new PromoteAction(state, call).refuseSwitchover());
  }

  private interface SnapshotAction {
    void run(QueryCall call, QueryXml xml);
  }

  private void snapshots() {
    state.tagged().add("snapshot", key -> SnapshotActions.tagged(state, key));
    snapshot(
        "CreateDBSnapshot",
        Verb.CREATE,
        SNAPSHOT,
        (call, xml) -> new SnapshotActions(state, call).create(xml));
    snapshot(
        "CopyDBSnapshot",
        Verb.CREATE,
        "TargetDBSnapshotIdentifier",
        (call, xml) -> new CopySnapshotAction(state, call).run(xml));
    snapshot(
        "DescribeDBSnapshots",
        Verb.READ,
        SNAPSHOT,
        (call, xml) -> new SnapshotActions(state, call).describe(xml));
    snapshot(
        "DeleteDBSnapshot",
        Verb.DELETE,
        SNAPSHOT,
        (call, xml) -> new SnapshotActions(state, call).delete(xml));
    instance(
        "RestoreDBInstanceFromDBSnapshot",
        Verb.CREATE,
        INSTANCE,
        call -> new RestoreAction(state, call).fromSnapshot());
    instance(
        "RestoreDBInstanceToPointInTime",
        Verb.CREATE,
        "TargetDBInstanceIdentifier",
        call -> new RestoreAction(state, call).toMoment());
  }

  private void snapshot(String name, Verb verb, String nameMember, SnapshotAction action) {
    protocol.add(name, verb, Call.BACKUP, nameMember, action::run);
  }

  private void automatedBackups() {
    state.tagged().add("auto-backup", key -> AutomatedBackupActions.tagged(state, key));
    automatedBackup(
        "DescribeDBInstanceAutomatedBackups", Verb.READ, AutomatedBackupActions::describe);
    automatedBackup(
        "StartDBInstanceAutomatedBackupsReplication", Verb.CREATE, AutomatedBackupActions::start);
    automatedBackup(
        "StopDBInstanceAutomatedBackupsReplication", Verb.MODIFY, AutomatedBackupActions::stop);
    automatedBackup("DeleteDBInstanceAutomatedBackup", Verb.DELETE, AutomatedBackupActions::delete);
  }

  private interface AutomatedBackupAction {
    void run(AutomatedBackupActions actions, QueryXml xml);
  }

  private void automatedBackup(String name, Verb verb, AutomatedBackupAction action) {
    protocol.add(
        name,
        verb,
        AUTOMATED_BACKUPS,
        "",
        (call, xml) -> action.run(new AutomatedBackupActions(state, call), xml));
  }

  /** An action that answers with the instance as it is now. */
  private void instance(String name, Verb verb, Function<QueryCall, SimulatedInstance> action) {
    instance(name, verb, INSTANCE, action);
  }

  private void instance(
      String name, Verb verb, String nameMember, Function<QueryCall, SimulatedInstance> action) {
    protocol.add(
        name,
        verb,
        Call.INSTANCE,
        nameMember,
        (call, xml) -> new InstanceXml(state, xml, action.apply(call)).write());
  }

  private void parameterGroups() {
    state.tagged().add("pg", key -> GroupActions.tagged(state, key));
    group("CreateDBParameterGroup", Verb.CREATE, GroupActions::create);
    group("DescribeDBParameterGroups", Verb.READ, GroupActions::describe);
    group("ModifyDBParameterGroup", Verb.MODIFY, GroupActions::modify);
    group("DescribeDBParameters", Verb.READ, GroupActions::describeParameters);
    protocol.addWithoutResult(
        "DeleteDBParameterGroup",
        Verb.DELETE,
        Call.PARAMETERS,
        GROUP,
        (call, xml) -> new GroupActions(state, call).delete());
  }

  private interface GroupAction {
    void run(GroupActions actions, QueryXml xml);
  }

  private void group(String name, Verb verb, GroupAction action) {
    protocol.add(
        name,
        verb,
        Call.PARAMETERS,
        GROUP,
        (call, xml) -> action.run(new GroupActions(state, call), xml));
  }

  private void offers() {
    protocol
        .add(
            "DescribeDBEngineVersions",
            Verb.LIST,
            OFFERS,
            "",
            (call, xml) -> new OfferActions(state, call).versions(xml))
        .add(
            "DescribeOrderableDBInstanceOptions",
            Verb.LIST,
            OFFERS,
            "",
            (call, xml) -> new OfferActions(state, call).options(xml));
  }

  private void tags() {
    protocol
        .add(
            "ListTagsForResource",
            Verb.READ,
            TAGS,
            RESOURCE,
            (call, xml) -> new InstanceActions(state, call).listTags(xml))
        .addWithoutResult(
            "AddTagsToResource",
            Verb.MODIFY,
            TAGS,
            RESOURCE,
            (call, xml) -> new InstanceActions(state, call).addTags())
        .addWithoutResult(
            "RemoveTagsFromResource",
            Verb.MODIFY,
            TAGS,
            RESOURCE,
            (call, xml) -> new InstanceActions(state, call).removeTags());
  }
}
