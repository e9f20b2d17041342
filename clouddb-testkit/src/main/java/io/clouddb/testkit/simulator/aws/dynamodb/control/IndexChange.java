/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.autoscaling.Scalable;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Adds global indexes to a table that is there, changes and removes them. */
final class IndexChange {
  private final TableCatalog catalog;

  IndexChange(TableCatalog catalog) {
    this.catalog = catalog;
  }

  /** A global index of a table. */
  static ManagedIndex index(ManagedTable table, String name, String verb) {
    ManagedIndex index = table.indexes().get(name);
    if (index != null) {
      return index;
    }
    if (table.table().definition().index(name).isPresent()) {
      throw Validation.error(
          "Cannot " + verb + " an index that is not a GlobalSecondaryIndex: " + name);
    }
    throw Refusals.notFound("Index " + name + " for table " + table.name());
  }

  private static String where(ManagedTable table, String index) {
    return ". Table: " + table.name() + " Index: " + index;
  }

  static void requireMayUpdate(ManagedTable table, ManagedIndex index) {
    String where = where(table, index.name());
    if (index.isAllocating()) {
      throw Refusals.inUse("Index is being created but is not backfilling yet" + where);
    }
    if (index.status() == ManagedIndex.Status.DELETING) {
      throw Refusals.inUse("Index is being deleted" + where);
    }
    if (index.status() == ManagedIndex.Status.UPDATING) {
      throw Refusals.inUse("Index is being updated" + where);
    }
  }

  /**
   * Checks what a request says of it, but for throughput.
   *
   * @return what is to be done, of which nothing is refused any more
   */
  List<Runnable> plan(ManagedTable table, Members request) {
    List<Members> creations = new ArrayList<>();
    List<String> deletions = new ArrayList<>();
    List<Runnable> effects = new ArrayList<>();
    for (Members update : request.structures(UpdateRules.INDEXES)) {
      Members create = update.membersOrNull("Create");
      Members delete = update.membersOrNull("Delete");
      if (create != null) {
        creations.add(create);
      } else if (delete != null) {
        String name = delete.text("IndexName");
        index(table, name, "delete");
        deletions.add(name);
      } else {
        effects.add(update(table, request, update.members("Update")));
      }
    }
    if (creations.size() + deletions.size() > 1) {
      throw Admission.oneAtOnce();
    }
    for (Members creation : creations) {
      effects.add(create(table, request, creation));
    }
    deletions.forEach(name -> effects.add(delete(table, request, name)));
    return effects;
  }

  /** Whether it is paid on demand once a request is done. */
  private static boolean onDemand(ManagedTable table, Members request) {
    String billing = request.textOrNull(UpdateRules.BILLING);
    return billing == null ? table.isOnDemand() : billing.equals("PAY_PER_REQUEST");
  }

  private Runnable update(ManagedTable table, Members request, Members update) {
    String name = update.text("IndexName");
    ManagedIndex index = index(table, name, "update");
    OnDemandLimits limits = OnDemandLimits.of(update, "index : " + name);
    Members warm = update.membersOrNull(UpdateRules.WARM);
    if (!limits.isEmpty()) {
      if (!onDemand(table, request)) {
        limits.requireNone(" for index : " + name);
      }
      requireMayUpdate(table, index);
    }
    if (warm != null) {
      requireWarmer(index, name, warm);
    }
    if (limits.isEmpty() && warm == null && !update.has(UpdateRules.THROUGHPUT)) {
      throw Validation.parameter(
          "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: " + name);
    }
    return () -> {
      if (!limits.isEmpty()) {
        ReplicaTables.of(table).forEach(one -> limit(one, name, limits));
      }
      if (warm != null) {
        warm(index, warm);
      }
    };
  }

  private void limit(ManagedTable table, String name, OnDemandLimits limits) {
    ManagedIndex index = table.indexes().get(name);
    if (index != null) {
      index.setOnDemand(limits.or(index.onDemand()));
      index.beginUpdate();
      catalog.later(Timing.INDEX_UPDATE, index::endUpdate);
    }
  }

  private static void requireWarmer(ManagedIndex index, String name, Members sent) {
    WarmThroughput warm = index.warm();
    WarmChange.requireMore(
        warm,
        sent.whole("ReadUnitsPerSecond", warm.reads()),
        sent.whole("WriteUnitsPerSecond", warm.writes()),
        "index " + name);
  }

  private void warm(ManagedIndex index, Members sent) {
    WarmThroughput warm = index.warm();
    long reads = sent.whole("ReadUnitsPerSecond", warm.reads());
    long writes = sent.whole("WriteUnitsPerSecond", warm.writes());
    if (reads > warm.reads() || writes > warm.writes()) {
      warm.begin();
      catalog.later(Timing.WARM, () -> warm.end(reads, writes));
    }
  }

