/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceField;
import io.clouddb.spi.mapping.Asked;
import java.util.Map;

/**
 * What is known beside a specification.
 *
 * @param before the server before a change
 * @param tags the tags of that server, all of which a PATCH replaces
 * @param password the administrator's password, for the request that carries it
 */
record ServerFacts(ServerView.Facts before, Map<String, String> tags, String password) {
  /** Of a specification that nobody has sent yet. */
  static final ServerFacts NONE = new ServerFacts(ServerView.Facts.UNKNOWN, Map.of(), "");

  static ServerFacts of(Asked asked) {
    return asked.facts(ServerFacts.class);
  }

  /** The availability that a server has afterwards, as far as it is known. */
  static Availability availability(Asked asked) {
    return asked
        .value(InstanceField.AVAILABILITY, Availability.class)
        .orElse(
            Boolean.TRUE.equals(of(asked).before().standby())
                ? Availability.REGIONAL
                : Availability.ZONAL);
  }
}
