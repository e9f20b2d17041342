/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.server.InstanceBackups;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.SimulatedBackup;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The backups of a project: by hand and by themselves, also of instances that were deleted. */
final class StoredBackups {
  /** What the request said of one by hand: its description and its location. */
  static final String REQUESTED = "requested";

  /** What the instance of one by hand that stays backed up by itself, and when that was deleted. */
  private static final String HISTORY = "history";

  private static final Set<SimulatedBackup.State> DELETABLE =
      Set.of(SimulatedBackup.State.AVAILABLE, SimulatedBackup.State.FAILED);

  private final ManagedServers managed;

  StoredBackups(ManagedServers managed) {
    this.managed = managed;
  }

  /** The number of a run: its time in milliseconds. */
  static long run(SimulatedBackup backup) {
    String name = backup.key().name();
    return backup.origin() == SimulatedBackup.Origin.AUTOMATED
        ? backup.started().toEpochMilli()
        : Long.parseLong(name.substring(name.lastIndexOf('/') + 1));
  }

  /** The key of a new one by hand, whose number no other one of the instance has. */
  ResourceKey newKey(SimulatedInstance instance) {
    long run = managed.engine().clock().instant().toEpochMilli();
    List<Long> there = of(instance).stream().map(StoredBackups::run).toList();
    while (there.contains(run)) {
      run++;
    }
    return new ResourceKey(instance.key().scope(), instance.uid() + "/" + run);
  }

  /** Those of an instance that is there; the newest first. */
  List<SimulatedBackup> of(SimulatedInstance instance) {
    return all(instance.key().scope()).stream()
        .filter(backup -> backup.instanceUid().equals(instance.uid()))
        .toList();
  }

  Optional<SimulatedBackup> find(SimulatedInstance instance, String run) {
    return of(instance).stream()
        .filter(backup -> String.valueOf(run(backup)).equals(run))
        .findFirst();
  }

  Optional<SimulatedBackup> find(String project, String uid) {
    return all(project).stream().filter(backup -> backup.uid().equals(uid)).findFirst();
  }

  /** All of a project; the newest first. */
  List<SimulatedBackup> all(String project) {
    List<SimulatedBackup> all = new ArrayList<>(managed.backups().list(project));
    for (InstanceBackups history : managed.backups().all(project)) {
      all.addAll(history.backups());
    }
    all.removeIf(this::isGoing);
    all.sort(
        Comparator.comparing(SimulatedBackup::started)
            .reversed()
            .thenComparing(SimulatedBackup::uid));
    return all;
  }

  /** One that goes with its instance is out of sight with it. */
  private boolean isGoing(SimulatedBackup backup) {
    return isLeft(backup)
        && (backup.state() == SimulatedBackup.State.DELETING || deleted(backup).isEmpty());
  }

  /** Whether the instance of a backup is gone. */
  private boolean isLeft(SimulatedBackup backup) {
    return managed
        .find(backup.instance())
        .filter(found -> found.uid().equals(backup.instanceUid()))
        .isEmpty();
  }

  /** When the instance of a backup was deleted that stays. */
  Optional<Instant> deleted(SimulatedBackup backup) {
    return history(backup).flatMap(InstanceBackups::deleted).filter(gone -> isLeft(backup));
  }

  private Optional<InstanceBackups> history(SimulatedBackup backup) {
    if (backup.origin() != SimulatedBackup.Origin.AUTOMATED) {
      return backup.attribute(HISTORY, InstanceBackups.class);
    }
    return managed.backups().all(backup.instance().scope()).stream()
        .filter(history -> history.instance().uid().equals(backup.instanceUid()))
        .findFirst();
  }

  /** The history of an instance that was deleted at a time. */
  Optional<InstanceBackups> deleted(ResourceKey key, Instant time) {
    return managed.backups().all(key.scope()).stream()
        .filter(history -> history.instance().key().equals(key))
        .filter(history -> history.deleted().filter(time::equals).isPresent())
        .findFirst();
  }

  /**
   * Has an instance deleted, and its backups with it or not.
   *
   * @param deletion begins it, or refuses it: then nothing has become of the backups
   * @return the deletion
   */
  SimulatedOperation leave(SimulatedInstance instance, Supplier<SimulatedOperation> deletion) {
    boolean retaining = BackupSchedules.isRetaining(InstanceDocument.stored(instance));
    List<SimulatedBackup> byHand =
        of(instance).stream()
            .filter(backup -> backup.origin() != SimulatedBackup.Origin.AUTOMATED)
            .toList();
    // Said anew by each deletion, and of no weight while the instance is there.
    BackupSchedules.retain(managed, instance.key(), retaining);
    if (retaining) {
      InstanceBackups history = managed.backups().of(instance.key());
      byHand.forEach(backup -> backup.putAttribute(HISTORY, history));
    }
    SimulatedOperation begun = deletion.get();
    for (SimulatedBackup backup : byHand) {
      if (!retaining && DELETABLE.contains(backup.state())) {
        var unused = managed.backups().delete(backup);
      }
    }
    return begun;
  }

  /** The instance as it was when it was backed up. */
  static ObjectNode instance(SimulatedBackup backup) {
    Map<String, Object> attributes = backup.instanceAttributes();
    return ((ObjectNode) Objects.requireNonNull(attributes.get(InstanceDocument.ATTRIBUTE)))
        .deepCopy();
  }
}
