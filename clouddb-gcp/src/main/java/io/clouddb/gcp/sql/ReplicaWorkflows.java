/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.util.Optional;
import java.util.Set;

/** How Cloud SQL makes replicas, and has them take over. */
final class ReplicaWorkflows {
  /** Value: the name of what a replica followed when its promotion began. */
  static final String SOURCE = "source";

  /** Value: the region of that, where it is known. */
  static final String SOURCE_REGION = "source-region";

  /** Value: the primary has no disaster recovery replica yet. */
  static final String DESIGNATE = "designate";

  private final SqlAdminCalls calls;
  private final SqlAdminCalls steps;
  private final InstanceReader reader;
  private final Place place;
  private final TheInstance atFirst;
  private final TheInstance instance;
  private final PromotedReader promoted;

  /**
   * Makes the workflows of one region.
   *
   * @param calls makes requests for somebody who waits, with repetitions
   * @param steps makes each request once, since a step is looked at again
   * @param reader reads what comes of them
   * @param place project and region
   */
  ReplicaWorkflows(SqlAdminCalls calls, SqlAdminCalls steps, InstanceReader reader, Place place) {
    this.calls = calls;
    this.steps = steps;
    this.reader = reader;
    this.place = place;
    this.atFirst = new TheInstance(calls, place.region());
    this.instance = new TheInstance(steps, place.region());
    this.promoted = new PromotedReader(reader, new ReplicaList(steps, place.project()));
  }

  static String source(StepContext context) {
    return context.value(SOURCE).orElseThrow();
  }

  Workflow<Instance> create() {
    return Workflow.of(ReplicaDriver.CREATE)
        .specification(ReplicaSpec.class)
        .customizable(Set.of(DatabaseInstance.class))
        .creates()
        .prepare(this::prepareCreation)
        .step(new ReplicaInsertStep(steps, place))
        .step(new FollowsStep(instance))
        .result(context -> reader.read(instance.get(context)));
  }

  private OperationState prepareCreation(StepContext context) {
    ReplicaSpec spec = context.specification(ReplicaSpec.class);
    ReplicaTables.plan(spec, place).orThrow();
    ResourceId id = spec.source().orElseThrow();
    Optional<DatabaseInstance> source =
        calls.find(id.name()).filter(found -> id.location().equals(found.getRegion()));
    if (source.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.NOT_FOUND,
              "There is no instance " + id.name() + " in " + id.location() + " to be followed")
          .resource(id.toString())
          .nextStep("Look by instances().list() of that region which there are.")
          .toException();
    }
    Optional<DatabaseInstance> holder = calls.find(context.name());
    if (holder.isPresent()) {
      throw TakenName.by(context.name(), holder, place.region(), null);
    }
    SourceChecks.of(spec, place.region(), source.get(), calls::find)
        .ifPresent(
            wrong -> {
              throw wrong;
            });
    // Made once already now, so that a customization that fails does so before anything is made.
    ReplicaRequest.of(context, place, source.get());
    return context.state();
  }

  Workflow<Promoted> promote() {
    return Workflow.of(ReplicaDriver.PROMOTE)
        .specification(Promotion.class)
        .prepare(this::preparePromotion)
        .step(new DesignateStep(steps))
        .step(new PromoteStep(steps, instance))
        .step(new ReadyStep(instance))
        .step(new FormerSourceStep(steps))
        .result(context -> promoted.read(context, instance.get(context)));
  }

  private OperationState preparePromotion(StepContext context) {
    Promotion promotion = context.specification(Promotion.class);
    DatabaseInstance replica = atFirst.get(context);
    PromotionChecks.requireReady(replica, context.resource());
    String source = Replication.source(replica).orElseThrow();
    OperationState state = atFirst.noted(context, replica).with(SOURCE, source);
    Optional<String> region = Labels.sourceRegion(replica);
    if (promotion.isForced()) {
      // No look at the source: its region may be gone, and the look would hang.
      if (promotion.form() == Promotion.Form.SWITCHOVER) {
        PromotionChecks.requireDesignated(replica, context.resource());
      }
      return region.map(known -> state.with(SOURCE_REGION, known)).orElse(state);
    }
    if (promotion.form() == Promotion.Form.STANDALONE) {
      return calls
          .find(source)
          .map(DatabaseInstance::getRegion)
          .or(() -> region)
          .map(known -> state.with(SOURCE_REGION, known))
          .orElse(state);
    }
    DatabaseInstance primary = calls.get(source);
    PromotionChecks.requirePair(replica, primary, context.resource());
    OperationState next = state.with(SOURCE_REGION, primary.getRegion());
    return Replication.designated(primary).isPresent() ? next : next.with(DESIGNATE, "true");
  }
}
