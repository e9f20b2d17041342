/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Next to no data: that they run, and compare what each contestant wrote. No time counts. */
class BenchmarksTest {
  @Test
  @Tag("slow")
  void runsWhatIsNamedAndJoinsItsTables(@TempDir Path output) throws Exception {
    for (String name : new String[] {"apply", "copy", "validation", "cutover"}) {
      Benchmarks.main(new String[] {"--tiny", "--only", name, "--output", output.toString()});
    }
    assertThat(Files.readString(output.resolve("results.md")))
        .contains("| clouddb | ")
        .contains("| server's subscription | ")
        .contains("Copy of 1000 rows of 13 columns")
        .contains("one transaction of 1000 rows")
        .contains("Comparison of 1000 rows of 13 columns")
        .contains("last write acknowledged by the source to the first by the target")
        .contains("load of the machine");
  }

  @Test
  @Tag("slow")
  void comparesTables(@TempDir Path output) throws Exception {
    Benchmarks.main(
        new String[] {
          "--tiny",
          "--only",
          "table-calls,table-bulk,table-start,table-simulators",
          "--output",
          output.toString()
        });
    assertThat(Files.readString(output.resolve("results.md")))
        .contains("Get of an item of 250 bytes: allocated by a call")
        .contains("putAll of 500 items")
        .contains("Scan of 500 items in 4 segments")
        .contains("A JVM that makes one get and ends")
        .contains("Queries of 10 such items");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> Benchmarks.main(new String[] {"--only", "nothing"}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("No benchmark nothing, only [copy, database, apply");
    assertThatThrownBy(() -> Benchmarks.main(new String[] {"--fast"}))
        .hasMessageContaining("--fast");
  }
}
