/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.SQLAdmin;
import com.google.api.services.sqladmin.model.ListBackupsResponse;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.plan.Plan;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.workflow.Workflow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Backups of Cloud SQL for PostgreSQL, what is restored from them, and points in time: <a
 * href="https://cloud.google.com/sql/docs/postgres/backup-recovery/backups">Cloud SQL backups
 * overview</a>. A backup is of the region of its instance, wherever it is stored, and is restored
 * in any. Enhanced backups, which another service manages, are not among them.
 */
public final class CloudSqlBackups implements BackupDriver {
  private final Place place;
  private final BackupReader reader;
  private final BackupFinder finder;
  private final RecoveryWindow windows;
  private final BackupWorkflows workflows;
  private final RestoreWorkflow restores;

  /**
   * Makes a driver. Makes no remote call.
   *
   * @param client gives Google's client when it is needed
   * @param remote through which every remote call goes
   * @param project the project's id
   * @param region the region
   * @param instances how instances are changed
   */
  public CloudSqlBackups(
      Supplier<SQLAdmin> client,
      RemoteCalls remote,
      String project,
      String region,
      CloudSqlInstances instances) {
    this.place = new Place(project, region);
    BackupCalls backups = new BackupCalls(client, remote, project);
    SqlAdminCalls calls = new SqlAdminCalls(client, remote, project);
    BackupCalls stepBackups = new BackupCalls(client, remote.singly(), project);
    SqlAdminCalls steps = new SqlAdminCalls(client, remote.singly(), project);
    this.reader = new BackupReader(place);
    this.finder = new BackupFinder(backups, calls);
    this.windows = new RecoveryWindow(backups, calls, finder);
    this.workflows =
        new BackupWorkflows(place, finder, calls, stepBackups, steps, instances.changes());
    this.restores = new RestoreWorkflow(place, calls, finder, windows, stepBackups, steps);
  }

  @Override
  public ResourceId idOf(BackupSpec spec) {
    return new BackupId(spec.source().orElseThrow().name(), spec.name()).in(place);
  }

  @Override
  public Plan plan(BackupSpec spec) {
    return BackupTables.plan(spec, place);
  }

  @Override
  public Plan plan(RestoreSpec spec) {
    return RestoreTables.plan(spec, place);
  }

  @Override
  public Plan plan(BackupReplicationSpec spec) {
    return BackupTables.plan(spec, place);
  }

  /**
   * How each kind of operation is done.
   *
   * @return the workflows
   */
  public List<Workflow<?>> workflows() {
    return List.of(workflows.take(), workflows.protect(), workflows.delete(), restores.restore());
  }

  @Override
  public Optional<Backup> find(ResourceId backup) {
    return finder.find(backup).map(reader::read);
  }

  @Override
  public Page<Backup> list(BackupQuery query, @Nullable String pageToken) {
    String filter = query.instance().map(ResourceId::name).map(BackupFinder::filter).orElse(null);
    ListBackupsResponse page = finder.page(filter, pageToken);
    Map<String, Optional<String>> regions = new HashMap<>();
    List<Backup> found = new ArrayList<>();
    for (var each : BackupFinder.items(page)) {
      if (finder.region(each, regions).map(place.region()::equals).orElse(true)) {
        Backup backup = reader.read(each);
        if (query.matches(backup)) {
          found.add(backup);
        }
      }
    }
    return new Page<>(found, BackupFinder.next(page));
  }

  @Override
  public Optional<RestorableWindow> window(ResourceId instance) {
    return place.region().equals(instance.location())
        ? windows.source(instance).map(source -> windows.of(instance, source))
        : Optional.empty();
  }
}
