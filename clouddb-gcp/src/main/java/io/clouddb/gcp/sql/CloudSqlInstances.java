/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.SQLAdmin;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.InstancesListResponse;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Page;
import io.clouddb.Support;
import io.clouddb.error.ConditionFailedException;
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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cloud SQL for PostgreSQL, by the <a
 * href="https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/instances">Cloud SQL Admin
 * API</a>.
 */
public final class CloudSqlInstances implements InstanceDriver {
  /** The administrator that every instance has, whether it has a password or not. */
  static final String DEFAULT_ADMIN = "postgres";

  private final SqlAdminCalls calls;
  private final InstanceReader reader;
  private final CloudSqlFields fields;
  private final TierCatalog catalog;
  private final CloudSqlWorkflows workflows;
  private final TheInstance instance;
  private final String project;
  private final String region;

  /**
   * Makes a driver. Makes no remote call.
   *
   * @param client gives Google's client when it is needed
   * @param remote through which every remote call goes
   * @param project the project's id
   * @param region the region
   */
  public CloudSqlInstances(
      Supplier<SQLAdmin> client, RemoteCalls remote, String project, String region) {
    this.calls = new SqlAdminCalls(client, remote, project);
    SqlAdminCalls steps = new SqlAdminCalls(client, remote.singly(), project);
    this.reader = new InstanceReader(project, region);
    this.fields = new CloudSqlFields(new Place(project, region));
    this.catalog = new TierCatalog(new Place(project, region), calls);
    this.workflows =
        new CloudSqlWorkflows(
            calls,
            steps,
            reader,
            new ReplicaList(calls, project),
            new BackupFinder(new BackupCalls(client, remote, project), calls),
            new BackupFinder(new BackupCalls(client, remote.singly(), project), steps),
            region);
    this.instance = new TheInstance(calls, region);
    this.project = project;
    this.region = region;
  }

  @Override
  public Plan plan(InstanceSpec spec) {
    return fields.plan(spec);
  }

  @Override
  public Plan plan(InstanceChange change) {
    return fields.plan(change);
  }

  @Override
  public Plan plan(Specification specification, Catalog catalog) {
    return fields.plan(specification, catalog);
  }

  @Override
  public Catalog catalog(Engine engine, Instant now) {
    return catalog.read(engine, now);
  }

  /**
   * Tells whether there is a feature.
   *
   * @param feature the feature
   * @param context for which engine, edition and region
   * @return the answer, by the table that plans go by
   */
  public static Support supports(Feature feature, FeatureContext context) {
    return CloudSqlFields.supports(feature, context);
  }

  @Override
  public Drift drift(InstanceSpec spec) {
    DatabaseInstance found = instance.get(reader.id(spec.name()));
    Optional<Boolean> hasDatabase =
        spec.database().flatMap(name -> inside(() -> calls.hasDatabase(spec.name(), name)));
    Optional<Boolean> hasUser = inside(() -> calls.hasUser(spec.name(), spec.admin().user()));
    return fields.drift(new SeenInstance(found, hasDatabase, hasUser), spec);
  }

  /** What the database itself tells; nothing while it does not run. */
  private static Optional<Boolean> inside(BooleanSupplier question) {
    try {
      return Optional.of(question.getAsBoolean());
    } catch (ConditionFailedException e) {
      return Optional.empty();
    }
  }

  /**
   * How each kind of operation is done.
   *
   * @return the workflows
   */
  public List<Workflow<?>> workflows() {
    return List.of(
        workflows.create(),
        workflows.modify(),
        workflows.start(),
        workflows.stop(),
        workflows.delete(),
        workflows.deleteKeepingBackups());
  }

  CloudSqlWorkflows changes() {
    return workflows;
  }

  @Override
  public Optional<Instance> find(String name) {
    return calls.find(name).filter(instance::isHere).map(reader::read);
  }

  /** Names are unique in the whole project, so one request tells. */
  @Override
  public Optional<String> locationOf(String name) {
    return calls.find(name).map(DatabaseInstance::getRegion);
  }

  @Override
  public Page<Instance> list(@Nullable String pageToken) {
    InstancesListResponse page = calls.list("region:" + region, pageToken);
    WholeList.require(page, project, region::equals);
    List<DatabaseInstance> items = page.getItems() == null ? List.of() : page.getItems();
    String next = page.getNextPageToken();
    return new Page<>(
        items.stream().filter(instance::isHere).map(reader::read).toList(),
        next == null || next.isEmpty() ? null : next);
  }
}