  private Runnable create(ManagedTable table, Members request, Members creation) {
    String name = creation.text("IndexName");
    ManagedIndex there = table.indexes().get(name);
    if (there != null && there.status() == ManagedIndex.Status.DELETING) {
      throw Refusals.inUse("Index is being deleted" + where(table, name));
    }
    if (there != null || table.table().definition().index(name).isPresent()) {
      throw Validation.error("Attempting to create an index which already exists");
    }
    if (request.structures("AttributeDefinitions").isEmpty()) {
      throw Validation.parameter("AttributeDefinitions is not specified for index: " + name);
    }
    TableShape shape = TableShape.of(table, request);
    IndexDefinition definition = shape.global(creation);
    boolean onDemand = onDemand(table, request);
    Throughput throughput = CreateTable.indexThroughput(creation, onDemand);
    WarmThroughput warm = CreateTable.warm(creation, throughput, onDemand, "index " + name);
    OnDemandLimits limits = OnDemandLimits.of(creation, "index : " + name);
    if (!onDemand) {
      limits.requireNone(" for index : " + name);
      requireScaled(table);
    }
    List<IndexDefinition> all = new ArrayList<>(table.table().definition().indexes());
    all.add(definition);
    TableShape.requireFewIncluded(all);
    if (table.indexes().size() >= TableShape.MOST_GLOBAL) {
      throw Refusals.limit(
          "Number of global secondary indexes exceeds per-table limit of "
              + TableShape.MOST_GLOBAL);
    }
    Admission.indexes(table);
    if (onDemand != table.isOnDemand()) {
      throw Admission.billing(table);
    }
    return () -> {
      for (ManagedTable one : ReplicaTables.of(table)) {
        begin(
            one,
            new ManagedIndex(
                definition,
                new Throughput(throughput.read(), throughput.write()),
                new WarmThroughput(warm.reads(), warm.writes()),
                limits,
                true));
      }
    };
  }

  /** What is written to an index in several regions has to be scaled in all of them. */
  private void requireScaled(ManagedTable table) {
    if (table.group() == null) {
      return;
    }
    for (String index : table.indexes().keySet()) {
      Scalable scalable = new Scalable(table.name(), Optional.of(index), true);
      if (!catalog.scaling().isScaled(table.region(), scalable)) {
        throw Validation.error(
            "GSI write capacity should either be Pay-Per-Request or AutoScaled.");
      }
    }
  }

  private void begin(ManagedTable table, ManagedIndex index) {
    table.indexes().put(index.name(), index);
    table.table().beginFilling(index.name());
    table.begin(Job.INDEX);
    catalog.later(
        Timing.INDEX_ALLOCATION,
        () -> {
          index.beginBackfill();
          table.end(Job.INDEX);
          catalog.later(Timing.INDEX_BACKFILL, () -> fill(table, index));
        });
  }

  private static void fill(ManagedTable table, ManagedIndex index) {
    if (table.indexes().get(index.name()) != index
        || index.status() == ManagedIndex.Status.DELETING) {
      return;
    }
    // Strong replicas share their items.
    if (table.table().definition().index(index.name()).isEmpty()) {
      table.table().items().addIndex(index.definition());
    }
    index.endBackfill();
    table.table().endFilling(index.name());
    table.applyThroughput();
  }

  private Runnable delete(ManagedTable table, Members request, String name) {
    ManagedIndex index = index(table, name, "delete");
    if (index.status() == ManagedIndex.Status.DELETING) {
      throw Refusals.inUse("Index is being deleted" + where(table, name));
    }
    if (index.isAllocating()) {
      throw Refusals.inUse(
          "Index creation is in resource allocation phase. Retry deletion during backfilling phase"
              + " or when the index is active"
              + where(table, name));
    }
    // What is being filled may go; another one may not meanwhile.
    if (!index.isBackfilling()) {
      Admission.indexes(table);
      if (onDemand(table, request) != table.isOnDemand()) {
        throw Admission.billing(table);
      }
    }
    return () -> {
      for (ManagedTable one : ReplicaTables.of(table)) {
        ManagedIndex own = one.indexes().get(name);
        if (own != null) {
          remove(one, own);
        }
      }
    };
  }

  private void remove(ManagedTable table, ManagedIndex index) {
    index.beginDeletion();
    table.table().endFilling(index.name());
    if (table.table().definition().index(index.name()).isPresent()) {
      table.table().items().removeIndex(index.name());
    }
    table.table().capacity().forget(index.name());
    table.begin(Job.INDEX);
    catalog.later(
        Timing.INDEX_DELETE,
        () -> {
          table.indexes().remove(index.name());
          table.end(Job.INDEX);
        });
  }
}
