/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.examples.terminal.Display;
import io.clouddb.examples.terminal.Terminal;
import io.clouddb.migration.progress.MigrationProgress;
import io.clouddb.migration.progress.MigrationStep;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DisplayTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final AtomicLong nanos = new AtomicLong();

  private Display display(Map<String, String> environment) {
    return new Display(Terminal.of(environment, out), nanos::get);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private String output() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static MigrationProgress copying() {
    return new MigrationProgress(
        Instant.EPOCH,
        MigrationStep.SYNC,
        "copying",
        250_000,
        1_000_000,
        50_000,
        Optional.of(Duration.ofSeconds(15)),
        0,
        2_621_440,
        Duration.ofMillis(1_200),
        16_777_216,
        5,
        20,
        Optional.empty());
  }

  private void copy(Display display) {
    MigrationDisplay migration = new MigrationDisplay(display, () -> "7 writes", () -> false);
    migration.stepStarted(MigrationStep.SYNC);
    pass(Duration.ofMillis(100));
    migration.progress(copying());
  }

  @Test
  void whereThereIsNoTerminalPlainLinesComeNowAndThen() {
    Display display = display(Map.of());
    display.begin("sync");
    pass(Duration.ofSeconds(4));
    display.progress("one");
    assertThat(output()).isEmpty();
    pass(Duration.ofSeconds(1));
    display.progress("two");
    pass(Duration.ofSeconds(4));
    display.progress("three");
    pass(Duration.ofMillis(500));
    display.done("sync", "all rows copied");

    assertThat(output().lines())
        .containsExactly(
            "  ..    sync        two", "  ok    sync            9.5 s  all rows copied");
  }

  @Test
  void onATerminalTheBarShowsRowsRateTimeLeftAndLagAndIsDrawnOver() {
    Display display =
        display(Map.of(Terminal.IS_TERMINAL, "true", "COLUMNS", "140", "NO_COLOR", "1"));
    copy(display);
    display.say("done");

    assertThat(output())
        .contains(
            "[######------------------]  25%  250,000 rows  50,000/s  15.0 s left  lag 2.5 MiB,"
                + " 1.2 s  7 writes")
        .endsWith("\r" + " ".repeat(139) + "\rdone" + System.lineSeparator())
        .doesNotContain("\u001b");
  }

  @Test
  void noLineIsWiderThanTheTerminal() {
    Display display =
        display(Map.of(Terminal.IS_TERMINAL, "true", "COLUMNS", "60", "NO_COLOR", "1"));
    copy(display);
    display.done("sync", "a sentence that is by far too long to stand in one line of sixty");

    List<String> lines =
        output().lines().flatMap(line -> List.of(line.split("\r")).stream()).toList();
    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThan(60));
    assertThat(output()).contains("[######------------------]  25%");
  }

  @Test
  void coloursAreForTerminalsThatWantThem() {
    display(Map.of(Terminal.IS_TERMINAL, "true")).headline("one");
    display(Map.of(Terminal.IS_TERMINAL, "true", "TERM", "dumb")).headline("two");
    display(Map.of()).headline("three");

    assertThat(output().lines()).containsExactly("\u001b[1mone\u001b[0m", "two", "three");
  }
}
