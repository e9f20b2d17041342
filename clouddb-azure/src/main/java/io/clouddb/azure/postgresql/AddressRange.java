/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IPv4 addresses, as a firewall rule has it. Flexible servers know no IPv6.
 *
 * @param first the first address
 * @param last the last address
 */
record AddressRange(String first, String last) {
  private static final Pattern CIDR =
      Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})/([0-9]{1,2})");
  private static final int BITS = 32;
  private static final int OCTET = 255;

  /** Reads {@code 203.0.113.0/24}; empty when it is no range of IPv4 addresses. */
  static Optional<AddressRange> ofCidr(String cidr) {
    Matcher matcher = CIDR.matcher(cidr);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long address = 0;
    for (int group = 1; group <= 4; group++) {
      int octet = Integer.parseInt(matcher.group(group));
      if (octet > OCTET) {
        return Optional.empty();
      }
      address = address << 8 | octet;
    }
    int prefix = Integer.parseInt(matcher.group(5));
    if (prefix > BITS) {
      return Optional.empty();
    }
    long hosts = (1L << (BITS - prefix)) - 1;
    long first = address & ~hosts;
    return Optional.of(new AddressRange(text(first), text(first | hosts)));
  }

  /** A rule from 0.0.0.0 to 0.0.0.0 means all of Azure, whoever runs there. */
  boolean meansAllOfAzure() {
    return first.equals("0.0.0.0") && last.equals("0.0.0.0");
  }

  /** The name of its rule, of letters, digits and hyphens: the same range has the same rule. */
  String ruleName() {
    return ("clouddb-" + first + "-" + last).replace('.', '-');
  }

  private static String text(long address) {
    return (address >> 24 & OCTET)
        + "."
        + (address >> 16 & OCTET)
        + "."
        + (address >> 8 & OCTET)
        + "."
        + (address & OCTET);
  }
}
