/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.OperationFailure;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.SimulatorException.Reason;
import io.clouddb.testkit.simulator.engine.Verb;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Begins what takes replicas simulated time: that they are made, take over, and change places with
 * their source. They are deleted, changed, stopped and started by {@link LifeCycle}, as any
 * instance. What a service refuses beyond that, its skin does.
 */
public final class Replicas {
  private static final Set<InstanceState> READY = EnumSet.of(InstanceState.AVAILABLE);

  /** Stopped by somebody, or by itself, which is not shown at once. */
  private static final Set<InstanceState> GONE =
      EnumSet.of(InstanceState.STOPPED, InstanceState.AVAILABLE, InstanceState.FAILED);

  private final ManagedServers servers;
  private final CloudEngine engine;
  private final Timings timings;
  private final Steps steps;

  Replicas(ManagedServers servers, Timings timings, @Nullable OperationFailure failure) {
    this.servers = servers;
    this.engine = servers.engine();
    this.timings = timings;
    this.steps = new Steps(engine, failure);
  }

  /**
   * Begins to make a replica of an instance that is available, which may be a replica itself. The
   * source is copied when the replica's time has come, and serves meanwhile.
   *
   * @param request what to make
   * @return the operation; the replica is there at once, and {@link InstanceState#CREATING}
   * @throws SimulatorException when the name is taken, the scope is full, a parameter is wrong, or
   *     there is no such source, or it is not available
   */
  public SimulatedOperation create(ReplicaRequest request) {
    SimulatedInstance source = servers.get(request.source());
    Map<String, String> parameters = request.parameters().orElseGet(source::parameters);
    servers.checkParameters(source.version(), parameters);
    source.require(READY);
    boolean holds = request.holdsSource() || request.holdsSourceToTheEnd();
    Runnable release = holds ? source.hold(READY) : () -> {};
    SimulatedInstance replica;
    try {
      replica = servers.add(request, source, parameters);
    } catch (RuntimeException e) {
      release.run();
      throw e;
    }
    if (request.holdsSource()) {
      engine.tasks().later(timings.modify(), release);
      release = () -> {};
    }
    SimulatedOperation operation = engine.operations().open(Verb.CREATE, replica.key());
    Steps ending = steps.releasing(release);
    ending.later(
        timings.create(),
        operation,
        replica,
        InstanceState.FAILED,
        () -> {
          engine.faults().beforeStart();
          replica.attach(
              source
                  .managed()
                  .filter(ManagedDatabase::isRunning)
                  .orElseThrow(() -> gone(source))
                  .replicate(request, source.version()));
          ending.finish(operation, replica, InstanceState.AVAILABLE);
        });
    return operation;
  }

  private static SimulatorException gone(SimulatedInstance source) {
    return new SimulatorException(
        Reason.START_FAILED, "The database of the source " + source.key() + " does not run");
  }

  /**
   * Begins to make a replica that is available an instance of its own, which follows nobody. Its
   * own replicas go on to follow it. When it fails, it is a replica as before.
   *
   * @param key which
   * @param promotion how
   * @return the operation; the replica is {@link InstanceState#MODIFYING}
   * @throws SimulatorException when there is none, it is no replica, it is changing, or its source,
   *     which is to be held, is not available
   */
  public SimulatedOperation promote(ResourceKey key, Promotion promotion) {
    SimulatedInstance replica = servers.get(key);
    SimulatedInstance source = requireReplica(replica);
    Runnable release = promotion.holdsSource() ? source.hold(READY) : () -> {};
    InstanceState before;
    try {
      before = replica.begin(InstanceState.MODIFYING, READY);
    } catch (SimulatorException e) {
      release.run();
      throw e;
    }
    SimulatedOperation operation = engine.operations().open(Verb.PROMOTE, key);
    Steps ending = steps.releasing(release);
    ending.later(
        timings.promote(),
        operation,
        reason -> replica.enter(before),
        reason -> replica.enter(before),
        () -> {
          ManagedDatabase database = running(replica);
          // It may have taken over already, when its source was deleted meanwhile.
          if (database.isReplica()) {
            promotion.catchUpLimit().ifPresent(database::catchUp);
            database.promote();
          }
          replica.becomePrimary();
          replica.take(promotion.attributes());
          restart(operation, replica, database, promotion, ending);
        });
    return operation;
  }

