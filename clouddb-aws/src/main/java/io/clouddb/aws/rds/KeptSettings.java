/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * What is written, as tags, onto the automated backups that an instance leaves: its own tags, its
 * DB parameter group, and the rest that a restore sets again. "Retained automated backups don't
 * contain information about parameters or option groups" (<em>Retaining automated backups</em> in
 * the user guide); tags they have had since December 2025 ({@code TagSpecification} in the API
 * Reference).
 *
 * <p>It is one text, cut into as many tags as it needs, whose keys say how many there are: what
 * somebody else has put onto the backups stays as it is, and what this library has put there can be
 * replaced, or removed, as a whole.
 */
final class KeptSettings {
  private static final String KEY = "clouddb-settings-";
  private static final String GROUP = "DBParameterGroupName";
  private static final String BETWEEN = "/";
  private static final int LONGEST_VALUE = 256;
  private static final int MOST = 50;

  private KeptSettings() {}

  private static String key(int number, int of) {
    return KEY + number + "-of-" + of;
  }

  /** Those of the tags that are this library's. */
  static Set<String> keys(Map<String, String> tags) {
    return tags.keySet().stream()
        .filter(key -> key.startsWith(KEY))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The tags of what an instance leaves.
   *
   * @param instance the instance
   * @param id its id, for errors
   * @param there the tags that its automated backups have; this library's are replaced
   * @throws CloudDbException when they are too many
   */
  static Map<String, String> tags(DBInstance instance, ResourceId id, Map<String, String> there) {
    Map<String, String> settings = RestoredSettings.notes(instance, true, Map.of());
    if (!ParameterComparison.hasDefaultGroup(instance)) {
      settings.put(GROUP, ParameterComparison.group(instance));
    }
    String text =
        settings.entrySet().stream()
            .map(setting -> encoded(setting.getKey()) + "=" + encoded(setting.getValue()))
            .collect(Collectors.joining(BETWEEN));
    int pieces = (text.length() + LONGEST_VALUE - 1) / LONGEST_VALUE;
    Map<String, String> tags = new TreeMap<>();
    for (int i = 0; i < pieces; i++) {
      int end = Math.min((i + 1) * LONGEST_VALUE, text.length());
      tags.put(key(i + 1, pieces), text.substring(i * LONGEST_VALUE, end));
    }
    requireRoom(tags, id, there);
    return tags;
  }

  private static void requireRoom(
      Map<String, String> tags, ResourceId id, Map<String, String> there) {
    Set<String> all = new TreeSet<>(there.keySet());
    all.removeIf(key -> key.startsWith("aws:"));
    all.removeAll(keys(there));
    all.addAll(tags.keySet());
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
          .nextStep(
              "Remove tags from the instance, or from its automated backups; or take a backup, and"
                  + " delete(...) it.")
          .toException();
    }
  }

  /** In letters, digits and {@code . - _ +}: RDS takes no comma, and no value that begins aws: */
  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20").replace("*", "%2A").replace('%', '+');
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace('+', '%'), UTF_8);
  }

  /** What was kept; nothing where a part is missing, or somebody has changed it. */
  private static Map<String, String> settings(Map<String, String> tags) {
    int pieces = keys(tags).size();
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= pieces; i++) {
      String piece = tags.get(key(i, pieces));
      if (piece == null) {
        return Map.of();
      }
      text.append(piece);
    }
    Map<String, String> settings = new TreeMap<>();
    try {
      for (String setting : text.toString().split(BETWEEN, -1)) {
        int equals = setting.indexOf('=');
        if (equals > 0) {
          settings.put(
              decoded(setting.substring(0, equals)), decoded(setting.substring(equals + 1)));
        }
      }
    } catch (IllegalArgumentException e) {
      return Map.of();
    }
    return settings;
  }

  /** What a restore notes of the settings that these tags tell, and of nothing else. */
  static Map<String, String> notes(Map<String, String> tags) {
    Map<String, String> notes = new TreeMap<>(settings(tags));
    notes.keySet().removeIf(name -> !RestoredSettings.isNote(name));
    return notes;
  }

  /** The DB parameter group that the instance had; empty when it was RDS' own. */
  static Optional<String> group(Map<String, String> tags) {
    return Optional.ofNullable(settings(tags).get(GROUP));
  }
}
