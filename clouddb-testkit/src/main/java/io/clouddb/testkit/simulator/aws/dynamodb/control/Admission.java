/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import java.util.List;

/** Which change of a table is refused while another one goes on. */
final class Admission {
  private Admission() {}

  /** Any change at all. */
  static void requireThere(ManagedTable table) {
    if (table.isRestoring()) {
      throw Refusals.noTable(table.name());
    }
    if (table.isCreating()) {
      throw Refusals.inUse("Table is being created: " + table.name());
    }
    if (table.isDeleting()) {
      throw Refusals.inUse("Table is being deleted: " + table.name());
    }
  }

  static void throughput(ManagedTable table) {
    String in = ". Table: " + table.name();
    if (table.has(Job.THROUGHPUT) || table.has(Job.BILLING)) {
      throw Refusals.inUse("Table IOPS are currently being updated" + in);
    }
    List<String> made = table.indexesThat(ManagedIndex::isAllocating);
    if (!made.isEmpty()) {
      throw Refusals.inUse(
          "Can't change table IOPS when an index is being created" + in + " Indexes: " + made);
    }
    List<String> going = going(table);
    if (!going.isEmpty()) {
      throw Refusals.inUse(
          "Can't change table IOPS when an index is being deleted" + in + " Indexes: " + going);
    }
  }

  private static List<String> going(ManagedTable table) {
    return table.indexesThat(index -> index.status() == ManagedIndex.Status.DELETING);
  }

  private static String next(ManagedTable table) {
    return " TableClassUpdateInProgress: " + table.tableClass().next();
  }

  static void stream(ManagedTable table) {
    String in = ". Table: " + table.name();
    if (table.has(Job.THROUGHPUT) || table.has(Job.BILLING)) {
      throw Refusals.inUse(
          "Can't enable or disable stream while table IOPS are being updated" + in);
    }
    if (table.has(Job.STREAM)) {
      throw Refusals.inUse("Can't change stream status when stream status is being updated" + in);
    }
    if (table.has(Job.TABLE_CLASS)) {
      throw Refusals.inUse(
          "Can't change stream status when a table class update is in progress" + in + next(table));
    }
    List<String> made = table.indexesThat(ManagedIndex::isAllocating);
    if (!made.isEmpty()) {
      throw Refusals.inUse(
          "Can't change stream status when an index is being created" + in + " Indexes: " + made);
    }
  }

  static void tableClass(ManagedTable table) {
    String in = ". Table: " + table.name();
    if (table.has(Job.TABLE_CLASS)) {
      throw Refusals.inUse(
          "Can't update table class when a table class update is in progress" + in + next(table));
    }
    if (table.has(Job.STREAM)) {
      throw Refusals.inUse("Can't update table class when stream status is being updated" + in);
    }
    if (table.has(Job.THROUGHPUT) || table.has(Job.BILLING)) {
      throw Refusals.inUse("Can't update table class when table IOPS are being updated" + in);
    }
  }

  static void limits(ManagedTable table) {
    String begin = "OnDemandThroughput cannot be updated while ";
    if (table.has(Job.BILLING)) {
      throw Refusals.inUse(begin + "BillingMode update is in progress");
    }
    if (table.has(Job.STREAM)) {
      throw Refusals.inUse(begin + "stream status update is in progress");
    }
    if (table.has(Job.TABLE_CLASS)) {
      throw Refusals.inUse(begin + "TableClass update is in progress." + next(table));
    }
    List<String> made = table.indexesThat(ManagedIndex::isAllocating);
    if (!made.isEmpty()) {
      throw Refusals.inUse(begin + "index creation is in progress for indexes: " + made);
    }
    if (!going(table).isEmpty()) {
      throw Refusals.inUse(begin + "index deletion is in progress for indexes: " + going(table));
    }
  }

  /** An index is to be made or deleted. */
  static void indexes(ManagedTable table) {
    String in = ". Table: " + table.name();
    if (table.indexes().values().stream()
        .anyMatch(
            index ->
                index.isBackfilling()
                    || index.status() == ManagedIndex.Status.CREATING
                    || index.status() == ManagedIndex.Status.DELETING)) {
      throw oneAtOnce();
    }
    if (table.has(Job.THROUGHPUT) || table.has(Job.BILLING)) {
      throw billing(table);
    }
    if (table.has(Job.STREAM)) {
      throw Refusals.inUse(
          "Can't create or delete an index when stream status is being updated" + in);
    }
    if (table.has(Job.TABLE_CLASS)) {
      throw Refusals.inUse(
          "Can't create or delete an index when a table class update is in progress"
              + in
              + next(table));
    }
  }

  static io.clouddb.testkit.simulator.aws.AwsError billing(ManagedTable table) {
    return Refusals.inUse(
        "Can't create or delete indexes while table IOPS are being updated. Table: "
            + table.name());
  }

  static io.clouddb.testkit.simulator.aws.AwsError oneAtOnce() {
    return Refusals.limit("Only 1 online index can be created or deleted simultaneously per table");
  }

  /** The table is to be deleted. */
  static void deletion(ManagedTable table) {
    requireThere(table);
    if (table.tagWrites().isGoing()) {
      throw Refusals.inUse(table.tagWrites().said());
    }
    if (table.has(Job.STREAM)) {
      throw Refusals.inUse("Cannot delete table while stream is being enabled/disabled.");
    }
    if (table.indexes().values().stream()
        .anyMatch(index -> index.status() != ManagedIndex.Status.ACTIVE)) {
      throw Refusals.inUse(
          "Cannot delete table while indexes are being created, updated, or deleted.");
    }
    if (table.isBusy()) {
      throw Refusals.inUse("Table: " + table.name() + " is in the process of being updated.");
    }
  }
}
