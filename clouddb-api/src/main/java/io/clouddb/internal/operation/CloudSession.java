/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.CloudConfig;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Specification;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.workflow.Workflow;
import io.clouddb.table.Tables;
import io.micrometer.observation.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What every facade does with a call: observe it, check the id, begin and follow operations. */
public final class CloudSession {
  private final CloudConfig config;
  private final CloudDriver driver;
  private final OperationScheduler scheduler;

  /**
   * Made by {@link io.clouddb.CloudDb}, one for each region.
   *
   * @param config what the cloud was opened with
   * @param driver makes the calls
   * @param scheduler follows operations
   */
  public CloudSession(CloudConfig config, CloudDriver driver, OperationScheduler scheduler) {
    this.config = config;
    this.driver = driver;
    this.scheduler = scheduler;
  }

  /**
   * What the cloud was opened with.
   *
   * @return the configuration, of this region
   */
  public CloudConfig config() {
    return config;
  }

  /**
   * What makes the calls.
   *
   * @return the driver, of this region
   */
  public CloudDriver driver() {
    return driver;
  }

  /**
   * What follows operations.
   *
   * @return the scheduler, of this region
   */
  public OperationScheduler scheduler() {
    return scheduler;
  }

  private ResourceId id(String account, String kind, String name) {
    return ResourceId.of(config.provider(), account, location(kind), kind, name);
  }

  /** A table belongs to the whole account: every region of it takes its id. */
  private String location(String kind) {
    return kind.equals(Tables.KIND) ? ResourceId.GLOBAL : config.location();
  }

  /** The account last: the cloud may have to be asked for it. */
  private ResourceId checked(ResourceId id, String kind) {
    List<String> differences = new ArrayList<>();
    differ(differences, "provider", id.provider(), config.provider());
    differ(differences, "location", id.location(), location(kind));
    differ(differences, "kind", id.kind(), kind);
    if (differences.isEmpty()) {
      differ(differences, "account", id.account(), driver.account());
    }
    if (differences.isEmpty()) {
      return id;
    }
    throw ErrorDetails.of(
            ErrorCategory.INVALID_ARGUMENT,
            id + " is not of this cloud: " + String.join(", ", differences))
        .nextStep(elsewhere(id, kind))
        .toException();
  }

  private String elsewhere(ResourceId id, String kind) {
    if (!id.kind().equals(kind)) {
      return "Take the id of " + (kind.equals(Tables.KIND) ? "a " : "an ") + kind + ".";
    }
    return id.account().isEmpty()
        ? "Get it by its name: the id that it has then names its account."
        : "Open clouddb:"
            + id.provider()
            + ":"
            + (id.location().equals(ResourceId.GLOBAL) ? config.location() : id.location())
            + " for the account that the id names.";
  }

  private static void differ(List<String> all, String what, String its, String here) {
    if (!its.equals(here)) {
      String has = its.isEmpty() ? "no " + what : "the " + what + " " + its;
      all.add("it has " + has + ", and this one is open for " + here);
    }
  }

