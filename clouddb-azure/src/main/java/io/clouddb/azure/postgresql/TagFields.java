/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.instance.InstanceField.TAGS;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tags, and which of them Azure takes.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources">Tags</a>
 */
final class TagFields {
  /** Azure takes 50 tags; one is this library's own. */
  static final int MOST = 49;

  private static final int LONGEST_KEY = 512;
  private static final int LONGEST_VALUE = 256;
  private static final Pattern FORBIDDEN = Pattern.compile("[<>%&\\\\?/]");

  private TagFields() {}

  @SuppressWarnings({"unchecked", "rawtypes"}) // A specification's tags are texts by texts.
  static List<FieldRow<?, ServerAsItIs>> rows() {
    return List.of(
        FieldRow.<Map, ServerAsItIs>of(TAGS, Map.class, "tags")
            .only(
                "At most " + MOST,
                (tags, asked) ->
                    tags.size() > MOST
                        ? Optional.of(tags.size() + " tags are too many")
                        : Optional.empty(),
                "at most " + MOST)
            .only(
                "Keys without < > % & \\ ? /, not twice but for case",
                (tags, asked) -> whyNot((Map<String, String>) tags), "another key or value")
            .limit("tags.count.max", MOST)
            .to(
                ServerInner.class,
                // This library's own tag is there already, and stays what it is.
                (server, tags, asked) -> server.withTags(CaselessNames.merged(tags, server.tags())))
            .to(
                ServerForUpdate.class,
                (update, tags, asked) ->
                    // A request replaces all tags.
                    update.withTags(CaselessNames.merged(ServerFacts.of(asked).tags(), tags)))
            .from((there, asked) -> Optional.of(named(there.server(), asked)))
            .build());
  }

  /** Those that are asked for; Azure may show a key in another case. */
  private static Map<String, String> named(ServerInner server, Asked asked) {
    Map<String, String> there = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    if (server.tags() != null) {
      there.putAll(server.tags());
    }
    Map<String, String> found = new TreeMap<>();
    for (Object key : asked.value(TAGS, Map.class).orElse(Map.of()).keySet()) {
      String value = there.get(key.toString());
      if (value != null) {
        found.put(key.toString(), value);
      }
    }
    return found;
  }

  /**
   * Holds tags that are to be set beside those that are there, all of which Azure counts.
   *
   * @throws io.clouddb.error.ConditionFailedException when they are too many together
   */
  static void requireRoom(
      ResourceId id, Map<String, String> asked, @Nullable Map<String, String> there) {
    int all = CaselessNames.merged(there == null ? Map.of() : there, asked).size();
    // One of them is this library's own, if it has made the server.
    if (!asked.isEmpty() && all > MOST + 1) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              id.name() + " would have " + all + " tags, and Azure takes " + (MOST + 1))
          .resource(id.toString())
          .nextStep("Nothing was done. Remove some of its tags in Azure first, or set fewer.")
          .toException();
    }
  }

  /** Why Azure does not take some tags; empty when it does. */
  static Optional<String> whyNot(Map<String, String> tags) {
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      String key = tag.getKey();
      if (key.length() > LONGEST_KEY || FORBIDDEN.matcher(key).find()) {
        return Optional.of(
            "the key '" + key + "' has to have 1 to 512 characters without < > % & \\ ? /");
      }
      if (tag.getValue().length() > LONGEST_VALUE) {
        return Optional.of("the value of '" + key + "' has more than 256 characters");
      }
    }
    return CaselessNames.whyNot(tags);
  }
}
