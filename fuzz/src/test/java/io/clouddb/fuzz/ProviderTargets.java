/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static io.clouddb.fuzz.Outcome.valueOrRefusal;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.internal.operation.OperationToken;
import io.clouddb.plan.Plan;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.spi.workflow.Workflow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
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
  private static final String STEPS_PREFIX = "clouddb-op-2.";

  private final String name;
  private final Callable<Simulated> start;
  private @Nullable Simulated simulated;
  private @Nullable CloudDb cloud;
  private @Nullable CloudDriver driver;
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
      List<String> known =
          List.of(
              document(open.instances().stop(id).token()),
              document(
                  open.operations()
                      .resume(open.instances().start(id).token(), Instance.class)
                      .token()));
      states = new ArrayList<>(known);
      // Nothing may be created or deleted here, so these are made of the others.
      states.add(known.get(0).replace("instance.stop", "instance.delete"));
      InstanceChange change =
          InstanceChange.builder().tag("why", "fuzz").parameter("work_mem", "8192").build();
      String modification = document(open.instances().modify(id, change).token());
      states.add(modification);
      ObjectNode creation = (ObjectNode) new ObjectMapper().readTree(modification);
      ((ObjectNode) creation.get("state")).put("kind", "instance.create");
      InstanceSpec spec = Simulated.spec(!name.equals("aws"));
      AdminLogin admin = AdminLogin.of(spec.admin().user(), SecretRef.environment("PATH"));
      creation.put("specification", spec.toBuilder().admin(admin).build().toJson());
      states.add(creation.toString());
    }
  }

  private static String document(String token) {
    byte[] json = Base64.getUrlDecoder().decode(token.split("[.]", -1)[1]);
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
    String changed = ChangedJson.of(source, states);
    steps(STEPS_PREFIX + OperationTargets.base64(changed));
  }

  private void steps(String token) throws Exception {
    OperationToken tokens = new OperationToken(requireNonNull(cloud).config().provider(), null);
    Optional<OperationState> state =
        valueOrRefusal(
            () -> tokens.read(token, kind -> workflow(kind).flatMap(Workflow::specification)));
    if (state.isPresent()) {
      Optional<Workflow<?>> workflow = workflow(state.get().kind());
      if (workflow.isPresent()) {
        follow(workflow.get(), state.get());
      }
    }
  }

  private Optional<Workflow<?>> workflow(String kind) {
    return requireNonNull(driver).workflows().stream()
        .filter(each -> each.kind().id().equals(kind))
        .findFirst();
  }

  /** Not trusted, so that nothing is set, opened or deleted. */
  private static <T> void follow(Workflow<T> workflow, OperationState state) throws Exception {
    StepContext context =
        new StepContext(state, Customizations.NONE, SecretRef::resolve, Instant.now());
    StepRun<T> run = new StepRun<>(workflow, context, written -> {}, false);
    boolean goesOn = true;
    for (int steps = 0; goesOn && steps < MOST_STEPS; steps++) {
      goesOn =
          valueOrRefusal(() -> run.poll(Instant.now()), ANY)
              .filter(StepRun.Outcome.Running.class::isInstance)
              .isPresent();
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
