/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.CreateMode;
import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.InstanceState;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Looks of what a new server is to be made. A server that is gone is looked for in vain: Azure
 * keeps what it left for five days, and lists it nowhere.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/backup-restore/how-to-restore-deleted-server">Restore
 *     a deleted server</a>
 */
final class RestoreSearch {
  private final ArmScope scope;
  private final ServerCalls servers;
  private final BackupCalls backups;
  private final SourceParameters parameters;
  private final HiddenServers hidden;

  RestoreSearch(ArmScope scope, ServerCalls servers, BackupCalls backups) {
    this.scope = scope;
    this.servers = servers;
    this.backups = backups;
    this.parameters = new SourceParameters(servers);
    this.hidden = new HiddenServers(scope, servers);
  }

  /**
   * Finds it.
   *
   * @throws CloudDbException when it is not there, or has no such moment
   */
  RestoreSource of(RestoreSpec spec, Instant now) {
    ResourceId asked = spec.source();
    String name = spec.backup().map(id -> BackupName.of(id).server()).orElseGet(asked::name);
    ServerArmId id = new ServerArmId(scope.subscription(), scope.resourceGroup(), name);
    boolean far = !scope.location().equals(asked.location());
    Optional<ServerInner> server;
    try {
      server = servers.find(name).filter(found -> NewReplicaCheck.isThere(asked, found));
    } catch (UnavailableException e) {
      if (!far) {
        throw e;
      }
      // Its region may be gone: that is what its backups are kept elsewhere for.
      return RestoreSource.notShown(id, CreateMode.GEO_RESTORE, now);
    }
    if (server.isEmpty()) {
      return gone(spec, id, far, now);
    }
    CreateMode mode = far ? CreateMode.GEO_RESTORE : CreateMode.POINT_IN_TIME_RESTORE;
    ListedBackup backup = spec.backup().map(this::complete).orElse(null);
    Instant moment =
        spec.moment()
            .or(() -> Optional.ofNullable(backup).map(ListedBackup::completed))
            .orElse(now);
    requireNotGoing(spec, server.get());
    ServerInner shown = server.get();
    // Rules of a server without public access let in nobody, and would on one that has it.
    boolean open =
        !NewReplicaCheck.isPrivate(shown.network()) && !PublicAccess.isOff(shown.network());
    return new RestoreSource(
        id,
        mode,
        moment,
        backup,
        shown,
        servers.disk(name),
        parameters.of(spec, server.get(), far),
        open && spec.network().isEmpty() ? rules(name) : Map.of(),
        RestoreRequest.isEncryptedByKey(shown) && RestoreRequest.isGeoRedundant(shown)
            ? servers.geoBackupKey(name).orElse(null)
            : null);
  }

  private Map<String, AddressRange> rules(String server) {
    try {
      return servers.namedRules(server);
    } catch (UnavailableException e) {
      // A region that is half gone may show a server, and nothing of what is in it.
      throw CloudDbException.of(
          e.details().toBuilder()
              .nextStep(
                  "Nothing was done. Try again, or name who may connect by"
                      + " network(publicAccess(...)): then the rules of "
                      + server
                      + " are not asked for.")
              .build(),
          e);
    }
  }

  /** Its backups go with it, and no moment of it is restored any more. */
  private static void requireNotGoing(RestoreSpec spec, ServerInner server) {
    if (ServerStep.state(server) == InstanceState.DELETING) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED, server.name() + " is just being deleted")
          .resource(spec.source().toString())
          .nextStep(
              "Nothing was done. Wait until it is gone: RestoreSpec.of(instance).latest() may then"
                  + " restore what it was.")
          .toException();
    }
  }

  private ListedBackup complete(ResourceId backup) {
    BackupName name = BackupName.of(backup);
    ListedBackup found =
        backups
            .find(name.server(), name.backup())
            .orElseThrow(
                () ->
                    missing(
                        "The server "
                            + name.server()
                            + " has no backup "
                            + name.backup()
                            + " (any more)",
                        backup,
                        "List those that there are: backups().list(BackupQuery.of(instance))."));
    if (found.completed() == null) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The backup " + name.backup() + " of " + name.server() + " is still being made")
          .resource(backup.toString())
          .nextStep("Nothing was done. Wait until it is AVAILABLE, and try again.")
          .toException();
    }
    return found;
  }

  private RestoreSource gone(RestoreSpec spec, ServerArmId id, boolean far, Instant now) {
    String there =
        "The resource group "
            + scope.resourceGroup()
            + " has no server "
            + id.name()
            + " in "
            + spec.source().location();
    hidden
        .listed(id.name())
        .filter(server -> NewReplicaCheck.isThere(spec.source(), server))
        .ifPresent(
            server -> {
              requireNotGoing(spec, server);
              throw HiddenServers.hidden(id.in(spec.source().location()));
            });
    if (far) {
      throw missing(
          there,
          spec.source(),
          "One that was deleted less than five days ago is restored in its own region:"
              + " cloud.in(\""
              + spec.source().location()
              + "\").");
    }
    if (!spec.isLatest()) {
      throw missing(
          there
              + (spec.backup().isPresent()
                  ? ", and Azure deletes the backups of a server with it"
                  : ", and Azure restores one that was deleted as it was then, to no other moment"),
          spec.source(),
          "One that was deleted less than five days ago is restored by"
              + " RestoreSpec.of(instance).latest().");
    }
    return RestoreSource.notShown(id, RestoreSource.REVIVED, now);
  }

  private static CloudDbException missing(String message, ResourceId what, String nextStep) {
    return ErrorDetails.of(ErrorCategory.NOT_FOUND, message)
        .resource(what.toString())
        .nextStep(nextStep)
        .toException();
  }
}
