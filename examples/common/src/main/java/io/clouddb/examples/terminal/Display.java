/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows the steps as they end, and what goes on below them: on a terminal in one line that is drawn
 * over itself, elsewhere in a plain line every few seconds. ASCII only, since a machine without a
 * locale shows nothing else. Its methods may be called from any thread.
 */
public final class Display {
  private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
  private static final long PLAIN_LINE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final int BAR = 24;
  private static final int LEAST_ROOM = 20;
  private static final String GREEN = "32";
  private static final String RED = "31";
  private static final String YELLOW = "33";
  private static final String BOLD = "1";

  private final Terminal terminal;
  private final PrintStream out;
  private final LongSupplier nanoTime;
  private @Nullable String step;
  private long stepBegan;
  private long drawnAt;
  private boolean lineOpen;

  /**
   * Makes a display.
   *
   * @param terminal what it shows on
   * @param nanoTime a clock, as {@link System#nanoTime()}
   */
  public Display(Terminal terminal, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.out = terminal.out();
    this.nanoTime = nanoTime;
  }

  /** Shows a line of its own. */
  public synchronized void say(String text) {
    erase();
    out.println(text);
  }

  /** Shows a headline. */
  public synchronized void headline(String text) {
    say(paint(BOLD, text));
  }

  /**
   * Shows a line of a table.
   *
   * @param head its first columns
   * @param text its last column, which goes on below its beginning where there is no room
   */
  public synchronized void row(String head, String text) {
    say(head + wrapped(text, head.length()));
  }

  /** Shows something that a person may have to do something about. */
  public synchronized void warn(String text) {
    say("  " + paint(YELLOW, "note") + "  " + text);
  }

  /** Shows that a step has begun. */
  public synchronized void begin(String name) {
    step = name;
    stepBegan = nanoTime.getAsLong();
    // A plain line about a step comes when it has taken a while.
    drawnAt = terminal.interactive() ? stepBegan - REDRAW_NANOS : stepBegan;
    progress("");
  }

  /** Shows that the step has ended well, and how long it took. */
  public void done(String name, String result) {
    done(name, result, Duration.ofNanos(nanoTime.getAsLong() - stepBegan));
  }

  /** Shows that a step has ended well. */
  public synchronized void done(String name, String result, Duration took) {
    end(paint(GREEN, "ok"), "  ", name, result, Amounts.duration(took));
  }

  /** Shows that a step has failed. */
  public synchronized void failed(String name, String reason) {
    end(paint(RED, "FAIL"), "", name, reason, "");
  }

  /** Shows that the step under way has failed, if there is one. */
  public synchronized void failed() {
    String running = step;
    if (running != null) {
      failed(running, "see below");
    }
  }

  /** Shows that the step under way, if there is one, was stopped from outside. */
  public synchronized void stopped() {
    String running = step;
    if (running != null) {
      stopped(running, "");
    }
  }

  /** Shows that a step was stopped from outside. */
  public synchronized void stopped(String name, String reason) {
    end(paint(YELLOW, "stop"), "", name, reason, "");
  }

  private void end(String mark, String fill, String name, String result, String took) {
    step = null;
    String head = String.format(Locale.ROOT, "%-11s %9s  ", name, took);
    say("  " + mark + fill + "  " + head + wrapped(result, 8 + head.length()));
  }

  /** On a terminal, a long text goes on below its beginning. */
  private String wrapped(String text, int indent) {
    int room = terminal.width() - indent - 1;
    if (!terminal.interactive() || room < LEAST_ROOM) {
      return text;
    }
    StringBuilder lines = new StringBuilder();
    int column = 0;
    for (String word : text.split(" ")) {
      if (column > 0 && column + 1 + word.length() > room) {
        lines.append(System.lineSeparator()).append(" ".repeat(indent));
        column = 0;
      } else if (column > 0) {
        lines.append(' ');
        column++;
      }
      lines.append(word);
      column += word.length();
    }
    return lines.toString();
  }

  /**
   * Shows what the step under way is doing.
   *
   * @param parts what there is to say; left out from the end when they do not fit
   */
  public synchronized void progress(String... parts) {
    String name = step;
    long now = nanoTime.getAsLong();
    if (name == null
        || now - drawnAt < (terminal.interactive() ? REDRAW_NANOS : PLAIN_LINE_NANOS)) {
      return;
    }
    drawnAt = now;
    StringBuilder line = new StringBuilder("  ..    ");
    line.append(String.format(Locale.ROOT, "%-11s", name));
    for (String part : List.of(parts)) {
      if (!part.isEmpty()
          && (!terminal.interactive() || line.length() + 2 + part.length() < terminal.width())) {
        line.append(line.charAt(line.length() - 1) == ' ' ? " " : "  ").append(part);
      }
    }
    if (terminal.interactive()) {
      erase();
      out.print(line);
      out.flush();
      lineOpen = true;
    } else {
      out.println(line);
    }
  }

  /** A bar for a share of a whole, from 0 to 1. */
  public static String bar(double share) {
    double within = Math.max(0, Math.min(1, share));
    int full = (int) Math.round(within * BAR);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3d%%",
        "#".repeat(full),
        "-".repeat(BAR - full),
        Math.round(within * 100));
  }

  private void erase() {
    if (lineOpen) {
      out.print("\r" + " ".repeat(Math.max(0, terminal.width() - 1)) + "\r");
      lineOpen = false;
    }
  }

  private String paint(String code, String text) {
    return terminal.colours() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
