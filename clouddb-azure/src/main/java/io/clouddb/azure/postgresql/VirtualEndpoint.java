/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import java.util.List;
import java.util.Map;

/**
 * Two names that go with the roles of a primary and of the replica that is read: without them Azure
 * does not exchange the two.
 *
 * @param name the base of the names
 * @param members the primary, and the replica that is read; the primary alone when it is read
 *     itself
 * @param hosts the names, that of the writer first
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas-virtual-endpoints">Virtual
 *     endpoints</a>
 */
record VirtualEndpoint(String name, List<String> members, List<String> hosts) {
  /** Reads a list of them. */
  static List<VirtualEndpoint> all(Map<String, Object> document) {
    return ListDocument.entries(document, "virtual endpoints").stream()
        .map(VirtualEndpoint::of)
        .toList();
  }

  /** Reads one. */
  static VirtualEndpoint of(Map<?, ?> endpoint) {
    Map<?, ?> properties = ListDocument.map(endpoint, "properties");
    return new VirtualEndpoint(
        ListDocument.text(endpoint, "name"),
        texts(properties.get("members")),
        texts(properties.get("virtualEndpoints")));
  }

  private static List<String> texts(@org.jspecify.annotations.Nullable Object list) {
    return list instanceof List<?> all ? all.stream().map(String::valueOf).toList() : List.of();
  }

  /** Whether a replica is read by it: of names in ids, Azure ignores the case. */
  boolean reads(String replica) {
    return members.stream().anyMatch(replica::equalsIgnoreCase);
  }
}
