/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.CloudConfig;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceAccess;
import io.clouddb.instance.InstanceLogin;
import io.clouddb.instance.WithInstance;
import io.clouddb.internal.text.Quoted;
import io.clouddb.operation.Operation;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import io.micrometer.observation.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Begins, follows and resumes the operations of one region. */
public final class OperationScheduler implements AutoCloseable {
  /** So often as the policy has attempts may a look fail in a row, times this. */
  private static final int FAILURES_PER_ATTEMPT = 5;

  private final CloudConfig config;
  private final CloudDriver driver;
  private final OperationThreads threads;
  private final OpenCloud open;
  private final OperationToken tokens;
  private final OperationJournal journal;
  private final KnownWorkflows workflows;

  /**
   * Makes a scheduler.
   *
   * @param config the poll interval and what tokens carry
   * @param driver makes the calls
   * @param open whether the cloud is open, which ends with this scheduler
   */
  public OperationScheduler(CloudConfig config, CloudDriver driver, OpenCloud open) {
    this(config, driver, open, new OperationThreads(config));
  }

  private OperationScheduler(
      CloudConfig config, CloudDriver driver, OpenCloud open, OperationThreads threads) {
    this.config = config;
    this.driver = driver;
    this.open = open;
    this.threads = threads;
    this.tokens = new OperationToken(config.provider(), config.tokenKey().orElse(null));
    this.workflows = new KnownWorkflows(driver);
    this.journal = new OperationJournal(config, driver, tokens, workflows, open);
  }

  /**
   * A scheduler of another region, with the same threads.
   *
   * @param there the region's configuration
   * @param its the region's driver
   * @return a scheduler that ends with this one
   */
  public OperationScheduler in(CloudConfig there, CloudDriver its) {
    return new OperationScheduler(there, its, open, threads);
  }

  /**
   * The provider that is open.
   *
   * @return its id
   */
  public String provider() {
    return config.provider();
  }

  /**
   * The location that is open.
   *
   * @return the region
   */
  public String location() {
    return config.location();
  }

  /**
   * How the driver does a kind of operation.
   *
   * @param kind the kind
   * @param <T> what comes of it
   * @return the workflow, empty when the driver does it otherwise
   */
  @SuppressWarnings("unchecked") // A kind is its id and its class together.
  public <T> Optional<Workflow<T>> workflow(OperationKind<T> kind) {
    return workflows
        .get(kind.id())
        .filter(found -> found.kind().equals(kind))
        .map(found -> (Workflow<T>) found);
  }

  /**
   * Begins an operation: checks, writes it down where there is a log, and follows it. Its first
   * change is made later, by a thread of its own.
   *
   * @param workflow how it is done
   * @param resource to what
   * @param specification what is asked for, null where the kind needs nothing more
   * @param customizations the caller's changes to the vendor's requests
   * @param finish adds to the result what only this process knows
   * @param otherwise what is done when it turns out to exist already, null when that is an error
   * @param <T> what comes of it
   * @return the operation
   */
  public <T> Operation<T> begin(
      Workflow<T> workflow,
      ResourceId resource,
      @Nullable Specification specification,
      List<Native> customizations,
      UnaryOperator<T> finish,
      @Nullable Function<AlreadyExistsException, Operation<T>> otherwise) {
    Customizations natives = Customizations.of(customizations, workflow.customizable());
    OperationState state =
        OperationState.begin(
                workflow.kind().id(), resource, config.ids().get(), now(), specification)
            .customizing(names(customizations));
    if (resource.location().equals(ResourceId.GLOBAL)) {
      state = state.begunIn(location());
    }
    StepContext context = context(state, natives);
    OperationState checked = workflow.prepare(context);
    LogEntry entry = journal.begin(checked);
    return follow(workflow, context.with(checked), specification, true, entry, finish, otherwise);
  }

  /**
   * Goes on with the operation of a token.
   *
   * @param token the text
   * @param type the class of what comes of it
   * @param customizations the same as it was begun with
   * @param <T> what comes of it
   * @return the operation
   */
  public <T> Operation<T> resume(String token, Class<T> type, List<Native> customizations) {
    OperationState state = tokens.read(token, kind -> known(kind).specification());
    boolean trusted = trustsTokens();
    return resume(
        state,
        type,
        customizations,
        trusted,
        () -> trusted ? journal.newest(state) : OperationJournal.unwritten(state));
  }

