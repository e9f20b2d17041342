/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.CloudConfig;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.OperationTimer;
import io.clouddb.spi.Step;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Follows any number of operations with one timer thread and a small pool that makes the calls. */
public final class OperationScheduler implements AutoCloseable {
  private static final int CALLERS = 4;

  /** Whatever a service asks for: what is looked at no more goes on unseen. */
  private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

  private final CloudConfig config;
  private final CloudDriver driver;
  private final ScheduledExecutorService realTime;
  private final OperationTimer timer;
  private final ExecutorService callers;
  private final Set<PolledOperation<?>> running = ConcurrentHashMap.newKeySet();
  private final OpenCloud open;

  /**
   * Makes a scheduler. Its threads are daemons and begin with the first operation.
   *
   * @param config the poll interval and what tokens carry
   * @param driver makes the calls
   * @param open whether the cloud is open, which ends with this scheduler
   */
  public OperationScheduler(CloudConfig config, CloudDriver driver, OpenCloud open) {
    this.config = config;
    this.driver = driver;
    this.open = open;
    String name = "clouddb-" + config.provider();
    this.realTime = Executors.newSingleThreadScheduledExecutor(threads(name + "-timer"));
    this.timer = config.timer().orElse(this::scheduleInRealTime);
    this.callers = Executors.newFixedThreadPool(CALLERS, threads(name + "-poll"));
  }

  private void scheduleInRealTime(Duration delay, Runnable task) {
    ScheduledFuture<?> unused = realTime.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
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
   * The account that is open.
   *
   * @return the account as it stands in resource ids
   */
  public String account() {
    return driver.account();
  }

  /**
   * Follows an operation to its end.
   *
   * @param state where it stands
   * @param result makes the result of the last step
   * @param <T> what comes of it
   * @return the operation
   */
  public <T> Operation<T> follow(OperationState state, Function<Step.Done, T> result) {
    PolledOperation<T> operation = new PolledOperation<>(this, state, result);
    running.add(operation);
    execute(operation);
    return operation;
  }

  /**
   * Takes the instance of a last step that has to have one.
   *
   * @param done the last step
   * @param state the operation's state
   * @return the instance, which can read passwords out of the cloud's own store
   */
  public Instance instance(Step.Done done, OperationState state) {
    Instance instance = done.instance();
    if (instance == null) {
      throw ErrorDetails.of(
              ErrorCategory.NOT_FOUND, "The instance was deleted during " + state.kind())
          .resource(state.resource().toString())
          .toException();
    }
    return withSecrets(instance);
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

  boolean isClosed() {
    return open.isClosed();
  }

  Step poll(OperationState state) {
    return driver.instances().poll(state);
  }

  String token(OperationState state) {
    return OperationToken.write(provider(), location(), state);
  }

  Duration interval() {
    return config.pollInterval();
  }

  void later(PolledOperation<?> operation, Duration pause) {
    try {
      Duration shortened = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
      // The timer only hands over: a slow call never delays another operation's timer.
      timer.schedule(shortened.isNegative() ? Duration.ZERO : shortened, () -> execute(operation));
    } catch (RejectedExecutionException e) {
      operation.abandon();
    }
  }

  private void execute(PolledOperation<?> operation) {
    try {
      callers.execute(operation::poll);
    } catch (RejectedExecutionException e) {
      operation.abandon();
    }
  }

  void ended(PolledOperation<?> operation) {
    running.remove(operation);
  }

  /** Begins nothing more, and interrupts the steps that are under way. */
  public void stop() {
    open.close();
    realTime.shutdownNow();
    callers.shutdownNow();
  }

  /** Tells everybody who still waits. */
  @Override
  public void close() {
    stop();
    Set.copyOf(running).forEach(PolledOperation::abandon);
  }
}
