/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ReplicationRole;
import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.CloudDbException;
import io.clouddb.instance.InstanceState;
import io.clouddb.plan.Plan;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Read replicas of PostgreSQL flexible servers of one resource group, those that are in a region.
 */
public final class FlexibleReplicas implements ReplicaDriver {
  private final ArmScope scope;
  private final ServerCalls servers;
  private final ReplicaCalls replicas;
  private final ReplicaCalls once;
  private final SourceRegion regions;
  private final ReplicaWorkflows workflows;

  /**
   * Makes a driver.
   *
   * @param scope where the replicas are
   * @param manager the SDK's client, asked for when it is first needed
   * @param calls through which every request goes
   * @param interval the pause between two looks, and the first one before a change that Azure ended
   *     as failed is tried again
   */
  public FlexibleReplicas(
      ArmScope scope, Supplier<PostgreSqlManager> manager, RemoteCalls calls, Duration interval) {
    this.scope = scope;
    this.servers = new ServerCalls(scope, manager, calls);
    this.replicas = new ReplicaCalls(scope, manager, calls);
    ServerCalls singly = new ServerCalls(scope, manager, calls.singly());
    this.once = new ReplicaCalls(scope, manager, calls.singly());
    this.regions = new SourceRegion(singly);
    this.workflows = new ReplicaWorkflows(scope, servers, singly, replicas, once, interval);
  }

  /**
   * How replicas are created and promoted.
   *
   * @return the workflows
   */
  public List<Workflow<?>> workflows() {
    return workflows.all();
  }

  @Override
  public Plan plan(ReplicaSpec spec) {
    return ReplicaTable.plan(spec);
  }

  @Override
  public Plan plan(Promotion promotion) {
    return ReplicaTable.plan(promotion);
  }

  @Override
  public Optional<Replica> find(String name) {
    return new HiddenServers(scope, servers)
        .find(name)
        .flatMap(
            server ->
                ServerArmId.of(server.sourceServerResourceId())
                    .map(source -> replica(server, source)));
  }

  /**
   * A source in another region is not asked: that region may be gone. What the replica's own region
   * does not tell is unknown then.
   */
  private Replica replica(ServerInner server, ServerArmId source) {
    boolean near = ReplicationRole.ASYNC_REPLICA.equals(server.replicationRole());
    InstanceState now = ServerStep.state(server);
    String word =
        now == InstanceState.CREATING
            ? "Provisioning"
            : near ? atSource(server, source) : replicas.replicationState(server.name());
    return new Replica(
        ServerView.instance(scope, server, null),
        near ? source.in(scope.location()) : regions.of(source).orElse(null),
        ListedReplica.state(word),
        word);
  }

  private String atSource(ServerInner server, ServerArmId source) {
    try {
      return once.at(source).replicas(source.name()).stream()
          .filter(listed -> listed.id().isSame(server.id()))
          .map(ListedReplica::replication)
          .findFirst()
          .orElse("");
    } catch (CloudDbException e) {
      // The replica is there all the same, and to be promoted perhaps for this very reason; its
      // source may also be where the caller has no right to look.
      return "";
    }
  }

  @Override
  public List<ResourceId> replicasOf(ResourceId source) {
    if (new HiddenServers(scope, servers).find(source).isEmpty()) {
      throw NewReplicaCheck.noSource(source);
    }
    return replicas.replicas(source.name()).stream()
        .map(replica -> replica.id().in(replica.location()))
        .toList();
  }
}
