/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the documents say of features is what the providers' contracts have seen in this build. A
 * block stands between {@code <!-- features: GROUP in words -->} (or {@code with fields}) and
 * {@code <!-- end of features -->}. With {@code -Dfeatures.write} the documents are brought up to
 * date instead. Where a contract did not run this fails: a table that nobody has checked is no
 * table.
 */
@Tag("features")
class DocumentedFeaturesTest {
  private static final Pattern BLOCK =
      Pattern.compile("<!-- features: ([a-z.]+) (in words|with fields) -->");
  private static final boolean WRITE =
      Boolean.parseBoolean(System.getProperty("features.write", "false"));
  private static final String END = "<!-- end of features -->";

  private final Path root =
      Path.of(System.getProperty("basedir", ".")).resolve("../..").normalize();

  @Test
  void documentsSayWhatContractsHaveSeen() throws IOException {
    Map<String, Map<String, SeenFeature>> seen = new LinkedHashMap<>();
    for (String cloud : FeatureTable.CLOUDS.keySet()) {
      Map<String, SeenFeature> features = new LinkedHashMap<>();
      for (String part : SeenFeature.parts(root)) {
        features.putAll(SeenFeature.read(root, cloud, part));
      }
      seen.put(cloud, features);
    }
    List<String> wrong = new ArrayList<>();
    int blocks = 0;
    for (Path document : documents()) {
      String name = root.relativize(document).toString();
      List<String> lines = Files.readAllLines(document);
      List<String> right = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        right.add(lines.get(i));
        Matcher block = BLOCK.matcher(lines.get(i));
        if (!block.matches()) {
          continue;
        }
        blocks++;
        int end = i + lines.subList(i, lines.size()).indexOf(END);
        assertThat(end).as("%s:%s has no end", name, i + 1).isGreaterThan(i);
        FeatureTable table = new FeatureTable(seen, block.group(1));
        List<String> made = new ArrayList<>();
        made.add("");
        made.addAll(block.group(2).equals("in words") ? table.inWords() : table.withFields());
        made.add("");
        if (!made.equals(lines.subList(i + 1, end))) {
          wrong.add(name + ":" + (i + 1) + " differs from what the contracts have seen");
        }
        right.addAll(made);
        right.add(END);
        i = end;
      }
      if (WRITE && !right.equals(lines)) {
        Files.writeString(document, String.join("\n", right) + "\n");
      }
    }

    assertThat(blocks).as("blocks that were found").isGreaterThan(3);
    if (!WRITE) {
      assertThat(wrong).as("bring the documents up to date by %s", SeenFeature.COMMAND).isEmpty();
    }
  }

  private List<Path> documents() throws IOException {
    try (Stream<Path> all = Files.walk(root.resolve("docs"))) {
      return all.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }
}
