/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.ApplyOptions;
import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Applies through files, with stops of random length, until it is killed. */
public final class SpillProcess {
  /** A file is a sixteenth of it: many of them are begun and removed. */
  static final long MOST_BYTES = 2L << 20;

  private static final SecretRef PASSWORD = SecretRef.literal("secret");

  private SpillProcess() {}

  /** Source, its user, target, its user, slot, folder, seed. */
  public static void main(String[] arguments) throws SQLException {
    ConnectionDetails source = ConnectionDetails.ofJdbcUrl(arguments[0], arguments[1], PASSWORD);
    ConnectionDetails target = ConnectionDetails.ofJdbcUrl(arguments[2], arguments[3], PASSWORD);
    Spilling spilling = new Spilling(Path.of(arguments[5]), MOST_BYTES);
    spilling.engage(true);
    Random random = new Random(Long.parseLong(arguments[6]));
    try (Connection connection = CatalogSession.open(source)) {
      Applier applier =
          new Applier(
              source,
              target,
              Catalog.read(connection, TableSelection.all()),
              ApplyOptions.of("test")
                  .slot(arguments[4])
                  .spilling(spilling)
                  .statusInterval(Duration.ofMillis(20))
                  .build());
      applier.start();
      while (!applier.failure().isDone()) {
        applier.hold(Duration.ofMinutes(1));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(300)));
        applier.release();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(200)));
      }
    }
    Runtime.getRuntime().halt(1);
  }
}
