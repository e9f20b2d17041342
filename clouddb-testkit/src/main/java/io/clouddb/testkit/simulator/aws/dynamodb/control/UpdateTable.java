/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code UpdateTable}: one change, or what of it goes together. */
final class UpdateTable {
  private final TableCatalog catalog;
  private final ThroughputChange throughput;
  private final IndexChange indexes;
  private final EncryptionChange encryption;
  private final SettingChanges settings;
  private final WarmChange warm;
  private final ReplicaChange replicas;

  UpdateTable(TableCatalog catalog, ThroughputChange throughput, TableDeletion deletion) {
    this.catalog = catalog;
    this.throughput = throughput;
    this.indexes = new IndexChange(catalog);
    this.encryption = new EncryptionChange(catalog);
    this.settings = new SettingChanges(catalog);
    this.warm = new WarmChange(catalog);
    this.replicas = new ReplicaChange(catalog, settings, deletion);
  }

  ObjectNode run(String region, Members request) {
    UpdateRules.check(request);
    Members stream = request.membersOrNull(UpdateRules.STREAM);
    if (stream != null) {
      SettingChanges.requireStreamSense(stream);
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    synchronized (catalog) {
      ManagedTable table = catalog.get(region, request.text("TableName"));
      boolean shown = change(table, request);
      result.set(
          "TableDescription",
          shown
              ? TableDescription.updating(table, catalog.now())
              : TableDescription.of(table, catalog.now()));
    }
    return result;
  }

  /** Returns whether the service says that the table is updated, also where it is not. */
  private boolean change(ManagedTable table, Members request) {
    if (!request.structures(UpdateRules.REPLICAS).isEmpty()) {
      replicas.run(table, request);
      return true;
    }
    Admission.requireThere(table);
    ReplicationGroup group = table.group();
    Members stream = request.membersOrNull(UpdateRules.STREAM);
    if (group != null && group.isBusy() && stream == null) {
      throw Refusals.groupInUse();
    }
    boolean shown = single(table, request, stream);
    // Whatever is changed of one replica, all of them take part in.
    if (group != null) {
      for (ManagedTable one : group.tables()) {
        one.begin(Job.GROUP);
        catalog.later(Timing.GROUP, () -> one.end(Job.GROUP));
      }
    }
    return shown;
  }

  private boolean single(
      ManagedTable table, Members request, @org.jspecify.annotations.Nullable Members stream) {
    Members sse = request.membersOrNull(UpdateRules.ENCRYPTION);
    if (sse != null) {
      encryption.run(table, sse);
      return false;
    }
    String tableClass = request.textOrNull(UpdateRules.CLASS);
    if (tableClass != null) {
      // The service says so even where nothing changes.
      settings.tableClass(table, tableClass);
      return true;
    }
    Boolean protection = request.flagOrNull(UpdateRules.PROTECTION);
    if (protection != null) {
      settings.protection(table, protection);
      return false;
    }
    Members more = request.membersOrNull(UpdateRules.WARM);
    if (more != null) {
      warm.run(table, more);
      return false;
    }
    String mode = request.textOrNull(UpdateRules.SETTINGS);
    if (mode != null) {
      if (mode.equals("ENABLED_WITH_OVERRIDES")) {
        throw Validation.error(
            "Value 'ENABLED_WITH_OVERRIDES' at 'GlobalTableSettingsReplicationMode' failed to"
                + " satisfy constraint: Only ENABLED and DISABLED settings replication are"
                + " supported for a Regional Table.");
      }
    }
    boolean billed = request.has(UpdateRules.BILLING);
    // What is refused has no effect: all checks come before the first change.
    if (request.has(UpdateRules.ON_DEMAND)) {
      OnDemandLimits limits = settings.limits(table, request);
      Map<ManagedTable, OnDemandLimits> all = new LinkedHashMap<>();
      ReplicaTables.of(table).forEach(one -> all.put(one, limits.or(one.limits())));
      if (billed) {
        throughput.plan(table, request).effect().run();
      }
      all.forEach(ManagedTable::setLimits);
      return billed;
    }
    if (stream != null) {
      settings.requireStream(table, stream);
    }
    // Throughput first: it is refused where an index has none in a table that is provisioned.
    ThroughputChange.Planned planned = throughput.plan(table, request);
    List<Runnable> ofIndexes = indexes.plan(table, request);
    if (mode != null) {
      table.setSettingsReplication(mode);
    }
    if (stream != null) {
      settings.stream(table, stream);
    }
    planned.effect().run();
    ofIndexes.forEach(Runnable::run);
    return billed || (planned.changes() && request.has(UpdateRules.THROUGHPUT));
  }
}
