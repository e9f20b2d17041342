/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.instance.InstanceField.TAGS;

import io.clouddb.plan.Plan;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which tags Azure takes.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources">Tags</a>
 */
final class TagPlan {
  /** Azure takes 50 tags; one is this library's own. */
  static final int MOST = 49;

  private static final int LONGEST_KEY = 512;
  private static final int LONGEST_VALUE = 256;
  private static final Pattern FORBIDDEN = Pattern.compile("[<>%&\\\\?/]");

  private TagPlan() {}

  static void add(Plan.Builder plan, Map<String, String> tags) {
    Optional<String> whyNot = whyNot(tags);
    if (tags.size() > MOST) {
      plan.refuse(TAGS, tags.size() + " tags are too many", "at most " + MOST);
    } else if (whyNot.isPresent()) {
      plan.refuse(TAGS, whyNot.get(), "another key or value");
    } else {
      plan.honour(TAGS, "tags", tags.keySet());
    }
  }

  /** Why Azure does not take some tags; empty when it does. */
  static Optional<String> whyNot(Map<String, String> tags) {
    Set<String> keys = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      String key = tag.getKey();
      if (key.length() > LONGEST_KEY || FORBIDDEN.matcher(key).find()) {
        return Optional.of(
            "the key '" + key + "' has to have 1 to 512 characters without < > % & \\ ? /");
      }
      if (tag.getValue().length() > LONGEST_VALUE) {
        return Optional.of("the value of '" + key + "' has more than 256 characters");
      }
      if (!keys.add(key)) {
        return Optional.of("two keys differ from '" + key + "' by case only, which Azure ignores");
      }
    }
    return Optional.empty();
  }
}