  /**
   * Goes on with an operation of the log.
   *
   * @param logged what was found there
   * @param type the class of what comes of it
   * @param customizations the same as it was begun with
   * @param <T> what comes of it
   * @return the operation
   */
  public <T> Operation<T> resume(
      LoggedOperation logged, Class<T> type, List<Native> customizations) {
    return resume(logged.state(), type, customizations, true, () -> journal.listed(logged));
  }

  private <T> Operation<T> resume(
      OperationState state,
      Class<T> type,
      List<Native> customizations,
      boolean trusted,
      Supplier<OperationJournal.Found> latest) {
    Workflow<?> found = known(state.kind());
    if (found.kind().result() != type) {
      throw refused(
          "A %s comes of %s, no %s"
              .formatted(
                  found.kind().result().getSimpleName(), Quoted.of(state.kind()), type.getName()));
    }
    requireHere(state);
    Customizations natives = Customizations.of(customizations, found.customizable());
    List<String> given = names(customizations);
    if (!given.equals(state.customized())) {
      throw refused(
          "The operation was begun with Native.customize of %s, and is resumed with %s: the"
                  .formatted(state.customized(), given)
              + " requests that are still to be sent would differ");
    }
    @SuppressWarnings("unchecked") // Its kind's class is the one that was asked for.
    Workflow<T> workflow = (Workflow<T>) found;
    // The log is read last, right before the first look.
    OperationJournal.Found newest = latest.get();
    // A step has its whole time again, however long nobody followed it. That there is a time tells
    // that somebody has followed it before, and may have sent what the token knows nothing of.
    StepContext context = context(newest.state().since(now()), natives);
    return follow(
        workflow,
        context,
        newest.state().specification().orElse(null),
        trusted,
        newest.entry(),
        UnaryOperator.identity(),
        null);
  }

  private static List<String> names(List<Native> customizations) {
    return customizations.stream().map(each -> each.type().getName()).distinct().sorted().toList();
  }

  private Workflow<?> known(String kind) {
    return workflows
        .get(kind)
        .orElseThrow(() -> refused("This cloud knows no operation " + Quoted.of(kind)));
  }

