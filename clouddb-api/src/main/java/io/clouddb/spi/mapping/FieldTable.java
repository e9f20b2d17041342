/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.mapping;

import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All portable fields of one resource on one cloud.
 *
 * @param <R> the vendor's class of the resource
 */
public final class FieldTable<R> {
  private final String provider;
  private final String resource;
  private final Map<Field, FieldRow<?, R>> rows;

  private FieldTable(String provider, String resource, Map<Field, FieldRow<?, R>> rows) {
    this.provider = provider;
    this.resource = resource;
    this.rows = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(rows));
  }

  /**
   * Makes a table.
   *
   * @param provider the provider's id
   * @param resource what the vendor calls the resource, for example {@code RDS for PostgreSQL}
   * @param rows one for each field
   * @param <R> the vendor's class of the resource
   * @return the table
   * @throws IllegalArgumentException when a field has two rows
   */
  public static <R> FieldTable<R> of(
      String provider, String resource, List<? extends FieldRow<?, R>> rows) {
    Map<Field, FieldRow<?, R>> all = new LinkedHashMap<>();
    for (FieldRow<?, R> row : rows) {
      if (all.put(row.field(), row) != null) {
        throw new IllegalArgumentException(resource + " has two rows for " + row.field().id());
      }
    }
    return new FieldTable<>(provider, resource, all);
  }

  /**
   * The rows.
   *
   * @return one for each field, in their order
   */
  public List<FieldRow<?, R>> rows() {
    return List.copyOf(rows.values());
  }

  /**
   * Says what would become of each field, without a remote call.
   *
   * @param asked what is asked for
   * @return the plan; a field that has no row is refused in it
   */
  public Plan plan(Asked asked) {
    Plan.Builder plan = Plan.builder(provider, asked.specification());
    for (Field field : asked.specification().values().keySet()) {
      FieldRow<?, R> row = rows.get(field);
      if (row == null) {
        plan.refuse(field, "this release knows no " + field.id() + " of " + resource, "");
      } else {
        row.plan(plan, asked);
      }
    }
    return plan.build();
  }

  /**
   * Puts what is asked for into a request, in the order of the rows.
   *
   * @param requests the class of the request or its builder
   * @param request the request or its builder
   * @param asked what is asked for, whose plan is feasible
   * @param <B> the request or its builder
   * @return the request
   */
  public <B> B write(Class<B> requests, B request, Asked asked) {
    for (FieldRow<?, R> row : rows.values()) {
      if (asked.has(row.field())) {
        row.write(requests, request, asked);
      }
    }
    return request;
  }

  /**
   * Tells whether the cloud has a field.
   *
   * @param field the field
   * @param context for which engine, edition and region
   * @return the answer; no for a field that has no row
   */
  public Support support(Field field, FeatureContext context) {
    FieldRow<?, R> row = rows.get(field);
    return row == null
        ? Support.no("This release knows no " + field.id() + " of " + resource)
        : row.support(context);
  }

  /**
   * Compares what is there with what is asked for.
   *
   * @param there the resource, as the cloud shows it now
   * @param asked what is asked for
   * @return what differs, and what the cloud does not tell
   */
  public Drift drift(R there, Asked asked) {
    List<Drift.Difference> all = new ArrayList<>();
    for (FieldRow<?, R> row : rows.values()) {
      if (asked.has(row.field())) {
        Optional<Drift.Difference> difference = row.drift(there, asked);
        difference.ifPresent(all::add);
      }
    }
    return new Drift(asked.specification().toString(), all);
  }
}
