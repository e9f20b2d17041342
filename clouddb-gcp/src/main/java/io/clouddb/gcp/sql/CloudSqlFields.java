/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceField;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.FieldTable;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Cloud SQL for PostgreSQL makes of each field of an instance. Plans, capabilities, requests
 * and drift come from here.
 */
final class CloudSqlFields {
  private static final FieldTable<SeenInstance> TABLE =
      FieldTable.of(
          "gcp",
          "Cloud SQL for PostgreSQL",
          Stream.<List<FieldRow<?, SeenInstance>>>of(
                  EngineFields.rows(),
                  StorageFields.rows(),
                  BackupFields.rows(),
                  NetworkFields.rows(),
                  AccessFields.rows(),
                  SettingFields.rows())
              .flatMap(Collection::stream)
              .toList());

  private final Place place;

  CloudSqlFields(Place place) {
    this.place = place;
  }

  /** What becomes of a spec or a change. */
  Plan plan(Specification specification) {
    return TABLE.plan(asked(specification));
  }

  /** What becomes of a spec or a change, by what Cloud SQL has told that it has. */
  Plan plan(Specification specification, Catalog catalog) {
    return TABLE.plan(new Asked(specification, place, catalog));
  }

  /** Puts what is asked for into a body. */
  <B> B write(Class<B> bodies, B body, Specification specification) {
    return TABLE.write(bodies, body, asked(specification));
  }

  /** How what is there differs from what is asked for. */
  Drift drift(SeenInstance there, Specification specification) {
    return TABLE.drift(there, asked(specification));
  }

  private Asked asked(Specification specification) {
    return new Asked(specification, place);
  }

  static Support supports(Feature feature, FeatureContext context) {
    Optional<Engine> engine = context.engine();
    if (engine.isPresent() && !engine.get().equals(Engine.POSTGRESQL)) {
      return Support.no("This provider makes PostgreSQL only, not " + engine.get() + ".");
    }
    if (feature.equals(Feature.INSTANCE_STOP) || feature.equals(Feature.DELETE_KEEPING_BACKUPS)) {
      return Support.yes();
    }
    for (InstanceField field : InstanceField.values()) {
      if (feature.equals(Feature.of(field))) {
        return TABLE.support(field, context);
      }
    }
    return ReplicaTables.supports(feature, context)
        .or(() -> BackupTables.supports(feature, context))
        .or(() -> RestoreTables.supports(feature, context))
        .orElseGet(() -> Support.no("Not known to this provider: " + feature + "."));
  }
}
