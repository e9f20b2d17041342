/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static io.clouddb.fuzz.Outcome.valueOrRefusal;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.plan.Plan;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.internal.operation.PolledToken;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What the three drivers make of any spec, and of a token of their own that was changed. */
final class ProviderTargets implements AutoCloseable {
  private static final Set<ErrorCategory> ANY = Set.of(ErrorCategory.values());
  private static final int MOST_STEPS = 4;

  private final String name;
  private final Callable<Simulated> start;
  private @Nullable Simulated simulated;
  private @Nullable CloudDb cloud;
  private @Nullable InstanceDriver driver;
  private List<String> states = List.of();

  private ProviderTargets(String name, Callable<Simulated> start) {
    this.name = name;
    this.start = start;
  }

  static List<ProviderTargets> all() {
    return List.of(
        new ProviderTargets("aws", Simulated::aws),
        new ProviderTargets("azure", Simulated::azure),
        new ProviderTargets("gcp", Simulated::google));
  }

  List<Target> targets() {
    return List.of(
        new Target(name + "-plan", this::start, this::plan),
        new Target(name + "-change-plan", this::start, this::planModify),
        new Target(name + "-resume", this::start, this::resume));
  }

  private void start() throws Exception {
    if (cloud == null) {
      Simulated begun = start.call();
      simulated = begun;
      CloudDb open = begun.open();
      cloud = open;
      driver = begun.driver();
      ResourceId id = open.instances().get("orders").id();
      states =
          List.of(
              document(open.instances().stop(id).token()),
              document(
                  open.operations()
                      .resume(open.instances().start(id).token(), Instance.class)
                      .token()));
    }
  }

  private static String document(String token) {
    byte[] json = Base64.getUrlDecoder().decode(token.substring(token.indexOf('.') + 1));
    return new String(json, StandardCharsets.UTF_8);
  }

  private void plan(Source source) throws Exception {
    CloudDb open = requireNonNull(cloud);
    Optional<InstanceSpec> spec = valueOrRefusal(() -> SampleSpecs.built(source));
    if (spec.isPresent()) {
      Plan plan = open.instances().plan(spec.get());
      assertThat(plan.toString()).isNotEmpty();
      valueOrRefusal(plan::orThrow);
    }
  }

  private void planModify(Source source) throws Exception {
    CloudDb open = requireNonNull(cloud);
    Optional<InstanceChange> change =
        valueOrRefusal(() -> InstanceChange.fromJson(ChangedJson.of(source, SampleSpecs.CHANGES)));
    if (change.isPresent()) {
      assertThat(open.instances().planModify(change.get()).toString()).isNotEmpty();
    }
  }

  /** The driver's own error or the library's, whatever stands in the token. */
  private void resume(Source source) throws Exception {
    CloudDb open = requireNonNull(cloud);
    String token = OperationTargets.encoded(ChangedJson.of(source, states));
    Optional<PolledState> state =
        valueOrRefusal(
            () -> PolledToken.parse(token, open.config().provider(), open.config().location()));
    for (int steps = 0; state.isPresent() && steps < MOST_STEPS; steps++) {
      PolledState now = state.get();
      state =
          valueOrRefusal(() -> requireNonNull(driver).poll(now), ANY)
              .filter(Step.Running.class::isInstance)
              .map(step -> ((Step.Running) step).state());
    }
  }

  @Override
  public void close() throws Exception {
    if (cloud != null) {
      cloud.close();
    }
    if (simulated != null) {
      simulated.close();
    }
  }
}
