/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server with what belongs to it, as far as a specification asks for it and Azure tells it.
 *
 * @param server the server
 * @param disk its disk
 * @param parameters its server parameters, by name
 * @param rules the ranges of its firewall rules; null when nobody has asked
 * @param database whether it has the database; null when nobody has asked
 */
record ServerAsItIs(
    ServerInner server,
    Disk disk,
    Map<String, String> parameters,
    @Nullable Set<AddressRange> rules,
    @Nullable Boolean database) {
  /**
   * What the SDK's stable release leaves out of Azure's answer.
   *
   * @param type the kind of disk; null when Azure does not tell
   * @param autoGrow whether it grows by itself; null when Azure does not tell
   */
  record Disk(@Nullable String type, @Nullable String autoGrow) {
    /** A disk of which nothing is known. */
    static final Disk UNKNOWN = new Disk(null, null);
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }
}
