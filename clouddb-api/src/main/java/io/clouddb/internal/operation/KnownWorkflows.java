/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.table.TableDriver;
import io.clouddb.spi.workflow.Workflow;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The workflows of a driver by the ids of their kinds. They are made when the first is asked for:
 * who only reads and writes data needs none of them, and they are hundreds of classes.
 */
final class KnownWorkflows {
  private final CloudDriver driver;
  private @Nullable Map<String, Workflow<?>> made;

  KnownWorkflows(CloudDriver driver) {
    this.driver = driver;
  }

  /**
   * A workflow.
   *
   * @param kind the id of its kind
   * @return the workflow; empty when the driver has none of that kind
   */
  Optional<Workflow<?>> get(String kind) {
    return Optional.ofNullable(all().get(kind));
  }

  private synchronized Map<String, Workflow<?>> all() {
    Map<String, Workflow<?>> all = made;
    if (all == null) {
      Map<String, Workflow<?>> every = new TreeMap<>();
      driver
          .driver(TableDriver.class)
          .map(AwaitedTable::workflow)
          .ifPresent(workflow -> every.put(workflow.kind().id(), workflow));
      driver.workflows().forEach(workflow -> every.put(workflow.kind().id(), workflow));
      all = every;
      made = every;
    }
    return all;
  }
}
