/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.plan.Plan;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.workflow.Workflow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Backups of PostgreSQL flexible servers of one resource group and region, and restores into that
 * region.
 */
public final class FlexibleBackups implements BackupDriver {
  private final ArmScope scope;
  private final Clock clock;
  private final ServerCalls servers;
  private final BackupCalls backups;
  private final BackupWorkflows workflows;
  private final RestoreWorkflow restore;

  /**
   * Makes a driver.
   *
   * @param scope where the servers are
   * @param manager the SDK's client, asked for when it is first needed
   * @param calls through which every request goes
   * @param interval the pause between two looks, and the first one before a change that Azure ended
   *     as failed is tried again
   * @param clock tells the last moment to which a server can be restored
   */
  public FlexibleBackups(
      ArmScope scope,
      Supplier<PostgreSqlManager> manager,
      RemoteCalls calls,
      Duration interval,
      Clock clock) {
    this.scope = scope;
    this.clock = clock;
    this.servers = new ServerCalls(scope, manager, calls);
    this.backups = new BackupCalls(new ServerDocuments(scope, manager, calls));
    ServerCalls singly = new ServerCalls(scope, manager, calls.singly());
    this.workflows =
        new BackupWorkflows(
            scope,
            servers,
            singly,
            backups,
            new BackupCalls(new ServerDocuments(scope, manager, calls.singly())),
            new ReplicationRules(servers, new ReplicaCalls(scope, manager, calls)),
            interval);
    this.restore = new RestoreWorkflow(scope, servers, singly, backups, interval);
  }

  /**
   * How backups are taken, deleted and restored, and servers protected. Azure copies none, and
   * keeps those of a running server in no further region.
   *
   * @return the workflows
   */
  public List<Workflow<?>> workflows() {
    return Stream.<Workflow<?>>concat(workflows.all().stream(), Stream.of(restore.restore()))
        .toList();
  }

  @Override
  public ResourceId idOf(BackupSpec spec) {
    return new BackupName(spec.source().orElseThrow().name(), spec.name()).in(scope);
  }

  @Override
  public Plan plan(BackupSpec spec) {
    return BackupTable.plan(spec);
  }

  @Override
  public Plan plan(RestoreSpec spec) {
    return RestoreTable.plan(spec);
  }

  @Override
  public Plan plan(BackupReplicationSpec spec) {
    return BackupTable.plan(spec);
  }

  @Override
  public Optional<Backup> find(ResourceId backup) {
    BackupName name = BackupName.of(backup);
    Optional<ServerInner> server = servers.find(name.server());
    if (server.filter(found -> !scope.isHere(found.location())).isPresent()) {
      return Optional.empty();
    }
    Optional<ListedBackup> found = backups.find(name.server(), name.backup());
    if (server.isEmpty()) {
      HiddenServers hidden = new HiddenServers(scope, servers);
      if (found.isPresent()) {
        throw hidden.hidden(name.server());
      }
      hidden.requireGone(name.server());
      return Optional.empty();
    }
    return found.map(listed -> BackupView.backup(scope, listed, server.get()));
  }

  @Override
  public Page<Backup> list(BackupQuery query, @Nullable String pageToken) {
    return new BackupPages(scope, servers, backups).page(query, pageToken);
  }

  /**
   * Azure tells the first moment; the last is now. In the paired region there is the latest only,
   * whose moment Azure does not tell.
   *
   * @see <a
   *     href="https://learn.microsoft.com/azure/postgresql/backup-restore/how-to-restore-custom-restore-point">Restore
   *     to custom restore point</a>
   */
  @Override
  public Optional<RestorableWindow> window(ResourceId instance) {
    boolean far = !scope.location().equals(instance.location());
    Optional<ServerInner> server = new HiddenServers(scope, servers).find(instance);
    if (server.isEmpty() && !far) {
      throw gone(instance);
    }
    return server
        .filter(found -> !far || RestoreRequest.isGeoRedundant(found))
        .map(found -> window(instance, far ? null : earliest(found)));
  }

  private RestorableWindow window(ResourceId instance, @Nullable Instant earliest) {
    return new RestorableWindow(
        instance, earliest, earliest == null ? null : clock.instant(), false);
  }

  /** A replica is restored to no moment, whatever it shows. */
  private static @Nullable Instant earliest(ServerInner server) {
    return ServerArmId.of(server.sourceServerResourceId()).isPresent()
            || server.backup() == null
            || server.backup().earliestRestoreDate() == null
        ? null
        : server.backup().earliestRestoreDate().toInstant();
  }

  /** What a server that was deleted left is restored all the same, and told by no request. */
  private RuntimeException gone(ResourceId instance) {
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            "The resource group "
                + scope.resourceGroup()
                + " has no server "
                + instance.name()
                + " in "
                + scope.location()
                + ", and Azure tells nothing of one that was deleted")
        .resource(instance.toString())
        .nextStep(
            "For five days after its deletion RestoreSpec.of(instance).latest() restores it as it"
                + " was then. "
                + RestoreTable.REVIVAL)
        .toException();
  }
}
