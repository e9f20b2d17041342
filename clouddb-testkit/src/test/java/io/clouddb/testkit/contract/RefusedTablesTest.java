/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.Feature;
import io.clouddb.testkit.contract.internal.TableFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a cloud without tables: their refusal is tried, and it is written down. */
class RefusedTablesTest extends NoTableContract {
  @TempDir private static Path folder;

  RefusedTablesTest() {
    super(new InstancesOnly(() -> folder));
  }

  @Test
  void eachRefusalIsWrittenDown() throws IOException {
    whatACloudHasNotItRefusesByName();
    assertThat(Files.readAllLines(folder.resolve("tables")))
        .allSatisfy(line -> assertThat(line).contains("\"no\"", "has no tables", "unwrap"))
        .extracting(line -> line.replaceFirst("^\\{\"id\":\"([^\"]+)\".*", "$1"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(
                    TableFeatures.ofSpecs().stream().map(field -> Feature.of(field).id()),
                    TableFeatures.ofChanges().stream().map(TableFeatures::idOfChange),
                    Stream.of(
                        "table.plan",
                        "table.create",
                        "table.ensure",
                        "table.get",
                        "table.list",
                        "table.drift",
                        "table.modify",
                        "table.delete",
                        "table.items",
                        "table.backup",
                        "table.restore"))
                .flatMap(ids -> ids)
                .toList());
  }

  @Test
  void noFeatureOfTablesIsClaimed() {
    assertThat(hasTables()).isFalse();
  }
}
