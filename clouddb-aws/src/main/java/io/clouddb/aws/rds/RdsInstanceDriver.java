/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Page;
import io.clouddb.Support;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** PostgreSQL instances on Amazon RDS. */
public final class RdsInstanceDriver implements InstanceDriver {
  private final RdsFields fields;
  private final RdsCalls rds;
  private final RdsInstances instances;
  private final RdsCatalog catalog;
  private final List<Workflow<?>> workflows;

  /**
   * Makes a driver.
   *
   * @param provider the provider's id
   * @param region where the instances are
   * @param account tells the account, where an answer does not
   * @param client gives the client when it is needed
   * @param calls through which every request goes
   */
  public RdsInstanceDriver(
      String provider,
      String region,
      Supplier<String> account,
      Supplier<RdsClient> client,
      RemoteCalls calls) {
    this.fields = new RdsFields(provider);
    this.rds = new RdsCalls(client, region, calls);
    this.instances = new RdsInstances(provider, region, account);
    this.catalog = new RdsCatalog(provider, region, rds);
    // A step is looked at again by the operation's next poll, so its requests are made once.
    RdsCalls steps = new RdsCalls(client, region, calls.singly());
    this.workflows = new RdsWorkflows(provider, rds, steps, instances).all();
  }

  /**
   * How instances are made, changed, started, stopped and deleted.
   *
   * @return a workflow for each kind of {@link InstanceDriver}
   */
  public List<Workflow<?>> workflows() {
    return workflows;
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

  @Override
  public Drift drift(InstanceSpec spec) {
    return fields.drift(new InstanceReader(rds).read(spec), spec);
  }

  /**
   * Tells whether RDS has a feature of instances.
   *
   * @param feature the feature
   * @param context for which engine; PostgreSQL when it is not known
   * @return the answer
   */
  public Support supports(Feature feature, FeatureContext context) {
    return fields.support(feature, context);
  }

  @Override
  public Optional<Instance> find(String name) {
    return rds.find(name).map(instances::toInstance);
  }

  @Override
  public Page<Instance> list(@Nullable String pageToken) {
    Page<DBInstance> page = rds.page(pageToken);
    return new Page<>(page.items().stream().map(instances::toInstance).toList(), page.nextToken());
  }
}
