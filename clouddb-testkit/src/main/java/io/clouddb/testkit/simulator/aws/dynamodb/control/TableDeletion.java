/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.time.Duration;
import java.util.function.Consumer;

/** {@code DeleteTable}, and what becomes of a replica that is removed. */
final class TableDeletion {
  private final TableCatalog catalog;

  /** Keeps what of a table outlives it, just before its items are not to be had any more. */
  private final Consumer<ManagedTable> keep;

  TableDeletion(TableCatalog catalog, Consumer<ManagedTable> keep) {
    this.catalog = catalog;
    this.keep = keep;
  }

  ObjectNode run(String region, Members request) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    synchronized (catalog) {
      ManagedTable table = catalog.get(region, request.text("TableName"));
      ReplicationGroup group = table.group();
      if (group == null) {
        Admission.deletion(table);
        if (table.isProtected()) {
          throw Validation.error(
              "Resource cannot be deleted as it is currently protected against deletion. Disable"
                  + " deletion protection first.");
        }
        begin(table, Timing.DELETE);
      } else {
        replica(table, group);
      }
      result.set("TableDescription", TableDescription.of(table, catalog.now()));
    }
    return result;
  }

  private void replica(ManagedTable table, ReplicationGroup group) {
    if (table.isCreating()) {
      throw Refusals.inUse("Table: " + table.name() + " is being used.");
    }
    if (table.isDeleting()) {
      throw Refusals.groupInUse();
    }
    if (group.isStrong()) {
      throw onlyTogether();
    }
    requireMayGo(table, group);
    if (group.isBusy()) {
      throw Refusals.groupInUse();
    }
    Admission.deletion(table);
    leave(table, group, Duration.ZERO);
  }

  static io.clouddb.testkit.simulator.aws.AwsError onlyTogether() {
    return Validation.error(
        "Deletion of only one table replica is not supported for global tables with"
            + " MultiRegionConsistency set to STRONG.");
  }

  /** Refuses the removal of a replica that is protected, or another one was filled from. */
  void requireMayGo(ManagedTable table, ReplicationGroup group) {
    if (group.isSource(table.region(), catalog.now())) {
      throw Validation.error(
          "Replica cannot be deleted because it has acted as a source region for new replica(s)"
              + " being added to the table in the last 24 hours.");
    }
    if (table.isProtected()) {
      throw Validation.error(
          "Cannot delete table "
              + table.name()
              + " in region "
              + table.region()
              + " because it has deletion protection enabled. Disable deletion protection first.");
    }
  }

  /** Takes a replica out of its group, and deletes its table. */
  void leave(ManagedTable table, ReplicationGroup group, Duration begins) {
    ReplicationGroup.Member member = group.member(table.region()).orElseThrow();
    if (begins.isZero()) {
      go(table, group, member);
    } else {
      table.begin(Job.GROUP);
      catalog.later(
          begins,
          () -> {
            table.end(Job.GROUP);
            go(table, group, member);
          });
    }
  }

  private void go(ManagedTable table, ReplicationGroup group, ReplicationGroup.Member member) {
    member.setStatus(ReplicationGroup.Status.DELETING);
    group.replication().remove(table.region());
    end(table);
    catalog.later(
        Timing.REPLICA_UNLISTED,
        () -> {
          group.remove(table.region());
          table.setGroup(null);
          // What is left of a group of two is a table as any other.
          if (group.members().size() == 1) {
            group.tables().forEach(last -> last.setGroup(null));
            group.tables().forEach(last -> group.replication().remove(last.region()));
          }
          catalog.later(Timing.REPLICA_GONE, () -> catalog.remove(table));
        });
  }

  private void begin(ManagedTable table, Duration takes) {
    end(table);
    catalog.later(takes, () -> catalog.remove(table));
  }

  private void end(ManagedTable table) {
    keep.accept(table);
    table.table().setStatus(DynamoTable.Status.DELETING);
    table.endStream(catalog.now());
  }
}
