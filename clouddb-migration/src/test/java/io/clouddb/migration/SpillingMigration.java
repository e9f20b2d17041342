/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.state.StateStore;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** A migration that spills, in a process of its own; it stands still from the copy on. */
public final class SpillingMigration {
  static final long LIMIT = 16L << 20;

  private static final SecretRef PASSWORD = SecretRef.literal("secret");

  private SpillingMigration() {}

  static Path spill(Path folder) {
    return folder.resolve("spill");
  }

  static MigrationBuilder of(Path folder, ConnectionDetails source, ConnectionDetails target) {
    return Migration.builder()
        .id("shop")
        .from(source)
        .to(target)
        .tables("public.*")
        .state(StateStore.directory(folder.resolve("state")))
        .retainedWal(WalPolicy.spill(LIMIT, spill(folder), 1L << 30));
  }

  static Process start(Path folder, TwoDatabases both) throws IOException {
    return new ProcessBuilder(
            JavaCommand.of(
                "128m",
                SpillingMigration.class,
                folder.toString(),
                both.source.jdbcUrl(),
                both.target.jdbcUrl()))
        .redirectErrorStream(true)
        .redirectOutput(new File("target", "spilling-migration.log"))
        .start();
  }

  public static void main(String[] arguments) {
    CompletableFuture<Migration> made = new CompletableFuture<>();
    Migration migration =
        of(
                Path.of(arguments[0]),
                ConnectionDetails.ofJdbcUrl(arguments[1], "source_admin", PASSWORD),
                ConnectionDetails.ofJdbcUrl(arguments[2], "target_admin", PASSWORD))
            .listener(RetainedWalTest.pausing(made, MigrationStep.SYNC))
            .build();
    made.complete(migration);
    migration.run();
  }
}
