/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A migration in a process of its own, which dies at a given moment as by {@code kill -9}: at the
 * start of a step, or when the route gets a given state, just before or just after.
 */
public final class MigrationProcess {
  static final int DIED = 137;

  /** Before a moment: it is one of a rollback after the switch. */
  static final String ROLLING_BACK = "rollback:";

  private static final SecretRef PASSWORD = SecretRef.literal("secret");

  private MigrationProcess() {}

  /** Runs one to its death, and returns its exit code. */
  static int run(Path folder, TwoDatabases both, String moment)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                JavaCommand.of(
                    "128m",
                    MigrationProcess.class,
                    folder.toString(),
                    both.source.jdbcUrl(),
                    both.target.jdbcUrl(),
                    moment))
            .redirectErrorStream(true)
            .redirectOutput(
                new File("target", "migration-process-" + moment.replace(':', '-') + ".log"))
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("The migration did not come to " + moment);
    }
    return process.exitValue();
  }

  static MigrationBuilder migration(
      Path folder, ConnectionDetails source, ConnectionDetails target, RouteStore route) {
    return Migration.builder()
        .id("shop")
        .from(source)
        .to(target)
        .tables("public.*")
        .state(StateStore.directory(folder.resolve("state")))
        .route(route);
  }

  static RouteStore route(Path folder) {
    return RouteStore.file(folder.resolve("route.json"));
  }

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    boolean back = arguments[3].startsWith(ROLLING_BACK);
    String moment = back ? arguments[3].substring(ROLLING_BACK.length()) : arguments[3];
    CompletableFuture<Migration> migration = new CompletableFuture<>();
    MigrationBuilder builder =
        migration(
                folder,
                ConnectionDetails.ofJdbcUrl(arguments[1], "source_admin", PASSWORD),
                ConnectionDetails.ofJdbcUrl(arguments[2], "target_admin", PASSWORD),
                dyingAt(moment, route(folder)))
            .listener(
                new MigrationListener() {
                  @Override
                  public void stepStarted(MigrationStep step) {
                    dieIf(moment.equals("start-of-" + step));
                    if (back && step == MigrationStep.REVERSE) {
                      new Thread(() -> migration.join().rollback(), "rollback").start();
                    }
                  }
                });
    if (back || moment.equals("start-of-REVERSE")) {
      builder.reverseReplication(Duration.ofDays(365_000));
    }
    Migration built = builder.build();
    migration.complete(built);
    built.run();
  }

  private static RouteStore dyingAt(String moment, RouteStore store) {
    return (RouteStore)
        Proxy.newProxyInstance(
            MigrationProcess.class.getClassLoader(),
            new Class<?>[] {RouteStore.class},
            (proxy, method, arguments) -> {
              String change = "";
              if (method.getName().equals("compareAndSet")) {
                Route next = (Route) arguments[1];
                change = next.state() + "-" + next.side();
              }
              dieIf(moment.equals("before-" + change));
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                dieIf(moment.equals("after-" + change));
              }
            });
  }

  private static void dieIf(boolean now) {
    if (now) {
      Runtime.getRuntime().halt(DIED);
    }
  }
}
