/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A private DNS zone with the name of a server's own host, with which Azure makes no server: names
 * in it could not be resolved.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private#use-a-private-dns-zone">Use
 *     a Private DNS zone</a>
 */
final class OwnDnsZone {
  /** What follows the server's name; each of Azure's clouds has a domain of its own. */
  private static final Pattern DOMAIN = Pattern.compile("[.]postgres[.]database[.][a-z0-9.-]+");

  private OwnDnsZone() {}

  /**
   * Why a zone does not do.
   *
   * @param zone the ARM id of a zone
   * @param server a server's name
   * @return empty when it does
   */
  static Optional<String> whyNot(String zone, String server) {
    String name = zone.substring(zone.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return name.startsWith(server) && DOMAIN.matcher(name.substring(server.length())).matches()
        ? Optional.of(
            "the private DNS zone "
                + name
                + " has the name of the server's own host, with which Azure makes none: take a zone"
                + " of another name")
        : Optional.empty();
  }
}
