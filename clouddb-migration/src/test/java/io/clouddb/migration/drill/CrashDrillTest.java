/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Twenty drills; {@code -Dclouddb.drill.first=1000 -Dclouddb.drill.count=200} runs other seeds, and
 * more of them. What they did is in {@code target/drills.txt}.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashDrillTest {
  private static final Logger LOG = LoggerFactory.getLogger(CrashDrillTest.class);

  private final DrillSummary summary = new DrillSummary(Path.of("target", "drills.txt"));

  static IntStream seeds() {
    int first = Integer.getInteger("clouddb.drill.first", 1);
    return IntStream.range(first, first + Integer.getInteger("clouddb.drill.count", 20));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void losesNothing(int seed, @TempDir Path folder) throws IOException {
    boolean passed = false;
    try {
      summary.add(new CrashDrill(DrillPlan.of(seed), folder).run());
      passed = true;
    } finally {
      if (!passed) {
        summary.failed(seed);
      }
    }
  }

  @AfterAll
  void tell() {
    summary.totals().forEach(LOG::info);
  }
}
