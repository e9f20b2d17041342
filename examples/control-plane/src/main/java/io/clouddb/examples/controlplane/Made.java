/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What was made, so that all of it goes again: the newest first, as replicas go before sources. */
final class Made {
  private final Deque<Thing> things = new ArrayDeque<>();
  private final Map<ResourceId, CloudDb> instances = new LinkedHashMap<>();
  private final List<String> left = new ArrayList<>();

  /**
   * Something that may be there.
   *
   * @param name for people
   * @param making what made it, which may still go on
   * @param deletion looks for it first, and is empty when it is not there
   */
  private record Thing(
      String name, Operation<?> making, Supplier<Optional<Operation<ResourceId>>> deletion) {}

  void instance(CloudDb where, Operation<Instance> making) {
    ResourceId id = making.resource();
    instances.put(id, where);
    things.push(
        new Thing(
            "instance " + id.name() + " in " + id.location(),
            making,
            () ->
                where
                    .instances()
                    .find(id.name())
                    .map(Instance::id)
                    .map(where.instances()::delete)));
  }

  void backup(CloudDb where, Operation<?> making, ResourceId instance, String name) {
    things.push(
        new Thing(
            "backup " + name + " in " + instance.location(),
            making,
            () ->
                where.backups().find(instance, name).map(Backup::id).map(where.backups()::delete)));
  }

  /**
   * Deletes all of it that is there, whatever becomes of one of them. To be asked again when it was
   * interrupted.
   *
   * @return what may be left, and why
   */
  List<String> deleteAll(Steps steps) throws InterruptedException {
    for (Thing thing = things.peek(); thing != null; thing = things.peek()) {
      try {
        // What goes on would make it after a look that found nothing.
        steps.awaitEnd(thing.making());
        Optional<Operation<ResourceId>> deletion = thing.deletion().get();
        if (deletion.isPresent()) {
          steps.await(deletion.get());
        }
      } catch (CloudDbException e) {
        if (Thread.interrupted()) {
          // Cut off by who stops the program, and refused by no cloud.
          throw (InterruptedException) new InterruptedException().initCause(e);
        }
        left.add(thing.name() + ": " + e.getMessage());
      }
      things.pop();
    }
    return List.copyOf(left);
  }

  /** Of which of the deleted instances the cloud keeps automated backups, and for which moments. */
  List<RestorableWindow> kept() {
    List<RestorableWindow> kept = new ArrayList<>();
    instances.forEach(
        (id, where) -> {
          try {
            kept.add(where.backups().window(id));
          } catch (NotFoundException e) {
            // It keeps none.
          }
        });
    return kept;
  }
}
