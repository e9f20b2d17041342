/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import io.clouddb.CloudConfig;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Page;
import io.clouddb.Support;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.plan.Plan;
import io.clouddb.spi.CloudDbProvider;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A cloud whose operations ask to be looked at after some time, once, and then are over. */
final class StubProvider implements CloudDbProvider, CloudDriver, InstanceDriver {
  private static final String PAUSED = "paused";

  private final Duration pause;

  StubProvider(Duration pause) {
    this.pause = pause;
  }

  static CloudConfig.Builder config() {
    return CloudConfig.builder("stub", "here");
  }

  @Override
  public String id() {
    return "stub";
  }

  @Override
  public Set<String> properties() {
    return Set.of();
  }

  @Override
  public Set<Class<?>> acceptedObjects() {
    return Set.of();
  }

  @Override
  public CloudDriver open(DriverContext context) {
    return this;
  }

  @Override
  public String account() {
    return "shop";
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
  public <T> Optional<T> unwrap(Class<T> type) {
    return Optional.empty();
  }

  @Override
  public void close() {
    // It holds nothing.
  }

  @Override
  public List<Workflow<?>> workflows() {
    return List.of(
        Workflow.of(START)
            .step(new Pause())
            .result(
                context ->
                    Instance.builder(
                            context.resource(),
                            Engine.POSTGRESQL,
                            "16",
                            InstanceState.AVAILABLE,
                            "ready")
                        .build()));
  }

  /** Goes on when it is looked at first, for as long as the service says. */
  private final class Pause implements StepAction {
    @Override
    public String name() {
      return PAUSED;
    }

    @Override
    public boolean changes() {
      return false;
    }

    @Override
    public Look look(StepContext context) {
      return context.value(PAUSED).isPresent()
          ? Look.happened()
          : new Look.Going("waits", pause, Map.of(PAUSED, "yes"));
    }
  }

  @Override
  public Plan plan(InstanceSpec spec) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Plan plan(InstanceChange change) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Instance> find(String name) {
    return Optional.empty();
  }

  @Override
  public Page<Instance> list(@Nullable String pageToken) {
    return new Page<>(List.of(), null);
  }
}
