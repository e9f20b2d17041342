/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.CloudConfig;
import io.clouddb.Listing;
import io.clouddb.Native;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.operation.CloudSession;
import io.clouddb.internal.operation.Ensured;
import io.clouddb.internal.operation.FinishedInstance;
import io.clouddb.internal.operation.OperationScheduler;
import io.clouddb.operation.Operation;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.OnDrift;
import io.clouddb.plan.Plan;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.sql.ConnectionDetails;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The managed database instances of one region and account. Calls block for one or a few requests;
 * what takes longer is an {@link Operation}.
 */
public final class Instances {
  /** The kind in the resource ids of instances. */
  public static final String KIND = "instance";

  private static final String FEATURE = "clouddb.instances";

  private final CloudSession session;
  private final CloudConfig config;
  private final CloudDriver cloud;
  private final OperationScheduler scheduler;

  /**
   * Made by {@link io.clouddb.CloudDb}.
   *
   * @param session what every facade works with
   */
  public Instances(CloudSession session) {
    this.session = session;
    this.config = session.config();
    this.cloud = session.driver();
    this.scheduler = session.scheduler();
  }

  /**
   * Says what would become of each field of a spec. Makes no remote call.
   *
   * @param spec the spec
   * @return for each field whether it is honoured, adjusted or refused
   */
  public Plan plan(InstanceSpec spec) {
    return driver().plan(spec);
  }

  /**
   * Says what would become of each field of a change. Makes no remote call.
   *
   * @param change the change
   * @return for each field whether it is honoured, adjusted or refused
   */
  public Plan planModify(InstanceChange change) {
    return driver().plan(change);
  }

  /**
   * Asks the cloud which sizes and versions of an engine it has in this region: some requests, on
   * RDS some dozens.
   *
   * @param engine the engine
   * @return what there is now
   * @throws io.clouddb.error.UnsupportedFeatureException when the provider makes no instances of
   *     the engine, or reads no catalog
   */
  public Catalog catalog(Engine engine) {
    return observed(
        "catalog", engine.id(), id -> driver().catalog(engine, config.clock().instant()));
  }

