/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.FieldTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * The one table of what becomes of each field on RDS for PostgreSQL: <em>CreateDBInstance</em>,
 * <em>ModifyDBInstance</em> and <em>DBInstance</em> in the RDS API Reference. The password and the
 * tag of the attempt are not part of it.
 */
final class RdsFields {
  static final Class<CreateDbInstanceRequest.Builder> CREATE =
      CreateDbInstanceRequest.Builder.class;
  static final Class<ModifyDbInstanceRequest.Builder> MODIFY =
      ModifyDbInstanceRequest.Builder.class;

  private static final int RESTART_AFTER_DAYS = 7;

  /** <em>Retaining automated backups</em> in the user guide: so many in a region. */
  private static final int MOST_RETAINED = 40;

  private static final List<FieldRow<?, InstanceAsItIs>> ROWS =
      Stream.of(
              EngineFields.rows(),
              StorageFields.rows(),
              AccessFields.rows(),
              BackupFields.rows(),
              NetworkFields.rows(),
              ParameterFields.rows(),
              SettingFields.rows())
          .<FieldRow<?, InstanceAsItIs>>flatMap(List::stream)
          .toList();

  private final FieldTable<InstanceAsItIs> table;

  RdsFields(String provider) {
    this.table = FieldTable.of(provider, "RDS for PostgreSQL", ROWS);
  }

  /** What is asked for, without a look at an instance. */
  static Asked asked(Specification specification) {
    return new Asked(specification, RdsFacts.NONE);
  }

  /** What would become of a creation or a change. */
  Plan plan(Specification specification) {
    return table.plan(asked(specification));
  }

  /** What would become of a creation or a change, by what RDS has told that it has. */
  Plan plan(Specification specification, Catalog catalog) {
    return table.plan(new Asked(specification, RdsFacts.NONE, catalog));
  }

  /** Tells whether RDS has a feature. */
  Support support(Feature feature, FeatureContext context) {
    Engine engine = context.engine().orElse(Engine.POSTGRESQL);
    if (!engine.equals(Engine.POSTGRESQL)) {
      return Support.no("This release makes no " + engine + " on RDS; it makes PostgreSQL");
    }
    if (feature.equals(Feature.INSTANCE_STOP)) {
      return Support.conditional("RDS starts a stopped instance again after 7 days")
          .limit("stopped.days.max", RESTART_AFTER_DAYS);
    }
    if (feature.equals(Feature.DELETE_KEEPING_BACKUPS)) {
      return Support.conditional(
              "While its automated backups are on; they expire by their retention")
          .limit("retained.max", MOST_RETAINED);
    }
    return Arrays.stream(InstanceField.values())
        .filter(field -> Feature.of(field).equals(feature))
        .findFirst()
        .map(field -> table.support(field, context))
        .orElseGet(() -> Support.no("This release knows no " + feature + " on RDS"));
  }

  /** The request of a new instance. The plan has been checked before. */
  CreateDbInstanceRequest.Builder create(InstanceSpec spec) {
    return table.write(CREATE, CreateDbInstanceRequest.builder(), asked(spec));
  }

  /**
   * The request of a change, which depends on no instance yet. The plan has been checked before.
   */
  ModifyDbInstanceRequest.Builder modify(InstanceChange change) {
    return table.write(MODIFY, ModifyDbInstanceRequest.builder(), asked(change));
  }

  /** The parameters that need a DB parameter group. */
  Map<String, String> parameters(Specification specification) {
    return table.write(GroupParameters.class, new GroupParameters(), asked(specification)).values();
  }

  /**
   * How an instance differs from a spec. What waits for its maintenance window is not there yet.
   *
   * @param there the instance
   * @param spec what it has to be
   * @return what differs
   */
  Drift drift(InstanceAsItIs there, InstanceSpec spec) {
    return table.drift(there, new Asked(spec, new RdsFacts(there.instance())));
  }
}
