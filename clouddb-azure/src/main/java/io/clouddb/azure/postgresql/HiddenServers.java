/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import java.util.Optional;

/**
 * Tells a server that is gone from one that Azure hides: it was seen to answer 404 for a while for
 * what is there, and its list of the group may have it all the same.
 */
final class HiddenServers {
  private final ArmScope scope;
  private final ServerCalls servers;

  HiddenServers(ArmScope scope, ServerCalls servers) {
    this.scope = scope;
    this.servers = servers;
  }

  /**
   * The server that an id names; one of its name in another region is none.
   *
   * @return empty only where the group's list has none there either
   * @throws io.clouddb.error.UnavailableException while Azure hides it
   */
  Optional<ServerInner> find(ResourceId id) {
    Optional<ServerInner> shown = servers.find(id.name());
    if (shown.isEmpty()) {
      requireGone(id);
    }
    return shown.filter(server -> NewReplicaCheck.isThere(id, server));
  }

  /** The same of a server of this region. */
  Optional<ServerInner> find(String name) {
    return find(scope.instance(name));
  }

  /**
   * Looks through the group's list for a server for which Azure has answered 404. One that is being
   * deleted there is gone, or will be: Azure hides it no more.
   *
   * @throws io.clouddb.error.UnavailableException when it is there
   */
  void requireGone(ResourceId id) {
    if (listed(id.name())
        .filter(server -> NewReplicaCheck.isThere(id, server))
        .filter(HiddenServers::stays)
        .isPresent()) {
      throw hidden(id);
    }
  }

  private static boolean stays(ServerInner server) {
    return ServerStep.state(server) != InstanceState.DELETING;
  }

  /** The same of a server of this region. */
  void requireGone(String name) {
    requireGone(scope.instance(name));
  }

  /**
   * A server in whatever region.
   *
   * @param servers reads those of its group
   * @return empty only where the group's list has none either
   * @throws io.clouddb.error.UnavailableException while Azure hides it
   */
  static Optional<ServerInner> find(ServerCalls servers, ServerArmId id) {
    Optional<ServerInner> shown = servers.find(id.name());
    if (shown.isEmpty()) {
      listed(servers, id.name())
          .filter(HiddenServers::stays)
          .ifPresent(
              server -> {
                throw hidden(id.in(ArmScope.locationName(server.location())));
              });
    }
    return shown;
  }

  /** A server of the name that a new one is to have, in whatever region: a PUT would change it. */
  Optional<ServerInner> named(String name) {
    return servers.find(name).or(() -> listed(name));
  }

  /** A server of the group's list for which Azure has answered 404, in whatever region. */
  Optional<ServerInner> listed(String name) {
    return listed(servers, name);
  }

  /** The same of the group that is read. */
  static Optional<ServerInner> listed(ServerCalls servers, String name) {
    return servers.listed("name", name::equalsIgnoreCase);
  }

  /** Of one that Azure does not show, and whose backups it does, or which it lists. */
  CloudDbException hidden(String name) {
    return hidden(scope.instance(name));
  }

  /** The same of a server of whatever region. */
  static CloudDbException hidden(ResourceId id) {
    return ErrorDetails.of(
            ErrorCategory.UNAVAILABLE, "Azure does not show the server " + id.name() + " now")
        .resource(id.toString())
        .retryable(true)
        .nextStep(
            "Its resource group has it: try again later. What was just deleted may be listed for a"
                + " while.")
        .toException();
  }
}
