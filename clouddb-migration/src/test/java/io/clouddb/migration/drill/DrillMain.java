/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.migration.Migration;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process that migrates, and that a drill kills. */
public final class DrillMain {
  static final String RUN = "run";
  static final String ROLL_BACK = "rollback";
  static final String FINISH = "finish";

  static final int COMPLETED = 0;
  static final int FAILED = 3;
  static final int REFUSED = 4;
  static final int BROKEN = 5;
  static final int ROLLED_BACK = 6;

  private static final Logger LOG = LoggerFactory.getLogger(DrillMain.class);
  private static final Duration LONGEST_LEASE = Duration.ofSeconds(60);

  private DrillMain() {}

  public static void main(String[] arguments) {
    List<String> all = List.of(arguments);
    int exit = BROKEN;
    try {
      exit =
          migrate(
              DrillMigration.of(all.subList(2, all.size())),
              Integer.parseInt(all.get(0)),
              all.get(1));
    } catch (CloudDbException e) {
      LOG.error("Refused", e);
      exit = REFUSED;
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("Broken", e);
    }
    Runtime.getRuntime().halt(exit);
  }

  private static int migrate(DrillMigration described, int gatePort, String command)
      throws IOException {
    CompletableFuture<Migration> migration = new CompletableFuture<>();
    DrillGate gate = DrillGate.connect(gatePort, word -> ask(word, migration::join));
    StateStore state = gate.around(described.state());
    try (RouteStore route = described.route()) {
      migration.complete(described.build(state, route));
      MigrationReport report = patiently(command, migration.join());
      LOG.info("{} {} {}", report.status(), report.failure().orElse(""), report.leftBehind());
      return switch (report.status()) {
        case COMPLETED -> COMPLETED;
        case ROLLED_BACK -> isComplete(report) ? ROLLED_BACK : FAILED;
        default -> report.mismatches() > 0 ? BROKEN : FAILED;
      };
    }
  }

  private static boolean isComplete(MigrationReport report) {
    return report.nextStep().filter(step -> step.contains("abort it again")).isEmpty();
  }

  /** What the drill asks for while the migration runs. */
  private static void ask(String word, Supplier<Migration> migration) {
    new Thread(
            () -> {
              try {
                perform(word, migration.get());
              } catch (CloudDbException e) {
                LOG.warn("{} was refused", word, e);
              }
            },
            "drill-" + word)
        .start();
  }

  private static MigrationReport perform(String command, Migration migration) {
    return switch (command) {
      case RUN -> migration.run();
      case ROLL_BACK -> migration.rollback();
      case FINISH -> migration.finish();
      default -> throw new IllegalArgumentException(command);
    };
  }

  /** A lease of a process that was killed has to run out first. */
  private static MigrationReport patiently(String command, Migration migration) {
    long deadline = System.nanoTime() + LONGEST_LEASE.toNanos();
    while (true) {
      try {
        return perform(command, migration);
      } catch (BusyException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
    }
  }
}
