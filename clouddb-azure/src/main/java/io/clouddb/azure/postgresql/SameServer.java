/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.management.SystemData;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backups;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.ReplicaDriver;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which server an operation is about. Its name says it only as long as it lives: a token can
 * outlive it, and the name can be given to another one. Azure tells when a server was created and
 * never changes that; until it is known, a creation knows its server by its own tag. Where Azure
 * has never told it, the name is all that there is.
 */
final class SameServer {
  private static final String CREATED = "created";
  private static final String ATTEMPT = "attempt";

  private SameServer() {}

  /** The server that an operation is about, or whose backup it is about. */
  static String name(OperationState state) {
    ResourceId id = state.resource();
    return id.kind().equals(Backups.KIND) ? BackupName.of(id).server() : id.name();
  }

  /** What the state of an operation on a server that is there needs. */
  static Map<String, String> notes(ServerInner server) {
    String created = created(server);
    return created == null ? Map.of() : Map.of(CREATED, created);
  }

  /** The state of a creation whose request has these tags. */
  static OperationState attempted(OperationState state, @Nullable Map<String, String> tags) {
    String attempt = tags == null ? null : tags.get(OperationState.CREATION_TAG);
    return attempt == null ? state : state.with(ATTEMPT, attempt);
  }

  /**
   * Refuses a creation whose name another server has: a PUT would change that one, in silence.
   *
   * @param named the server of that name
   * @param nextStep what can be done instead
   * @throws CloudDbException when there is one, and it is not this creation's own
   */
  static void requireFree(OperationState creation, Optional<ServerInner> named, String nextStep) {
    if (named.isEmpty() || isTagged(creation.id(), named.get())) {
      return;
    }
    ServerInner there = named.get();
    throw ErrorDetails.of(
            ErrorCategory.ALREADY_EXISTS,
            "The resource group "
                + ServerArmId.of(creation.resource()).resourceGroup()
                + " has a server "
                + there.name()
                + " in "
                + there.location())
        .resource(there.id())
        .nextStep("Nothing was done. " + nextStep)
        .toException();
  }

  /** Whether a creation's server can be told from others by its tag. */
  static boolean isTagged(OperationState state) {
    return state.value(ATTEMPT).isPresent();
  }

  /**
   * The operation's server among those that have its name.
   *
   * @param named the server of that name
   * @return the server; empty when there is none, or, for a deletion, another one
   * @throws CloudDbException when another server has the name now
   */
  static Optional<ServerInner> of(OperationState state, Optional<ServerInner> named) {
    if (named.isEmpty() || isSame(state, named.get())) {
      return named;
    }
    if (state.value(CREATED).isPresent() && created(named.get()) == null) {
      throw untold(state);
    }
    if (state.kind().equals(InstanceDriver.DELETE.id())) {
      return Optional.empty();
    }
    throw another(state);
  }

  private static boolean isSame(OperationState state, ServerInner server) {
    Optional<String> created = state.value(CREATED);
    if (created.isPresent()) {
      String shown = created(server);
      return shown == null ? isOnItsWay(server) : created.get().equals(shown);
    }
    return state.value(ATTEMPT).map(attempt -> isTagged(attempt, server)).orElse(true);
  }

  private static boolean isTagged(String attempt, ServerInner server) {
    Map<String, String> tags = server.tags();
    return tags != null && attempt.equals(tags.get(OperationState.CREATION_TAG));
  }

  /** Nothing is sent to a server that is changing or going, so it may be any of that name. */
  private static boolean isOnItsWay(ServerInner server) {
    InstanceState now = ServerView.state(ServerView.nativeState(server));
    return now == InstanceState.DELETING || ServerView.isPassing(now);
  }

  private static @Nullable String created(ServerInner server) {
    SystemData data = server.systemData();
    return data == null || data.createdAt() == null ? null : data.createdAt().toString();
  }

  /** It could be either one: neither is a deletion done, nor is anything sent. */
  private static CloudDbException untold(OperationState state) {
    String name = name(state);
    return ErrorDetails.of(
            ErrorCategory.UNAVAILABLE,
            "Azure does not tell when the server "
                + name
                + " was created, by which it is known for this operation's")
        .resource(state.resource().toString())
        .retryable(true)
        .nextStep("Look at " + name + " in Azure, then resume the operation by its token.")
        .toException();
  }

  static CloudDbException another(OperationState state) {
    String name = name(state);
    // Before a creation has seen its server, whose name it is was open.
    boolean creates =
        state.kind().equals(InstanceDriver.CREATE.id())
            || state.kind().equals(ReplicaDriver.CREATE.id())
            || state.kind().equals(BackupDriver.RESTORE.id());
    boolean open = creates && state.value(CREATED).isEmpty();
    return ErrorDetails.of(
            open ? ErrorCategory.ALREADY_EXISTS : ErrorCategory.CONDITION_FAILED,
            "The name " + name + " belongs to another server than this operation's")
        .resource(state.resource().toString())
        .nextStep(
            "Nothing more was done. Look who has made the server that is there, and begin anew what"
                + " it is to have.")
        .toException();
  }
}
