/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.aws.internal.SignedJsonClient;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Plan;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.table.TableData;
import io.clouddb.spi.table.TableDriver;
import io.clouddb.spi.workflow.Workflow;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableField;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ListTablesResponse;

/**
 * Tables on Amazon DynamoDB. A table in several regions is a global table of version 2019.11.21,
 * controlled from the region that the cloud is open for.
 */
public final class DynamoTableDriver implements TableDriver {
  private final TableFields fields;
  private final TableView view;
  private final RegionalCalls checks;
  private final Function<GlobalTableSpec, TableData> data;
  private final RegionalCalls steps;

  /**
   * Makes a driver.
   *
   * @param provider the provider's id
   * @param region from where tables are controlled
   * @param account tells the account, where an answer does not
   * @param clients gives the client of a region when it is needed
   * @param scalers gives what speaks to Application Auto Scaling in a region
   * @param data opens the data of a table from this region, without a call
   * @param calls through which every request goes
   */
  public DynamoTableDriver(
      String provider,
      String region,
      Supplier<String> account,
      Function<String, DynamoDbClient> clients,
      Function<String, SignedJsonClient> scalers,
      Function<GlobalTableSpec, TableData> data,
      RemoteCalls calls) {
    this.fields = new TableFields(provider, region);
    this.view = new TableView(provider, account);
    this.checks = new RegionalCalls(region, clients, scalers, calls);
    this.data = data;
    // A step is looked at again by the operation's next poll, so its requests are made once.
    this.steps = checks.singly();
  }

  /**
   * How tables are made, changed and deleted.
   *
   * @return a workflow for each kind of {@link TableDriver}
   */
  public List<Workflow<?>> workflows() {
    return new TableWorkflows(checks, steps, fields, view).all();
  }

  @Override
  public Plan plan(GlobalTableSpec spec) {
    return fields.plan(spec);
  }

  @Override
  public Plan plan(TableChange change) {
    return fields.plan(change);
  }

  @Override
  public Drift drift(GlobalTableSpec spec) {
    LiveTable live =
        new LiveReader(checks).find(spec.name()).orElseThrow(() -> checks.home().gone(spec.name()));
    return fields.drift(live.requireWhole(), spec);
  }

  @Override
  public Optional<TableDescription> find(String name) {
    return new LiveReader(checks).find(name).map(view::describe);
  }

  @Override
  public Page<ResourceId> list(@Nullable String pageToken) {
    ListTablesResponse page = checks.home().page(pageToken);
    return new Page<>(
        page.tableNames().stream().map(view::id).toList(), page.lastEvaluatedTableName());
  }

  @Override
  public TableData open(GlobalTableSpec spec) {
    return data.apply(spec);
  }

  /**
   * Tells whether DynamoDB has a feature of tables.
   *
   * @param feature the feature, of a {@link TableField}
   * @param context for which region
   * @return the answer; empty when it is no feature of tables
   */
  public Optional<Support> supports(Feature feature, FeatureContext context) {
    return Arrays.stream(TableField.values())
        .filter(field -> Feature.of(field).equals(feature))
        .map(field -> fields.table().support(field, context))
        .findFirst();
  }
}
