/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.plan.Plan;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldTable;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.PromoteReadReplicaRequest;

/** Read replicas of PostgreSQL instances on Amazon RDS. */
public final class RdsReplicaDriver implements ReplicaDriver {
  private static final Logger log = LoggerFactory.getLogger(RdsReplicaDriver.class);

  private final String region;
  private final Function<String, RdsCalls> checks;
  private final RdsCalls rds;
  private final RdsInstances instances;
  private final ReplicaView view;
  private final FieldTable<DBInstance> fields;
  private final CreateReplicaStep create;

  /**
   * Makes a driver.
   *
   * @param provider the provider's id
   * @param region where the replicas are
   * @param account tells the account, where an answer does not
   * @param clients gives the client of a region when it is needed
   * @param calls through which every request goes
   */
  public RdsReplicaDriver(
      String provider,
      String region,
      Supplier<String> account,
      Function<String, RdsClient> clients,
      RemoteCalls calls) {
    this.region = region;
    this.checks = in -> new RdsCalls(() -> clients.apply(in), in, calls);
    Function<String, RdsCalls> steps =
        in -> new RdsCalls(() -> clients.apply(in), in, calls.singly());
    this.rds = steps.apply(region);
    this.instances = new RdsInstances(provider, region, account);
    this.view = new ReplicaView(instances);
    this.fields = ReplicaFields.table(provider);
    this.create = new CreateReplicaStep(steps, fields, region);
  }

  /**
   * How replicas are made and promoted.
   *
   * @return a workflow for each kind of {@link ReplicaDriver}
   */
  public List<Workflow<?>> workflows() {
    return List.of(
        Workflow.of(CREATE)
            .specification(ReplicaSpec.class)
            .customizable(Set.of(CreateDbInstanceReadReplicaRequest.Builder.class))
            .creates()
            .prepare(this::prepareCreation)
            .step(create)
            .step(new AvailableStep(rds))
            .step(new ReplicatingStep(rds))
            .result(this::instance),
        Workflow.of(PROMOTE)
            .specification(Promotion.class)
            .customizable(Set.of(PromoteReadReplicaRequest.Builder.class))
            .prepare(this::preparePromotion)
            .step(new PromoteStep(rds))
            .step(new AvailableStep(rds))
            .result(this::promoted));
  }

  private Instance instance(StepContext context) {
    return instances.toInstance(InstanceStep.get(context, rds));
  }

  private OperationState prepareCreation(StepContext context) {
    create.requireFree(checks.apply(region), context);
    ResourceId its = context.specification(ReplicaSpec.class).source().orElseThrow();
    DBInstance source = checks.apply(its.location()).get(its.name());
    OperationState noted = context.state().with(Notes.SOURCE, source.dbInstanceArn());
    if (source.dbiResourceId() != null) {
      noted = noted.with(Notes.SOURCE_ID, source.dbiResourceId());
    }
    Optional<CloudDbException> refusal =
        ReplicaSource.refusal(
            source, above(source), create.request(context.with(noted), source), region);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return noted;
  }

  /** What an instance follows, and what that follows, up to the first that follows nobody. */
  private List<ResourceId> above(DBInstance instance) {
    List<ResourceId> above = new ArrayList<>();
    Optional<ResourceId> next = view.source(instance);
    while (next.isPresent() && above.size() < ReplicaSource.MOST_LEVELS) {
      above.add(next.get());
      next = seen(next.get()).flatMap(view::source);
    }
    return above;
  }

  /** Where a region does not answer, or may not be looked at, RDS itself checks the chain. */
  private Optional<DBInstance> seen(ResourceId id) {
    try {
      return checks.apply(id.location()).find(id.name());
    } catch (CloudDbException e) {
      log.debug("What {} follows cannot be seen: {}", id, e.getMessage());
      return Optional.empty();
    }
  }

  private OperationState preparePromotion(StepContext context) {
    // Also to say again what the facade has said: a token may ask for what no plan has seen.
    var unused = plan(context.specification(Promotion.class)).orThrow();
    DBInstance replica = checks.apply(region).get(context.name());
    Optional<ResourceId> source = view.source(replica);
    if (source.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              context.name() + " is no replica, or was promoted already: it takes writes itself")
          .operation("rds.PromoteReadReplica")
          .resource(context.resource().toString())
          .nextStep("Look at it by replicas().find(name).")
          .toException();
    }
    OperationState state =
        Notes.identified(context.state(), replica).with(Notes.SOURCE, source.get().toString());
    Integer days = replica.backupRetentionPeriod();
    return days == null || days == 0 ? state : state.with(Notes.RETENTION, days.toString());
  }

  private Promoted promoted(StepContext context) {
    DBInstance now = InstanceStep.get(context, rds);
    Instance instance = instances.toInstance(now);
    Optional<ResourceId> source = context.value(Notes.SOURCE).map(ResourceId::parse);
    List<String> changes = new ArrayList<>();
    changes.add(
        "Connect to "
            + instance.host().orElse("its address")
            + ", port "
            + instance.port()
            + ": RDS moves no name from the former source to it.");
    source.ifPresent(
        id ->
            changes.add(
                id.name()
                    + " in "
                    + id.location()
                    + " takes writes as before, if it is there: stop what writes to it, and delete"
                    + " it when nothing is missing."));
    Integer days = now.backupRetentionPeriod();
    changes.add(
        "Backups of it are kept for "
            + days
            + (Integer.valueOf(1).equals(days) ? " day" : " days")
            + " from now on.");
    changes.add(parameters(now, source.filter(id -> id.location().equals(region)).isPresent()));
    List<ResourceId> followers = view.replicas(now);
    if (!followers.isEmpty()) {
      changes.add("Its own replicas still follow it: " + names(followers) + ".");
    }
    return new Promoted(
        instance,
        source.orElse(null),
        context.specification(Promotion.class).lastReplayed().orElse(null),
        changes);
  }

  /** A replica in its source's region has its source's group, one in another region the default. */
  private static String parameters(DBInstance promoted, boolean near) {
    String group = ParameterComparison.group(promoted);
    if (ParameterComparison.hasDefaultGroup(promoted)) {
      return "It has the parameters of "
          + group
          + ", whatever its former source has: set others by instances().modify(...).";
    }
    String has = "It has the DB parameter group " + group + ".";
    return near
        ? has
            + " Its former source has it as well, unless one of them was given another: a change of"
            + " that group changes both"
            + (ParameterGroups.isNamedAsMade(group)
                ? ", and it goes with the one that is deleted last."
                : ".")
        : has;
  }

  private static String names(List<ResourceId> ids) {
    return String.join(", ", ids.stream().map(id -> id.name() + " in " + id.location()).toList());
  }

  @Override
  public Plan plan(ReplicaSpec spec) {
    return fields.plan(new Asked(spec, region));
  }

  @Override
  public Plan plan(Promotion promotion) {
    return fields.plan(new Asked(promotion, region));
  }

  @Override
  public Optional<Replica> find(String name) {
    return checks.apply(region).find(name).flatMap(view::replica);
  }

  @Override
  public List<ResourceId> replicasOf(ResourceId source) {
    return view.replicas(checks.apply(region).get(source.name()));
  }

  /**
   * Tells whether RDS has a feature of replicas.
   *
   * @param feature the feature
   * @param context for which engine, edition and region
   * @return the answer; empty when it is no feature of replicas
   */
  public Optional<Support> supports(Feature feature, FeatureContext context) {
    return Arrays.stream(ReplicaField.values())
        .filter(field -> Feature.of(field).equals(feature))
        .map(field -> fields.support(field, context))
        .findFirst();
  }
}
