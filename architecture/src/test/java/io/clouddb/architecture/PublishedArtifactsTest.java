/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The BOM, which inherits nothing, and the users' projects, which know no version but their own.
 */
class PublishedArtifactsTest {
  private static final Pattern BOM_ENTRY =
      Pattern.compile("<artifactId>(clouddb-[a-z]+)</artifactId><version>(.*?)</version>");

  private final Path root = Path.of(System.getProperty("basedir", ".")).resolve("..").normalize();

  private String read(String file) throws IOException {
    return Files.readString(root.resolve(file));
  }

  private String version() throws IOException {
    return read("pom.xml").split("<version>", 2)[1].split("</version>", 2)[0];
  }

  @Test
  void theBomNamesThisProjectsArtifactsAndNothingElse() throws IOException {
    String bom = read("clouddb-bom/pom.xml");
    List<String> modules;
    try (Stream<Path> folders = Files.list(root)) {
      modules =
          folders
              .filter(folder -> Files.exists(folder.resolve("pom.xml")))
              .map(folder -> folder.getFileName().toString())
              .filter(name -> name.startsWith("clouddb-") && !name.equals("clouddb-bom"))
              .sorted()
              .toList();
    }

    assertThat(bom).doesNotContain("<parent>").contains("<version>" + version() + "</version>");
    assertThat(BOM_ENTRY.matcher(bom).results().map(entry -> entry.group(1)).sorted())
        .isEqualTo(modules);
    assertThat(BOM_ENTRY.matcher(bom).results().map(entry -> entry.group(2)))
        .containsOnly("${project.version}");
    assertThat(bom.split("<groupId>", -1))
        .as("artifacts, the BOM and a plugin")
        .hasSize(modules.size() + 3);
    String spotless = read("pom.xml").split("<spotless.version>")[1].split("</")[0];
    assertThat(bom).contains("<version>" + spotless + "</version>");
  }

  @Test
  void usersProjectsTakeTheVersionThatIsBuiltHere() throws IOException {
    Pattern alone = Pattern.compile("[>:]" + Pattern.quote(version()) + "[<\"]");
    for (String file :
        List.of(
            "getting-started/pom.xml",
            "getting-started/build.gradle.kts",
            "spring-boot/pom.xml",
            "consumers/pom.xml")) {
      assertThat(read("examples/" + file)).as(file).containsPattern(alone);
    }
  }
}
