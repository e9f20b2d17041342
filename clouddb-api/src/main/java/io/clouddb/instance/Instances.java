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
import io.clouddb.internal.operation.OperationScheduler;
import io.clouddb.operation.Operation;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.CreateInstance;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.sql.ConnectionDetails;
import io.micrometer.observation.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The managed database instances of one region and account. Calls block for one or a few requests;
 * what takes longer is an {@link Operation}.
 */
public final class Instances {
  /** The kind in the resource ids of instances. */
  public static final String KIND = "instance";

  private final CloudConfig config;
  private final CloudDriver cloud;
  private final OperationScheduler scheduler;

  /**
   * Made by {@link io.clouddb.CloudDb}.
   *
   * @param config what the cloud was opened with
   * @param cloud makes the calls
   * @param scheduler follows operations
   */
  public Instances(CloudConfig config, CloudDriver cloud, OperationScheduler scheduler) {
    this.config = config;
    this.cloud = cloud;
    this.scheduler = scheduler;
  }

  /**
   * Says what would become of each field of a spec. Makes no remote call.
   *
   * @param spec the spec
   * @return for each field whether it is honoured, adjusted or refused
   */
  public InstancePlan plan(InstanceSpec spec) {
    return driver().plan(spec);
  }

  /**
   * Says what would become of each field of a change. Makes no remote call.
   *
   * @param change the change
   * @return for each field whether it is honoured, adjusted or refused
   */
  public InstancePlan planModify(InstanceChange change) {
    return driver().plan(change);
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
    plan(spec).orThrow();
    Customizations natives = Customizations.of(List.of(customizations), cloud.customizableTypes());
    return observed(
        "create",
        id(spec.name()),
        () -> {
          CreateInstance request = new CreateInstance(spec, config.ids().get(), natives);
          OperationState state = driver().startCreate(request);
          return scheduler.follow(state, done -> known(scheduler.instance(done, state), spec));
        });
  }

  /**
   * Takes the instance of that name, or begins to create it. An existing one is taken as it is,
   * whatever its size or settings, provided that engine and major version are the spec's.
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
    plan(spec).orThrow();
    Optional<Instance> existing = find(spec.name());
    if (existing.isEmpty()) {
      try {
        return create(spec, customizations);
      } catch (AlreadyExistsException e) {
        // Somebody was faster, or the cloud did not show it yet (RDS needs some seconds).
        existing = find(spec.name());
        if (existing.isEmpty()) {
          throw e;
        }
      }
    }
    Instance found = existing.get();
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
    OperationState state = OperationState.of(OperationState.START, found.id(), "ensure");
    return scheduler.follow(state, done -> known(scheduler.instance(done, state), spec));
  }

  private static String major(String version) {
    int dot = version.indexOf('.');
    return dot < 0 ? version : version.substring(0, dot);
  }

  /** Adds what the caller knows and the cloud does not tell: the password's place, the database. */
  private Instance known(Instance instance, InstanceSpec spec) {
    Instance.Builder builder = instance.toBuilder();
    if (isTheSame(instance.admin(), spec.admin())) {
      builder.admin(spec.admin());
    }
    if (instance.database().isEmpty()) {
      builder.database(spec.database().orElse(null));
    }
    return builder.build();
  }

  /** An existing instance that ensure takes may have another admin, or one of its own keeping. */
  private static boolean isTheSame(Optional<AdminLogin> reported, AdminLogin told) {
    return !told.managed()
        && reported.filter(admin -> admin.managed() || !admin.user().equals(told.user())).isEmpty();
  }

  /**
   * Looks for an instance.
   *
   * @param name its name
   * @return the instance, empty when there is none
   */
  public Optional<Instance> find(String name) {
    return observed("get", id(name), () -> driver().find(name).map(this::withSecrets));
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
    String missing = "There is no instance " + name + " in " + config;
    Optional<String> elsewhere =
        observed("locate", id(name), () -> driver().locationOf(name))
            .filter(location -> !location.equals(config.location()));
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            elsewhere.map(location -> missing + ": it is in " + location).orElse(missing))
        .resource(id(name).toString())
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
    return get(checked(id).name());
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
    return new Listing<>(token -> observed("list", id("-"), () -> page(token)), pageToken);
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
    checked(id);
    planModify(change).orThrow();
    Customizations natives = Customizations.of(List.of(customizations), cloud.customizableTypes());
    return follow("modify", id, () -> driver().startModify(id, change, natives));
  }

  /**
   * Begins to start a stopped instance.
   *
   * @param id the instance
   * @return the operation, which ends when it is available
   */
  public Operation<Instance> start(ResourceId id) {
    checked(id);
    return follow("start", id, () -> driver().startStart(id));
  }

  /**
   * Begins to stop an instance; its data stays.
   *
   * @param id the instance
   * @return the operation, which ends when it is stopped
   */
  public Operation<Instance> stop(ResourceId id) {
    checked(id);
    return follow("stop", id, () -> driver().startStop(id));
  }

  /**
   * Begins to delete an instance with its data. No final backup is taken.
   *
   * @param id the instance
   * @return the operation, which ends when it is gone
   * @throws io.clouddb.error.ConditionFailedException when it is protected from deletion
   */
  public Operation<ResourceId> delete(ResourceId id) {
    checked(id);
    return observed(
        "delete",
        id,
        () -> {
          OperationState state = driver().startDelete(id);
          return scheduler.follow(state, done -> id);
        });
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

  private Operation<Instance> follow(String call, ResourceId id, Supplier<OperationState> start) {
    return observed(
        call,
        id,
        () -> {
          OperationState state = start.get();
          return scheduler.follow(state, done -> scheduler.instance(done, state));
        });
  }

  private InstanceDriver driver() {
    return cloud.instances();
  }

  private ResourceId id(String name) {
    return ResourceId.of(config.provider(), cloud.account(), config.location(), KIND, name);
  }

  private ResourceId checked(ResourceId id) {
    ResourceId here = id(id.name());
    if (!id.equals(here)) {
      List<String> differences = new ArrayList<>();
      differ(differences, "provider", id.provider(), here.provider());
      differ(differences, "account", id.account(), here.account());
      differ(differences, "location", id.location(), here.location());
      differ(differences, "kind", id.kind(), here.kind());
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              id + " is not of this cloud: " + String.join(", ", differences))
          .nextStep(
              id.kind().equals(KIND)
                  ? "Open clouddb:"
                      + id.provider()
                      + ":"
                      + id.location()
                      + " for the account that the id names."
                  : "Take the id of an instance.")
          .toException();
    }
    return id;
  }

  private static void differ(List<String> all, String what, String its, String here) {
    if (!its.equals(here)) {
      all.add("it has the " + what + " " + its + ", and this one is open for " + here);
    }
  }

  private <T> T observed(String call, ResourceId id, Supplier<T> body) {
    Observation observation =
        Observation.createNotStarted("clouddb.instances", config.observations())
            .lowCardinalityKeyValue("clouddb.provider", config.provider())
            .lowCardinalityKeyValue("clouddb.call", call)
            .lowCardinalityKeyValue("clouddb.outcome", RemoteCalls.SUCCESS)
            .highCardinalityKeyValue("clouddb.resource", id.toString());
    return observation.observe(
        () -> {
          try {
            scheduler.requireOpen();
            return body.get();
          } catch (RuntimeException e) {
            RuntimeException meaning = scheduler.explained(e);
            observation.lowCardinalityKeyValue("clouddb.outcome", RemoteCalls.outcome(meaning));
            throw meaning;
          }
        });
  }
}
