/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.CloudDbException;
import java.util.Optional;

/**
 * In which region a replica's source is: Azure's id of it does not say. The list of the group does,
 * which is asked of no region; where it does not answer, the region stays unknown.
 */
final class SourceRegion {
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
      return calls
          .at(source)
          .listed("id", source::isSame)
          .map(server -> source.in(ArmScope.locationName(server.location())));
    } catch (CloudDbException e) {
      // A promotion is over by now, and a replica is there, whatever the list says.
      return Optional.empty();
    }
  }
}