  private void restart(
      SimulatedOperation operation,
      SimulatedInstance instance,
      ManagedDatabase database,
      Promotion promotion,
      Steps ending) {
    if (!promotion.restart()) {
      backup(operation, instance, promotion, ending);
      return;
    }
    instance.enter(InstanceState.REBOOTING);
    ending.later(
        timings.reboot(),
        operation,
        instance,
        InstanceState.AVAILABLE,
        () -> {
          database.stop();
          engine.faults().beforeStart();
          database.start();
          backup(operation, instance, promotion, ending);
        });
  }

  private void backup(
      SimulatedOperation operation, SimulatedInstance instance, Promotion promotion, Steps ending) {
    if (!promotion.backup() || timings.firstBackup().isZero()) {
      ending.finish(operation, instance, InstanceState.AVAILABLE);
      return;
    }
    instance.enter(InstanceState.BACKING_UP);
    ending.later(
        timings.firstBackup(),
        operation,
        instance,
        InstanceState.AVAILABLE,
        () -> ending.finish(operation, instance, InstanceState.AVAILABLE));
  }

  /**
   * Begins to have a replica and its source change places: waits until the replica has all, stops
   * the source, promotes the replica and has the former source follow it, and so the source's other
   * replicas. Each keeps its address. Both are {@link InstanceState#MODIFYING} until then. When it
   * fails before the replica has taken over, all is as before; later, the former source is {@link
   * InstanceState#FAILED}.
   *
   * @param key the replica
   * @param promotion how
   * @return the operation, which is the replica's
   * @throws SimulatorException when there is none, it is no replica, its source is one itself or is
   *     gone, or one of them, or of the source's other replicas, is not available
   */
  public SimulatedOperation switchOver(ResourceKey key, Promotion promotion) {
    SimulatedInstance replica = servers.get(key);
    SimulatedInstance former = requireReplica(replica);
    if (former.source().isPresent() || servers.find(former.key()).orElse(null) != former) {
      throw new SimulatorException(
          Reason.WRONG_STATE,
          "The instance " + former.key() + " is gone, or a replica itself: it does not hand over");
    }
    for (SimulatedInstance other : servers.replicasOf(former)) {
      other.require(READY);
    }
    former.require(READY);
    InstanceState unused = replica.begin(InstanceState.MODIFYING, READY);
    try {
      unused = former.begin(InstanceState.MODIFYING, READY);
    } catch (SimulatorException e) {
      replica.enter(InstanceState.AVAILABLE);
      throw e;
    }
    SimulatedOperation operation = engine.operations().open(Verb.SWITCH_OVER, key);
    steps.later(
        timings.promote(),
        operation,
        reason -> bothAvailable(replica, former),
        reason -> afterFailure(replica, former, reason),
        () -> {
          running(replica).switchOver(promotion.catchUpLimit().orElse(Promotion.USUAL_LIMIT));
          exchange(replica, former);
          replica.take(promotion.attributes());
          former.take(promotion.formerAttributes());
          former.enter(InstanceState.AVAILABLE);
          steps.finish(operation, replica, InstanceState.AVAILABLE);
        });
    return operation;
  }

  /**
   * Begins to have a replica take the place of its source, which does not run: it is stopped, or
   * gone by itself. Its other replicas follow the new one. The former source is an instance of its
   * own until it is started or rebooted: then it is made anew, as a replica of the one that has
   * taken its place, where it was. Until the operation ends it is {@link InstanceState#MODIFYING}
   * and takes no changes.
   *
   * @param key the replica
   * @param promotion how
   * @param rejoining what the former source is to be then, asked for at that time
   * @return the operation, which is the replica's
   * @throws SimulatorException when there is none, it is no replica, its source runs or is
   *     changing, or it or another replica of its source is not available
   */
  public SimulatedOperation failOver(
      ResourceKey key, Promotion promotion, Supplier<ReplicaRequest> rejoining) {
    SimulatedInstance replica = servers.get(key);
    SimulatedInstance former = requireReplica(replica);
    former.require(GONE);
    requireGone(former);
    for (SimulatedInstance other : servers.replicasOf(former)) {
      other.require(READY);
    }
    InstanceState unused = replica.begin(InstanceState.MODIFYING, READY);
    Runnable release;
    try {
      // Started meanwhile, it would take writes beside the new primary.
      release = former.hold(GONE);
    } catch (SimulatorException e) {
      replica.enter(InstanceState.AVAILABLE);
      throw e;
    }
    SimulatedOperation operation = engine.operations().open(Verb.PROMOTE, key);
    Steps ending = steps.releasing(release);
    ending.later(
        timings.promote(),
        operation,
        replica,
        InstanceState.AVAILABLE,
        () -> {
          requireGone(former);
          ManagedDatabase database = running(replica);
          database.promote();
          for (SimulatedInstance other : servers.replicasOf(former)) {
            if (other != replica) {
              running(other).follow(database);
              other.follow(replica);
            }
          }
          replica.becomePrimary();
          replica.take(promotion.attributes());
          former.rejoinAtStart(() -> rejoin(former, replica, rejoining.get()));
          ending.finish(operation, replica, InstanceState.AVAILABLE);
        });
    return operation;
  }

