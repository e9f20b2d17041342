/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.Feature;
import io.clouddb.replica.ReplicaField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract on a cloud without replicas: their pieces are left out, their refusal is not, and it
 * is written down.
 */
class RefusedReplicasTest extends NoReplicaContract {
  @TempDir private static Path folder;

  RefusedReplicasTest() {
    super(new InstancesOnly(() -> folder));
  }

  @Test
  void eachRefusalIsWrittenDown() throws IOException {
    whatACloudHasNotItRefusesByName();
    whatACloudHasNotItPromotesInNoForm();
    List<String> lines = new ArrayList<>();
    for (String part : List.of("replicas", "promotions")) {
      lines.addAll(Files.readAllLines(folder.resolve(part)));
    }
    assertThat(lines)
        .allSatisfy(
            line -> assertThat(line).contains("\"no\"", InstancesOnly.WHY, "by a migration"))
        .extracting(line -> line.replaceFirst("^\\{\"id\":\"([^\"]+)\".*", "$1"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Stream.of(ReplicaField.values()).map(field -> Feature.of(field).id()),
                    Stream.of("create", "get", "list", "lag", "delete").map("replica."::concat))
                .toList());
  }

  @Test
  void thePiecesOfReplicasAreLeftOut() {
    assertThat(hasReplicas()).isFalse();
  }
}
