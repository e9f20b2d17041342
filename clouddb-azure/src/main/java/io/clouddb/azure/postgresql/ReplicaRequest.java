/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.DataEncryption;
import com.azure.resourcemanager.postgresqlflexibleserver.models.IdentityType;
import com.azure.resourcemanager.postgresqlflexibleserver.models.UserAssignedIdentity;
import com.azure.resourcemanager.postgresqlflexibleserver.models.UserIdentity;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The PUT of a new replica, out of the specification and the caller's customizations. What it
 * leaves out is the source's: version, login, disk, parameters and firewall rules.
 */
final class ReplicaRequest {
  private static final String IDENTITY = "identity";

  private final ArmScope scope;

  ReplicaRequest(ArmScope scope) {
    this.scope = scope;
  }

  /** Notes the identity by which the source reads its key: another region has its own. */
  static OperationState noted(OperationState state, ReplicaSpec spec, ServerInner source) {
    DataEncryption encryption = source.dataEncryption();
    String identity = encryption == null ? null : encryption.primaryUserAssignedIdentityId();
    return identity == null
            || !spec.source().orElseThrow().location().equals(state.resource().location())
        ? state
        : state.with(IDENTITY, identity);
  }

  ServerInner body(StepContext context) {
    ReplicaSpec spec = context.specification(ReplicaSpec.class);
    ServerInner body = ReplicaTable.write(new ServerInner(), spec);
    body.withLocation(scope.location());
    Map<String, String> tags = new HashMap<>(spec.tags());
    tags.put(OperationState.CREATION_TAG, context.state().id());
    body.withTags(tags);
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
