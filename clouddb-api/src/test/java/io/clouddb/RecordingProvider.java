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
import io.clouddb.spi.CloudDbProvider;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.CreateInstance;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A provider whose polls answer what a test puts in. */
public final class RecordingProvider implements CloudDbProvider {
  final List<String> calls = java.util.Collections.synchronizedList(new ArrayList<>());
  public final BlockingQueue<Function<PolledState, Step>> polls = new LinkedBlockingQueue<>();
  volatile boolean closed;

  @Override
  public String id() {
    return "recording";
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

  public static Step running(PolledState state, String step) {
    return new Step.Running(state.at(step, null), Duration.ofMillis(1), "at " + step);
  }

  public static Step done(PolledState state) {
    return new Step.Done(instance(state.resource(), "16.4"));
  }

  static Instance instance(ResourceId id, String version) {
    return Instance.builder(id, Engine.POSTGRESQL, version, InstanceState.AVAILABLE, "ready")
        .endpoint("db.example.com", 5432)
        .build();
  }

  private final class Driver implements CloudDriver, InstanceDriver {
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
    public InstanceDriver instances() {
      return this;
    }

    @Override
    public Support supports(Feature feature, FeatureContext context) {
      return Support.no("nothing is");
    }

    @Override
    public Set<Class<?>> customizableTypes() {
      return Set.of(StringBuilder.class);
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
      return Optional.empty();
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
    public PolledState startCreate(CreateInstance request) {
      if (request.spec().name().equals("too-many")) {
        throw ErrorDetails.of(ErrorCategory.QUOTA, "one too many").toException();
      }
      StringBuilder vendorRequest =
          request.customizations().apply(StringBuilder.class, new StringBuilder("create"));
      calls.add(vendorRequest + " " + request.spec().name() + " " + request.attempt());
      PolledState state = PolledState.of(PolledState.CREATE, id(request.spec().name()), "begun");
      return request
          .spec()
          .admin()
          .password()
          .map(secret -> state.with("password", secret))
          .orElse(state);
    }

    @Override
    public PolledState startModify(
        ResourceId id, InstanceChange change, Customizations customizations) {
      throw new AssertionError("not called");
    }

    @Override
    public PolledState startStart(ResourceId id) {
      return PolledState.of(PolledState.START, id, "begun");
    }

    @Override
    public PolledState startStop(ResourceId id) {
      return PolledState.of(PolledState.STOP, id, "begun");
    }

    @Override
    public PolledState startDelete(ResourceId id) {
      return PolledState.of(PolledState.DELETE, id, "begun");
    }

    @Override
    public Step poll(PolledState state) {
      try {
        calls.add("poll " + state.step());
        return polls.take().apply(state);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Step.Running(state, Duration.ofHours(1), "interrupted");
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
