/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.EmptyDriver;
import io.clouddb.EmptyProvider;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.table.TableData;
import io.clouddb.spi.table.TableDriver;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A cloud of tables in memory. */
final class TablesProvider extends EmptyProvider {
  final Map<String, GlobalTableSpec> specs = new ConcurrentHashMap<>();
  final Map<String, TableChange> changes = new ConcurrentHashMap<>();
  final Map<String, ModelTable> data = new ConcurrentHashMap<>();

  /** The data of a table that was opened. */
  ModelTable data(String name) {
    return Objects.requireNonNull(data.get(name), name);
  }

  volatile TableStatus status = TableStatus.ACTIVE;
  volatile List<Drift.Difference> drift = List.of();
  volatile boolean tables = true;

  /** What a request of a workflow ends with; null when it is done. */
  volatile @Nullable CloudDbException request;

  TablesProvider() {
    this("model");
  }

  TablesProvider(String id) {
    super(id);
  }

  CloudDb open() {
    return open(config -> {});
  }

  CloudDb open(Consumer<CloudConfig.Builder> more) {
    CloudConfig.Builder config =
        CloudConfig.builder(id(), "east")
            .providerObject(this)
            .retryPolicy(new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(2)))
            .pollInterval(Duration.ofMillis(1));
    more.accept(config);
    return CloudDb.open(config.build());
  }

  @Override
  public CloudDriver open(DriverContext context) {
    return new Driver();
  }

  private final class Driver extends EmptyDriver {
    private final Control control = new Control();

    @Override
    public CloudDriver in(CloudConfig there) {
      return new Driver();
    }

    @Override
    public <D> Optional<D> driver(Class<D> type) {
      return tables && type == TableDriver.class
          ? Optional.of(type.cast(control))
          : Optional.empty();
    }

    @Override
    public List<Workflow<?>> workflows() {
      return control.workflows();
    }
  }

  private final class Control implements TableDriver {

    @Override
    public Plan plan(GlobalTableSpec spec) {
      return planned(spec);
    }

    @Override
    public Plan plan(TableChange change) {
      return planned(change);
    }

    private Plan planned(Specification spec) {
      Plan.Builder plan = Plan.builder(id(), spec);
      for (TableField field : TableField.values()) {
        if (field == TableField.TABLE_CLASS) {
          plan.refuse(field, "it has none", "Leave it out.");
        } else {
          plan.honour(field, "field", "value");
        }
      }
      return plan.build();
    }

    @Override
    public Drift drift(GlobalTableSpec spec) {
      return new Drift(spec.toString(), drift);
    }

    private ResourceId idOf(String name) {
      return ResourceId.of(id(), "one", ResourceId.GLOBAL, "table", name);
    }

    @Override
    public Optional<TableDescription> find(String name) {
      return Optional.ofNullable(specs.get(name))
          .map(spec -> TableDescription.builder(idOf(name), status, spec, "vendor").build());
    }

    @Override
    public Page<ResourceId> list(@Nullable String pageToken) {
      return new Page<>(specs.keySet().stream().sorted().map(this::idOf).toList(), null);
    }

    @Override
    public TableData open(GlobalTableSpec spec) {
      return data.computeIfAbsent(spec.name(), name -> new ModelTable(spec));
    }

    List<Workflow<?>> workflows() {
      return List.of(
          Workflow.of(TableDriver.CREATE)
              .specification(GlobalTableSpec.class)
              .creates()
              .prepare(
                  context -> {
                    if (specs.containsKey(context.name())) {
                      throw ErrorDetails.of(ErrorCategory.ALREADY_EXISTS, "It exists")
                          .toException();
                    }
                    return context.state();
                  })
              .step(
                  step(
                      context ->
                          specs.put(context.name(), context.specification(GlobalTableSpec.class))))
              .result(context -> find(context.name()).orElseThrow()),
          Workflow.of(TableDriver.MODIFY)
              .specification(TableChange.class)
              .step(
                  step(
                      context ->
                          changes.put(context.name(), context.specification(TableChange.class))))
              .result(context -> find(context.name()).orElseThrow()),
          Workflow.of(TableDriver.DELETE)
              .step(step(context -> specs.remove(context.name())))
              .result(StepContext::resource));
    }

    private StepAction step(Consumer<StepContext> request) {
      return new StepAction() {
        @Override
        public String name() {
          return "do";
        }

        @Override
        public boolean guarded(StepContext context) {
          return true;
        }

        @Override
        public Look look(StepContext context) {
          return context.asked() ? Look.happened() : Look.missing();
        }

        @Override
        public Begun begin(StepContext context) {
          CloudDbException refusal = TablesProvider.this.request;
          if (refusal != null) {
            throw refusal;
          }
          request.accept(context);
          return Begun.done("done");
        }
      };
    }
  }
}
