/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Azure asks of the name of a private DNS zone: it ends with the domain of flexible servers,
 * and is not the name of the server's own host, as names in it could not be resolved.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private#use-a-private-dns-zone">Use
 *     a Private DNS zone</a>
 */
final class PrivateDnsZone {
  /** What comes before the domain, of which each of Azure's clouds has one of its own. */
  private static final Pattern NAME =
      Pattern.compile("([^/]+)[.]postgres[.]database[.][a-z0-9.-]+");

  private PrivateDnsZone() {}

  /**
   * Why a zone does not do.
   *
   * @param zone the ARM id of a zone
   * @param server a server's name
   * @return empty when it does
   */
  static Optional<String> whyNot(String zone, String server) {
    String name = zone.substring(zone.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.of(
          "the private DNS zone '"
              + name
              + "' is none of flexible servers: its name ends with .postgres.database.azure.com, or"
              + " with the same of another of Azure's clouds");
    }
    return matcher.group(1).equals(server)
        ? Optional.of(
            "the private DNS zone "
                + name
                + " has the name of the server's own host, with which Azure makes none: take a zone"
                + " of another name")
        : Optional.empty();
  }
}
