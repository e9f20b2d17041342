/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.CreateMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.MaintenanceWindow;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.FieldTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The one table of what becomes of each field on a flexible server, in the API version that is
 * spoken ({@link io.clouddb.azure.internal.ArmPipeline}), as far as the SDK's last stable release
 * can ask for it.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/postgresql/servers/create">Servers -
 *     Create</a>
 */
final class ServerFields {
  /** Of what a deleted server leaves. */
  static final String KEEPS_NO_BACKUPS =
      "Azure keeps what a deleted server left for five days, to be restored to the latest only, and"
          + " \"restoring a deleted server often succeeds, it isn't always guaranteed\""
          + " (https://learn.microsoft.com/azure/postgresql/backup-restore"
          + "/how-to-restore-deleted-server)";

  private static final Support NOT_DRIVEN =
      Support.no("Only PostgreSQL (flexible server) is driven on Azure");

  private static final int STOPPED_DAYS = 7;

  private static final FieldTable<ServerAsItIs> TABLE =
      FieldTable.of(
          "azure",
          "flexible servers",
          Stream.of(
                  EngineFields.rows(),
                  StorageFields.rows(),
                  AccessFields.rows(),
                  BackupFields.rows(),
                  NetworkFields.rows(),
                  ParameterFields.rows(),
                  TagFields.rows())
              .<FieldRow<?, ServerAsItIs>>flatMap(List::stream)
              .toList());

  private ServerFields() {}

  /** What is asked for, without a look at a server. */
  static Asked asked(Specification specification) {
    return new Asked(specification, ServerFacts.NONE);
  }

  private static Asked asked(InstanceChange change, ServerView.Facts before) {
    return new Asked(change, new ServerFacts(before, Map.of(), ""));
  }

  static Plan plan(InstanceSpec spec) {
    return TABLE.plan(asked(spec));
  }

  /** Without a look at the server. */
  static Plan plan(InstanceChange change) {
    return TABLE.plan(asked(change));
  }

  /** By what Azure has told that it has. */
  static Plan plan(Specification specification, Catalog catalog) {
    return TABLE.plan(new Asked(specification, ServerFacts.NONE, catalog));
  }

  /** For a server as it is. */
  static Plan plan(InstanceChange change, ServerView.Facts before) {
    return TABLE.plan(asked(change, before));
  }

  /** Tells whether flexible servers have a feature. */
  static Support support(Feature feature, FeatureContext context) {
    if (!isDriven(context)) {
      return NOT_DRIVEN;
    }
    if (feature.equals(Feature.INSTANCE_STOP)) {
      return Support.conditional("Azure starts a stopped server again after seven days")
          .limit("stopped.days.max", STOPPED_DAYS);
    }
    if (feature.equals(Feature.DELETE_KEEPING_BACKUPS)) {
      return Support.no(KEEPS_NO_BACKUPS);
    }
    return Arrays.stream(InstanceField.values())
        .filter(field -> Feature.of(field).equals(feature))
        .findFirst()
        .map(field -> TABLE.support(field, context))
        .orElseGet(() -> Support.no("clouddb-azure does not know " + feature));
  }

  /** What another table of flexible servers says of one of its fields. */
  static Support support(FieldTable<?> table, Field field, FeatureContext context) {
    return isDriven(context) ? table.support(field, context) : NOT_DRIVEN;
  }

  private static boolean isDriven(FeatureContext context) {
    return context.engine().orElse(Engine.POSTGRESQL).equals(Engine.POSTGRESQL);
  }

  /** The PUT of a new server. The plan has been checked before. */
  static ServerInner create(InstanceSpec spec, String id, String location, String password) {
    ServerInner server =
        new ServerInner()
            .withLocation(location)
            .withTags(new HashMap<>(Map.of(OperationState.CREATION_TAG, id)))
            .withCreateMode(CreateMode.CREATE);
    return TABLE.write(
        ServerInner.class,
        server,
        new Asked(spec, new ServerFacts(ServerView.Facts.UNKNOWN, Map.of(), password)));
  }

  /** The PATCH of a change; empty when the change is one of parameters only. */
  static Optional<ServerForUpdate> update(
      InstanceChange change, ServerView.Facts before, String password, Map<String, String> tags) {
    ServerForUpdate update =
        TABLE.write(
            ServerForUpdate.class,
            new ServerForUpdate(),
            new Asked(change, new ServerFacts(before, tags, password)));
    return Patch.isEmpty(update) ? Optional.empty() : Optional.of(update);
  }

  /** The window of a new server, which Azure does not take with its creation. */
  static MaintenanceWindow maintenance(InstanceSpec spec) {
    return TABLE.write(MaintenanceWindow.class, new MaintenanceWindow(), asked(spec));
  }

  /** What is made by requests of its own. */
  static ServerParts parts(Specification specification) {
    return TABLE.write(ServerParts.class, new ServerParts(), asked(specification));
  }

  /** How a server differs from a spec. */
  static Drift drift(ServerAsItIs there, InstanceSpec spec) {
    return TABLE.drift(there, asked(spec));
  }
}