  /**
   * Begins to have a replica take the place of a source that is gone by itself, without waiting for
   * anything. The former source is shown as its replica and stays {@link InstanceState#FAILED}: it
   * is to be deleted, and a replica made anew. Its other replicas go on to follow it, cut off.
   *
   * @param key the replica
   * @param promotion how
   * @return the operation; the replica is {@link InstanceState#MODIFYING}
   * @throws SimulatorException when there is none, it is no replica, it is changing, or its source
   *     runs
   */
  public SimulatedOperation takeOver(ResourceKey key, Promotion promotion) {
    SimulatedInstance replica = servers.get(key);
    SimulatedInstance former = requireReplica(replica);
    requireGone(former);
    InstanceState before = replica.begin(InstanceState.MODIFYING, READY);
    SimulatedOperation operation = engine.operations().open(Verb.SWITCH_OVER, key);
    steps.later(
        timings.promote(),
        operation,
        reason -> replica.enter(before),
        reason -> replica.enter(before),
        () -> {
          // Somebody can have restarted it meanwhile.
          requireGone(former);
          running(replica).promote();
          replica.becomePrimary();
          former.follow(replica);
          replica.take(promotion.attributes());
          former.take(promotion.formerAttributes());
          former.fail(gone(former));
          steps.finish(operation, replica, InstanceState.AVAILABLE);
        });
    return operation;
  }

  private static void requireGone(SimulatedInstance former) {
    if (former.managed().filter(ManagedDatabase::isRunning).isPresent()) {
      throw new SimulatorException(
          Reason.WRONG_STATE, "The instance " + former.key() + " runs: it can hand over");
    }
  }

  private static void rejoin(
      SimulatedInstance former, SimulatedInstance primary, ReplicaRequest request) {
    ManagedDatabase database = running(primary);
    int port = former.port().orElse(0);
    // What it has written that nobody received is lost, as with any failover.
    former.managed().ifPresent(ManagedDatabase::close);
    former.attach(database.replicate(request, former.version(), port));
    former.follow(primary);
    former.take(request.attributes());
  }

  private void exchange(SimulatedInstance replica, SimulatedInstance former) {
    for (SimulatedInstance other : servers.replicasOf(former)) {
      other.follow(replica);
    }
    replica.becomePrimary();
    former.follow(replica);
  }

  private static void bothAvailable(SimulatedInstance replica, SimulatedInstance former) {
    replica.enter(InstanceState.AVAILABLE);
    former.enter(InstanceState.AVAILABLE);
  }

  private void afterFailure(
      SimulatedInstance replica, SimulatedInstance former, SimulatorException reason) {
    boolean asBefore =
        replica
            .managed()
            .filter(ManagedDatabase::isRunning)
            .map(ManagedDatabase::isReplica)
            .orElse(true);
    replica.enter(InstanceState.AVAILABLE);
    if (asBefore && former.managed().filter(ManagedDatabase::isRunning).isPresent()) {
      former.enter(InstanceState.AVAILABLE);
    } else {
      if (!asBefore) {
        exchange(replica, former);
      }
      former.fail(reason);
    }
  }

  private static SimulatedInstance requireReplica(SimulatedInstance instance) {
    return instance
        .source()
        .orElseThrow(
            () ->
                new SimulatorException(
                    Reason.WRONG_STATE, "The instance " + instance.key() + " is no replica"));
  }

  private static ManagedDatabase running(SimulatedInstance instance) {
    return instance
        .managed()
        .filter(ManagedDatabase::isRunning)
        .orElseThrow(
            () ->
                new SimulatorException(
                    Reason.WRONG_STATE, "The database of " + instance.key() + " does not run"));
  }
}
