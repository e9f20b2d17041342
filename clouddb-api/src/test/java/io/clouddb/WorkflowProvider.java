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
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Plan;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A provider with workflows: an instance and its login, each made by one request. What a test does
 * at a request stands in {@link #atRequest}.
 */
final class WorkflowProvider extends EmptyProvider {
  final Map<String, String> attempts = new ConcurrentHashMap<>();
  final Set<String> logins = ConcurrentHashMap.newKeySet();
  final List<String> requests = new CopyOnWriteArrayList<>();
  volatile Runnable atRequest = () -> {};

  /** Before the login is looked for. */
  volatile Runnable atLook = () -> {};

  /** Before the account is told, which a cloud may have to be asked for. */
  volatile Runnable atAccount = () -> {};

  volatile List<Drift.Difference> drift = List.of();
  volatile InstanceState state = InstanceState.AVAILABLE;

  WorkflowProvider() {
    super("workflow");
  }

  @Override
  public Set<String> properties() {
    return Set.of("project");
  }

  @Override
  public CloudDriver open(DriverContext context) {
    return new Driver(context.config());
  }

  private void request(String what) {
    requests.add(what);
    atRequest.run();
  }

  private final class Driver extends EmptyDriver {
    private final CloudConfig config;

    Driver(CloudConfig config) {
      this.config = config;
    }

    @Override
    public CloudDriver in(CloudConfig there) {
      return new Driver(there);
    }

    private String key(String name) {
      return config.location() + "/" + name;
    }

    private Instance instance(ResourceId id) {
      return Instance.builder(id, Engine.POSTGRESQL, "16.4", state, "ready")
          .endpoint("db.example.com", 5432)
          .build();
    }

    @Override
    public List<Workflow<?>> workflows() {
      return List.of(
          Workflow.of(CREATE)
              .specification(InstanceSpec.class)
              .customizable(Set.of(StringBuilder.class))
              .creates()
              .prepare(this::prepare)
              .step(new Make())
              .step(new Login())
              .result(context -> instance(context.resource())),
          Workflow.of(MODIFY)
              .specification(InstanceChange.class)
              .step(new Change())
              .result(context -> instance(context.resource())),
          Workflow.of(START).step(new Start()).result(context -> instance(context.resource())),
          Workflow.of(DELETE).step(new Delete()).result(StepContext::resource),
          Workflow.of(OperationKind.of("thing.count", Integer.class)).result(context -> 3));
    }

    private OperationState prepare(StepContext context) {
      if (attempts.containsKey(key(context.name()))) {
        throw ErrorDetails.of(ErrorCategory.ALREADY_EXISTS, context.name() + " exists")
            .toException();
      }
      return context.state();
    }

    private final class Make implements StepAction {
      @Override
      public String name() {
        return "make";
      }

      @Override
      public String makes(StepContext context) {
        return "the instance " + context.name();
      }

      @Override
      public Look look(StepContext context) {
        String attempt = attempts.get(key(context.name()));
        if (attempt == null) {
          return Look.missing();
        }
        return attempt.equals(context.state().id())
            ? Look.happened()
            : Look.failed(
                ErrorDetails.of(ErrorCategory.ALREADY_EXISTS, "somebody was faster").toException());
      }

      @Override
      public Begun begin(StepContext context) {
        StringBuilder vendor =
            context.customizations().apply(StringBuilder.class, new StringBuilder("make"));
        request(vendor + " " + key(context.name()));
        attempts.put(key(context.name()), context.state().id());
        return Begun.done("made");
      }
    }

    private final class Login implements StepAction {
      @Override
      public String name() {
        return "login";
      }

      @Override
      public boolean needsSecret(StepContext context) {
        return true;
      }

      @Override
      public Look look(StepContext context) {
        atLook.run();
        return logins.contains(key(context.name())) ? Look.happened() : Look.missing();
      }

      @Override
      public Begun begin(StepContext context) {
        String secret =
            context.secret(
                context.specification(InstanceSpec.class).admin().password().orElseThrow());
        request("login " + key(context.name()) + " " + secret.length());
        logins.add(key(context.name()));
        return Begun.done("made");
      }
    }

    private static final class Start implements StepAction {
      @Override
      public String name() {
        return "start";
      }

      @Override
      public Look look(StepContext context) {
        return Look.happened();
      }
    }

    private final class Change implements StepAction {
      @Override
      public String name() {
        return "change";
      }

      @Override
      public Look look(StepContext context) {
        return context.asked() ? Look.happened() : Look.missing();
      }

      @Override
      public Begun begin(StepContext context) {
        InstanceChange change = context.specification(InstanceChange.class);
        request("change " + key(context.name()) + " " + change.fields());
        return Begun.done("changed");
      }
    }

    private final class Delete implements StepAction {
      @Override
      public String name() {
        return "delete";
      }

      @Override
      public boolean guarded(StepContext context) {
        return true;
      }

      @Override
      public Look look(StepContext context) {
        return attempts.containsKey(key(context.name())) ? Look.missing() : Look.happened();
      }

      @Override
      public Begun begin(StepContext context) {
        request("delete " + key(context.name()));
        attempts.remove(key(context.name()));
        return Begun.done("deleted");
      }
    }

    @Override
    public String account() {
      atAccount.run();
      return config.property("project").orElse("");
    }

    @Override
    public Optional<String> knownAccount() {
      return Optional.empty();
    }

    @Override
    public Plan plan(InstanceSpec spec) {
      Plan.Builder plan = Plan.builder("workflow", spec);
      for (InstanceField field : InstanceField.values()) {
        plan.honour(field, "field", "value");
      }
      return plan.build();
    }

    @Override
    public Plan plan(InstanceChange change) {
      Plan.Builder plan = Plan.builder("workflow", change);
      change.fields().forEach(field -> plan.honour(field, "field", "value"));
      return plan.build();
    }

    @Override
    public Drift drift(InstanceSpec spec) {
      requests.add("compare " + key(spec.name()));
      return new Drift(spec.name(), drift);
    }

    @Override
    public Optional<Instance> find(String name) {
      return attempts.containsKey(key(name))
          ? Optional.of(
              instance(ResourceId.of("workflow", account(), config.location(), "instance", name)))
          : Optional.empty();
    }
  }
}
