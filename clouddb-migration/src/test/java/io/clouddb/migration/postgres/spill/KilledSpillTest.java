/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.Eventually;
import io.clouddb.migration.JavaCommand;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.stream.SlotStatus;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.migration.postgres.testing.Shop;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that applies through files is killed, again and again, while writers write. */
@Tag("slow")
class KilledSpillTest {
  private static final int KILLS = 9;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;

  /** The last file when a process began. */
  private long first;

  @Test
  void appliesEveryChangeOnceHoweverOftenItIsKilled() throws Exception {
    try (Ends ends = Ends.of(16, 16);
        Shop shop = new Shop(ends.source())) {
      ends.onBoth(Shop.schema());
      ends.onSource(Shop.FULL_IDENTITY);
      ends.onSource(Shop.rows(500));
      ends.copy(2, 64 << 10);
      shop.start(2);
      Random random = new Random(20261122);
      int needed = 0;
      for (int i = 0; i < KILLS; i++) {
        int kind = i % 3;
        Process process = start(ends, i);
        try {
          Eventually.until(
              "the moment",
              PATIENCE,
              () -> {
                assertThat(process.isAlive()).as("the process").isTrue();
                return moment(ends, kind).call();
              });
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(50)));
        } finally {
          process.destroyForcibly();
          assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        if (isConfirmedAhead(ends)) {
          needed++;
        }
      }
      shop.stop();
      // Otherwise it was not the files that the next one went on from.
      assertThat(needed).isPositive();

      Spilling spilling = new Spilling(folder, SpillProcess.MOST_BYTES);
      try (Applier last = ends.applier(ends.options().spilling(spilling).build())) {
        ends.catchUp(last);
        assertThat(last.failure()).isNotDone();
      }
      assertThat(ends.differences()).isEmpty();
    }
  }

  /** By turns: something is only in the files; a file is needed no more; a file is begun. */
  private Callable<Boolean> moment(Ends ends, int kind) {
    return switch (kind) {
      case 0 -> () -> isConfirmedAhead(ends);
      case 1 -> () -> !numbers(ends).isEmpty() && numbers(ends).get(0) > first;
      default -> () -> numbers(ends).size() > 2;
    };
  }

  private List<Long> numbers(Ends ends) throws IOException {
    return new SpillFolder(folder.resolve(ends.slot()), ends.slot()).numbers();
  }

  private static boolean isConfirmedAhead(Ends ends) throws SQLException {
    try (Connection source = ends.source().connect();
        Connection target = ends.target().connect()) {
      return SlotStatus.read(source, ends.slot())
              .orElseThrow()
              .confirmed()
              .compareTo(PositionTable.read(target, "test").orElseThrow().lsn())
          > 0;
    }
  }

  private Process start(Ends ends, int seed) throws IOException {
    List<Long> there = numbers(ends);
    first = there.isEmpty() ? 1 : there.get(there.size() - 1);
    return new ProcessBuilder(
            JavaCommand.of(
                "128m",
                SpillProcess.class,
                ends.source().jdbcUrl(),
                ends.source().user(),
                ends.target().jdbcUrl(),
                ends.target().user(),
                ends.slot(),
                folder.toString(),
                Integer.toString(seed)))
        .redirectErrorStream(true)
        .redirectOutput(new File("target", "spill-process-" + seed + ".log"))
        .start();
  }
}
