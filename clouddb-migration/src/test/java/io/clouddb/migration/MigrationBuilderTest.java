/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.migration.report.FindingReport;
import io.clouddb.migration.report.PreflightReport;
import io.clouddb.migration.state.StateStore;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.sql.TlsVerification;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationBuilderTest {
  @TempDir Path folder;

  private static ConnectionDetails unreachable(String database) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    return ConnectionDetails.postgresql(
            "127.0.0.1", port, database, "admin", SecretRef.literal("hidden-secret"))
        .tls(TlsVerification.DISABLED)
        .build();
  }

  @Test
  void namesAllThatIsMissingOrWrongAtOnce() {
    assertThatThrownBy(
            () ->
                Migration.builder()
                    .id("Shop-1")
                    .connections(0)
                    .drainLimit(Duration.ofSeconds(-1))
                    .build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("id is 1 to 40")
        .hasMessageContaining("from is missing")
        .hasMessageContaining("to is missing")
        .hasMessageContaining("state is missing")
        .hasMessageContaining("connections is at least 1")
        .hasMessageContaining("drainLimit is zero to 24 days");
  }

  /** PostgreSQL takes them as milliseconds in 31 bits: in mid-run it would refuse longer ones. */
  @Test
  void refusesALimitThatPostgresCouldNotTake() {
    Duration huge = Duration.ofSeconds(Long.MAX_VALUE);
    assertThatThrownBy(
            () ->
                Migration.builder()
                    .slotLimit(huge)
                    .lagLimit(huge)
                    .drainLimit(huge)
                    .fenceLimit(Duration.ofMillis(Integer.MAX_VALUE + 1L))
                    .catchUpLimit(huge)
                    .pauseLimit(huge)
                    .reverseReplication(huge)
                    .build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll(
            "slotLimit is zero to 24 days",
            "lagLimit is",
            "drainLimit is",
            "fenceLimit is",
            "catchUpLimit is",
            "pauseLimit is",
            "reverseReplication is");
  }

  @Test
  void refusesAPolicyForTheLogThatMakesNoSense() {
    assertThatThrownBy(() -> Migration.builder().retainedWal(WalPolicy.stop(0)).build())
        .hasMessageContaining("the limit of retainedWal is at least 1 byte");
    assertThatThrownBy(
            () -> Migration.builder().retainedWal(WalPolicy.spill(-1, folder, 0)).build())
        .hasMessageContaining("the limit of retainedWal is at least 1 byte")
        .hasMessageContaining("may hold is at least 1 byte");
    assertThatThrownBy(() -> Migration.builder().retainedWal(WalPolicy.throttle(1)).build())
        .hasMessageContaining("route is missing");
  }

  @Test
  void refusesToMigrateADatabaseIntoItself() throws IOException {
    ConnectionDetails database = unreachable("shop");

    assertThatThrownBy(
            () ->
                Migration.builder()
                    .id("shop")
                    .from(database)
                    .to(database)
                    .state(StateStore.directory(folder))
                    .build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("the same database");
  }

  @Test
  void namesBothDatabasesThatCannotBeReachedAndNoSecret() throws IOException {
    Migration migration =
        Migration.builder()
            .id("shop")
            .from(unreachable("old"))
            .to(unreachable("new"))
            .state(StateStore.directory(folder.resolve("state")))
            .build();

    PreflightReport preflight = migration.preflight();

    assertThat(preflight.passed()).isFalse();
    assertThat(preflight.findings())
        .filteredOn(finding -> finding.severity().equals("ERROR"))
        .extracting(FindingReport::remedy)
        .hasSize(2)
        .doesNotContain("");
    assertThatThrownBy(migration::run)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("2 findings")
        .hasMessageNotContaining("hidden-secret");
    assertThat(Files.size(folder.resolve("state/shop.journal"))).isZero();
  }
}
