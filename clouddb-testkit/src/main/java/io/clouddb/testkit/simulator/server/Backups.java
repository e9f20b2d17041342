/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.OperationFailure;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.SimulatorException.Reason;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.server.SimulatedBackup.Origin;
import io.clouddb.testkit.simulator.server.SimulatedBackup.State;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Backups of instances, and what is restored of them. A backup has the data of the moment at which
 * it was begun, to the transaction; so has a moment: what was committed while the simulated clock
 * showed it, or an earlier one, is in, and nothing else. What a service refuses beyond that, its
 * skin does.
 */
public final class Backups {
  private final ManagedServers servers;
  private final BackupStore store;
  private final CloudEngine engine;
  private final Timings timings;
  private final Steps steps;

  Backups(ManagedServers servers, Timings timings, @Nullable OperationFailure failure) {
    this.servers = servers;
    this.store = servers.backupStore();
    this.engine = servers.engine();
    this.timings = timings;
    this.steps = new Steps(engine, failure);
  }

  /**
   * Looks for a backup by hand, or a copy.
   *
   * @param key which
   * @return empty when there is none
   */
  public Optional<SimulatedBackup> find(ResourceKey key) {
    return store.byHand().find(key);
  }

  /**
   * Gets a backup by hand, or a copy.
   *
   * @param key which
   * @return the backup
   * @throws SimulatorException when there is none
   */
  public SimulatedBackup get(ResourceKey key) {
    return store.byHand().get(key);
  }

  /**
   * The backups by hand and the copies of a scope, whatever they are of.
   *
   * @param scope the scope
   * @return sorted by name
   */
  public List<SimulatedBackup> list(String scope) {
    // One may be gone between the two.
    return store.byHand().list(scope).stream().flatMap(key -> find(key).stream()).toList();
  }

  /**
   * What an instance backs up by itself.
   *
   * @param instance which
   * @return never null, and the same for as long as the instance is there
   * @throws SimulatorException when there is no such instance
   */
  public InstanceBackups of(ResourceKey instance) {
    return store.of(servers.get(instance));
  }

  /**
   * The same of all instances of a scope, and of those that were deleted and whose backups are
   * kept.
   *
   * @param scope the scope
   * @return in the order in which the instances were made
   */
  public List<InstanceBackups> all(String scope) {
    return store.all().stream()
        .filter(backups -> backups.instance().key().scope().equals(scope))
        .toList();
  }

  /**
   * Has an instance back itself up by a schedule from now on, at once and without an operation. One
   * that is being made does when it is there. What the new schedule does not keep is gone.
   *
   * @param instance which
   * @param schedule when, and for how long
   * @throws SimulatorException when there is no such instance
   */
  public void schedule(ResourceKey instance, BackupSchedule schedule) {
    of(instance).schedule(schedule);
  }

  /**
   * Has an instance be backed up in another place, too: from now on, by a schedule of its own, and
   * whatever becomes of what the instance keeps itself. {@link #all} tells nothing of it.
   *
   * @param instance which
   * @param schedule when, and for how long
   * @param most for how long it stays at most once it has ended, or the instance was deleted
   * @return what is kept there; {@link InstanceBackups#deleted()} once it has ended
   * @throws SimulatorException when there is no such instance
   */
  public InstanceBackups replicate(ResourceKey instance, BackupSchedule schedule, Duration most) {
    return store.replicate(servers.get(instance), schedule, most);
  }

  /**
   * Keeps nothing more in that other place. What is there stays for its time.
   *
   * @param replicated what {@link #replicate} gave
   */
  public void endReplication(InstanceBackups replicated) {
    replicated.end();
  }

  /**
   * Deletes what stays of an instance that was deleted, or of what was kept in another place,
   * before its time.
   *
   * @param left what
   * @throws IllegalStateException when it goes on
   */
  public void discard(InstanceBackups left) {
    left.discard();
  }

  /**
   * Has what an instance backs up by itself stay when it is deleted, to be asked for before. It is
   * gone otherwise.
   *
   * @param instance which
   * @param most how long it stays from the deletion on, if it does not expire before by the
   *     instance's schedule; zero for not at all, where a deletion may have failed that was to keep
   *     it
   * @throws SimulatorException when there is no such instance
   */
  public void keepAfterDeletion(ResourceKey instance, Duration most) {
    of(instance).keepAfterDeletion(most);
  }

  /**
   * Says whether what an instance backs up by itself stays when it is deleted, to be asked for
   * before: from then on one of its backups goes a day, the oldest first, however old they are.
   *
   * @param instance which
   * @param value whether it stays; a deletion may have failed that was to keep it
   * @throws SimulatorException when there is no such instance
   */
  public void keepOneFewerEachDay(ResourceKey instance, boolean value) {
    of(instance).keepOneFewerEachDay(value);
  }