  /**
   * Refuses a spec that is made for something else than it is asked for.
   *
   * @param named what the spec names
   * @param source what it is asked for
   * @throws io.clouddb.error.InvalidArgumentException when the two differ
   */
  public static void requireSame(ResourceId named, ResourceId source) {
    if (!named.equals(source)) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The spec is for " + named + ", and " + source + " is asked for")
          .nextStep("Ask for the one that the spec names, or make the spec anew.")
          .toException();
    }
  }

  /**
   * How the driver does a kind of operation.
   *
   * @param kind the kind
   * @param <T> what comes of it
   * @return the workflow
   * @throws io.clouddb.error.UnsupportedFeatureException when the cloud does not have it
   */
  public <T> Workflow<T> required(OperationKind<T> kind) {
    return scheduler
        .workflow(kind)
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.UNSUPPORTED_FEATURE, config.provider() + " has no " + kind)
                    .nextStep("Ask capabilities() before, or use the vendor's client: unwrap(...).")
                    .toException());
  }

  /**
   * Begins an operation.
   *
   * @param workflow how it is done
   * @param resource to what
   * @param specification what is asked for, null where the kind needs nothing more
   * @param customizations the caller's changes to the vendor's requests
   * @param <T> what comes of it
   * @return the operation
   */
  public <T> Operation<T> begin(
      Workflow<T> workflow,
      ResourceId resource,
      @Nullable Specification specification,
      Native... customizations) {
    return scheduler.begin(
        workflow, resource, specification, List.of(customizations), UnaryOperator.identity(), null);
  }

  /**
   * Begins an operation that makes something, unless somebody else is faster.
   *
   * @param workflow how it is done
   * @param resource what is made
   * @param specification what is asked for
   * @param otherwise what is done when it turns out to exist already, null when that is an error
   * @param customizations the caller's changes to the vendor's requests
   * @param <T> what comes of it
   * @return the operation
   */
  public <T> Operation<T> beginNew(
      Workflow<T> workflow,
      ResourceId resource,
      Specification specification,
      @Nullable Function<AlreadyExistsException, Operation<T>> otherwise,
      Native... customizations) {
    return scheduler.begin(
        workflow,
        resource,
        specification,
        List.of(customizations),
        UnaryOperator.identity(),
        otherwise);
  }

  /**
   * Begins an operation to whose result this process adds something.
   *
   * @param workflow how it is done
   * @param resource to what
   * @param specification what is asked for, null where the kind needs nothing more
   * @param finish adds to the result what only this process knows
   * @param customizations the caller's changes to the vendor's requests
   * @param <T> what comes of it
   * @return the operation
   */
  public <T> Operation<T> begin(
      Workflow<T> workflow,
      ResourceId resource,
      @Nullable Specification specification,
      UnaryOperator<T> finish,
      Native... customizations) {
    return scheduler.begin(
        workflow, resource, specification, List.of(customizations), finish, null);
  }

  /**
   * Lets an instance read passwords, as long as the cloud is open.
   *
   * @param found what a driver gave
   * @return the same instance
   */
  public Instance withSecrets(Instance found) {
    return scheduler.withSecrets(found);
  }

  /**
   * The calls about the data of something, which no thread waits for.
   *
   * @param feature the facade, for example {@code clouddb.table}
   * @param kind the kind of resource, for example {@code table}
   * @param name its name
   * @return the calls
   */
  public DataCalls dataCalls(String feature, String kind, String name) {
    return new DataCalls(config, scheduler.open(), feature, id("", kind, name));
  }

  /**
   * Makes a call about something of a name here, and says what its failure means.
   *
   * @param feature the facade, for example {@code clouddb.instances}
   * @param call its method
   * @param kind the kind of resource, for example {@code instance}
   * @param name its name
   * @param body the call, which gets the id; the cloud may have been asked for the account
   * @param <T> what comes of it
   * @return what came of it
   */
  public <T> T observed(
      String feature, String call, String kind, String name, Function<ResourceId, T> body) {
    return observed(
        feature, call, id("", kind, name), () -> id(driver.account(), kind, name), body);
  }

  /**
   * Makes a call about an id, which is checked before, and says what its failure means.
   *
   * @param feature the facade, for example {@code clouddb.instances}
   * @param call its method
   * @param kind the kind of resource that it has to be
   * @param id what it is about
   * @param body the call
   * @param <T> what comes of it
   * @return what came of it
   * @throws io.clouddb.error.InvalidArgumentException when the id is of another cloud, region, kind
   *     or account, naming what differs
   */
  public <T> T observed(String feature, String call, String kind, ResourceId id, Supplier<T> body) {
    return observed(feature, call, id, () -> checked(id, kind), here -> body.get());
  }

  private <T> T observed(
      String feature,
      String call,
      ResourceId asked,
      Supplier<ResourceId> known,
      Function<ResourceId, T> body) {
    Observation observation =
        Observation.createNotStarted(feature, config.observations())
            .lowCardinalityKeyValue("clouddb.provider", config.provider())
            .lowCardinalityKeyValue("clouddb.call", call)
            .lowCardinalityKeyValue("clouddb.outcome", RemoteCalls.SUCCESS)
            .highCardinalityKeyValue("clouddb.resource", asked.toString());
    return observation.observe(
        () -> {
          try {
            scheduler.requireOpen();
            ResourceId id = known.get();
            observation.highCardinalityKeyValue("clouddb.resource", id.toString());
            return body.apply(id);
          } catch (RuntimeException e) {
            RuntimeException meaning = scheduler.explained(e);
            observation.lowCardinalityKeyValue("clouddb.outcome", RemoteCalls.outcome(meaning));
            throw meaning;
          }
        });
  }
}
