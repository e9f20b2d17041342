/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ArmServerKeyType;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Backup;
import com.azure.resourcemanager.postgresqlflexibleserver.models.DataEncryption;
import com.azure.resourcemanager.postgresqlflexibleserver.models.GeoRedundantBackupEnum;
import com.azure.resourcemanager.postgresqlflexibleserver.models.IdentityType;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Network;
import com.azure.resourcemanager.postgresqlflexibleserver.models.UserAssignedIdentity;
import com.azure.resourcemanager.postgresqlflexibleserver.models.UserIdentity;
import io.clouddb.azure.internal.ArmDocuments;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceChange;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The PUT of a server that is made of a backup, and the change that follows it. Version, login,
 * size and disk are the source's, whatever a request says.
 */
final class RestoreRequest {
  private final ArmScope scope;

  RestoreRequest(ArmScope scope) {
    this.scope = scope;
  }

  /** Sends it. */
  Accepted send(StepContext context, ServerCalls calls) {
    return calls.create(context.name(), document(context));
  }

  /** The body, with the members for which the SDK's last stable release has none. */
  Map<String, Object> document(StepContext context) {
    RestoreNotes notes = new RestoreNotes(context);
    ServerInner body = body(context);
    Map<String, Object> document = ArmDocuments.of(body);
    if (notes.isClosed() && !NewReplicaCheck.isPrivate(body.network())) {
      document = PublicAccess.off(document);
    } else if (notes.isOpened() && !NewReplicaCheck.isPrivate(body.network())) {
      document = PublicAccess.on(document);
    }
    Optional<GeoBackupKey> key = notes.geoBackupKey();
    return key.isPresent() && isEncryptedByKey(body) && isGeoRedundant(body)
        ? key.get().in(document)
        : document;
  }

  /** Whether a key of the customer's encrypts it. */
  static boolean isEncryptedByKey(ServerInner server) {
    return server.dataEncryption() != null && server.dataEncryption().primaryKeyUri() != null;
  }

  static boolean isGeoRedundant(ServerInner server) {
    return server.backup() != null
        && GeoRedundantBackupEnum.ENABLED.equals(server.backup().geoRedundantBackup());
  }

  ServerInner body(StepContext context) {
    RestoreNotes notes = new RestoreNotes(context);
    RestoreSpec spec = context.specification(RestoreSpec.class);
    ServerInner body = RestoreTable.write(new ServerInner(), spec);
    // A request that names tags makes a server that has no others.
    Map<String, String> own = Map.of(OperationState.CREATION_TAG, context.state().id());
    body.withLocation(scope.location())
        .withTags(CaselessNames.merged(notes.tags(), own))
        .withCreateMode(notes.mode())
        .withSourceServerResourceId(notes.source())
        .withPointInTimeUtc(notes.moment().atOffset(ZoneOffset.UTC));
    if (notes.isGeoRedundant()) {
      // At no other time can it be asked for.
      body.withBackup(new Backup().withGeoRedundantBackup(GeoRedundantBackupEnum.ENABLED));
    }
    notes
        .subnet()
        .ifPresent(
            subnet -> {
              Network network = new Network().withDelegatedSubnetResourceId(subnet);
              notes.zone().ifPresent(network::withPrivateDnsZoneArmResourceId);
              body.withNetwork(network);
            });
    encrypt(body, notes);
    return context.customizations().apply(ServerInner.class, body);
  }

  /** The copy of what a key of the customer's encrypts is encrypted by one, too. */
  private static void encrypt(ServerInner body, RestoreNotes notes) {
    if (body.dataEncryption() == null && notes.key().isPresent()) {
      body.withDataEncryption(
          new DataEncryption()
              .withType(ArmServerKeyType.AZURE_KEY_VAULT)
              .withPrimaryKeyUri(notes.key().get()));
    }
    Optional<String> identity = notes.identity();
    if (body.dataEncryption() != null && identity.isPresent()) {
      body.dataEncryption().withPrimaryUserAssignedIdentityId(identity.get());
      Map<String, UserIdentity> identities = new TreeMap<>();
      identities.put(identity.get(), new UserIdentity());
      notes.geoBackupKey().ifPresent(key -> identities.put(key.identity(), new UserIdentity()));
      body.withIdentity(
          new UserAssignedIdentity()
              .withType(IdentityType.USER_ASSIGNED)
              .withUserAssignedIdentities(identities));
    }
  }

  /** What a restored server gets by a change: Azure lets no restore choose it, or loses it. */
  static Optional<InstanceChange> change(StepContext context) {
    RestoreSpec spec = context.specification(RestoreSpec.class);
    InstanceChange.Builder change = InstanceChange.builder();
    boolean changes = false;
    if (spec.size().isPresent()) {
      change.size(spec.size().get());
      changes = true;
    }
    if (spec.availability().filter(value -> value == Availability.REGIONAL).isPresent()
        || new RestoreNotes(context).hasStandby()) {
      change.availability(Availability.REGIONAL);
      changes = true;
    }
    Optional<io.clouddb.instance.MaintenanceWindow> window = new RestoreNotes(context).window();
    if (window.isPresent()) {
      change.maintenance(window.get());
      changes = true;
    }
    return changes ? Optional.of(change.build()) : Optional.empty();
  }
}
