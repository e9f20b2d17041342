/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import io.clouddb.examples.terminal.Display;
import io.clouddb.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What became of each field that was asked for, call by call in the order of their first plans. */
final class PlanTable {
  private final Map<String, List<Row>> calls = new LinkedHashMap<>();

  private record Row(String field, String outcome, String text) {}

  /** Begins to plan a call. What was planned for it before is planned anew. */
  void begin(String call) {
    calls.put(call, new ArrayList<>());
  }

  private List<Row> rows(String call) {
    return Objects.requireNonNull(calls.get(call), call);
  }

  /** Adds what a call will do. */
  void add(String call, Plan plan) {
    plan.entries().forEach(entry -> add(call, entry));
    plan.inherited()
        .forEach(taken -> rows(call).add(new Row(taken.field().id(), "inherited", taken.text())));
  }

  /** Adds one field: of a call that was asked for it, and goes without it where it is refused. */
  void add(String call, Plan.Entry entry) {
    rows(call)
        .add(
            new Row(
                entry.field().id(), entry.outcome().name().toLowerCase(Locale.ROOT), text(entry)));
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
    calls.forEach(
        (call, rows) ->
            rows.forEach(
                row ->
                    display.row(
                        String.format(
                            Locale.ROOT, "  %-10s %-25s %-9s  ", call, row.field(), row.outcome()),
                        row.text())));
  }
}
