/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.ResourceKey;
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

/** The backups of a project: by hand and by themselves, also of instances that were deleted. */
final class StoredBackups {
  /** What the request said of one by hand: its description and its location. */
  static final String REQUESTED = "requested";

  /** When the instance of one by hand was deleted that stays. */
  private static final String DELETED = "instanceDeleted";

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

  /** One that goes with its instance is out of sight at once. */
  private boolean isGoing(SimulatedBackup backup) {
    return backup.state() == SimulatedBackup.State.DELETING
        && managed
            .find(backup.instance())
            .filter(found -> found.uid().equals(backup.instanceUid()))
            .isEmpty();
  }

  /** When the instance of a backup was deleted. */
  Optional<Instant> deleted(SimulatedBackup backup) {
    return history(backup)
        .flatMap(InstanceBackups::deleted)
        .or(() -> backup.attribute(DELETED, Instant.class))
        .filter(
            gone ->
                managed
                    .find(backup.instance())
                    .filter(found -> found.uid().equals(backup.instanceUid()))
                    .isEmpty());
  }

  private Optional<InstanceBackups> history(SimulatedBackup backup) {
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

  /** What becomes of the backups of an instance that is about to be deleted. */
  void leave(SimulatedInstance instance) {
    ObjectNode document = InstanceDocument.stored(instance);
    boolean retaining = BackupSchedules.isRetaining(document);
    for (SimulatedBackup backup : of(instance)) {
      if (backup.origin() == SimulatedBackup.Origin.AUTOMATED) {
        continue;
      }
      if (retaining) {
        backup.putAttribute(DELETED, managed.engine().clock().instant());
      } else if (backup.state() != SimulatedBackup.State.DELETING) {
        var unused = managed.backups().delete(backup);
      }
    }
    BackupSchedules.retain(managed, instance.key(), retaining);
  }

  /** The instance as it was when it was backed up. */
  static ObjectNode instance(SimulatedBackup backup) {
    Map<String, Object> attributes = backup.instanceAttributes();
    return ((ObjectNode) Objects.requireNonNull(attributes.get(InstanceDocument.ATTRIBUTE)))
        .deepCopy();
  }
}
