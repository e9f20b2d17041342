/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.OperationFailure;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.SimulatorException.Reason;
import io.clouddb.testkit.simulator.engine.Verb;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Begins what takes an instance simulated time: from its creation to its deletion. An instance that
 * is changing refuses a further change by {@link Reason#WRONG_STATE}.
 */
public final class LifeCycle {
  private static final Set<InstanceState> AT_REST =
      EnumSet.of(InstanceState.STOPPED, InstanceState.FAILED);

  private final ManagedServers servers;
  private final CloudEngine engine;
  private final Timings timings;
  private final Steps steps;

  LifeCycle(ManagedServers servers, Timings timings, @Nullable OperationFailure failure) {
    this.servers = servers;
    this.engine = servers.engine();
    this.timings = timings;
    this.steps = new Steps(engine, failure);
  }

  private interface DatabaseWork {
    void on(ManagedDatabase database);
  }

  /**
   * Begins to make an instance.
   *
   * @param request what to make
   * @return the operation; the instance is there at once, and {@link InstanceState#CREATING}
   * @throws SimulatorException when the name is taken, the scope is full, or a parameter is wrong
   */
  public SimulatedOperation create(InstanceRequest request) {
    servers.checkParameters(request.version(), request.parameters());
    SimulatedInstance instance = servers.add(request);
    SimulatedOperation operation = engine.operations().open(Verb.CREATE, instance.key());
    steps.later(
        timings.create(),
        operation,
        instance,
        InstanceState.FAILED,
        () -> {
          engine.faults().beforeStart();
          instance.attach(servers.startDatabase(request));
          if (timings.firstBackup().isZero()) {
            steps.finish(operation, instance, InstanceState.AVAILABLE);
            return;
          }
          instance.enter(InstanceState.BACKING_UP);
          steps.later(
              timings.firstBackup(),
              operation,
              instance,
              InstanceState.FAILED,
              () -> steps.finish(operation, instance, InstanceState.AVAILABLE));
        });
    return operation;
  }

  /**
   * Begins to change an instance that is available, stopped or failed.
   *
   * @param key which
   * @param change what
   * @return the operation
   * @throws SimulatorException when there is none, it is changing, a parameter is wrong, or the
   *     password of a stopped one, or of a replica, is to be changed
   */
  public SimulatedOperation modify(ResourceKey key, Modification change) {
    SimulatedInstance instance = servers.get(key);
    servers.checkParameters(instance.version(), change.parameters());
    if (change.adminPassword().isPresent() && instance.state() == InstanceState.STOPPED) {
      throw new SimulatorException(
          Reason.WRONG_STATE,
          "The admin's password cannot be changed while " + key + " is stopped");
    }
    if (change.adminPassword().isPresent() && instance.source().isPresent()) {
      throw new SimulatorException(
          Reason.WRONG_STATE,
          "The admin's password cannot be changed at the replica " + key + ": it is the source's");
    }
    InstanceState before =
        instance.begin(
            InstanceState.MODIFYING,
            EnumSet.of(InstanceState.AVAILABLE, InstanceState.STOPPED, InstanceState.FAILED));
    SimulatedOperation operation = engine.operations().open(Verb.MODIFY, key);
    steps.later(
        timings.modify(),
        operation,
        instance,
        before,
        () -> {
          instance.managed().ifPresent(database -> database.apply(change, instance.version()));
          instance.take(change);
          steps.finish(operation, instance, before);
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
        Verb.RESTART,
        InstanceState.REBOOTING,
        EnumSet.of(InstanceState.AVAILABLE, InstanceState.FAILED),
        timings.reboot(),
        InstanceState.AVAILABLE,
        database -> {
          database.stop();
          raise(servers.get(key), database);
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
        Verb.STOP,
        InstanceState.STOPPING,
        EnumSet.of(InstanceState.AVAILABLE),
        timings.stop(),
        InstanceState.STOPPED,
        ManagedDatabase::stop);
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
        Verb.START,
        InstanceState.STARTING,
        EnumSet.of(InstanceState.STOPPED),
        timings.start(),
        InstanceState.AVAILABLE,
        database -> raise(servers.get(key), database));
  }

  /** Starts a database; one whose place has been taken is a replica only once it is made anew. */
  private void raise(SimulatedInstance instance, ManagedDatabase database) {
    engine.faults().beforeStart();
    Optional<Runnable> rejoining = instance.rejoining();
    if (rejoining.isPresent()) {
      rejoining.get().run();
      instance.rejoined();
    } else {
      database.start();
    }
  }

  /**
   * Begins to delete an instance. Its database runs until the operation ends; then the name is
   * free. Its replicas serve what they have, and follow nobody.
   *
   * @param key which
   * @return the operation
   * @throws SimulatorException when there is none, or it is changing
   */
  public SimulatedOperation delete(ResourceKey key) {
    return delete(key, replica -> false);
  }

  /**
   * The same, where the cloud makes instances of their own of replicas whose source goes: at the
   * end, with all that they have received, and without an operation.
   *
   * @param key which
   * @param promoted whether a replica of it takes over; those that do not run never do
   * @return the operation
   * @throws SimulatorException when there is none, or it is changing
   */
  public SimulatedOperation delete(ResourceKey key, Predicate<SimulatedInstance> promoted) {
    return delete(key, promoted, steps);
  }

  private SimulatedOperation delete(
      ResourceKey key, Predicate<SimulatedInstance> promoted, Steps ending) {
    SimulatedInstance instance = servers.get(key);
    InstanceState before =
        instance.begin(
            InstanceState.DELETING,
            EnumSet.of(
                InstanceState.AVAILABLE,
                InstanceState.BACKING_UP,
                InstanceState.STOPPED,
                InstanceState.FAILED));
    SimulatedOperation operation = engine.operations().open(Verb.DELETE, key);
    ending.later(
        timings.delete(),
        operation,
        instance,
        before,
        () -> {
          handOver(instance, promoted);
          servers.backupStore().end(instance);
          instance.managed().ifPresent(ManagedDatabase::close);
          servers.remove(instance);
          ending.end(operation, null);
        });
    return operation;
  }

  /**
   * Begins to delete a replica whose source takes no changes meanwhile: it is {@link
   * InstanceState#MODIFYING}, as on Azure. One that is stopped or failed stays as it is.
   *
   * @param key which
   * @return the operation
   * @throws SimulatorException when there is none, or it or its source is changing
   */
  public SimulatedOperation deleteReplica(ResourceKey key) {
    Optional<SimulatedInstance> source =
        servers.get(key).source().filter(other -> !AT_REST.contains(other.state()));
    if (source.isEmpty()) {
      return delete(key);
    }
    Runnable release = source.get().hold(EnumSet.of(InstanceState.AVAILABLE));
    try {
      return delete(key, replica -> false, steps.releasing(release));
    } catch (SimulatorException e) {
      release.run();
      throw e;
    }
  }

  private void handOver(SimulatedInstance instance, Predicate<SimulatedInstance> promoted) {
    List<SimulatedInstance> heirs = servers.replicasOf(instance).stream().filter(promoted).toList();
    if (!heirs.isEmpty()) {
      // A server that is stopped in order sends its replicas all that it has before.
      instance.managed().ifPresent(ManagedDatabase::stop);
    }
    for (SimulatedInstance heir : heirs) {
      heir.managed()
          .filter(ManagedDatabase::isRunning)
          .ifPresent(
              database -> {
                database.promote();
                heir.becomePrimary();
              });
    }
  }

  private SimulatedOperation onDatabase(
      ResourceKey key,
      Verb verb,
      InstanceState during,
      Set<InstanceState> from,
      Duration duration,
      InstanceState after,
      DatabaseWork work) {
    SimulatedInstance instance = servers.get(key);
    InstanceState before = instance.begin(during, from);
    SimulatedOperation operation = engine.operations().open(verb, key);
    steps.later(
        duration,
        operation,
        instance,
        before,
        () -> {
          work.on(database(instance));
          raiseReplicas(instance);
          steps.finish(operation, instance, after);
        });
    return operation;
  }

  /** The cloud restarts those that could replay no further. */
  private void raiseReplicas(SimulatedInstance source) {
    Optional<ManagedDatabase> larger = source.managed().filter(ManagedDatabase::isRunning);
    if (larger.isEmpty()) {
      return;
    }
    for (SimulatedInstance replica : servers.replicasOf(source)) {
      replica
          .managed()
          .filter(ManagedDatabase::isRunning)
          .filter(database -> database.isOutgrownBy(larger.get()))
          .ifPresent(
              database -> {
                database.stop();
                database.start();
                raiseReplicas(replica);
              });
    }
  }

  private static ManagedDatabase database(SimulatedInstance instance) {
    return instance
        .managed()
        .orElseThrow(
            () ->
                new SimulatorException(
                    Reason.START_FAILED, "The database of " + instance.key() + " was never made"));
  }
}
