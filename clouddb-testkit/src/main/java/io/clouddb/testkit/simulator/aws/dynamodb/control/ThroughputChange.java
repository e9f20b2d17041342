/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes how much a table and its indexes take, and how that is paid. */
final class ThroughputChange {
  private final TableCatalog catalog;

  ThroughputChange(TableCatalog catalog) {
    this.catalog = catalog;
  }

  /** What is asked for of one table or index. */
  private record Units(long reads, long writes) {
    static @Nullable Units of(@Nullable Members sent) {
      if (sent == null) {
        return null;
      }
      Throughput throughput = CapacityLimits.throughput(sent);
      return new Units(throughput.read(), throughput.write());
    }
  }

  /**
   * What is to be done, of which nothing is refused any more.
   *
   * @param changes false when a request says what is so already
   * @param effect does it
   */
  record Planned(boolean changes, Runnable effect) {}

  /** Checks what a request says of it. */
  Planned plan(ManagedTable table, Members request) {
    String billing = request.textOrNull(UpdateRules.BILLING);
    boolean onDemand = billing == null ? table.isOnDemand() : billing.equals("PAY_PER_REQUEST");
    boolean switches = onDemand != table.isOnDemand();
    Units units = Units.of(request.membersOrNull(UpdateRules.THROUGHPUT));
    if (units != null && onDemand) {
      throw Validation.parameter(
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is"
              + " PAY_PER_REQUEST");
    }
    Map<String, Units> ofIndexes = ofIndexes(table, request, onDemand);
    if (units != null || switches) {
      Admission.throughput(table);
    }
    Instant now = catalog.now();
    if (switches && onDemand) {
      table.onDemandSwitches().requireMayBe(now);
    }
    if (switches && units != null) {
      for (String index : table.indexes().keySet()) {
        if (!ofIndexes.containsKey(index)) {
          throw Validation.parameter("ProvisionedThroughput must be specified for index: " + index);
        }
      }
    } else {
      requireChange(table, units, ofIndexes, now);
    }
    if (switches) {
      return new Planned(
          true,
          () ->
              ReplicaTables.of(table)
                  .forEach(one -> switchBilling(one, onDemand, units, ofIndexes)));
    }
    return new Planned(
        units != null || !ofIndexes.isEmpty(),
        () -> {
          for (ManagedTable one : ReplicaTables.of(table)) {
            if (units != null) {
              begin(one, units, now);
            }
            ofIndexes.forEach((name, own) -> beginIndex(one, name, own, now));
          }
        });
  }

  private static Map<String, Units> ofIndexes(
      ManagedTable table, Members request, boolean onDemand) {
    Map<String, Units> all = new HashMap<>();
    for (Members update : request.structures(UpdateRules.INDEXES)) {
      Members one = update.membersOrNull("Update");
      Units units = one == null ? null : Units.of(one.membersOrNull(UpdateRules.THROUGHPUT));
      if (one == null || units == null) {
        continue;
      }
      String name = one.text("IndexName");
      ManagedIndex index = IndexChange.index(table, name, "update");
      if (onDemand) {
        throw Validation.parameter(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: "
                + name
                + " when BillingMode is PAY_PER_REQUEST");
      }
      IndexChange.requireMayUpdate(table, index);
      all.put(name, units);
    }
    return all;
  }

  private static void requireChange(
      ManagedTable table, @Nullable Units units, Map<String, Units> ofIndexes, Instant now) {
    if (units != null) {
      Throughput own = table.throughput();
      if (own.is(units.reads(), units.writes())) {
        throw own.unchanged("the table", "the table");
      }
      own.requireMayBecome(units.reads(), units.writes(), now);
    }
    ofIndexes.forEach(
        (name, wanted) -> {
          Throughput own = IndexChange.index(table, name, "update").throughput();
          if (own.is(wanted.reads(), wanted.writes())) {
            throw own.unchanged("the index " + name, "index " + name);
          }
          own.requireMayBecome(wanted.reads(), wanted.writes(), now);
        });
  }

