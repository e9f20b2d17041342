/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Server;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CreateInstance;
import io.clouddb.spi.PolledState;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The server's own PUT and PATCH. A PUT changes what exists in silence, so it is sent only where no
 * server is, and taken for done where there is one with the request's own tag.
 */
final class OwnServer {
  private final ArmScope scope;
  private final ServerCalls calls;
  private final Function<SecretRef, String> secrets;

  OwnServer(ArmScope scope, ServerCalls calls, Function<SecretRef, String> secrets) {
    this.scope = scope;
    this.calls = calls;
    this.secrets = secrets;
  }

  String password(SecretRef reference) {
    return secrets.apply(reference);
  }

  /** Sends a creation. */
  Accepted create(String name, ServerInner body, String attempt) {
    return calls.create(name, body, () -> find(name, attempt));
  }

  /**
   * Sends the request of a state once more.
   *
   * @param now the server; empty when there is none
   */
  Accepted again(PolledState state, Optional<Server> now) {
    String name = state.resource().name();
    if (!state.kind().equals(PolledState.CREATE)) {
      Map<String, String> tags = now.map(server -> server.innerModel().tags()).orElse(Map.of());
      return calls.update(name, KeptRequest.update(state, secrets, tags));
    }
    ServerInner body = KeptRequest.creation(state, secrets);
    String attempt = body.tags().getOrDefault(CreateInstance.ATTEMPT_TAG, "");
    Optional<Accepted> made = find(name, attempt);
    return made.isPresent() ? made.get() : create(name, body, attempt);
  }

  /**
   * What an attempt has made; empty when there is no such server.
   *
   * @throws io.clouddb.error.AlreadyExistsException when there is another server of that name
   */
  Optional<Accepted> find(String name, String attempt) {
    Optional<Server> existing = calls.find(name);
    if (existing.isPresent() && !isOwn(existing.get(), attempt)) {
      throw alreadyExists(existing.get());
    }
    return existing.map(server -> Accepted.UNKNOWN);
  }

  private static boolean isOwn(Server server, String attempt) {
    Map<String, String> tags = server.innerModel().tags();
    return tags != null && attempt.equals(tags.get(CreateInstance.ATTEMPT_TAG));
  }

  private RuntimeException alreadyExists(Server server) {
    return ErrorDetails.of(
            ErrorCategory.ALREADY_EXISTS,
            "The resource group "
                + scope.resourceGroup()
                + " has a server "
                + server.name()
                + " in "
                + server.regionName())
        .resource(server.id())
        .nextStep("Choose another name, or use ensure to take the existing server as it is.")
        .toException();
  }
}
