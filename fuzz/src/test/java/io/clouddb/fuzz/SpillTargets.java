/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.spill.SpillContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of a spill: what was written, or a word that it is damaged. */
final class SpillTargets {
  private final Path file;
  private final byte[] written = SpillContent.sample();
  private final List<byte[]> records;

  SpillTargets(Path folder) throws IOException {
    this.file = folder.resolve("spill");
    Files.write(file, written);
    this.records = SpillContent.read(file);
    assertThat(records).hasSize(3);
  }

  List<Target> all() {
    return List.of(new Target("spill-file", this::changed));
  }

  private void changed(Source source) throws IOException {
    Files.write(file, source.changedBytes(List.of(written)));
    // Whole records in another order are for whoever reads them to refuse: each has its checksum.
    assertThat(SpillContent.read(file))
        .allSatisfy(read -> assertThat(records).anySatisfy(one -> assertThat(one).isEqualTo(read)));
  }
}
