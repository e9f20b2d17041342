/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.DataEncryption;
import com.azure.resourcemanager.postgresqlflexibleserver.models.IdentityType;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Network;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Storage;
import com.azure.resourcemanager.postgresqlflexibleserver.models.UserAssignedIdentity;
import com.azure.resourcemanager.postgresqlflexibleserver.models.UserIdentity;
import io.clouddb.azure.internal.ArmDocuments;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The PUT of a new replica, out of the specification and the caller's customizations. What it
 * leaves out is the source's: version, login, size, parameters and firewall rules. Of the source's
 * disk and private network Azure's own client was recorded to send them itself.
 */
final class ReplicaRequest {
  private static final String IDENTITY = "identity";
  private static final String SUBNET = "subnet";
  private static final String ZONE = "dns-zone";
  private static final String DISK = "disk";
  private static final String AUTO_GROW = "auto-grow";
  private static final String CLOSED = "closed";

  private final ArmScope scope;

  ReplicaRequest(ArmScope scope) {
    this.scope = scope;
  }

  /**
   * Notes what of its source it is to have: the disk's size, whether that grows by itself, and that
   * it is reached by private endpoints only; in the source's region also the private network, and
   * the identity by which it reads its key.
   */
  static OperationState noted(
      OperationState state, ReplicaSpec spec, ServerInner source, ServerAsItIs.Disk disk) {
    Storage storage = source.storage();
    OperationState noted =
        noted(
            noted(state, DISK, storage == null ? null : storage.storageSizeGB()),
            AUTO_GROW,
            disk.autoGrow());
    Network network = source.network();
    if (PublicAccess.isOff(network)) {
      noted = noted.with(CLOSED, String.valueOf(spec.network().isEmpty()));
    }
    if (!spec.source().orElseThrow().location().equals(state.resource().location())) {
      return noted;
    }
    DataEncryption encryption = source.dataEncryption();
    noted =
        noted(
            noted,
            IDENTITY,
            encryption == null ? null : encryption.primaryUserAssignedIdentityId());
    return spec.network().isPresent() || network == null
        ? noted
        : noted(
            noted(noted, SUBNET, network.delegatedSubnetResourceId()),
            ZONE,
            network.privateDnsZoneArmResourceId());
  }

  private static OperationState noted(OperationState state, String name, @Nullable Object value) {
    return value == null || value.toString().isEmpty() ? state : state.with(name, value.toString());
  }

  /** Sends it. */
  Accepted send(StepContext context, ServerCalls calls) {
    return calls.create(context.name(), document(context));
  }

  /** The body, with the members for which the SDK's last stable release has none. */
  Map<String, Object> document(StepContext context) {
    ServerInner body = body(context);
    Map<String, Object> document = ArmDocuments.of(body);
    Optional<String> autoGrow = context.value(AUTO_GROW);
    if (autoGrow.isPresent()) {
      document =
          ArmDocuments.with(document, List.of("properties", "storage"), "autoGrow", autoGrow.get());
    }
    if (context.value(CLOSED).isEmpty() || NewReplicaCheck.isPrivate(body.network())) {
      return document;
    }
    // As Azure's own client sends it.
    return isClosed(context) ? PublicAccess.off(document) : PublicAccess.on(document);
  }

  /** Whether the source has no public access, and no other network is asked for. */
  static boolean isClosed(StepContext context) {
    return context.value(CLOSED).filter("true"::equals).isPresent();
  }

  ServerInner body(StepContext context) {
    ReplicaSpec spec = context.specification(ReplicaSpec.class);
    ServerInner body = ReplicaTable.write(new ServerInner(), spec);
    body.withLocation(scope.location());
    body.withTags(
        CaselessNames.merged(
            spec.tags(), Map.of(OperationState.CREATION_TAG, context.state().id())));
    // Only a token that was rewritten has another disk than one with a number.
    context
        .value(DISK)
        .filter(gib -> gib.matches("[0-9]{1,6}"))
        .ifPresent(gib -> body.withStorage(new Storage().withStorageSizeGB(Integer.parseInt(gib))));
    context
        .value(SUBNET)
        .ifPresent(
            subnet -> {
              Network network = new Network().withDelegatedSubnetResourceId(subnet);
              context.value(ZONE).ifPresent(network::withPrivateDnsZoneArmResourceId);
              body.withNetwork(network);
            });
    Optional<String> identity = context.value(IDENTITY);
    if (spec.encryptionKey().isPresent() && identity.isPresent()) {
      body.dataEncryption().withPrimaryUserAssignedIdentityId(identity.get());
      body.withIdentity(
          new UserAssignedIdentity()
              .withType(IdentityType.USER_ASSIGNED)
              .withUserAssignedIdentities(Map.of(identity.get(), new UserIdentity())));
    }
    return context.customizations().apply(ServerInner.class, body);
  }

  /** Whether a request names a key, and nobody who may use it. */
  static boolean lacksIdentity(ServerInner body) {
    DataEncryption encryption = body.dataEncryption();
    return encryption != null
        && encryption.primaryKeyUri() != null
        && (isBlank(encryption.primaryUserAssignedIdentityId()) || body.identity() == null);
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }
}