  /**
   * Says what would become of each field of a spec, by what the cloud has told of its sizes and
   * versions: what it lacks is refused. Makes no remote call. {@link InstanceSize#atLeast} becomes
   * what {@link #create} would choose; where the catalog lacks that, the plan names the smallest
   * that it has, for the spec to name it.
   *
   * @param spec the spec
   * @param catalog what {@link #catalog} gave
   * @return for each field whether it is honoured, adjusted or refused
   * @throws io.clouddb.error.InvalidArgumentException when the catalog is of another cloud, region
   *     or engine
   */
  public Plan plan(InstanceSpec spec, Catalog catalog) {
    requireOfHere(catalog);
    if (!catalog.engine().equals(spec.engine())) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The catalog is of " + catalog.engine() + ", and " + spec + " is not")
          .nextStep("Take instances().catalog(spec.engine()).")
          .toException();
    }
    return driver().plan(spec, catalog);
  }

  /**
   * Says what would become of each field of a change, by what the cloud has told of its sizes, as
   * {@link #plan(InstanceSpec, Catalog)}. Makes no remote call, so whether a size runs the
   * instance's version is not looked at.
   *
   * @param change the change
   * @param catalog what {@link #catalog} gave, of the instance's engine
   * @return for each field whether it is honoured, adjusted or refused
   * @throws io.clouddb.error.InvalidArgumentException when the catalog is of another cloud or
   *     region
   */
  public Plan planModify(InstanceChange change, Catalog catalog) {
    requireOfHere(catalog);
    return driver().plan(change, catalog);
  }

  private void requireOfHere(Catalog catalog) {
    if (!catalog.provider().equals(config.provider())
        || !catalog.location().equals(config.location())) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "The " + catalog + " is not of " + config)
          .nextStep("Take the catalog of the cloud and region that the plan is for.")
          .toException();
    }
  }

  /**
   * Begins to create an instance.
   *
   * @param spec what it has to be
   * @param customizations changes to the vendor's own requests
   * @return the operation, which ends when the instance is available as the spec says
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field; nothing has
   *     happened then
   * @throws io.clouddb.error.AlreadyExistsException when there is one of that name
   */
  public Operation<Instance> create(InstanceSpec spec, Native... customizations) {
    return creation(spec, null, customizations);
  }

  private Operation<Instance> creation(
      InstanceSpec spec,
      @Nullable Function<AlreadyExistsException, Operation<Instance>> otherwise,
      Native... customizations) {
    plan(spec).orThrow();
    return observed(
        "create",
        spec.name(),
        id ->
            session.beginNew(
                session.required(InstanceDriver.CREATE), id, spec, otherwise, customizations));
  }

  /**
   * Compares an instance with a spec, as the cloud has it now.
   *
   * @param spec what it has to be; its name says which
   * @return what differs; what the spec leaves unset is not compared
   * @throws io.clouddb.error.NotFoundException when there is none of that name
   */
  public Drift drift(InstanceSpec spec) {
    return observed("drift", spec.name(), id -> driver().drift(spec));
  }

  /**
   * Takes the instance of that name as it is, or begins to create it: {@link #ensure(InstanceSpec,
   * OnDrift, Native...)} with {@link OnDrift#KEEP}.
   *
   * @param spec what it has to be when there is none
   * @param customizations changes to the vendor's own requests
   * @return the operation, which ends when the instance is available
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field; nothing has
   *     happened then
   * @throws io.clouddb.error.AlreadyExistsException when there is one with another engine or
   *     version
   */
  public Operation<Instance> ensure(InstanceSpec spec, Native... customizations) {
    return ensure(spec, OnDrift.KEEP, customizations);
  }

  /**
   * Takes the instance of that name, or begins to create it. One that is stopped is started, unless
   * it differs and that is not to be kept: an operation starts or changes, not both.
   *
   * @param spec what it has to be
   * @param onDrift what is done with one that is there and differs
   * @param customizations changes to the vendor's own requests, where one is created
   * @return the operation, which ends when the instance is available
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field, or a field
   *     that differs cannot be changed; nothing has happened then
   * @throws io.clouddb.error.AlreadyExistsException when there is one with another engine or major
   *     version
   * @throws io.clouddb.error.ConditionFailedException when it differs, and that is to be an error,
   *     or it is stopped and would have to be changed; nothing has happened then
   */
  public Operation<Instance> ensure(InstanceSpec spec, OnDrift onDrift, Native... customizations) {
    plan(spec).orThrow();
    return new EnsuredInstance(spec, onDrift, customizations).begin();
  }

  private final class EnsuredInstance extends Ensured<InstanceSpec, Instance> {
    private final InstanceSpec spec;
    private final Native[] customizations;

    EnsuredInstance(InstanceSpec spec, OnDrift onDrift, Native... customizations) {
      super(spec, onDrift);
      this.spec = spec;
      this.customizations = customizations;
    }

    @Override
    protected Optional<Instance> find() {
      return Instances.this.find(spec.name());
    }

    @Override
    protected Operation<Instance> create(
        Function<AlreadyExistsException, Operation<Instance>> otherwise) {
      return creation(spec, otherwise, customizations);
    }

    @Override
    protected void requireSame(Instance found) {
      requireSameEngine(found, spec);
    }

    @Override
    protected Drift drift() {
      return Instances.this.drift(spec);
    }

    @Override
    protected Operation<Instance> await(Instance found) {
      UnaryOperator<Instance> known = instance -> FinishedInstance.of(instance, spec);
      return observed(
          "ensure",
          spec.name(),
          id -> session.begin(session.required(InstanceDriver.START), id, null, known));
    }

    @Override
    protected boolean canChange(Instance found, Field field) {
      return InstanceChange.CHANGEABLE.contains(field);
    }

    @Override
    protected Operation<Instance> change(Instance found, Drift drift) {
      requireRunning(found, drift);
      InstanceChange change = InstanceChange.towards(spec, fields(drift));
      planModify(change).orThrow();
      UnaryOperator<Instance> known = instance -> FinishedInstance.of(instance, spec);
      return observed(
          "ensure",
          spec.name(),
          id -> session.begin(session.required(InstanceDriver.MODIFY), id, change, known));
    }

    @Override
    protected ResourceId id(Instance found) {
      return found.id();
    }
  }

  /**
   * An operation starts or changes, and its token says one of the two: it would forget the other.
   */
  private static void requireRunning(Instance found, Drift drift) {
    if (found.state() == InstanceState.STOPPED || found.state() == InstanceState.STOPPING) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "It is %s, and not as its spec says: %s".formatted(found.nativeState(), drift))
          .resource(found.id().toString())
          .nextStep(
              "Start it by ensure(spec, OnDrift.KEEP), and then apply the spec; or change it as it"
                  + " is by modify(id, change), where its cloud takes that.")
          .toException();
    }
  }

  private static void requireSameEngine(Instance found, InstanceSpec spec) {
    if (!found.engine().equals(spec.engine())
        || !major(found.engineVersion()).equals(major(spec.engineVersion()))) {
      throw ErrorDetails.of(
              ErrorCategory.ALREADY_EXISTS,
              spec.name()
                  + " exists as "
                  + found.engine()
                  + " "
                  + found.engineVersion()
                  + ", not "
                  + spec.engine()
                  + " "
                  + spec.engineVersion())
          .resource(found.id().toString())
          .nextStep("Choose another name, or delete the existing instance.")
          .toException();
    }
  }

  private static String major(String version) {
    int dot = version.indexOf('.');
    return dot < 0 ? version : version.substring(0, dot);
  }

  /**
   * Looks for an instance.
   *
   * @param name its name
   * @return the instance, empty when there is none
   */
  public Optional<Instance> find(String name) {
    return observed("get", name, id -> driver().find(name).map(this::withSecrets));
  }

  /**
   * Gets an instance.
   *
   * @param name its name
   * @return the instance
   * @throws io.clouddb.error.NotFoundException when there is none
   */
  public Instance get(String name) {
    return find(name).orElseThrow(() -> notFound(name));
  }

  private RuntimeException notFound(String name) {
    return observed("locate", name, this::notFound);
  }

  private RuntimeException notFound(ResourceId id) {
    String missing = "There is no instance " + id.name() + " in " + config;
    Optional<String> elsewhere =
        driver().locationOf(id.name()).filter(location -> !location.equals(config.location()));
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            elsewhere.map(location -> missing + ": it is in " + location).orElse(missing))
        .resource(id.toString())
        .nextStep(
            elsewhere
                .map(location -> "Open clouddb:" + config.provider() + ":" + location + ".")
                .orElse(null))
        .toException();
  }

  /**
   * Gets an instance.
   *
   * @param id its id
   * @return the instance
   * @throws io.clouddb.error.NotFoundException when there is none
   * @throws io.clouddb.error.InvalidArgumentException when the id is of another cloud
   */
  public Instance get(ResourceId id) {
    return observed("get", id, () -> driver().find(id.name()).map(this::withSecrets))
        .orElseThrow(() -> notFound(id.name()));
  }

  /**
   * Lists instances, page by page while the list is read.
   *
   * @return the instances
   */
  public Listing<Instance> list() {
    return list(null);
  }

  /**
   * Lists instances from a page on.
   *
   * @param pageToken what {@link Page#next()} gave; null for the beginning
   * @return the instances
   */
  public Listing<Instance> list(@Nullable String pageToken) {
    return new Listing<>(token -> observed("list", "-", id -> page(token)), pageToken);
  }

  private Page<Instance> page(@Nullable String token) {
    Page<Instance> page = driver().list(token);
    return new Page<>(page.items().stream().map(this::withSecrets).toList(), page.nextToken());
  }

  private Instance withSecrets(Instance found) {
    return scheduler.withSecrets(found);
  }

  /**
   * Begins to change an instance.
   *
   * @param id the instance
   * @param change what is to change
   * @param customizations changes to the vendor's own requests
   * @return the operation, which ends when the instance is available as the change says
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field; nothing has
   *     happened then
   */
  public Operation<Instance> modify(
      ResourceId id, InstanceChange change, Native... customizations) {
    planModify(change).orThrow();
    return observed(
        "modify",
        id,
        () -> session.begin(session.required(InstanceDriver.MODIFY), id, change, customizations));
  }

  /**
   * Begins to start a stopped instance.
   *
   * @param id the instance
   * @return the operation, which ends when it is available
   */
  public Operation<Instance> start(ResourceId id) {
    return begun("start", id, InstanceDriver.START);
  }

  /**
   * Begins to stop an instance; its data stays.
   *
   * @param id the instance
   * @return the operation, which ends when it is stopped
   */
  public Operation<Instance> stop(ResourceId id) {
    return begun("stop", id, InstanceDriver.STOP);
  }

  /**
   * Begins to delete an instance with its data. No final backup is asked for, and one that the
   * instance's own settings ask for is switched off before, where it still takes that change. Its
   * automated backups go with it, unless its cloud keeps them whatever is asked; those by hand stay
   * where they are not part of it.
   *
   * @param id the instance
   * @return the operation, which ends when it is gone
   * @throws io.clouddb.error.ConditionFailedException when it is protected from deletion
   */
  public Operation<ResourceId> delete(ResourceId id) {
    return begun("delete", id, InstanceDriver.DELETE);
  }

  /**
   * Begins to delete an instance, and has its cloud keep the automated backups for as long as it
   * does: {@link io.clouddb.backup.Backups#window} tells the moments to which it can be restored
   * then.
   *
   * @param id the instance
   * @return the operation, which ends when it is gone
   * @throws io.clouddb.error.UnsupportedFeatureException when the cloud keeps none; nothing has
   *     happened then
   * @throws io.clouddb.error.ConditionFailedException when it is protected from deletion, or
   *     nothing is there now of which it could be restored afterwards; nothing has happened then
   */
  public Operation<ResourceId> deleteKeepingBackups(ResourceId id) {
    return begun("deleteKeepingBackups", id, InstanceDriver.DELETE_KEEPING_BACKUPS);
  }

  /**
   * How to connect to an instance.
   *
   * @param id the instance
   * @param login the role and where its password is, also in the cloud's own store
   * @return the details
   */
  public ConnectionDetails connection(ResourceId id, AdminLogin login) {
    return get(id).connection(login);
  }

  private <T> Operation<T> begun(String call, ResourceId id, OperationKind<T> kind) {
    return observed(call, id, () -> session.begin(session.required(kind), id, null));
  }

  private InstanceDriver driver() {
    return cloud.instances();
  }

  private <T> T observed(String call, String name, Function<ResourceId, T> body) {
    return session.observed(FEATURE, call, KIND, name, body);
  }

  private <T> T observed(String call, ResourceId id, Supplier<T> body) {
    return session.observed(FEATURE, call, KIND, id, body);
  }
}
