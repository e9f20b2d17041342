/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.CloudConfig;
import io.clouddb.EmptyDriver;
import io.clouddb.EmptyProvider;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.plan.Field;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.table.TableBackupDriver;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableRestoreField;
import io.clouddb.table.TableRestoreSpec;
import io.clouddb.table.TableStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A provider of which only the backups of tables are there, in memory. */
final class TableBackupsProvider extends EmptyProvider {
  static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<TableRestoreSpec> restores = new CopyOnWriteArrayList<>();
  private final Map<String, Backup> backups = new ConcurrentSkipListMap<>();

  TableBackupsProvider() {
    super("backups");
  }

  @Override
  public CloudDriver open(DriverContext context) {
    return new Driver(context.config());
  }

  private final class Request implements StepAction {
    private final Consumer<StepContext> effect;

    Request(Consumer<StepContext> effect) {
      this.effect = effect;
    }

    @Override
    public String name() {
      return "request";
    }

    @Override
    public Look look(StepContext context) {
      return context.asked() ? Look.happened() : Look.missing();
    }

    @Override
    public Begun begin(StepContext context) {
      requests.add(context.state().kind() + " " + context.resource().name());
      effect.accept(context);
      return Begun.done("done");
    }
  }

  private final class Driver extends EmptyDriver implements TableBackupDriver {
    private final CloudConfig config;

    Driver(CloudConfig config) {
      this.config = config;
    }

    @Override
    public List<Workflow<?>> workflows() {
      return List.of(
          Workflow.of(TAKE)
              .specification(BackupSpec.class)
              .step(new Request(context -> put(context.specification(BackupSpec.class))))
              .result(context -> find(context.resource()).orElseThrow()),
          Workflow.of(TableBackupDriver.DELETE)
              .step(new Request(context -> backups.remove(context.resource().toString())))
              .result(StepContext::resource),
          Workflow.of(RESTORE)
              .specification(TableRestoreSpec.class)
              .step(
                  new Request(
                      context -> restores.add(context.specification(TableRestoreSpec.class))))
              .result(this::restored));
    }

    private void put(BackupSpec spec) {
      ResourceId id = idOf(spec);
      backups.put(
          id.toString(),
          Backup.builder(id, spec.name(), Backup.Origin.MANUAL, Backup.State.AVAILABLE, "AVAILABLE")
              .source(spec.source().orElseThrow())
              .takenAt(FIRST)
              .build());
    }

    private TableDescription restored(StepContext context) {
      return TableDescription.builder(
              context.resource(),
              TableStatus.ACTIVE,
              GlobalTableSpec.builder(
                      context.resource().name(), Key.partition("pk", KeyType.STRING))
                  .build(),
              this)
          .build();
    }

    @Override
    public ResourceId idOf(BackupSpec spec) {
      return ResourceId.of(
          "backups",
          "one",
          config.location(),
          Backups.TABLE_KIND,
          spec.source().orElseThrow().name() + "/" + spec.name());
    }

    @Override
    public Plan plan(BackupSpec spec) {
      return plan(spec, BackupField.SHARING);
    }

    @Override
    public Plan plan(TableRestoreSpec spec) {
      return plan(spec, TableRestoreField.OTHER_REGION)
          .inheriting(List.of(new Plan.Inherited(Field.of("key"), "the table's")));
    }

    private Plan plan(Specification asked, Field refused) {
      Plan.Builder plan = Plan.builder("backups", asked);
      for (Field field : asked.values().keySet()) {
        if (field.equals(refused)) {
          plan.refuse(field, "it has none", "");
        } else {
          plan.honour(field, "field", "value");
        }
      }
      return plan.build();
    }

    @Override
    public Optional<Backup> find(ResourceId backup) {
      return Optional.ofNullable(backups.get(backup.toString()));
    }

    @Override
    public Page<Backup> list(BackupQuery query, @Nullable String pageToken) {
      return new Page<>(backups.values().stream().filter(query::matches).toList(), null);
    }

    @Override
    public Optional<RestorableWindow> window(ResourceId table) {
      return table.name().equals("app")
          ? Optional.of(new RestorableWindow(table, FIRST, FIRST.plusSeconds(60), false))
          : Optional.empty();
    }

    @Override
    public <D> Optional<D> driver(Class<D> type) {
      return type == TableBackupDriver.class ? Optional.of(type.cast(this)) : Optional.empty();
    }
  }
}
