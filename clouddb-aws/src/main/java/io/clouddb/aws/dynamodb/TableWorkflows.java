/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.table.TableDriver;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.ReplicaDescription;

/** The steps by which tables are made, changed and deleted. */
final class TableWorkflows {
  private final RegionalCalls checks;
  private final RegionalCalls steps;
  private final TableFields fields;
  private final TableView view;
  private final CreateTableStep create;

  /**
   * Makes them.
   *
   * @param checks for what is looked at before an operation, while the caller waits
   * @param steps for the steps, whose requests are made once each
   * @param fields how tables are asked for
   * @param view what DynamoDB says of them
   */
  TableWorkflows(RegionalCalls checks, RegionalCalls steps, TableFields fields, TableView view) {
    this.checks = checks;
    this.steps = steps;
    this.fields = fields;
    this.view = view;
    this.create = new CreateTableStep(steps, fields);
  }

  List<Workflow<?>> all() {
    return List.of(create(), modify(), delete());
  }

  private TableDescription result(StepContext context) {
    LiveTable live =
        new LiveReader(checks)
            .find(context.name())
            .filter(found -> TableStep.isThatOne(context, found.table()))
            .orElseThrow(() -> TableStep.gone(context, "It was made or changed, and is gone"));
    return view.describe(live);
  }

  private Workflow<TableDescription> create() {
    return Workflow.of(TableDriver.CREATE)
        .specification(GlobalTableSpec.class)
        .customizable(List.of(CreateTableRequest.Builder.class))
        .creates()
        .prepare(this::prepareCreation)
        .step(create)
        .step(new SettledStep("active", steps, false))
        .step(ScaleStep.atHome(steps))
        .step(new ReplicaStep(steps))
        .step(ScaleStep.added(steps))
        .step(StreamSteps.on(steps))
        .step(TimeToLiveStep.on(steps))
        .step(SettingSteps.tags(steps))
        .step(SettingSteps.recovery(steps))
        .step(SettingSteps.protection(steps))
        .step(new SettledStep("ready", steps, true))
        .result(this::result);
  }

  private OperationState prepareCreation(StepContext context) {
    var unused = create.request(context);
    Wanted wanted = new Wanted(context.specification(GlobalTableSpec.class), checks.homeName());
    for (String region : wanted.regions()) {
      if (checks.in(region).find(context.name()).isPresent()) {
        throw CreateTableStep.exists(context.name(), region);
      }
    }
    return context.state();
  }

  private Workflow<TableDescription> modify() {
    return Workflow.of(TableDriver.MODIFY)
        .specification(TableChange.class)
        .prepare(this::prepareChange)
        .step(new SettledStep("at rest", steps, false))
        .step(SettingSteps.protectionOff(steps))
        .step(new RemoveReplicaStep(steps))
        .step(UnscaleStep.atOnce(steps))
        .step(IndexSteps.remove(steps))
        .step(UnscaleStep.fixed(steps))
        .step(new ThroughputStep(steps))
        .step(ReplicaOverrides.reads(steps))
        .step(UnscaleStep.withoutUnits(steps))
        .step(ScaleStep.kept(steps))
        .step(new AddedIndexesStep(steps))
        .step(StreamSteps.off(steps))
        .step(StreamSteps.on(steps))
        .step(TimeToLiveStep.off(steps))
        .step(TimeToLiveStep.on(steps))
        .step(SettingSteps.keys(steps))
        .step(SettingSteps.tableClass(steps))
        .step(ReplicaOverrides.tableClass(steps))
        .step(new ReplicaStep(steps))
        .step(StreamSteps.ofAdded(steps))
        .step(ScaleStep.added(steps))
        .step(SettingSteps.tagsOff(steps))
        .step(SettingSteps.tags(steps))
        .step(SettingSteps.recovery(steps))
        .step(SettingSteps.protection(steps))
        .step(UnscaleStep.left(steps))
        .step(new SettledStep("ready", steps, true))
        .result(this::result);
  }

  private LiveTable live(StepContext context) {
    return new LiveReader(checks)
        .find(context.name())
        .orElseThrow(() -> checks.home().gone(context.name()));
  }

  private OperationState prepareChange(StepContext context) {
    TableChange change = context.specification(TableChange.class);
    // A token that is not sealed may ask for what no plan has seen.
    var unusedPlan = fields.plan(change).orThrow();
    LiveTable live = live(context);
    if (LiveReader.isPassing(live.table())) {
      // What it has, of which added regions get the same, is not told yet.
      throw ErrorDetails.of(
              ErrorCategory.BUSY, context.name() + " is " + live.table().tableStatusAsString())
          .resource(context.resource().toString())
          .operation("dynamodb.UpdateTable")
          .toException();
    }
    GlobalTableSpec before = LiveSpec.of(live);
    GlobalTableSpec after = new Changed(before, change).after();
    fields.requirePossible(before, after);
    for (String region : new Wanted(after, checks.homeName()).regions()) {
      boolean isNew = before.regions().stream().noneMatch(one -> one.name().equals(region));
      if (isNew && checks.in(region).find(context.name()).isPresent()) {
        throw CreateTableStep.exists(context.name(), region);
      }
    }
    Protections removed = Protections.of(checks, context.name(), change.removedRegions());
    if (change.deletionProtection().orElse(true)) {
      requireNone(context, removed);
    }
    return context
        .state()
        .with(Notes.removal(live.table()))
        .with(
            Map.of(
                Notes.BEFORE, before.toJson(),
                Notes.AFTER, after.toJson(),
                Notes.REPLICAS, Notes.list(removed.silentFirst()),
                Notes.SILENT, Notes.list(removed.silent()),
                Notes.PROTECTED, Notes.list(removed.on())));
  }

  private Workflow<ResourceId> delete() {
    return Workflow.of(TableDriver.DELETE)
        .prepare(this::prepareDeletion)
        .step(new RemoveReplicaStep(steps))
        .step(new DeleteTableStep(steps))
        .step(UnscaleStep.removed(steps))
        .result(StepContext::resource);
  }

  private OperationState prepareDeletion(StepContext context) {
    var table = checks.home().get(context.name());
    List<String> others = new ArrayList<>();
    for (ReplicaDescription replica : table.replicas()) {
      if (!replica.regionName().equals(checks.homeName())) {
        others.add(replica.regionName());
      }
    }
    requireNone(context, Protections.of(checks, context.name(), List.of(checks.homeName())));
    Protections removed = Protections.of(checks, context.name(), others);
    requireNone(context, removed);
    return context
        .state()
        .with(Notes.removal(table))
        .with(
            Map.of(
                Notes.REPLICAS, Notes.list(removed.silentFirst()),
                Notes.SILENT, Notes.list(removed.silent())));
  }

  /** Those that are protected have to be allowed to go, with their removal or before it. */
  private static void requireNone(StepContext context, Protections removed) {
    if (!removed.on().isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              context.name() + " is protected from deletion in " + removed.on().get(0))
          .resource(context.resource().toString())
          .operation("dynamodb.DeleteTable")
          .nextStep(ControlErrors.UNPROTECT)
          .toException();
    }
  }
}
