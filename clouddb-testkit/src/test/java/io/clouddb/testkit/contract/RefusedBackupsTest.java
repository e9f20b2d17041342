/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.Feature;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.RestoreField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract on a cloud without backups: their pieces are left out, their refusal is not, and it
 * is written down.
 */
class RefusedBackupsTest extends NoBackupContract {
  @TempDir private static Path folder;

  RefusedBackupsTest() {
    super(new InstancesOnly(() -> folder));
  }

  @Test
  void eachRefusalIsWrittenDown() throws IOException {
    whatACloudHasNotItRefusesByName();
    whatACloudHasNotItDoesNotRestore();
    List<String> lines = new ArrayList<>();
    for (String part : List.of("backups", "restores")) {
      lines.addAll(Files.readAllLines(folder.resolve(part)));
    }
    assertThat(lines)
        .allSatisfy(line -> assertThat(line).contains("\"no\"", InstancesOnly.WHY, "unwrap"))
        .extracting(line -> line.replaceFirst("^\\{\"id\":\"([^\"]+)\".*", "$1"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(
                    Stream.of(BackupField.values()).map(field -> Feature.of(field).id()),
                    Stream.of(RestoreField.values()).map(field -> Feature.of(field).id()),
                    Stream.of(
                        "backup.get",
                        "backup.list",
                        "backup.protect",
                        "backup.window",
                        "backup.delete",
                        "backup.keep"))
                .flatMap(ids -> ids)
                .toList());
  }

  @Test
  void thePiecesOfBackupsAreLeftOut() {
    assertThat(hasBackups()).isFalse();
  }
}
