/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.UnavailableException;
import io.clouddb.migration.Eventually;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in the route's file, a data source works again when it has been mended. */
class AbsurdRouteTest {
  private static final String GOOD =
      "{\"schemaVersion\":1,\"id\":\"route\",\"epoch\":3,\"state\":\"OPEN\",\"side\":\"SOURCE\","
          + "\"updatedAt\":\"2026-11-22T12:00:00Z\",\"pauseLeaseMillis\":0,\"delayMillis\":0,"
          + "\"delayLeaseMillis\":0}";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("route.json");
  }

  private void put(String text) throws IOException {
    Path other = Files.writeString(folder.resolve("put"), text);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String with(String field, String value) {
    return GOOD.replaceFirst("\"" + field + "\":[^,}]+", "\"" + field + "\":" + value);
  }

  private static boolean works(SwitchableDataSource shop, String side) {
    try (Connection connection = shop.getConnection()) {
      return side.equals(connection.getCatalog());
    } catch (SQLException e) {
      return false;
    }
  }

  /** The route is broken, the application is told so; it is mended, and the application works. */
  private void survives(String broken) throws Exception {
    put(GOOD);
    try (RouteStore store = RouteStore.file(file);
        SwitchableDataSource shop =
            SwitchableDataSource.builder(store)
                .source(new NamedDataSource("source").dataSource())
                .target(new NamedDataSource("target").dataSource())
                .lease(Duration.ofMillis(100))
                .waitLimit(Duration.ofMillis(20))
                .build()) {
      Eventually.until("it works", () -> works(shop, "source"));
      put(broken);
      Eventually.until("it is noticed", () -> !works(shop, "source") || works(shop, "target"));
      put(with("side", "\"TARGET\"").replace("\"epoch\":3", "\"epoch\":9"));
      Eventually.until("it works again", () -> works(shop, "target"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "7",
        "{",
        "{}",
        "{\"schemaVersion\":1}",
        "\u0000\u0000",
      })
  void survivesWhatIsNoRoute(String text) throws Exception {
    survives(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "pauseLeaseMillis | 9223372036854775807 | PAUSED",
        "pauseLeaseMillis | 9223372036854 | PAUSED",
        "pauseLeaseMillis | 9223372036854775808 | OPEN",
        "pauseLeaseMillis | -1 | PAUSED",
        "delayMillis | 9223372036854775807 | OPEN",
        "delayLeaseMillis | 9223372036854775807 | PAUSED",
        "epoch | -9223372036854775808 | OPEN",
        "epoch | 99999999999999999999999 | OPEN",
        "epoch | 999999999999 | OPEN",
        "state | \"SHUT\" | ",
        "side | \"BOTH\" | OPEN",
        "updatedAt | \"tomorrow\" | OPEN",
      })
  void survivesAbsurdValues(String field, String value, @Nullable String state) throws Exception {
    String text = with(field, value).replace("\"epoch\":3", "\"epoch\":4");
    survives(state == null ? text : text.replace("\"OPEN\"", "\"" + state + "\""));
  }

  @Test
  void survivesNestingThatOverflowsTheStack() throws Exception {
    survives("[".repeat(100_000));
  }

  @ParameterizedTest
  @MethodSource
  void survivesWhateverTheStoreThrows(Throwable thrown) throws Exception {
    put(GOOD);
    AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
    try (RouteStore files = RouteStore.file(file);
        SwitchableDataSource shop =
            SwitchableDataSource.builder(throwing(files, broken))
                .source(new NamedDataSource("source").dataSource())
                .target(new NamedDataSource("target").dataSource())
                .lease(Duration.ofMillis(100))
                .waitLimit(Duration.ofMillis(20))
                .build()) {
      broken.set(thrown);
      Eventually.until("it is noticed", () -> !works(shop, "source"));
      broken.set(null);
      Eventually.until("it works again", () -> works(shop, "source"));
    }
  }

  static Stream<Throwable> survivesWhateverTheStoreThrows() {
    return Stream.of(
        new IllegalStateException("of somebody's own store"),
        new ArithmeticException("long overflow"),
        new StackOverflowError(),
        new OutOfMemoryError("made up"),
        new NoClassDefFoundError("made up"),
        new InterruptedException("thrown without saying so"));
  }

  private static RouteStore throwing(
      RouteStore store, AtomicReference<@Nullable Throwable> broken) {
    return (RouteStore)
        Proxy.newProxyInstance(
            RouteStore.class.getClassLoader(),
            new Class<?>[] {RouteStore.class},
            (proxy, method, arguments) -> {
              Throwable now = broken.get();
              if (now != null && method.getName().equals("read")) {
                if (now instanceof InterruptedException) {
                  Thread.currentThread().interrupt();
                  throw new IllegalStateException(now);
                }
                throw now;
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Nobody waits for as long, and nothing overflows. */
  @Test
  void takesLimitsBeyondAllNumbers() throws Exception {
    Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
    put(GOOD);
    try (RouteStore store = RouteStore.file(file)) {
      SwitchableDataSource.Builder builder =
          SwitchableDataSource.builder(store)
              .source(new NamedDataSource("source").dataSource())
              .target(new NamedDataSource("target").dataSource())
              .waitLimit(forever);
      assertThatThrownBy(() -> builder.lease(forever))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("lease");
      try (SwitchableDataSource shop = builder.build()) {
        assertThat(works(shop, "source")).isTrue();
        assertThat(shop.getLoginTimeout()).isPositive();
        RouteControl control = new RouteControl(store, Clock.systemUTC());
        assertThatThrownBy(() -> control.pause(forever, forever))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("pauseLease");
        assertThat(control.pause(forever, Duration.ofSeconds(20)).state())
            .isEqualTo(Route.State.PAUSED);
      }
    }
  }

  @Test
  void readsNoFileWithoutABound() throws Exception {
    put(GOOD);
    try (RouteStore store = RouteStore.file(file)) {
      try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
        huge.setLength(1L << 33); // Sparse: it takes no room.
      }
      assertThatThrownBy(store::read)
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("larger");
    }
  }

  @Test
  void saysThatADirectoryIsNoRoute() throws IOException {
    Files.createDirectory(file);
    try (RouteStore store = RouteStore.file(file)) {
      assertThatThrownBy(store::read)
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "epoch | \"7\"",
        "epoch | 1e3",
        "epoch | 7.0",
        "epoch | null",
        "epoch | true",
        "epoch | 9223372036854775808",
        "epoch | -1",
        "pauseLeaseMillis | \"7\"",
        "pauseLeaseMillis | 0.5",
        "delayMillis | \"7\"",
        "delayMillis | null",
        "delayLeaseMillis | []",
        "delayMillis | 9223372036854775807",
        "state | \"open\"",
        "state | 0",
        "side | 1",
        "id | 5",
        "updatedAt | 5",
        "updatedAt | \"2026\"",
      })
  void refusesAWrongFormByTheFieldsName(String field, String value) {
    assertThatThrownBy(() -> RouteJson.readRoute(with(field, value), "the route"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("the route")
        .hasMessageContaining(field);
  }

  @Test
  void refusesWhatIsNoJsonNumber() {
    for (String value : List.of("007", "NaN", "+7", "0x7", "Infinity", ".5")) {
      assertThatThrownBy(() -> RouteJson.readRoute(with("epoch", value), "the route"))
          .as(value)
          .isInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void refusesFieldsThatStandTwiceAndTextBehindTheEnd() {
    for (String text :
        List.of(GOOD.replace("\"epoch\":3", "\"epoch\":3,\"epoch\":4"), GOOD + "{}", GOOD + " x")) {
      assertThatThrownBy(() -> RouteJson.readRoute(text, "the route"))
          .as(text)
          .isInstanceOf(UnavailableException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "beat | \"7\"",
        "epoch | 7.0",
        "borrowed | 3000000000",
        "borrowed | \"1\"",
        "leaseMillis | 9223372036854775807",
        "leaseMillis | -1",
        "description | 5",
      })
  void refusesAMemberInAWrongForm(String field, String value) {
    String good = RouteJson.write(new RouteMember("m", "member", 1, 2, 0, Duration.ofSeconds(3)));
    String text =
        good.replaceFirst("\"" + field + "\":(\"[^\"]*\"|[0-9]+)", "\"" + field + "\":" + value);
    assertThat(text).isNotEqualTo(good);

    assertThatThrownBy(() -> RouteJson.readMember(text, "the member"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining(field);
  }
}
