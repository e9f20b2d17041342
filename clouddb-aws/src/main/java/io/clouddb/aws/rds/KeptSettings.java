/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * What is written, as tags, onto the automated backups that an instance leaves: its own tags, its
 * DB parameter group, and the rest that a restore sets again. "Retained automated backups don't
 * contain information about parameters or option groups" (<em>Retaining automated backups</em> in
 * the user guide); tags they have had since December 2025 ({@code TagSpecification} in the API
 * Reference).
 */
final class KeptSettings {
  private static final String GROUP = "clouddb-parameter-group";
  private static final String SETTINGS = "clouddb-settings-";
  private static final String BETWEEN = " / ";

  /** What stands in the place of a setting that there was once. */
  private static final String NONE = "-";

  private static final int LONGEST_VALUE = 256;
  private static final int MOST = 50;

  /** No tag has a comma, and no list here a plus. */
  private static final String LIST = "+";

  private KeptSettings() {}

  /**
   * The tags of what an instance leaves.
   *
   * @param instance the instance
   * @param id its id, for errors
   * @param there the tags that its automated backups have: those of an attempt that has ended
   *     before its deletion may tell what the instance has no more, and are written over, since RDS
   *     only adds tags
   * @throws CloudDbException when they are too many
   */
  static Map<String, String> tags(DBInstance instance, ResourceId id, Map<String, String> there) {
    Map<String, String> tags = SnapshotView.callers(RdsCalls.tags(instance.tagList()));
    there.keySet().stream()
        .filter(key -> key.equals(GROUP) || key.startsWith(SETTINGS))
        .forEach(key -> tags.put(key, NONE));
    if (!ParameterComparison.hasDefaultGroup(instance)) {
      tags.put(GROUP, ParameterComparison.group(instance));
    }
    int number = 0;
    for (String value : packed(RestoredSettings.members(instance))) {
      number++;
      tags.put(SETTINGS + number, value);
    }
    Set<String> all = new TreeSet<>(tags.keySet());
    there.keySet().stream().filter(key -> !key.startsWith("aws:")).forEach(all::add);
    if (all.size() > MOST) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "What "
                  + id.name()
                  + " leaves would have "
                  + all.size()
                  + " tags, which a restore of it needs, and RDS takes "
                  + MOST)
          .resource(id.toString())
          .operation("rds.AddTagsToResource")
          .nextStep("Remove tags from the instance; or take a backup, and delete(...) it.")
          .toException();
    }
    return tags;
  }

  private static List<String> packed(Map<String, String> members) {
    List<String> values = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    for (Map.Entry<String, String> member : members.entrySet()) {
      String text = member.getKey() + "=" + member.getValue().replace(Notes.SEPARATOR, LIST);
      if (value.length() + BETWEEN.length() + text.length() > LONGEST_VALUE && !value.isEmpty()) {
        values.add(value.toString());
        value.setLength(0);
      }
      value.append(value.isEmpty() ? "" : BETWEEN).append(text);
    }
    if (!value.isEmpty()) {
      values.add(value.toString());
    }
    return values;
  }

  /** What a restore notes of the settings that these tags tell. */
  static Map<String, String> notes(Map<String, String> tags) {
    Map<String, String> members = new TreeMap<>();
    tags.forEach(
        (key, value) -> {
          if (key.startsWith(SETTINGS) && !value.equals(NONE)) {
            for (String text : value.split(BETWEEN, -1)) {
              int equals = Math.max(text.indexOf('='), 0);
              String member = text.substring(0, equals);
              String kept = text.substring(equals).replaceFirst("^=", "");
              // A role's name may have a plus of its own.
              members.put(
                  member,
                  RestoredSettings.isList(member) ? kept.replace(LIST, Notes.SEPARATOR) : kept);
            }
          }
        });
    return RestoredSettings.notes(members, SnapshotView.callers(new TreeMap<>(tags)));
  }

  /** The DB parameter group that the instance had; empty when it was RDS' own. */
  static Optional<String> group(Map<String, String> tags) {
    return Optional.ofNullable(tags.get(GROUP)).filter(group -> !group.equals(NONE));
  }
}
