/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bill of materials that the build puts beside each published jar. Runs after the jars are
 * packaged; the plugin that writes it makes none when Maven is offline.
 */
class SbomTest {
  /** Of several that a component offers, one is enough. */
  private static final Set<String> LICENCES =
      Set.of(
          "Apache-2.0",
          "MIT",
          "MIT-0",
          "0BSD",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "CC0-1.0",
          "EPL-2.0",
          "PostgreSQL");

  private final Path root = Path.of(System.getProperty("basedir", ".")).resolve("..").normalize();

  @BeforeAll
  static void hasOne() {
    assumeFalse(
        "offline=true".equals(System.getProperty("build.mode")), "an offline build makes no SBOM");
  }

  private JsonNode sbom(String module) throws IOException {
    return new ObjectMapper().readTree(root.resolve(module).resolve("target/sbom.json").toFile());
  }

  private static Stream<JsonNode> each(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clouddb-api",
        "clouddb-aws",
        "clouddb-azure",
        "clouddb-gcp",
        "clouddb-migration",
        "clouddb-testkit"
      })
  void namesEachComponentWithVersionDigestAndALicenceThatAsksForNothing(String module)
      throws IOException {
    JsonNode sbom = sbom(module);
    assertThat(sbom.path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(sbom.at("/metadata/component/name").asText()).isEqualTo(module);
    List<String> names = new ArrayList<>();
    for (JsonNode component : sbom.path("components")) {
      String name = component.path("purl").asText();
      names.add(name);
      assertThat(component.path("version").asText()).as(name).isNotEmpty();
      if (!component.path("group").asText().equals("io.clouddb")) {
        assertThat(each(component.path("hashes")).map(hash -> hash.path("alg").asText()))
            .as(name)
            .contains("SHA-256");
      }
      assertThat(each(component.path("licenses")).map(SbomTest::licence))
          .as("%s: licences", name)
          .anyMatch(LICENCES::contains);
    }
    assertThat(names).as("what every module has").anyMatch(name -> name.contains("/slf4j-api@"));
    assertThat(sbom.path("dependencies")).isNotEmpty();
  }

  private static String licence(JsonNode choice) {
    JsonNode licence = choice.path("license");
    return licence.has("id")
        ? licence.path("id").asText()
        : licence.path("name").asText(choice.path("expression").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"clouddb-api", "clouddb-gcp"})
  void isTheSameFileForTheSameSources(String module) throws IOException {
    JsonNode sbom = sbom(module);
    assertThat(sbom.has("serialNumber")).isFalse();
    assertThat(sbom.at("/metadata").has("timestamp")).isFalse();
  }
}
