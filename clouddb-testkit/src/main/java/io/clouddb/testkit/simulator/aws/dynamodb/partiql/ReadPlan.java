/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.PageRequest.Partition;
import io.clouddb.testkit.simulator.tables.PageRequest.Segment;
import io.clouddb.testkit.simulator.tables.PageRequest.Span;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a SELECT has to read before its condition is asked: partitions that the condition names, or
 * all there is.
 *
 * @param spans what is read, one after the other
 * @param forward in the order of the keys, or against it
 * @param keyed whether it is only one condition on the key, beside which others may stand
 */
record ReadPlan(List<Span> spans, boolean forward, boolean keyed) {
  ReadPlan {
    spans = List.copyOf(spans);
  }

  /**
   * Makes the plan of a SELECT.
   *
   * @param select the statement
   * @param keys the key of what it reads
   * @param expressions for the values of its condition
   * @param literals the same
   * @return the plan
   */
  static ReadPlan of(
      Statement.Select select, KeySchema keys, Expressions expressions, Literals literals) {
    Slices slices = Slices.of(select.where(), keys, expressions, literals);
    List<Partition> partitions = slices.partitions();
    Ordering ordering = Ordering.of(select, keys, partitions);
    return new ReadPlan(
        partitions.isEmpty()
            ? List.<Span>of(Segment.ALL)
            : List.copyOf(ordering.sorted(partitions)),
        ordering.forward(),
        slices.keyed());
  }

  /** Tells whether it reads by more than one value of the key, which is done in small pages. */
  boolean byMany() {
    return spans.size() > 1;
  }

  /** The value of the one partition, if there is one. */
  @Nullable Value onlyPartition() {
    return spans.size() == 1 && spans.get(0) instanceof Partition partition
        ? partition.value()
        : null;
  }
}
