/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.SQLAdmin;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.ResourceId;
import io.clouddb.plan.Plan;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.Workflow;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Read replicas of Cloud SQL for PostgreSQL: <a
 * href="https://cloud.google.com/sql/docs/postgres/replication">About replication in Cloud SQL</a>.
 */
public final class CloudSqlReplicas implements ReplicaDriver {
  private final SqlAdminCalls calls;
  private final InstanceReader reader;
  private final TheInstance instance;
  private final ReplicaList replicas;
  private final Place place;
  private final ReplicaWorkflows workflows;

  /**
   * Makes a driver. Makes no remote call.
   *
   * @param client gives Google's client when it is needed
   * @param remote through which every remote call goes
   * @param project the project's id
   * @param region the region of the replicas
   */
  public CloudSqlReplicas(
      Supplier<SQLAdmin> client, RemoteCalls remote, String project, String region) {
    this.calls = new SqlAdminCalls(client, remote, project);
    this.reader = new InstanceReader(project, region);
    this.instance = new TheInstance(calls, region);
    this.replicas = new ReplicaList(calls, project);
    this.place = new Place(project, region);
    this.workflows =
        new ReplicaWorkflows(
            calls, new SqlAdminCalls(client, remote.singly(), project), reader, place);
  }

  @Override
  public Plan plan(ReplicaSpec spec) {
    return ReplicaTables.plan(spec, place);
  }

  @Override
  public Plan plan(Promotion promotion) {
    return ReplicaTables.plan(promotion, place);
  }

  /**
   * How each kind of operation is done.
   *
   * @return the workflows
   */
  public List<Workflow<?>> workflows() {
    return List.of(workflows.create(), workflows.promote());
  }

  @Override
  public Optional<Replica> find(String name) {
    return calls
        .find(name)
        .filter(instance::isHere)
        .filter(Replication::isReplica)
        .map(
            found ->
                new Replica(
                    reader.read(found),
                    source(found).orElse(null),
                    Replication.state(found),
                    Replication.nativeState(found)));
  }

  /** Without a look at the source, whose region may be gone. */
  private Optional<ResourceId> source(DatabaseInstance found) {
    String name = Replication.source(found).orElseThrow();
    return Labels.sourceRegion(found)
        .map(region -> replicas.id(name, region))
        .or(() -> replicas.locate(name));
  }

  @Override
  public List<ResourceId> replicasOf(ResourceId source) {
    return replicas.of(instance.get(source).getName());
  }
}
