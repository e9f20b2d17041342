/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a provider's contract has seen of one feature, and written down beside its test reports.
 *
 * @param id the feature
 * @param words what a table calls it
 * @param outcome {@code yes}, {@code conditional}, {@code preferred}, {@code no} or {@code untried}
 * @param carrier the vendor's field
 * @param text the condition, or why not
 * @param instead what can be done instead
 */
record SeenFeature(
    String id, String words, String outcome, String carrier, String text, String instead) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Writes the files anew, and the documents after them. */
  static final String COMMAND =
      "mvn verify -am -pl clouddb-aws,clouddb-azure,clouddb-gcp,examples/snippets"
          + " -Dgroups=features -Dfeatures.write=true";

  /**
   * The parts of which there are words.
   *
   * @param root the repository
   * @return sorted, for example {@code instances} and {@code replicas}
   */
  static List<String> parts(Path root) throws IOException {
    try (Stream<Path> files =
        Files.list(root.resolve("examples/snippets/src/test/resources/features"))) {
      return files
          .map(file -> file.getFileName().toString().replaceFirst("[.]properties$", ""))
          .sorted()
          .toList();
    }
  }

  /**
   * Reads what was seen of a provider.
   *
   * @param root the repository
   * @param provider its id
   * @param part for example {@code replicas}
   * @return the features by their ids, in their order
   * @throws AssertionError when its contract has not run since it was compiled
   */
  static Map<String, SeenFeature> read(Path root, String provider, String part) throws IOException {
    Path target = root.resolve("clouddb-" + provider + "/target");
    Path file = target.resolve("features/" + provider + "-" + part + ".jsonl");
    assertThat(file)
        .as("what the contract of %s has seen of %s: it did not run; %s", provider, part, COMMAND)
        .exists();
    FileTime seen = Files.getLastModifiedTime(file);
    for (Path classes :
        List.of(
            root.resolve("clouddb-api/target/classes"),
            root.resolve("clouddb-testkit/target/classes"),
            target.resolve("classes"),
            target.resolve("test-classes"))) {
      assertThat(newest(classes))
          .as("%s was compiled after the contract of %s ran; %s", classes, provider, COMMAND)
          .isLessThanOrEqualTo(seen);
    }
    FeatureWords words = new FeatureWords(part);
    Map<String, SeenFeature> features = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode node = JSON.readTree(line);
      SeenFeature feature =
          new SeenFeature(
              node.get("id").asText(),
              words.of(node.get("id").asText()),
              node.get("outcome").asText(),
              node.get("carrier").asText(),
              node.get("text").asText(),
              node.get("instead").asText());
      features.put(feature.id(), feature);
    }
    return features;
  }

  private static FileTime newest(Path classes) throws IOException {
    FileTime newest = FileTime.fromMillis(0);
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        FileTime time = Files.getLastModifiedTime(file);
        newest = time.compareTo(newest) > 0 ? time : newest;
      }
    }
    return newest;
  }
}
