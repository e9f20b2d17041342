/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Twenty drills; {@code -Dclouddb.drill.first=1000 -Dclouddb.drill.count=200} runs other seeds, and
 * more of them.
 */
@Tag("slow")
class CrashDrillTest {
  @TempDir Path folder;

  static IntStream seeds() {
    int first = Integer.getInteger("clouddb.drill.first", 1);
    return IntStream.range(first, first + Integer.getInteger("clouddb.drill.count", 20));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void losesNothing(int seed) throws Exception {
    new CrashDrill(seed, folder).run();
  }
}
