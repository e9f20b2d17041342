/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import io.clouddb.ResourceId;
import io.clouddb.instance.Instance;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Plan;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaSpec;
import java.util.List;
import java.util.Optional;

/**
 * Replicas of one cloud, account and region: those that are in the region, whatever the region of
 * their source. A replica is deleted, stopped and changed as the instance that it is.
 */
public interface ReplicaDriver {
  /** Creates a replica: its specification is a {@link ReplicaSpec} with its source. */
  OperationKind<Instance> CREATE = OperationKind.of("replica.create", Instance.class);

  /** Promotes a replica: its specification is a {@link Promotion}. */
  OperationKind<Promoted> PROMOTE = OperationKind.of("replica.promote", Promoted.class);

  /**
   * Says what would become of each field of a spec, without a remote call.
   *
   * @param spec the spec, with its source
   * @return the plan
   */
  Plan plan(ReplicaSpec spec);

  /**
   * Says whether the cloud can promote so, without a remote call.
   *
   * @param promotion how
   * @return the plan
   */
  Plan plan(Promotion promotion);

  /**
   * Looks for a replica in this region.
   *
   * @param name its name
   * @return the replica; empty when there is no instance of that name, or it is none
   */
  Optional<Replica> find(String name);

  /**
   * Lists the replicas of an instance, in all regions that its cloud tells of.
   *
   * @param source the instance, which is in this region
   * @return the ids of its replicas, not those of its replicas' replicas
   * @throws io.clouddb.error.NotFoundException when there is no such instance
   */
  List<ResourceId> replicasOf(ResourceId source);
}
