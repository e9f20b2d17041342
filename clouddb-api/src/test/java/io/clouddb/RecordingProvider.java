/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.plan.Plan;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A provider whose polls answer what a test puts in. */
public final class RecordingProvider extends EmptyProvider {
  final List<String> calls = java.util.Collections.synchronizedList(new ArrayList<>());
  public final BlockingQueue<Function<StepContext, Look>> polls = new LinkedBlockingQueue<>();

  /** What comes of each operation. */
  public volatile UnaryOperator<Instance> result = UnaryOperator.identity();

  volatile boolean closed;

  public RecordingProvider() {
    super("recording");
  }

  @Override
  public Set<String> properties() {
    return Set.of("project");
  }

  @Override
  public Set<Class<?>> acceptedObjects() {
    return Set.of(StringBuilder.class);
  }

  @Override
  public CloudDriver open(DriverContext context) {
    return new Driver(context.config());
  }

  public static Look done(StepContext context) {
    return Look.happened();
  }

  static Instance instance(ResourceId id, String version) {
    return Instance.builder(id, Engine.POSTGRESQL, version, InstanceState.AVAILABLE, "ready")
        .endpoint("db.example.com", 5432)
        .build();
  }

  private final class Driver extends EmptyDriver {
    private final CloudConfig config;

    Driver(CloudConfig config) {
      this.config = config;
    }

    private ResourceId id(String name) {
      return ResourceId.of("recording", account(), config.location(), "instance", name);
    }

    @Override
    public String account() {
      return config.property("project").orElse("");
    }

    @Override
    public String resolveSecret(SecretRef reference) {
      return reference.kind() == SecretRef.Kind.STORE ? "stored" : reference.resolve();
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public Plan plan(InstanceSpec spec) {
      Plan.Builder plan = Plan.builder("recording", spec);
      for (InstanceField field : InstanceField.values()) {
        switch (field) {
          case BACKUP_WINDOW -> plan.adjust(field, "window", "any", "it has none");
          case DELETION_PROTECTION -> plan.refuse(field, "it has none", "a lock");
          default -> plan.honour(field, "field", "value");
        }
      }
      return plan.build();
    }

    @Override
    public Plan plan(InstanceChange change) {
      Plan.Builder plan = Plan.builder("recording", change);
      change.fields().forEach(field -> plan.honour(field, "field", "value"));
      return plan.build();
    }

    @Override
    public List<Workflow<?>> workflows() {
      return List.of(
          Workflow.of(CREATE)
              .specification(InstanceSpec.class)
              .customizable(Set.of(StringBuilder.class))
              .prepare(Driver::prepare)
              .step(new Make())
              .step(new Poll())
              .result(this::result),
          Workflow.of(START).step(new Poll()).result(this::result),
          Workflow.of(STOP).step(new Poll()).result(this::result),
          Workflow.of(DELETE).step(new Poll()).result(StepContext::resource));
    }

    private static OperationState prepare(StepContext context) {
      if (context.name().equals("too-many")) {
        throw ErrorDetails.of(ErrorCategory.QUOTA, "one too many").toException();
      }
      return context.state();
    }

    private Instance result(StepContext context) {
      return result.apply(instance(context.resource(), "16.4"));
    }

    /** The request, once for each operation. */
    private final class Make implements StepAction {
      @Override
      public String name() {
        return "make";
      }

      @Override
      public Look look(StepContext context) {
        return context.asked() ? Look.happened() : Look.missing();
      }

      @Override
      public Begun begin(StepContext context) {
        StringBuilder vendorRequest =
            context.customizations().apply(StringBuilder.class, new StringBuilder("create"));
        calls.add(vendorRequest + " " + context.name() + " " + context.state().id());
        return Begun.done("made");
      }
    }

    /** What a test puts in, which needs the password still. */
    private final class Poll implements StepAction {
      @Override
      public String name() {
        return "poll";
      }

      @Override
      public boolean changes() {
        return false;
      }

      @Override
      public boolean needsSecret(StepContext context) {
        return true;
      }

      @Override
      public boolean guarded(StepContext context) {
        return false;
      }

      @Override
      public Look look(StepContext context) {
        try {
          calls.add("poll");
          return polls.take().apply(context);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return Look.going("interrupted", Duration.ofHours(1));
        }
      }
    }

    @Override
    public Optional<Instance> find(String name) {
      return name.equals("existing") ? Optional.of(instance(id(name), "16.4")) : Optional.empty();
    }

    @Override
    public Optional<String> locationOf(String name) {
      return name.equals("abroad") ? Optional.of("there") : Optional.empty();
    }

    @Override
    public Page<Instance> list(@Nullable String pageToken) {
      calls.add("list " + pageToken);
      return switch (pageToken == null ? "" : pageToken) {
        case "" -> new Page<>(List.of(instance(id("one"), "16"), instance(id("two"), "16")), "p2");
        case "p2" -> new Page<>(List.of(), "p3");
        default -> new Page<>(List.of(instance(id("three"), "16")), null);
      };
    }
  }
}
