/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import io.clouddb.CloudConfig;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.plan.Plan;
import io.clouddb.spi.CloudDbProvider;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.CreateInstance;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
import java.time.Duration;
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
  public Set<Class<?>> customizableTypes() {
    return Set.of();
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
  public Step poll(PolledState state) {
    if (!state.step().equals(PAUSED)) {
      return new Step.Running(state.at(PAUSED, null), pause, "waits");
    }
    return new Step.Done(
        Instance.builder(
                state.resource(), Engine.POSTGRESQL, "16", InstanceState.AVAILABLE, "ready")
            .build());
  }

  @Override
  public PolledState startStart(ResourceId id) {
    return PolledState.of(PolledState.START, id, "begun");
  }

  @Override
  public PolledState startStop(ResourceId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PolledState startDelete(ResourceId id) {
    throw new UnsupportedOperationException();
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
  public PolledState startCreate(CreateInstance request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PolledState startModify(
      ResourceId id, InstanceChange change, Customizations customizations) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Instance> find(String name) {
    return Optional.empty();
  }

  @Override
  public Page<Instance> list(@Nullable String pageToken) {
    return new Page<>(java.util.List.of(), null);
  }
}
