/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Values by names of which Azure ignores the case, as it does of tags and server parameters: of two
 * that differ by case only it would keep one, and not say which.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources">"Tag
 *     names are case-insensitive for operations."</a>
 */
final class CaselessNames {
  private CaselessNames() {}

  /**
   * Both, each name once.
   *
   * @param weaker what holds where the other says nothing; null for nothing
   * @param stronger whose values and spelling of names win; null for nothing
   * @return a map to which more can be added, which finds a name in any case
   */
  static Map<String, String> merged(
      @Nullable Map<String, String> weaker, @Nullable Map<String, String> stronger) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    if (weaker != null) {
      all.putAll(weaker);
    }
    if (stronger != null) {
      // A map keeps the name that it has, and takes the value only.
      stronger.keySet().forEach(all::remove);
      all.putAll(stronger);
    }
    return all;
  }

  /** Why Azure cannot have all of them; empty when it can. */
  static Optional<String> whyNot(Map<String, String> named) {
    Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    return named.keySet().stream()
        .filter(name -> !seen.add(name))
        .findFirst()
        .map(name -> "two names differ from '" + name + "' by case only, which Azure ignores");
  }
}
