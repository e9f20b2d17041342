/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.http.rest.PagedResponse;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Server;
import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmOperations;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.CloudDbException;
import java.util.Optional;

/**
 * In which region a replica's source is: Azure's id of it does not say. The list of the group does,
 * which is asked of no region; where it does not answer, the region stays unknown.
 */
final class SourceRegion {
  private static final int MOST_PAGES = 50;

  private final ServerCalls calls;

  /**
   * Makes a search.
   *
   * @param calls makes each request once: nothing depends on what is found
   */
  SourceRegion(ServerCalls calls) {
    this.calls = calls;
  }

  /** The portable id of a source; empty where its region is not told. */
  Optional<ResourceId> of(ServerArmId source) {
    try {
      ServerCalls group = calls.at(source);
      String next = null;
      for (int page = 0; page < MOST_PAGES; page++) {
        PagedResponse<Server> some = group.list(next);
        for (Server server : some.getValue()) {
          if (source.isSame(server.id())) {
            return Optional.of(source.in(ArmScope.locationName(server.regionName())));
          }
        }
        String token = some.getContinuationToken();
        if (token == null || token.isEmpty()) {
          break;
        }
        next = ArmOperations.relative(token);
      }
    } catch (CloudDbException e) {
      // A promotion is over by now, and a replica is there, whatever the list says.
      return Optional.empty();
    }
    return Optional.empty();
  }
}
