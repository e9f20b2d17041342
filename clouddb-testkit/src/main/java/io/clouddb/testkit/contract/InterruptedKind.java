/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.operation.Operation;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.testkit.simulator.engine.Verb;

/** The kinds of operation that {@link InterruptionsContract} interrupts. */
enum InterruptedKind {
  /** Creates an instance. */
  CREATE(Verb.CREATE, InstanceDriver.CREATE.id(), Instance.class),
  /** Changes its tags. */
  MODIFY(Verb.MODIFY, InstanceDriver.MODIFY.id(), Instance.class),
  /** Stops it. */
  STOP(Verb.STOP, InstanceDriver.STOP.id(), Instance.class),
  /** Starts it. */
  START(Verb.START, InstanceDriver.START.id(), Instance.class),
  /** Deletes it. */
  DELETE(Verb.DELETE, InstanceDriver.DELETE.id(), ResourceId.class);

  private final Verb verb;
  private final String id;
  private final Class<?> result;

  InterruptedKind(Verb verb, String id, Class<?> result) {
    this.verb = verb;
    this.id = id;
    this.result = result;
  }

  Verb verb() {
    return verb;
  }

  String id() {
    return id;
  }

  Class<?> result() {
    return result;
  }

  Operation<?> begin(CloudDb cloud, InstanceSpec spec, ResourceId there) {
    return switch (this) {
      case CREATE -> cloud.instances().create(spec);
      case MODIFY ->
          // Tags alone are no change of the instance on AWS, where they have a request of their
          // own.
          cloud
              .instances()
              .modify(
                  there,
                  InstanceChange.builder()
                      .tag("changed", "yes")
                      .backups(BackupPolicy.daily().retainDays(8))
                      .build());
      case STOP -> cloud.instances().stop(there);
      case START -> cloud.instances().start(there);
      case DELETE -> cloud.instances().delete(there);
    };
  }
}
