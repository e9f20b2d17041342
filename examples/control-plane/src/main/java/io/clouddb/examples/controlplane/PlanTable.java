/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import io.clouddb.examples.terminal.Display;
import io.clouddb.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What became of each field that was asked for, call by call. */
final class PlanTable {
  private final List<Row> rows = new ArrayList<>();

  private record Row(String call, String field, String outcome, String text) {}

  /** Adds what a call will do. */
  void add(String call, Plan plan) {
    plan.entries().forEach(entry -> add(call, entry));
    plan.inherited()
        .forEach(taken -> rows.add(new Row(call, taken.field().id(), "inherited", taken.text())));
  }

  /** Adds one field: of a call that was asked for it, and goes without it where it is refused. */
  void add(String call, Plan.Entry entry) {
    rows.add(
        new Row(
            call,
            entry.field().id(),
            entry.outcome().name().toLowerCase(Locale.ROOT),
            text(entry)));
  }

  private static String text(Plan.Entry entry) {
    if (entry.outcome() == Plan.Outcome.REFUSED) {
      return entry.text()
          + (entry.alternative().isEmpty() ? "" : "; instead: " + entry.alternative());
    }
    return entry.vendorField() + " = " + entry.text();
  }

  void show(Display display) {
    display.headline("What became of what was asked for");
    for (Row row : rows) {
      display.row(
          String.format(
              Locale.ROOT, "  %-10s %-25s %-9s  ", row.call(), row.field(), row.outcome()),
          row.text());
    }
  }
}