  private void begin(ManagedTable table, Units wanted, Instant now) {
    long reads = ReplicaTables.reads(table, wanted.reads());
    table.throughput().note(reads, wanted.writes(), now);
    table.begin(Job.THROUGHPUT);
    catalog.later(
        Timing.THROUGHPUT,
        () -> {
          table.throughput().set(reads, wanted.writes());
          table.warm().raise(reads, wanted.writes());
          table.applyThroughput();
          table.end(Job.THROUGHPUT);
        });
  }

  private void beginIndex(ManagedTable table, String name, Units wanted, Instant now) {
    ManagedIndex index = table.indexes().get(name);
    if (index == null) {
      return;
    }
    long reads = ReplicaTables.reads(table, name, wanted.reads());
    index.throughput().note(reads, wanted.writes(), now);
    index.beginUpdate();
    catalog.later(
        Timing.INDEX_UPDATE,
        () -> {
          index.throughput().set(reads, wanted.writes());
          index.warm().raise(reads, wanted.writes());
          index.endUpdate();
          table.applyThroughput();
        });
  }

  private void switchBilling(
      ManagedTable table, boolean onDemand, @Nullable Units units, Map<String, Units> ofIndexes) {
    table.setBilling(onDemand, true, table.onDemandSince());
    if (onDemand) {
      table.onDemandSwitches().note(catalog.now());
    }
    table.setLimits(OnDemandLimits.NONE);
    if (units == null) {
      table.throughput().set(0, 0);
      table.warm().raise(WarmThroughput.READS_ON_DEMAND, WarmThroughput.WRITES_ON_DEMAND);
    } else {
      table.throughput().set(ReplicaTables.reads(table, units.reads()), units.writes());
      table.warm().raise(table.throughput().read(), units.writes());
    }
    List<ManagedIndex> indexes = List.copyOf(table.indexes().values());
    for (ManagedIndex index : indexes) {
      Units own = ofIndexes.get(index.name());
      index.setOnDemand(OnDemandLimits.NONE);
      if (own == null) {
        index.throughput().set(0, 0);
      } else {
        index.throughput().set(ReplicaTables.reads(table, index.name(), own.reads()), own.writes());
      }
      index.beginUpdate();
    }
    table.applyThroughput();
    table.begin(Job.BILLING);
    catalog.later(
        onDemand ? Timing.TO_ON_DEMAND : Timing.TO_PROVISIONED,
        () -> {
          if (onDemand) {
            table.setOnDemandSince(catalog.now());
          }
          indexes.forEach(ManagedIndex::endUpdate);
          table.end(Job.BILLING);
        });
  }

  /** Changes it as Application Auto Scaling does, which knows the one or the other. */
  void provision(ManagedTable table, @Nullable String index, boolean writes, long units) {
    Admission.requireThere(table);
    Instant now = catalog.now();
    if (index == null) {
      Admission.throughput(table);
      Throughput own = table.throughput();
      Units wanted = writes ? new Units(own.read(), units) : new Units(units, own.write());
      requireChange(table, wanted, Map.of(), now);
      // What one region reads is its own; what is written, all of them write.
      if (!writes) {
        ReplicaTables.readAlone(table, units);
      }
      for (ManagedTable one : writes ? ReplicaTables.of(table) : List.of(table)) {
        begin(one, wanted, now);
      }
      return;
    }
    ManagedIndex scaled = IndexChange.index(table, index, "update");
    IndexChange.requireMayUpdate(table, scaled);
    Throughput own = scaled.throughput();
    Units wanted = writes ? new Units(own.read(), units) : new Units(units, own.write());
    requireChange(table, null, Map.of(index, wanted), now);
    if (!writes) {
      ReplicaTables.readAlone(table, index, units);
    }
    for (ManagedTable one : writes ? ReplicaTables.of(table) : List.of(table)) {
      beginIndex(one, index, wanted, now);
    }
  }
}
