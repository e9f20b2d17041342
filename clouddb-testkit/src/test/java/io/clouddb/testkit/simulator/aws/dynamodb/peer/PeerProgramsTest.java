/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.aws.DynamoDbWire;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Random programs here and against emulators by others, which CONTRIBUTING.md says how to start.
 */
class PeerProgramsTest {
  private static final String PEER = "clouddb.dynamodb.peer";

  @Test
  void twoOfOursSayTheSame() {
    try (DynamoDbWire one = new DynamoDbWire();
        DynamoDbWire other = new DynamoDbWire()) {
      Comparison comparison = new Comparison(Peer.of(one), Peer.of(other), Set.of(), true);
      for (long seed = 1; seed <= 10; seed++) {
        assertThat(comparison.run(seed, "seed" + seed)).isEmpty();
      }
    }
  }

  @Test
  void aDifferenceIsNoticed() {
    try (DynamoDbWire one = new DynamoDbWire();
        DynamoDbWire other = new DynamoDbWire()) {
      other.simulator().faults().on("PutItem").throttled();
      Comparison comparison = new Comparison(Peer.of(one), Peer.of(other), Set.of(), false);
      assertThat(comparison.run(1, "seed1"))
          .last()
          .satisfies(
              difference -> {
                assertThat(difference.action()).isEqualTo("PutItem");
                assertThat(difference.theirs()).isEqualTo("400 ThrottlingException");
              });
    }
  }

  @Test
  @EnabledIfSystemProperty(named = PEER, matches = "http.*")
  void saysWhatAPeerSays() throws IOException {
    URI endpoint = URI.create(System.getProperty(PEER));
    long first = Long.getLong(PEER + ".seed", 1);
    int count = Integer.getInteger(PEER + ".seeds", 100);
    Set<String> without = Set.of(System.getProperty(PEER + ".without", "").split(","));
    boolean words = Boolean.getBoolean(PEER + ".words");
    List<Comparison.Difference> differences = new ArrayList<>();
    String run = "run" + System.nanoTime();
    for (long seed = first; seed < first + count; seed++) {
      try (DynamoDbWire wire = new DynamoDbWire()) {
        Comparison comparison = new Comparison(Peer.of(wire), Peer.at(endpoint), without, words);
        differences.addAll(comparison.run(seed, run + "-" + seed));
      }
    }
    Path file = Path.of("target", "peer-differences.txt");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        differences.stream()
            .map(Comparison.Difference::toString)
            .collect(Collectors.joining("\n\n")));
    assertThat(differences).as("they are in %s", file.toAbsolutePath()).isEmpty();
  }
}