  private void requireHere(OperationState state) {
    ResourceId resource = state.resource();
    boolean ours = resource.provider().equals(provider());
    if (!ours || !state.region().equals(location())) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The token is for "
                  + Quoted.of(resource.provider() + ":" + state.region())
                  + ", this cloud is "
                  + provider()
                  + ":"
                  + location())
          .nextStep(
              ours && resource.location().equals(ResourceId.GLOBAL)
                  ? "Take cloud.in(" + Quoted.of(state.region()) + "), and resume it there."
                  : "Open the cloud that it is for, or take cloud.in(region), and resume it there.")
          .toException();
    }
    String account = accountFor(state);
    if (!resource.account().equals(account)) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              (resource.account().isEmpty()
                      ? "The token names no account"
                      : "The token is for the account " + Quoted.of(resource.account()))
                  + ", this cloud is open for "
                  + account)
          .nextStep(
              resource.account().isEmpty()
                  ? "An earlier version wrote it: look for "
                      + Quoted.of(resource.name())
                      + ", and begin what is still to be done anew."
                  : "Open the cloud with the credentials of that account.")
          .toException();
    }
  }

  /**
   * Where the cloud has to be asked for it, it may not tell: the operation is there all the same.
   */
  private String accountFor(OperationState state) {
    try {
      return driver.account();
    } catch (CloudDbException e) {
      String own = e.nextStep().map(text -> text + " ").orElse("");
      throw CloudDbException.of(
          e.details().toBuilder()
              .operationToken(token(state))
              .nextStep(own + StepOperation.RESUME)
              .build(),
          e);
    }
  }

  private static CloudDbException refused(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }

  private StepContext context(OperationState state, Customizations natives) {
    return new StepContext(state, natives, this::resolveSecret, now());
  }

  private <T> Operation<T> follow(
      Workflow<T> workflow,
      StepContext context,
      @Nullable Specification asked,
      boolean trusted,
      LogEntry entry,
      UnaryOperator<T> finish,
      @Nullable Function<AlreadyExistsException, Operation<T>> otherwise) {
    Observation observation =
        Observation.createNotStarted("clouddb.operation", config.observations())
            .lowCardinalityKeyValue("clouddb.provider", provider())
            .lowCardinalityKeyValue("clouddb.kind", workflow.kind().id())
            .lowCardinalityKeyValue("clouddb.outcome", RemoteCalls.SUCCESS)
            .highCardinalityKeyValue("clouddb.resource", context.resource().toString());
    StepOperation<T> operation =
        new StepOperation<>(
            this, workflow, context, asked, trusted, entry, finish, otherwise, observation);
    threads.follow(operation);
    return operation;
  }

  /** Whether steps of a token may set passwords, open networks and take things away. */
  private boolean trustsTokens() {
    return config.tokenKey().isPresent() || config.trustTokens();
  }

  @SuppressWarnings("unchecked") // What is completed is of the same class.
  <T> T finished(T value, OperationState state, boolean trusted) {
    if (value instanceof Instance instance) {
      return (T) complete(instance, state, trusted);
    }
    return value instanceof WithInstance<?> has
        ? (T) has.with(complete(has.instance(), state, trusted))
        : value;
  }

  private Instance complete(Instance instance, OperationState state, boolean trusted) {
    Instance complete =
        state
            .specification()
            .filter(InstanceAccess.class::isInstance)
            .map(spec -> FinishedInstance.of(instance, (InstanceAccess) spec, trusted))
            .orElse(instance);
    return withSecrets(
        state
            .specification()
            .filter(InstanceLogin.class::isInstance)
            .flatMap(spec -> ((InstanceLogin) spec).login())
            .map(login -> FinishedInstance.of(complete, login, trusted))
            .orElse(complete));
  }

  /**
   * Lets an instance read passwords out of the cloud's own store, as long as the cloud is open, and
   * check its server against the root certificate that the configuration names.
   *
   * @param instance what a driver gave
   * @return the same instance
   */
  public Instance withSecrets(Instance instance) {
    Instance.Builder builder = instance.toBuilder().secrets(this::resolveSecret);
    config.databaseRootCertificate().ifPresent(builder::rootCertificate);
    return builder.build();
  }

  private String resolveSecret(SecretRef reference) {
    if (reference.kind() == SecretRef.Kind.STORE) {
      requireOpen();
    }
    return driver.resolveSecret(reference);
  }

  /**
   * Checks that the cloud can still be used.
   *
   * @throws io.clouddb.error.UnavailableException when it is closed
   */
  public void requireOpen() {
    open.require();
  }

  /**
   * Says what a call means that failed by whatever a closed client throws.
   *
   * @param failure what the call threw
   * @return the same, or that the cloud was closed meanwhile
   */
  public RuntimeException explained(RuntimeException failure) {
    return open.explained(failure);
  }

  /**
   * What is written down of the operations of this region.
   *
   * @return the journal
   */
  public OperationJournal journal() {
    return journal;
  }

  /** Whether the cloud is open. */
  OpenCloud open() {
    return open;
  }

  boolean isClosed() {
    return open.isClosed();
  }

  String token(OperationState state) {
    return tokens.write(state);
  }

  Instant now() {
    return config.clock().instant();
  }

  Duration interval() {
    return config.pollInterval();
  }

  int mostFailures() {
    return FAILURES_PER_ATTEMPT * config.retryPolicy().maxAttempts();
  }

  /** As long as the service asked for; otherwise longer with each failure in a row. */
  Duration pause(CloudDbException e, int failures) {
    return e.details().retryAfter().orElseGet(() -> config.retryPolicy().pause(failures));
  }

  void later(Followed operation, Duration pause) {
    threads.later(operation, pause);
  }

  void ended(Followed operation) {
    threads.ended(operation);
  }

  /** Begins nothing more, and interrupts the steps that are under way. */
  public void stop() {
    open.close();
    threads.stop();
  }

  /** Tells everybody who still waits. */
  @Override
  public void close() {
    stop();
    threads.awaitLastSteps();
    threads.abandonAll();
    open.abandonCalls();
  }
}
