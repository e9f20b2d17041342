/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Features of one kind on all clouds, as Markdown. */
final class FeatureTable {
  /** What a table calls each provider: by what it has of instances. */
  static final Map<String, String> CLOUDS =
      clouds("AWS RDS", "Azure flexible server", "Google Cloud SQL");

  private static final Map<String, String> CLOUDS_OF_TABLES =
      clouds("AWS DynamoDB", "Azure", "Google Cloud");

  private final Map<String, String> clouds;
  private final Map<String, Map<String, SeenFeature>> rows = new LinkedHashMap<>();

  private static Map<String, String> clouds(String aws, String azure, String google) {
    Map<String, String> clouds = new LinkedHashMap<>();
    clouds.put("aws", aws);
    clouds.put("azure", azure);
    clouds.put("gcp", google);
    return clouds;
  }

  /**
   * Makes a table.
   *
   * @param seen what was seen of each provider
   * @param group begins the ids of its features, as {@code instance.spec.} does; without a further
   *     dot behind it
   */
  FeatureTable(Map<String, Map<String, SeenFeature>> seen, String group) {
    this.clouds = group.startsWith("table.") ? CLOUDS_OF_TABLES : CLOUDS;
    for (String cloud : CLOUDS.keySet()) {
      seen.getOrDefault(cloud, Map.of())
          .forEach(
              (id, feature) -> {
                if (id.startsWith(group) && id.indexOf('.', group.length()) < 0) {
                  rows.computeIfAbsent(id, any -> new LinkedHashMap<>()).put(cloud, feature);
                }
              });
    }
    assertThat(rows).as("features of %s", group).isNotEmpty();
    assertThat(rows.values())
        .as("what each cloud does with %s", group)
        .allSatisfy(row -> assertThat(row).containsOnlyKeys(CLOUDS.keySet()));
  }

  /** In plain words, with notes below. */
  List<String> inWords() {
    Set<String> notes = new LinkedHashSet<>();
    List<String> lines = head("");
    rows.forEach(
        (id, row) -> {
          StringBuilder line = new StringBuilder("| " + words(row) + " |");
          row.forEach(
              (cloud, feature) ->
                  line.append(' ')
                      .append(word(feature))
                      .append(number(note(cloud, feature), notes))
                      .append(" |"));
          lines.add(line.toString());
        });
    lines.add("");
    int number = 0;
    for (String note : notes) {
      lines.add(++number + ". " + note);
    }
    return notes.isEmpty() ? lines.subList(0, lines.size() - 1) : lines;
  }

  private static String words(Map<String, SeenFeature> row) {
    return row.values().iterator().next().words();
  }

  private static String number(String note, Set<String> notes) {
    if (note.isEmpty()) {
      return "";
    }
    notes.add(note);
    return " (" + (new ArrayList<>(notes).indexOf(note) + 1) + ")";
  }

  private String note(String cloud, SeenFeature feature) {
    String text = text(feature);
    return text.isEmpty() ? "" : clouds.get(cloud) + ": " + text + ".";
  }

  private static String word(SeenFeature feature) {
    return feature.outcome().equals("conditional") ? "yes" : feature.outcome();
  }

  /** With the vendor's field of each. */
  List<String> withFields() {
    List<String> lines = head("field");
    rows.forEach(
        (id, row) -> {
          StringBuilder line =
              new StringBuilder("| `" + id.substring(id.lastIndexOf('.') + 1) + "` |");
          row.values().forEach(feature -> line.append(' ').append(cell(feature)).append(" |"));
          lines.add(line.toString());
        });
    return lines;
  }

  private static String cell(SeenFeature feature) {
    String carrier = feature.carrier().isEmpty() ? "" : "`" + feature.carrier() + "`";
    String text = text(feature);
    String before =
        switch (feature.outcome()) {
          case "no" -> "refused";
          case "untried" -> "untried";
          case "preferred" -> carrier.isEmpty() ? "adjustable" : carrier + ", adjustable";
          default -> carrier;
        };
    return text.isEmpty() ? before : before.isEmpty() ? text : before + ": " + text;
  }

  private static String text(SeenFeature feature) {
    String text = feature.text().replaceFirst("^Only preferred: ", "");
    if (text.isEmpty()) {
      return "";
    }
    String instead = feature.instead().isEmpty() ? "" : "; instead: " + feature.instead();
    return escaped(text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + instead);
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("_", "\\_");
  }

  private List<String> head(String corner) {
    List<String> lines = new ArrayList<>();
    lines.add("| " + corner + " | " + String.join(" | ", clouds.values()) + " |");
    lines.add("|---".repeat(clouds.size() + 1) + "|");
    return lines;
  }
}
