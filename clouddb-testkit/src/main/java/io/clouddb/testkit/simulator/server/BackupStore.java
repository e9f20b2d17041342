/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.postgres.ReplicationLag;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.ResourceStore;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The backups of the servers of a cloud, of those that are gone, too, and who holds their data. */
final class BackupStore {
  private final CloudEngine engine;
  private final Duration duration;
  private final ResourceStore<SimulatedBackup> byHand;
  private final Map<String, InstanceBackups> histories = new LinkedHashMap<>();
  private final List<InstanceBackups> replicated = new CopyOnWriteArrayList<>();
  private final Set<BackedUp> restoring = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param duration how long a backup takes
   * @param perScope how many backups by hand, and copies, a scope may have
   */
  BackupStore(CloudEngine engine, Duration duration, int perScope) {
    this.engine = engine;
    this.duration = duration;
    this.byHand = new ResourceStore<>("backup", perScope);
  }

  /** The backups by hand, and the copies. */
  ResourceStore<SimulatedBackup> byHand() {
    return byHand;
  }

  /**
   * Has an instance be there from now on.
   *
   * @param adding what makes it so, or fails
   */
  void begin(SimulatedInstance instance, Runnable adding) {
    InstanceBackups history = new InstanceBackups(instance, engine, duration);
    synchronized (histories) {
      adding.run();
      histories.put(instance.uid(), history);
    }
    instance.onChange(
        () -> {
          history.count();
          replicatedOf(instance).forEach(InstanceBackups::count);
        });
  }

  /** Has an instance be backed up in another place, too, until it ends or that does. */
  InstanceBackups replicate(SimulatedInstance instance, BackupSchedule schedule, Duration most) {
    replicated.removeIf(InstanceBackups::isOver);
    InstanceBackups there = new InstanceBackups(instance, engine, duration);
    there.keepAfterDeletion(most);
    replicated.add(there);
    there.schedule(schedule);
    if (closed) {
      there.release();
    }
    return there;
  }

  private List<InstanceBackups> replicatedOf(SimulatedInstance instance) {
    return replicated.stream().filter(there -> there.instance() == instance).toList();
  }

  /** Of an instance that is there. */
  InstanceBackups of(SimulatedInstance instance) {
    synchronized (histories) {
      InstanceBackups found = histories.get(instance.uid());
      if (found == null) {
        throw new SimulatorException(
            SimulatorException.Reason.NOT_FOUND,
            "The instance " + instance.key() + " does not exist");
      }
      return found;
    }
  }

  /** Before an instance is deleted; does nothing the second time. */
  void end(SimulatedInstance instance) {
    InstanceBackups found;
    synchronized (histories) {
      found = histories.get(instance.uid());
    }
    if (found != null) {
      found.end();
    }
    replicatedOf(instance).forEach(InstanceBackups::end);
  }

  /** Of all instances, and of those that were deleted and have some. */
  List<InstanceBackups> all() {
    List<InstanceBackups> all;
    synchronized (histories) {
      all = List.copyOf(histories.values());
    }
    List<InstanceBackups> left = new ArrayList<>();
    for (InstanceBackups history : all) {
      if (history.isOver()) {
        synchronized (histories) {
          histories.remove(history.instance().uid());
        }
      } else {
        left.add(history);
      }
    }
    return left;
  }

  /**
   * What an instance has, with a hold of its own; of a replica, what it shows.
   *
   * @param now the real time
   * @throws SimulatorException when that cannot be told
   */
  BackedUp dataOf(SimulatedInstance instance, Instant now) {
    Optional<SimulatedInstance> source = instance.source();
    if (source.isEmpty()) {
      return of(instance).now(now);
    }
    // What a replica shows is what its source had at a moment.
    ReplicationLag lag =
        instance
            .lag()
            .orElseThrow(
                () ->
                    new SimulatorException(
                        SimulatorException.Reason.WRONG_STATE,
                        "The replica " + instance.key() + " does not run"));
    SimulatedInstance first = source.get();
    while (first.source().isPresent()) {
      first = first.source().get();
    }
    if (lag.lastReplayed().isEmpty() && lag.bytesToReplay() > 0) {
      throw new SimulatorException(
          SimulatorException.Reason.WRONG_STATE,
          "The replica " + instance.key() + " has replayed nothing yet");
    }
    return of(first).at(lag.lastReplayed().orElse(now));
  }

  /** What a backup has, with a hold of its own. */
  BackedUp dataOf(SimulatedBackup backup) {
    backup.requireAvailable();
    if (backup.origin() != SimulatedBackup.Origin.AUTOMATED) {
      return backup.data().orElseThrow(() -> Backups.withoutData(backup)).again();
    }
    return historyOf(backup).of(backup);
  }

  private InstanceBackups historyOf(SimulatedBackup automated) {
    synchronized (histories) {
      InstanceBackups history = histories.get(automated.instanceUid());
      if (history == null) {
        throw Backups.withoutData(automated);
      }
      return history;
    }
  }

  /** Adds one by hand, or a copy, which has data of its own. */
  void add(SimulatedBackup backup) {
    byHand.create(backup.key(), backup);
    if (closed) {
      backup.release();
    }
  }

  /** Refuses one that is gone. */
  void require(SimulatedBackup backup) {
    if (backup.origin() == SimulatedBackup.Origin.AUTOMATED) {
      historyOf(backup).require(backup);
    } else {
      SimulatedBackup unused = byHand.get(backup.key());
    }
  }

  void remove(SimulatedBackup backup) {
    if (backup.origin() == SimulatedBackup.Origin.AUTOMATED) {
      historyOf(backup).remove(backup);
    } else {
      SimulatedBackup unused = byHand.remove(backup.key());
      backup.release();
    }
  }

  /**
   * Holds data until something ends, or all this.
   *
   * @return to be run at that end
   */
  Runnable until(BackedUp data) {
    restoring.add(data);
    if (closed) {
      data.close();
    }
    return () -> {
      restoring.remove(data);
      data.close();
    };
  }

  /** Lets go of all data, also of what comes to it from now on. */
  void close() {
    closed = true;
    List<Runnable> ends = new ArrayList<>();
    restoring.forEach(data -> ends.add(data::close));
    byHand.all().forEach(backup -> ends.add(backup::release));
    all().forEach(history -> ends.add(history::release));
    replicated.forEach(history -> ends.add(history::release));
    ManagedServers.all(ends);
  }
}
