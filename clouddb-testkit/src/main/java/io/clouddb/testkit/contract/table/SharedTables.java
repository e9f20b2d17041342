/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import io.clouddb.CloudDb;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.Table;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The tables that the cases share, each made when it is first asked for. */
final class SharedTables implements AutoCloseable {
  /** The key of most cases, of an item and of an index over all partitions. */
  static final Key TEXTS = Key.partition("pk", KeyType.STRING).sort("sk", KeyType.STRING);

  static final IndexSpec BY_GROUP =
      IndexSpec.of("by-group", Key.partition("group", KeyType.STRING).sort("rank", KeyType.NUMBER));

  static final IndexSpec BY_DATE =
      IndexSpec.of("by-date", Key.partition("pk", KeyType.STRING).sort("date", KeyType.STRING))
          .local();

  private final TableContract kit;
  private final CloudDb cloud;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicInteger partitions = new AtomicInteger();
  private final Map<String, Table> open = new LinkedHashMap<>();
  private final Set<String> filled = new HashSet<>();
  private final List<GlobalTableSpec> made = new ArrayList<>();

  SharedTables(TableContract kit) {
    this.kit = kit;
    ObservationRegistry registry = ObservationRegistry.create();
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onStart(Observation.Context context) {
                requests.incrementAndGet();
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return "clouddb.remote.call".equals(context.getName());
              }
            });
    this.cloud = CloudDb.open(kit.config().observations(registry).build());
  }

  CloudDb cloud() {
    return cloud;
  }

  /** Fills something for several cases: by whichever of them comes first. */
  synchronized void once(String what, Runnable filling) {
    if (filled.add(what)) {
      filling.run();
    }
  }

  /** How many requests were sent to the cloud, by whatever case. */
  long requests() {
    return requests.get();
  }

  /** A name of a partition that no other case uses. */
  String newPartition() {
    return "p" + partitions.incrementAndGet();
  }

  Table texts() {
    return table("texts", spec(TEXTS).index(BY_GROUP).index(BY_DATE));
  }

  Table versions() {
    return table("versions", spec(TEXTS).version("version"));
  }

  /** A table with few items, of whose requests some go wrong. */
  Table faults() {
    return table("faults", spec(TEXTS));
  }

  /** The few items that are read while requests go wrong: a scan reads no others. */
  Table reads() {
    return table("reads", spec(TEXTS));
  }

  /** A table whose key is a partition attribute alone. */
  Table partition(KeyType type) {
    return table("partition" + type, spec(Key.partition("pk", type)));
  }

  /** A table whose items are in the order of an attribute of a type. */
  Table sorted(KeyType type) {
    return type == KeyType.STRING
        ? texts()
        : table("sorted" + type, spec(Key.partition("pk", KeyType.STRING).sort("sk", type)));
  }

  private static GlobalTableSpec.Builder spec(Key key) {
    return GlobalTableSpec.builder("name", key);
  }

  private synchronized Table table(String what, GlobalTableSpec.Builder base) {
    Table there = open.get(what);
    if (there != null) {
      return there;
    }
    GlobalTableSpec shape = base.build();
    GlobalTableSpec.Builder named = GlobalTableSpec.builder(kit.newTableName(what), shape.key());
    shape.indexes().forEach(named::index);
    shape.version().ifPresent(named::version);
    GlobalTableSpec spec = kit.spec(named.build());
    kit.create(cloud, spec);
    made.add(spec);
    Table table = cloud.tables().open(spec);
    open.put(what, table);
    return table;
  }

  @Override
  public void close() {
    try (CloudDb closed = cloud) {
      made.forEach(spec -> kit.delete(closed, spec));
    }
  }
}
