/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.testkit.simulator.SimulatorException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one simulated cloud: its instances, what they are doing, and the real databases
 * behind them. It speaks no protocol; a skin puts one on it. May be used from any thread.
 */
public final class SimulatedCloud implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedCloud.class);

  /** Twice what a start of a database may take. */
  private static final Duration CLOSE_LIMIT = Duration.ofMinutes(2);

  private final CloudProfile profile;
  private final SimulatedClock clock;
  private final Timings timings;
  private final Faults faults;
  private final int instancesPerScope;
  private final boolean durable;
  private final Supplier<String> ids;
  private final ParameterCheck parameterCheck;
  private final Map<ResourceKey, SimulatedInstance> instances = new LinkedHashMap<>();
  private final Map<String, SimulatedOperation> operations = new LinkedHashMap<>();
  private int workingTasks;
  private boolean closed;

  private SimulatedCloud(Builder builder) {
    this.profile = builder.profile;
    this.clock = builder.clock;
    this.timings = builder.timings;
    this.faults = Objects.requireNonNullElseGet(builder.faults, Faults::new);
    this.instancesPerScope = builder.instancesPerScope;
    this.durable = builder.durable;
    this.ids = builder.ids;
    this.parameterCheck = new ParameterCheck(profile);
  }

  /**
   * Starts the description of a cloud.
   *
   * @param profile which cloud
   * @param clock its time; it stays the caller's to close
   * @return a builder
   */
  public static Builder builder(CloudProfile profile, SimulatedClock clock) {
    return new Builder(profile, clock);
  }

  /**
   * Which cloud this is.
   *
   * @return the profile
   */
  public CloudProfile profile() {
    return profile;
  }

  /**
   * The cloud's time.
   *
   * @return the clock
   */
  public SimulatedClock clock() {
    return clock;
  }

  /**
   * What goes wrong on demand.
   *
   * @return the faults, which may be changed at any time
   */
  public Faults faults() {
    return faults;
  }

  /**
   * A new unique id, for whatever a skin needs one for.
   *
   * @return the id
   */
  public String newId() {
    return ids.get();
  }

  /**
   * Checks parameters as the real server does, before anything is changed.
   *
   * @param version PostgreSQL's major version
   * @param parameters in the cloud's own names
   * @return what they are, by their names in lower case
   * @throws SimulatorException naming all that are unknown, not to be set, or not to that value
   */
  public Map<String, ParameterDescription> checkParameters(
      int version, Map<String, String> parameters) {
    return parameterCheck.check(version, parameters);
  }

  /**
   * Begins to make an instance.
   *
   * @param request what to make
   * @return the operation; the instance is there at once, and {@link InstanceState#CREATING}
   * @throws SimulatorException when the name is taken, the scope is full, or a parameter is wrong
   */
  public SimulatedOperation create(InstanceRequest request) {
    checkParameters(request.version(), request.parameters());
    SimulatedInstance instance;
    synchronized (this) {
      requireOpen();
      if (instances.containsKey(request.key())) {
        throw new SimulatorException(
            Reason.ALREADY_EXISTS, "The instance " + request.key() + " exists already");
      }
      if (list(request.key().scope()).size() >= instancesPerScope) {
        throw new SimulatorException(
            Reason.QUOTA,
            request.key().scope() + " may have " + instancesPerScope + " instances, and has them");
      }
      instance = new SimulatedInstance(request, ids.get(), clock.instant());
      instances.put(request.key(), instance);
    }
    SimulatedOperation operation = open(SimulatedOperation.Kind.CREATE, instance);
    later(
        timings.create(),
        operation,
        instance,
        () -> {
          instance.attach(startDatabase(request));
          if (timings.firstBackup().isZero()) {
            return finish(operation, instance, InstanceState.AVAILABLE);
          }
          instance.enter(InstanceState.BACKING_UP);
          later(
              timings.firstBackup(),
              operation,
              instance,
              () -> finish(operation, instance, InstanceState.AVAILABLE));
          return null;
        });
    return operation;
  }

  private ManagedDatabase startDatabase(InstanceRequest request) {
    faults.beforeDatabaseStart();
    return ManagedDatabase.start(profile, request, durable);
  }

  /**
   * Begins to change an instance that is available, stopped or failed.
   *
   * @param key which
   * @param change what
   * @return the operation
   * @throws SimulatorException when there is none, it is changing, a parameter is wrong, or the
   *     password of a stopped one is to be changed
   */
  public SimulatedOperation modify(ResourceKey key, Modification change) {
    SimulatedInstance instance = get(key);
    checkParameters(instance.version(), change.parameters());
    if (change.adminPassword().isPresent() && instance.state() == InstanceState.STOPPED) {
      throw new SimulatorException(
          Reason.WRONG_STATE,
          "The admin's password cannot be changed while " + key + " is stopped");
    }
    InstanceState before =
        instance.begin(
            InstanceState.MODIFYING,
            EnumSet.of(InstanceState.AVAILABLE, InstanceState.STOPPED, InstanceState.FAILED));
    SimulatedOperation operation = open(SimulatedOperation.Kind.MODIFY, instance);
    later(
        timings.modify(),
        operation,
        instance,
        () -> {
          instance.managed().ifPresent(database -> database.apply(change, instance.version()));
          instance.take(change);
          return finish(operation, instance, before);
        });
    return operation;
  }

  /**
   * Begins to restart the database of an instance that is available or failed. Static parameters
   * take effect.
   *
   * @param key which
   * @return the operation
   * @throws SimulatorException when there is none, or it is changing
   */
  public SimulatedOperation reboot(ResourceKey key) {
    return onDatabase(
        key,
        SimulatedOperation.Kind.REBOOT,
        InstanceState.REBOOTING,
        EnumSet.of(InstanceState.AVAILABLE, InstanceState.FAILED),
        timings.reboot(),
        InstanceState.AVAILABLE,
        database -> {
          database.server().stop();
          faults.beforeDatabaseStart();
          database.server().start();
        });
  }

  /**
   * Begins to stop an instance that is available.
   *
   * @param key which
   * @return the operation
   * @throws SimulatorException when there is none, or it is not available
   */
  public SimulatedOperation stop(ResourceKey key) {
    return onDatabase(
        key,
        SimulatedOperation.Kind.STOP,
        InstanceState.STOPPING,
        EnumSet.of(InstanceState.AVAILABLE),
        timings.stop(),
        InstanceState.STOPPED,
        database -> database.server().stop());
  }

  /**
   * Begins to start an instance that is stopped.
   *
   * @param key which
   * @return the operation
   * @throws SimulatorException when there is none, or it is not stopped
   */
  public SimulatedOperation start(ResourceKey key) {
    return onDatabase(
        key,
        SimulatedOperation.Kind.START,
        InstanceState.STARTING,
        EnumSet.of(InstanceState.STOPPED),
        timings.start(),
        InstanceState.AVAILABLE,
        database -> {
          faults.beforeDatabaseStart();
          database.server().start();
        });
  }

  /**
   * Begins to delete an instance. Its database runs until the operation ends; then the name is
   * free.
   *
   * @param key which
   * @return the operation
   * @throws SimulatorException when there is none, or it is changing
   */
  public SimulatedOperation delete(ResourceKey key) {
    SimulatedInstance instance = get(key);
    instance.begin(
        InstanceState.DELETING,
        EnumSet.of(
            InstanceState.AVAILABLE,
            InstanceState.BACKING_UP,
            InstanceState.STOPPED,
            InstanceState.FAILED));
    SimulatedOperation operation = open(SimulatedOperation.Kind.DELETE, instance);
    later(
        timings.delete(),
        operation,
        instance,
        () -> {
          instance.managed().ifPresent(ManagedDatabase::close);
          synchronized (this) {
            instances.remove(key, instance);
          }
          operation.end(clock.instant(), null);
          return null;
        });
    return operation;
  }

  private interface DatabaseWork {
    void on(ManagedDatabase database);
  }

  private SimulatedOperation onDatabase(
      ResourceKey key,
      SimulatedOperation.Kind kind,
      InstanceState during,
      Set<InstanceState> from,
      Duration duration,
      InstanceState after,
      DatabaseWork work) {
    SimulatedInstance instance = get(key);
    instance.begin(during, from);
    SimulatedOperation operation = open(kind, instance);
    later(
        duration,
        operation,
        instance,
        () -> {
          work.on(
              instance
                  .managed()
                  .orElseThrow(
                      () ->
                          new SimulatorException(
                              Reason.START_FAILED, "The database of " + key + " was never made")));
          return finish(operation, instance, after);
        });
    return operation;
  }

  private synchronized SimulatedOperation open(
      SimulatedOperation.Kind kind, SimulatedInstance instance) {
    SimulatedOperation operation =
        new SimulatedOperation(ids.get(), kind, instance.key(), clock.instant());
    operations.put(operation.id(), operation);
    return operation;
  }

  private @Nullable Void finish(
      SimulatedOperation operation, SimulatedInstance instance, InstanceState state) {
    instance.enter(state);
    operation.end(clock.instant(), null);
    return null;
  }

  private void later(
      Duration delay,
      SimulatedOperation operation,
      SimulatedInstance instance,
      Supplier<@Nullable Void> work) {
    clock.schedule(
        delay,
        () -> {
          if (!beginTask()) {
            return;
          }
          try {
            work.get();
          } catch (RuntimeException e) {
            LOG.debug("{} failed", operation, e);
            SimulatorException reason =
                e instanceof SimulatorException own
                    ? own
                    : new SimulatorException(
                        Reason.START_FAILED,
                        Objects.requireNonNullElse(e.getMessage(), e.toString()),
                        e);
            instance.fail(reason);
            operation.end(clock.instant(), reason);
          } finally {
            endTask();
          }
        });
  }

  private synchronized boolean beginTask() {
    if (closed) {
      return false;
    }
    workingTasks++;
    return true;
  }

  private synchronized void endTask() {
    workingTasks--;
    notifyAll();
  }

  /**
   * Looks for an instance.
   *
   * @param key which
   * @return empty when there is none
   */
  public synchronized Optional<SimulatedInstance> find(ResourceKey key) {
    return Optional.ofNullable(instances.get(key));
  }

  /**
   * Gets an instance.
   *
   * @param key which
   * @return the instance
   * @throws SimulatorException when there is none
   */
  public SimulatedInstance get(ResourceKey key) {
    return find(key)
        .orElseThrow(
            () ->
                new SimulatorException(
                    Reason.NOT_FOUND, "The instance " + key + " does not exist"));
  }

  /**
   * The instances of a scope.
   *
   * @param scope the scope
   * @return sorted by name
   */
  public synchronized List<SimulatedInstance> list(String scope) {
    return instances.values().stream()
        .filter(instance -> instance.key().scope().equals(scope))
        .sorted(Comparator.comparing(instance -> instance.key().name()))
        .toList();
  }

  /**
   * Gets an operation, which is kept after its end.
   *
   * @param id its id
   * @return the operation
   * @throws SimulatorException when there is none
   */
  public synchronized SimulatedOperation operation(String id) {
    SimulatedOperation operation = operations.get(id);
    if (operation == null) {
      throw new SimulatorException(Reason.NOT_FOUND, "The operation " + id + " does not exist");
    }
    return operation;
  }

  /**
   * The operations on the instances of a scope.
   *
   * @param scope the scope
   * @return newest first
   */
  public synchronized List<SimulatedOperation> operations(String scope) {
    List<SimulatedOperation> found = new ArrayList<>();
    for (SimulatedOperation operation : operations.values()) {
      if (operation.target().scope().equals(scope)) {
        found.add(0, operation);
      }
    }
    return found;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("This simulated cloud is closed");
    }
  }

  /**
   * Stops and deletes all databases. What has not happened yet will not. Also on a thread that is
   * interrupted, which it is afterwards, too.
   *
   * @throws io.clouddb.error.CloudDbException when something is left; it says what
   */
  @Override
  public void close() {
    List<SimulatedInstance> all;
    RuntimeException first = null;
    synchronized (this) {
      closed = true;
      if (!awaitTasks()) {
        first =
            ErrorDetails.of(
                    ErrorCategory.DEADLINE,
                    "A change of a simulated instance did not end within " + CLOSE_LIMIT)
                .leftBehind("the database that it starts, until this JVM ends")
                .toException();
      }
      all = List.copyOf(instances.values());
    }
    for (SimulatedInstance instance : all) {
      try {
        instance.managed().ifPresent(ManagedDatabase::close);
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** Waits for what is being done, through interrupts; false when it does not end. */
  private synchronized boolean awaitTasks() {
    boolean interrupted = false;
    long deadline = System.nanoTime() + CLOSE_LIMIT.toNanos();
    while (workingTasks > 0 && System.nanoTime() < deadline) {
      try {
        wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return workingTasks == 0;
  }

  /** Describes a cloud. */
  public static final class Builder {
    private final CloudProfile profile;
    private final SimulatedClock clock;
    private Timings timings = Timings.USUAL;
    private @Nullable Faults faults;
    private int instancesPerScope = 40;
    private boolean durable;
    private Supplier<String> ids = () -> UUID.randomUUID().toString();

    private Builder(CloudProfile profile, SimulatedClock clock) {
      this.profile = Objects.requireNonNull(profile, "profile");
      this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Says how long changes take; as long as the real clouds need by default.
     *
     * @param value the timings
     * @return this builder
     */
    public Builder timings(Timings value) {
      this.timings = Objects.requireNonNull(value, "timings");
      return this;
    }

    /**
     * Says what goes wrong, for faults that several clouds share.
     *
     * @param value the faults
     * @return this builder
     */
    public Builder faults(Faults value) {
      this.faults = Objects.requireNonNull(value, "faults");
      return this;
    }

    /**
     * Limits the instances of a scope; 40 by default, as on RDS.
     *
     * @param limit the limit
     * @return this builder
     */
    public Builder instancesPerScope(int limit) {
      this.instancesPerScope = limit;
      return this;
    }

    /**
     * Says whether the databases wait for the disk at a commit. They do not by default: a simulated
     * cloud does not outlive its machine. They survive a kill of the server all the same.
     *
     * @param value true to wait
     * @return this builder
     */
    public Builder durable(boolean value) {
      this.durable = value;
      return this;
    }

    /**
     * Says where ids come from; random UUIDs by default.
     *
     * @param supplier gives a new id at each call
     * @return this builder
     */
    public Builder ids(Supplier<String> supplier) {
      this.ids = Objects.requireNonNull(supplier, "ids");
      return this;
    }

    /**
     * Makes the cloud, without any instance.
     *
     * @return the cloud
     */
    public SimulatedCloud build() {
      return new SimulatedCloud(this);
    }
  }
}
