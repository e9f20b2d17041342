/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.plan.Plan;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldTable;
import io.clouddb.spi.workflow.Workflow;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;
import software.amazon.awssdk.services.rds.model.DBSnapshot;

/** Snapshots and automated backups of PostgreSQL instances on Amazon RDS, and their restores. */
public final class RdsBackupDriver implements BackupDriver {
  private final String region;
  private final Function<String, RdsCalls> checks;
  private final SnapshotView view;
  private final FieldTable<DBSnapshot> fields;
  private final FieldTable<DBInstance> restores;
  private final List<Workflow<?>> workflows;

  /**
   * Makes a driver.
   *
   * @param provider the provider's id
   * @param region where the backups are
   * @param account tells the account, where an answer does not
   * @param clients gives the client of a region when it is needed
   * @param calls through which every request goes
   */
  public RdsBackupDriver(
      String provider,
      String region,
      Supplier<String> account,
      Function<String, RdsClient> clients,
      RemoteCalls calls) {
    this.region = region;
    this.checks = in -> new RdsCalls(() -> clients.apply(in), in, calls);
    Function<String, RdsCalls> steps =
        in -> new RdsCalls(() -> clients.apply(in), in, calls.singly());
    this.view = new SnapshotView(provider, region, account);
    this.fields = SnapshotFields.table(provider);
    this.restores = RestoreFields.table(provider);
    RdsInstances instances = new RdsInstances(provider, region, account);
    this.workflows =
        new BackupWorkflows(provider, region, checks, steps, instances, view, fields, restores)
            .all(this::window);
  }

  /**
   * How backups are taken, copied, deleted, restored and replicated.
   *
   * @return a workflow for each kind of {@link BackupDriver}
   */
  public List<Workflow<?>> workflows() {
    return workflows;
  }

  @Override
  public ResourceId idOf(BackupSpec spec) {
    return view.id(spec.name());
  }

  @Override
  public Plan plan(BackupSpec spec) {
    return fields.plan(new Asked(spec, region));
  }

  @Override
  public Plan plan(RestoreSpec spec) {
    return RestoreFields.plan(restores, spec, region);
  }

  @Override
  public Plan plan(BackupReplicationSpec spec) {
    return fields.plan(new Asked(spec, region));
  }

  @Override
  public Optional<Backup> find(ResourceId backup) {
    return new SnapshotCalls(checks.apply(region)).find(backup.name()).map(view::backup);
  }

  @Override
  public Page<Backup> list(BackupQuery query, @Nullable String pageToken) {
    return new SnapshotList(new SnapshotCalls(checks.apply(region)), view::backup)
        .page(query, pageToken);
  }

  /**
   * By the automated backups alone, as a restore and a deletion that keeps them go by: their {@code
   * RestoreWindow} is "the earliest and latest time a DB instance can be restored to", and what the
   * instance itself tells as its latest is no promise that they are there yet.
   */
  @Override
  public Optional<RestorableWindow> window(ResourceId instance) {
    KeptBackups found = KeptBackups.of(checks, region, instance);
    boolean here = instance.location().equals(region) && found.instance().isPresent();
    RestorableWindow none = new RestorableWindow(instance, null, null, false);
    if (found.instance().filter(ReplicaView::isReplica).isPresent()) {
      // "Point-in-time recovery (PITR) isn't supported for read replicas."
      return found.kept().isPresent() || here ? Optional.of(none) : Optional.empty();
    }
    return found
        .kept()
        // RDS has one word for what an instance has left and what a replication has.
        .map(kept -> window(instance, kept, AutomatedBackupView.isRetained(kept) && found.gone()))
        .or(() -> here ? Optional.of(none) : Optional.empty());
  }

  /** A first moment alone would be one without an end, in which RDS takes none. */
  private static RestorableWindow window(
      ResourceId instance, DBInstanceAutomatedBackup kept, boolean deleted) {
    Instant last = AutomatedBackupView.last(kept);
    return new RestorableWindow(
        instance, last == null ? null : AutomatedBackupView.earliest(kept), last, deleted);
  }

  /**
   * Tells whether RDS has a feature of backups.
   *
   * @param feature the feature
   * @param context for which engine, edition and region
   * @return the answer; empty when it is no feature of backups
   */
  public Optional<Support> supports(Feature feature, FeatureContext context) {
    return Stream.concat(
            Arrays.stream(BackupField.values())
                .filter(field -> Feature.of(field).equals(feature))
                .map(field -> fields.support(field, context)),
            Arrays.stream(RestoreField.values())
                .filter(field -> Feature.of(field).equals(feature))
                .map(field -> restores.support(field, context)))
        .findFirst();
  }
}
