/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.stream.PgOutputDecoder;
import io.clouddb.migration.report.HtmlReport;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs that were read as something else, or not survived, one by one. */
class KnownInputsTest {
  /** For what must not hang; what is right takes milliseconds. */
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"\"7\"", "7.5", "true", "-1", "9223372036854775808", "null", "[7]"})
  void anEpochIsAWholeNumber(String epoch) throws IOException {
    assertThatThrownBy(() -> read(route().replaceAll("\"epoch\":\\d+", "\"epoch\":" + epoch)))
        .isInstanceOf(CloudDbException.class);
  }

  /** Read as it is, it would be counted with, and the count would go over. */
  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775807", "\"5\"", "1e3", "-5"})
  void aLeaseIsATimeThatCanPass(String lease) throws IOException {
    String text = route().replaceAll("\"pauseLeaseMillis\":\\d+", "\"pauseLeaseMillis\":" + lease);
    assertThatThrownBy(() -> read(text)).isInstanceOf(CloudDbException.class);
  }

  private String route() throws IOException {
    Path file = folder.resolve("shop.json");
    try (RouteStore store = RouteStore.file(file)) {
      Route first = store.read();
      store.compareAndSet(
          first,
          new Route(
              first.id(),
              1,
              Route.State.OPEN,
              Route.Side.SOURCE,
              Instant.EPOCH,
              Duration.ofSeconds(5),
              Duration.ZERO,
              Duration.ZERO));
    }
    return Files.readString(file);
  }

  private void read(String text) throws IOException {
    Path file = folder.resolve("shop.json");
    Files.writeString(file, text);
    try (RouteStore store = RouteStore.file(file)) {
      store.read();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2999-01-01T00:00:00Z", "+999999999-12-31T23:59:59Z"})
  void aReportThatEndsInAnotherAgeIsDrawnOrRefused(String end) {
    String json =
        MigrationReport.builder("shop", MigrationReport.Status.COMPLETED)
            .source("a")
            .target("b")
            .startedAt(Instant.EPOCH)
            .endedAt(Instant.parse("2026-11-28T20:00:00Z"))
            .build()
            .toJson()
            .replace("2026-11-28T20:00:00Z", end);
    assertTimeoutPreemptively(
        SOON,
        () ->
            Outcome.valueOrRefusal(
                () -> {
                  MigrationReport report = MigrationReport.fromJson(json);
                  Path file = folder.resolve("report.html");
                  HtmlReport.write(report, file);
                  assertThat(file).isRegularFile();
                  assertThat(Files.size(file)).isLessThan(5_000_000);
                  return report;
                }));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65_536, 99_999, Integer.MIN_VALUE})
  void aPortIsOneThatThereIs(int port) {
    SecretRef password = SecretRef.environment("PW");
    assertThatThrownBy(
            () -> ConnectionDetails.postgresql("db", port, "shop", "app", password).build())
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(
            () -> ConnectionDetails.ofJdbcUrl("jdbc:postgresql://db:" + port + "/s", "a", password))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void aMessagesLengthThatLiesIsNotBelieved() {
    byte[] prefix = "M\1\0\0\0\0\0\0\0\7clouddb\0".getBytes(StandardCharsets.ISO_8859_1);
    for (int length : new int[] {Integer.MAX_VALUE, -1, 1}) {
      ByteBuffer message =
          ByteBuffer.allocate(prefix.length + Integer.BYTES).put(prefix).putInt(length).flip();
      assertThatThrownBy(() -> new PgOutputDecoder().decode(message))
          .isInstanceOfSatisfying(
              CloudDbException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.DATA));
    }
    ByteBuffer truncation = ByteBuffer.wrap(new byte[] {'T', -1, -1, -1, -1, 0});
    assertThatThrownBy(() -> new PgOutputDecoder().decode(truncation))
        .isInstanceOf(CloudDbException.class);
  }

  @Test
  void aPatternIsMatchedSoonAndHasAllCharacters() {
    TableSelection slow = TableSelection.of("*a*a*a*a*a*a*a*a*b.t");
    assertTimeoutPreemptively(
        SOON, () -> assertThat(slow.includes(new TableName("a".repeat(63), "t"))).isFalse());
    assertThat(TableSelection.of("\uD83D\uDE00.\uD83D\uDE00"))
        .satisfies(
            one ->
                assertThat(one.includes(new TableName("\uD83D\uDE00", "\uD83D\uDE00"))).isTrue());
  }
}
