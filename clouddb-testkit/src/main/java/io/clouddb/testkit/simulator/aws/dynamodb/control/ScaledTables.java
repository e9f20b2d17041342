/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.autoscaling.Scalable;
import io.clouddb.testkit.simulator.aws.autoscaling.ScalableTables;
import java.util.Optional;
import java.util.OptionalLong;

/** What Application Auto Scaling sees of tables. */
final class ScaledTables implements ScalableTables {
  private final TableCatalog catalog;
  private final ThroughputChange throughput;

  ScaledTables(TableCatalog catalog, ThroughputChange throughput) {
    this.catalog = catalog;
    this.throughput = throughput;
  }

  @Override
  public OptionalLong capacity(String region, Scalable scalable) {
    synchronized (catalog) {
      Optional<Throughput> found =
          catalog
              .find(region, scalable.table())
              .flatMap(
                  table ->
                      scalable.index().isEmpty()
                          ? Optional.of(table.throughput())
                          : scalable
                              .index()
                              .map(name -> table.indexes().get(name))
                              .map(ManagedIndex::throughput));
      return found.isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(scalable.writes() ? found.get().write() : found.get().read());
    }
  }

  @Override
  public void provision(String region, Scalable scalable, long units) {
    synchronized (catalog) {
      throughput.provision(
          catalog.get(region, scalable.table()),
          scalable.index().orElse(null),
          scalable.writes(),
          units);
    }
  }
}
