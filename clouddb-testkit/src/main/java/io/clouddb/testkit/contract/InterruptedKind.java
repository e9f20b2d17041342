/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.operation.Operation;
import io.clouddb.operation.OperationKind;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The kinds of operation that {@link InterruptionsContract} interrupts, in the order of a life in
 * which each leaves what the next one needs.
 */
enum InterruptedKind implements Interrupted {
  /** Creates an instance. */
  CREATE(Verb.CREATE, InstanceDriver.CREATE, InterruptedKind.ORDERS),
  /** Changes its tags. */
  MODIFY(Verb.MODIFY, InstanceDriver.MODIFY, InterruptedKind.ORDERS),
  /** Stops it. */
  STOP(Verb.STOP, InstanceDriver.STOP, InterruptedKind.ORDERS),
  /** Starts it. */
  START(Verb.START, InstanceDriver.START, InterruptedKind.ORDERS),
  /** Creates a replica of it. */
  CREATE_REPLICA(Verb.CREATE, ReplicaDriver.CREATE, InterruptedKind.READER),
  /** Promotes that one. */
  PROMOTE(Verb.PROMOTE, ReplicaDriver.PROMOTE, InterruptedKind.READER),
  /** Deletes the instance. */
  DELETE(Verb.DELETE, InstanceDriver.DELETE, InterruptedKind.ORDERS);

  /** The name of the instance. */
  static final String ORDERS = "orders";

  /** The name of its replica. */
  static final String READER = "orders-reader";

  private static final String KIND = "kind";
  private static final String SPEC = "spec";

  /** Begins one of them in a {@link KilledProcess}. */
  static final class Beginning implements KilledProcess.Beginning {
    @Override
    public Operation<?> begin(CloudDb cloud, Map<String, String> asked) {
      return valueOf(Objects.requireNonNull(asked.get(KIND)))
          .begin(cloud, InstanceSpec.fromJson(Objects.requireNonNull(asked.get(SPEC))));
    }
  }

  private final Verb verb;
  private final String id;
  private final Class<?> result;
  private final String name;

  InterruptedKind(Verb verb, OperationKind<?> kind, String name) {
    this.verb = verb;
    this.id = kind.id();
    this.result = kind.result();
    this.name = name;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Class<?> result() {
    return result;
  }

  @Override
  public Verb verb() {
    return verb;
  }

  @Override
  public String resourceKind() {
    return Call.INSTANCE;
  }

  @Override
  public Optional<String> resource() {
    return Optional.of(name);
  }

  /** The name of the instance that it makes or changes. */
  String instance() {
    return name;
  }

  boolean isOfReplicas() {
    return name.equals(READER);
  }

  boolean needsReplica() {
    return this == PROMOTE;
  }

  /** What {@link Beginning} is told. */
  Map<String, String> asked(InstanceSpec spec) {
    return Map.of(KIND, name(), SPEC, spec.toJson());
  }

  Operation<?> begin(CloudDb cloud, InstanceSpec spec) {
    return switch (this) {
      case CREATE -> cloud.instances().create(spec);
      case MODIFY ->
          // Tags alone are no change of the instance on AWS, where they have a request of their
          // own.
          cloud
              .instances()
              .modify(
                  id(cloud),
                  InstanceChange.builder()
                      .tag("changed", "yes")
                      .backups(BackupPolicy.daily().retainDays(8))
                      .build());
      case STOP -> cloud.instances().stop(id(cloud));
      case START -> cloud.instances().start(id(cloud));
      case CREATE_REPLICA ->
          cloud.replicas().create(cloud.instances().get(ORDERS).id(), ReplicaSpec.named(READER));
      case PROMOTE -> cloud.replicas().promote(id(cloud), Promotion.standalone());
      case DELETE -> cloud.instances().delete(id(cloud));
    };
  }

  private ResourceId id(CloudDb cloud) {
    return cloud.instances().get(name).id();
  }
}