  /**
   * Begins to back an instance up, which serves meanwhile. The backup has what is committed now;
   * that of a replica has what this shows now.
   *
   * @param request what
   * @return the operation; the backup is there at once, and {@link State#CREATING}
   * @throws SimulatorException when the name is taken, the scope is full, or there is no such
   *     instance, or it is not in a state for it
   */
  public SimulatedOperation take(BackupRequest request) {
    engine.tasks().requireOpen();
    SimulatedInstance instance = servers.get(request.instance());
    instance.require(request.from());
    Runnable release =
        request.holdsInstance() && instance.state() == InstanceState.AVAILABLE
            ? instance.hold(InstanceState.BACKING_UP, EnumSet.of(InstanceState.AVAILABLE))
            : () -> {};
    SimulatedBackup backup;
    try {
      // In this order, with nothing in between: who restores that moment finds all that it has.
      Instant moment = engine.clock().realTime();
      Instant now = engine.clock().instant();
      backup =
          add(
              new SimulatedBackup(
                      request.key(),
                      engine.newId(),
                      Origin.MANUAL,
                      SimulatedBackup.Source.of(instance),
                      now,
                      now,
                      engine.clock(),
                      store.dataOf(instance, moment))
                  .take(request.attributes()));
    } catch (RuntimeException e) {
      release.run();
      throw e;
    }
    return make(backup, steps.releasing(release));
  }

  /**
   * Begins to copy a backup that is available, of whichever origin.
   *
   * @param backup the backup, which may be deleted meanwhile: where that ends the copy, the skin
   *     says so by {@link #failCopies}
   * @param to scope and name of the copy
   * @param attributes what the skin keeps of it; nothing is taken over from the other one
   * @return the operation; the copy is there at once, and {@link State#CREATING}
   * @throws SimulatorException when the name is taken, the scope is full, or the backup is not
   *     available
   */
  public SimulatedOperation copy(
      SimulatedBackup backup, ResourceKey to, Map<String, Object> attributes) {
    engine.tasks().requireOpen();
    SimulatedBackup copy =
        SimulatedBackup.copy(backup, to, engine.newId(), engine.clock(), store.dataOf(backup));
    return make(add(copy.take(attributes)), steps);
  }

  /**
   * Ends the copies that are still being made of a backup, in whichever scope: they are {@link
   * State#FAILED}.
   *
   * @param backup what is copied
   * @param reason how their operations end
   */
  public void failCopies(SimulatedBackup backup, SimulatorException reason) {
    store.byHand().all().forEach(copy -> copy.failCopyOf(backup, reason));
  }

  private SimulatedBackup add(SimulatedBackup backup) {
    try {
      store.add(backup);
    } catch (RuntimeException e) {
      backup.release();
      throw e;
    }
    return backup;
  }

  private SimulatedOperation make(SimulatedBackup backup, Steps ending) {
    SimulatedOperation operation = engine.operations().open(Verb.CREATE, backup.key());
    ending.later(
        timings.backup(),
        operation,
        backup::fail,
        backup::fail,
        () -> {
          SimulatedBackup unused = backup.complete(engine.clock().instant());
          ending.end(operation, null);
        });
    return operation;
  }

  /**
   * Begins to delete a backup that is available or failed. One by itself is gone at once, without
   * an operation of any length.
   *
   * @param backup which
   * @return the operation
   * @throws SimulatorException when it is being made or deleted, or gone
   */
  public SimulatedOperation delete(SimulatedBackup backup) {
    store.require(backup);
    State before = backup.begin(State.DELETING, State.AVAILABLE, State.FAILED);
    SimulatedOperation operation = engine.operations().open(Verb.DELETE, backup.key());
    steps.later(
        backup.origin() == Origin.AUTOMATED ? Duration.ZERO : timings.delete(),
        operation,
        reason -> backup.enter(before),
        reason -> backup.enter(before),
        () -> {
          store.remove(backup);
          steps.end(operation, null);
        });
    return operation;
  }

  /**
   * Begins to make an instance of a backup, or of a moment; or, if so asked, to put that into one
   * that is there. Its data is what it is at this call, whatever becomes of the source meanwhile.
   *
   * @param request what to make
   * @return the operation; a new instance is there at once, and {@link InstanceState#CREATING}.
   *     When it fails, that is {@link InstanceState#FAILED}, without a database; one that was there
   *     has what it had
   * @throws SimulatorException when the name is taken, the scope is full, a parameter is wrong, the
   *     backup is not available, the moment is outside of the window, or what is to be replaced or
   *     held is not available
   */
  public SimulatedOperation restore(RestoreRequest request) {
    engine.tasks().requireOpen();
    return new Restore(servers, timings, steps, request).begin();
  }

  /** That a backup has nothing to be restored from. */
  static SimulatorException withoutData(SimulatedBackup backup) {
    return new SimulatorException(
        Reason.NOT_FOUND, "The backup " + backup.key() + " does not exist any more");
  }
}
