/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Page;
import io.clouddb.Support;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** PostgreSQL flexible servers of one resource group and region. */
public final class FlexibleServers implements InstanceDriver {
  private final ArmScope scope;
  private final ServerCalls calls;
  private final ServerWorkflows workflows;

  /**
   * Makes a driver.
   *
   * @param scope where the servers are
   * @param manager the SDK's client, asked for when it is first needed
   * @param calls through which every request goes
   * @param interval the pause between two looks, and the first one before a change that Azure ended
   *     as failed is tried again
   */
  public FlexibleServers(
      ArmScope scope, Supplier<PostgreSqlManager> manager, RemoteCalls calls, Duration interval) {
    this.scope = scope;
    this.calls = new ServerCalls(scope, manager, calls);
    this.workflows =
        new ServerWorkflows(
            scope,
            this.calls,
            new ServerCalls(scope, manager, calls.singly()),
            new ReplicationRules(this.calls, new ReplicaCalls(scope, manager, calls)),
            new KeptBackups(new BackupCalls(new ServerDocuments(scope, manager, calls))),
            interval);
  }

  /**
   * How servers are created, changed, started, stopped and deleted.
   *
   * @return the workflows
   */
  public List<Workflow<?>> workflows() {
    return workflows.all();
  }

  @Override
  public Plan plan(InstanceSpec spec) {
    return ServerFields.plan(spec);
  }

  @Override
  public Plan plan(InstanceChange change) {
    return ServerFields.plan(change);
  }

  @Override
  public Plan plan(Specification specification, Catalog catalog) {
    return ServerFields.plan(specification, catalog);
  }

  @Override
  public Catalog catalog(Engine engine, Instant now) {
    return new ServerCatalog(scope, calls).read(engine, now);
  }

  @Override
  public Drift drift(InstanceSpec spec) {
    ServerInner server = calls.existing(spec.name());
    return ServerFields.drift(new ServerReader(calls).read(server, spec), spec);
  }

  /**
   * Tells whether flexible servers have a feature.
   *
   * @param feature the feature
   * @param context for which engine
   * @return the answer
   */
  public Support supports(Feature feature, FeatureContext context) {
    return ServerFields.support(feature, context);
  }

  @Override
  public Optional<Instance> find(String name) {
    return new HiddenServers(scope, calls)
        .find(name)
        .map(server -> ServerView.instance(scope, server, null));
  }

  @Override
  public Optional<String> locationOf(String name) {
    return calls.find(name).map(server -> ArmScope.locationName(server.location()));
  }

  @Override
  public Page<Instance> list(@Nullable String pageToken) {
    ListPage<ServerInner> page = calls.page(pageToken);
    return new Page<>(
        page.entries().stream()
            .filter(server -> scope.isHere(server.location()))
            .map(server -> ServerView.instance(scope, server, null))
            .toList(),
        page.next());
  }
}
