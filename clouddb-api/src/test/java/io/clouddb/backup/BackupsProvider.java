/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.CloudConfig;
import io.clouddb.EmptyDriver;
import io.clouddb.EmptyProvider;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.instance.Instances;
import io.clouddb.plan.Field;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A provider whose backups are in memory, each made by one request. */
final class BackupsProvider extends EmptyProvider {
  private static final int PAGE = 2;

  final List<String> requests = new CopyOnWriteArrayList<>();
  volatile boolean without;
  volatile boolean oneNameForAll;

  /** The administrator that it tells of an instance. */
  volatile @Nullable AdminLogin reported;

  /** What it has in another way than it is asked for. */
  volatile Set<? extends Field> otherwise = Set.of();

  private final Map<String, Backup> backups = new ConcurrentSkipListMap<>();
  private final Map<String, RestorableWindow> windows = new ConcurrentHashMap<>();

  BackupsProvider() {
    super("backups");
  }

  @Override
  public CloudDriver open(DriverContext context) {
    return new Driver(context.config());
  }

  /** One request, after which it has happened. */
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
      requests.add(context.state().kind() + " " + context.resource());
      effect.accept(context);
      return Begun.done("done");
    }
  }

  private final class Driver extends EmptyDriver implements BackupDriver {
    private final CloudConfig config;

    Driver(CloudConfig config) {
      this.config = config;
    }

    @Override
    public CloudDriver in(CloudConfig there) {
      return new Driver(there);
    }

    @Override
    public List<Workflow<?>> workflows() {
      return List.of(
          Workflow.of(TAKE)
              .specification(BackupSpec.class)
              .step(new Request(context -> put(context.specification(BackupSpec.class))))
              .result(context -> find(context.resource()).orElseThrow()),
          Workflow.of(COPY)
              .specification(BackupSpec.class)
              .step(new Request(context -> put(context.specification(BackupSpec.class))))
              .result(context -> find(context.resource()).orElseThrow()),
          Workflow.of(PROTECT)
              .specification(Protection.class)
              .step(new Request(context -> put(context.specification(Protection.class).backup())))
              .result(this::protectedInstance),
          Workflow.of(BackupDriver.DELETE)
              .step(new Request(context -> backups.remove(context.resource().toString())))
              .result(StepContext::resource),
          Workflow.of(RESTORE)
              .specification(RestoreSpec.class)
              .step(new Request(context -> {}))
              .result(context -> instance(context.resource())),
          Workflow.of(REPLICATE)
              .specification(BackupReplicationSpec.class)
              .step(new Request(this::replicate))
              .result(context -> windows.get(config.location())),
          Workflow.of(END_REPLICATION)
              .specification(BackupReplicationSpec.class)
              .step(new Request(context -> windows.remove(config.location())))
              .result(StepContext::resource));
    }

    private void put(BackupSpec spec) {
      ResourceId source = spec.source().orElseThrow();
      ResourceId id = idOf(spec);
      backups.put(
          id.toString(),
          Backup.builder(
                  id,
                  spec.name(),
                  source.kind().equals(Instances.KIND) ? Backup.Origin.MANUAL : Backup.Origin.COPY,
                  Backup.State.AVAILABLE,
                  "available")
              .instance(source)
              .tags(spec.tags())
              .build());
    }

    private ProtectedInstance protectedInstance(StepContext context) {
      Protection asked = context.specification(Protection.class);
      return new ProtectedInstance(
          instance(context.resource()),
          find(idOf(asked.backup())).orElseThrow(),
          List.of(
              new ProtectedInstance.Pending(
                  InstanceField.BACKUP_RETENTION, "30", "In the next maintenance window.")));
    }

    private void replicate(StepContext context) {
      windows.put(
          config.location(),
          new RestorableWindow(
              context.specification(BackupReplicationSpec.class).source().orElseThrow(),
              Instant.EPOCH,
              null,
              false));
    }

    private Instance instance(ResourceId id) {
      return Instance.builder(id, Engine.POSTGRESQL, "16.4", InstanceState.AVAILABLE, "ready")
          .endpoint("db.example.com", 5432)
          .admin(reported)
          .build();
    }

    @Override
    public ResourceId idOf(BackupSpec spec) {
      String name = oneNameForAll ? "" : spec.source().orElseThrow().name() + "/";
      return ResourceId.of(
          "backups", "one", spec.location().orElseThrow(), Backups.KIND, name + spec.name());
    }

    @Override
    public Plan plan(BackupSpec spec) {
      return plan(spec, Set.of(BackupField.SHARING));
    }

    @Override
    public Plan plan(RestoreSpec spec) {
      return plan(spec, Set.of())
          .inheriting(List.of(new Plan.Inherited(Field.of("engine"), "the backup's")));
    }

    @Override
    public Plan plan(BackupReplicationSpec spec) {
      return plan(spec, Set.of());
    }

    @Override
    public Plan plan(InstanceChange change) {
      return plan(
          change,
          change.backups().filter(BackupPolicy::enabled).isPresent()
              ? Set.of()
              : Set.of(InstanceField.BACKUPS));
    }

    private Plan plan(Specification asked, Set<? extends Field> refused) {
      Plan.Builder plan = Plan.builder("backups", asked);
      for (Field field : asked.values().keySet()) {
        if (refused.contains(field)) {
          plan.refuse(field, "it has none", "");
        } else if (otherwise.contains(field)) {
          plan.adjust(field, "field", "another value", "it has no other");
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
      List<Backup> all = backups.values().stream().filter(query::matches).toList();
      int from = pageToken == null ? 0 : Integer.parseInt(pageToken);
      int to = Math.min(from + PAGE, all.size());
      return new Page<>(all.subList(from, to), to < all.size() ? Integer.toString(to) : null);
    }

    @Override
    public Optional<RestorableWindow> window(ResourceId instance) {
      return Optional.ofNullable(windows.get(config.location()));
    }

    @Override
    public <D> Optional<D> driver(Class<D> type) {
      return !without && type == BackupDriver.class
          ? Optional.of(type.cast(this))
          : Optional.empty();
    }

    @Override
    public Plan plan(InstanceSpec spec) {
      return plan(spec, Set.of());
    }
  }
}
