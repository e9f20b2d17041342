/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the start script says on machines that lack something. */
class StartScriptTest {
  private static final Path SCRIPT = Path.of("..", "..", "quickstart").toAbsolutePath().normalize();
  private static final List<String> TOOLS =
      List.of("dirname", "sed", "head", "find", "cat", "grep", "mktemp", "rm", "cut");

  @TempDir private Path folder;

  private String failure(Map<String, String> environment) throws IOException, InterruptedException {
    Path bin = folder.resolve("bin");
    for (String tool : TOOLS) {
      Path found = Path.of("/usr/bin", tool);
      install(
          tool, "exec " + (Files.isExecutable(found) ? found : Path.of("/bin", tool)) + " \"$@\"");
    }
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", SCRIPT.toString()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(1);
    return output;
  }

  private void install(String name, String script) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path file = bin.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void withoutJava() throws Exception {
    assertThat(failure(Map.of())).contains("There is no java", "JDK from 17 on", "apt-get install");
  }

  @Test
  void withAJavaThatIsTooOld() throws Exception {
    install("java", "echo 'openjdk version \"1.8.0_402\"' >&2");
    assertThat(failure(Map.of())).contains("is version 1.8.0_402; a JDK from 17 on is needed");
  }

  @Test
  void withAnotherJavaThatIsTooOld() throws Exception {
    install("java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");
    assertThat(failure(Map.of())).contains("is version 11.0.2; a JDK from 17 on is needed");
  }

  @Test
  void withAJavaHomeWhereNoneIs() throws Exception {
    assertThat(failure(Map.of("JAVA_HOME", folder.toString())))
        .contains("JAVA_HOME is " + folder, "unset it");
  }
}
