/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tries every target for its share of {@code fuzz.time}. The seed is the same in each build, and
 * new with {@code -Pfuzz}; a failure says how the one case is tried again.
 */
class FuzzTest {
  @TempDir static Path folder;

  private static final List<AutoCloseable> OPEN = new ArrayList<>();

  private static List<Target> targets() throws Exception {
    List<Target> all = new ArrayList<>(ApiTargets.all(folder));
    all.addAll(ConnectionTargets.all());
    all.addAll(OperationTargets.all());
    all.addAll(new MigrationTargets(folder).all());
    all.addAll(StreamTargets.all());
    all.addAll(new SpillTargets(folder).all());
    for (ProviderTargets provider : ProviderTargets.all()) {
      OPEN.add(provider);
      all.addAll(provider.targets());
    }
    for (SimulatorTargets simulator : SimulatorTargets.all()) {
      OPEN.add(simulator);
      all.add(simulator.target());
    }
    all.addAll(ExpressionTargets.all());
    TableTargets tables = new TableTargets();
    OPEN.add(tables);
    all.addAll(tables.targets());
    DynamoTargets dynamo = new DynamoTargets();
    OPEN.add(dynamo);
    all.addAll(dynamo.targets());
    return all;
  }

  @AfterAll
  static void close() throws Exception {
    for (AutoCloseable each : OPEN) {
      each.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> eachTargetTakesAnyInput() throws Exception {
    String only = System.getProperty("fuzz.only", "");
    List<Target> targets =
        targets().stream().filter(each -> only.isEmpty() || each.name().equals(only)).toList();
    assertThat(targets).as("targets of the name " + only).isNotEmpty();
    String asked = System.getProperty("fuzz.seed", "1");
    long seed = asked.equals("random") ? new SecureRandom().nextLong() : Long.parseLong(asked);
    String one = System.getProperty("fuzz.case", "");
    Duration time =
        one.isEmpty()
            ? Duration.parse(System.getProperty("fuzz.time", "PT5S")).dividedBy(targets.size())
            : Duration.ZERO;
    System.out.printf("fuzz.seed=%d, %s for each of %d targets%n", seed, time, targets.size());
    return targets.stream()
        .map(
            target ->
                DynamicTest.dynamicTest(
                    target.name(),
                    () -> {
                      long first = one.isEmpty() ? 0 : Long.parseLong(one);
                      long cases = new FuzzRun(seed, FuzzRun.CASE_LIMIT).run(target, first, time);
                      System.out.printf("%s: %d cases%n", target.name(), cases);
                    }));
  }
}
