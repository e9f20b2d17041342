/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.examples.quickstart.application.ApplicationStatus;
import io.clouddb.examples.quickstart.application.RunningApplication;
import io.clouddb.examples.quickstart.shop.ShopData;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check has to find what it is there to find: each test breaks the database in one way. */
class LedgerCheckTest {
  private static final int WRITES = 500;

  @TempDir private static Path folder;
  private static EmbeddedPostgres postgres;
  private static List<LedgerEntry> entries;

  private Connection connection;

  @BeforeAll
  static void letTheApplicationWrite() throws Exception {
    postgres = EmbeddedPostgres.builder().durable(false).start();
    ConnectionDetails shop = postgres.superuser();
    ShopData data = ShopData.ofRows(2_000);
    try (Connection filling = shop.connect()) {
      data.fill(filling);
    }
    try (RunningApplication application =
        RunningApplication.start(
            folder.resolve("application"), folder.resolve("route.json"), shop, shop, data)) {
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (application.status().acknowledged() < WRITES && System.nanoTime() < deadline) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
      assertThat(application.stop()).isTrue();
      ApplicationStatus status = application.status();
      entries = application.ledger();
      assertThat(status.errors()).isZero();
      assertThat(status.acknowledged()).isGreaterThanOrEqualTo(WRITES).isEqualTo(entries.size());
    }
  }

  @AfterAll
  static void stop() {
    if (postgres != null) {
      postgres.close();
    }
  }

  @BeforeEach
  void begin() throws SQLException {
    connection = postgres.superuser().connect();
    connection.setAutoCommit(false);
  }

  @AfterEach
  void undo() throws SQLException {
    connection.rollback();
    connection.close();
  }

  private int change(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // The trigger and the cascades are the application's, not the mutation's.
      statement.execute("SET LOCAL session_replication_role = replica");
      return statement.executeUpdate(sql);
    }
  }

  private LedgerResult check() throws SQLException, IOException {
    return LedgerCheck.check(connection, entries);
  }

  private static LedgerResult result(long lost, long duplicated) {
    return new LedgerResult(entries.size(), lost, duplicated, 0, 0);
  }

  private static UUID last(WriteKind kind) {
    return entries.stream()
        .filter(entry -> entry.kind() == kind)
        .reduce((first, second) -> second)
        .orElseThrow()
        .id();
  }

  @Test
  void whatIsWholeIsFoundWhole() throws Exception {
    assertThat(check()).isEqualTo(result(0, 0));
    assertThat(entries).extracting(LedgerEntry::kind).contains(WriteKind.values());
  }

  @Test
  void aWriteThatIsGoneIsLost() throws Exception {
    change(
        "DELETE FROM shop.writes WHERE id = (SELECT min(id) FROM shop.writes WHERE kind ="
            + " 'CANCEL_ORDER')");

    assertThat(check().lost()).isPositive();
    assertThat(check().duplicated()).isZero();
  }

  @Test
  void aWriteThatCameTwiceIsDuplicated() throws Exception {
    change(
        "INSERT INTO shop.writes (write_id, kind) SELECT write_id, kind FROM shop.writes LIMIT 1");

    assertThat(check()).isEqualTo(result(0, 1));
  }

  @Test
  void aWriteThatNobodyMadeIsDuplicated() throws Exception {
    change("INSERT INTO shop.writes (write_id, kind) VALUES (gen_random_uuid(), 'SELL_PRODUCT')");

    assertThat(check()).isEqualTo(result(0, 1));
  }

  @Test
  void anOrderWithoutOneOfItsLinesIsLost() throws Exception {
    assertThat(
            change(
                "DELETE FROM shop.order_lines WHERE line = 1 AND order_id = (SELECT max(id) FROM"
                    + " shop.orders WHERE placed_by IS NOT NULL)"))
        .isEqualTo(1);

    assertThat(check().lost()).isEqualTo(1);
  }

  @Test
  void anOrderWhoseTriggerFiredTwiceIsDuplicated() throws Exception {
    change(
        "UPDATE shop.orders SET total = total * 2 WHERE id = (SELECT max(id) FROM shop.orders"
            + " WHERE placed_by IS NOT NULL)");

    assertThat(check()).isEqualTo(result(0, 1));
  }

  @Test
  void aCancelledOrderThatIsStillThereIsALostWrite() throws Exception {
    String placed =
        entries.stream()
            .filter(entry -> entry.kind() == WriteKind.CANCEL_ORDER)
            .findFirst()
            .orElseThrow()
            .subject();
    change("INSERT INTO shop.orders (customer_id, placed_by) VALUES (1, '" + placed + "')");

    assertThat(check()).isEqualTo(result(1, 0));
  }

  @Test
  void aSaleThatIsMissingIsLostAndOneTooManyIsDuplicated() throws Exception {
    change(
        "UPDATE shop.products SET sold = sold - 1 WHERE id = (SELECT min(id) FROM shop.products"
            + " WHERE sold > 0)");
    assertThat(check()).isEqualTo(result(1, 0));

    change(
        "UPDATE shop.products SET sold = sold + 3 WHERE id = (SELECT max(id) FROM shop.products"
            + " WHERE sold > 0)");
    assertThat(check()).isEqualTo(result(1, 3));
  }

  @Test
  void aProfileWithAnOlderWriteInItIsLost() throws Exception {
    assertThat(
            change(
                "UPDATE shop.customers SET profile = profile - 'lastWrite' WHERE profile ->>"
                    + " 'lastWrite' = '"
                    + last(WriteKind.UPDATE_PROFILE)
                    + "'"))
        .isEqualTo(1);

    assertThat(check()).isEqualTo(result(1, 0));
  }

  @Test
  void aWriteThatWasRolledBackMustNotBeThere() throws Exception {
    List<LedgerEntry> told = new ArrayList<>(entries);
    told.set(0, told.get(0).with(LedgerEntry.Outcome.ROLLED_BACK));

    assertThat(LedgerCheck.check(connection, told))
        .isEqualTo(new LedgerResult(entries.size() - 1, 0, 1, 0, 0));
  }

  @Test
  void aWriteThatWasNeverAcknowledgedIsInDoubtAndNotLost() throws Exception {
    List<LedgerEntry> told = new ArrayList<>(entries);
    told.add(
        new LedgerEntry(
            UUID.randomUUID(), WriteKind.SELL_PRODUCT, "1", 1, LedgerEntry.Outcome.IN_DOUBT));
    told.set(0, told.get(0).with(LedgerEntry.Outcome.IN_DOUBT));

    assertThat(LedgerCheck.check(connection, told))
        .isEqualTo(new LedgerResult(entries.size() - 1, 0, 0, 2, 1));
  }

  @Test
  void aLedgerThatWasCutOffInTheMiddleOfALineIsRead(@TempDir Path torn) throws Exception {
    UUID id = UUID.randomUUID();
    Files.writeString(
        torn.resolve("ledger-0.txt"),
        "I " + id + " SELL_PRODUCT 7 1\nA " + id.toString().charAt(0));

    assertThat(LedgerFile.readAll(torn))
        .containsExactly(
            new LedgerEntry(id, WriteKind.SELL_PRODUCT, "7", 1, LedgerEntry.Outcome.IN_DOUBT));
  }

  @Test
  void aDamagedLedgerIsRefused(@TempDir Path damaged) throws Exception {
    Files.writeString(damaged.resolve("ledger-0.txt"), "A " + UUID.randomUUID() + "\n");

    assertThatThrownBy(() -> LedgerFile.readAll(damaged))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none of a ledger");
  }
}
