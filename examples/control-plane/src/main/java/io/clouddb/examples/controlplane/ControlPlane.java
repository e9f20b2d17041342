/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import io.clouddb.error.CloudDbException;
import io.clouddb.examples.cloud.Cloud;
import io.clouddb.examples.command.BadInputException;
import io.clouddb.examples.command.CloudConverter;
import io.clouddb.examples.command.Interruption;
import io.clouddb.examples.terminal.Display;
import io.clouddb.examples.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
    name = "control-plane",
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "Creates a PostgreSQL database on one cloud, replicates it into another region, backs it up,"
          + " restores it to a moment, fails over, and deletes all of it, while an application"
          + " writes. The cloud is simulated on this machine, unless --live is given.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 all of it was done and nothing is left, 1 failed, 2 refused before anything"
          + " was",
      "made, 130 stopped."
    })
final class ControlPlane implements Callable<Integer> {
  private static final int REFUSED = 2;

  /** How long a stopped run may take to delete what it made. */
  private static final Duration PATIENCE = Duration.ofHours(2);

  private final InputStream in;
  private final Terminal terminal;
  private final PrintStream err;
  private final Function<Cloud, Place> simulated;
  private final BiFunction<Cloud, LiveOptions, Place> account;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "CLOUD",
      converter = CloudConverter.class,
      description = "aws, azure or gcp.")
  private @Nullable Cloud cloud;

  @Option(
      names = "--live",
      description =
          "On your account, with the credentials that the vendor's own tools find. This costs"
              + " money: it says what it is going to make, and asks first.")
  private boolean live;

  @Option(names = "--yes", description = "With --live: does not ask.")
  private boolean yes;

  @Mixin private final LiveOptions options = new LiveOptions();

  @Option(names = "--help", usageHelp = true, description = "Shows this.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  /**
   * A command.
   *
   * @param in where a confirmation is read from
   * @param terminal where it shows what it does
   * @param err where it says what is wrong
   * @param simulated opens a cloud on this machine
   * @param account opens an account
   */
  ControlPlane(
      InputStream in,
      Terminal terminal,
      PrintStream err,
      Function<Cloud, Place> simulated,
      BiFunction<Cloud, LiveOptions, Place> account) {
    this.in = in;
    this.terminal = terminal;
    this.err = err;
    this.simulated = simulated;
    this.account = account;
  }

  /**
   * Runs the command and ends the JVM.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    // Read at the first logger; what a person can do something about is told as an error.
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
    ControlPlane command =
        new ControlPlane(
            System.in,
            Terminal.of(System.getenv(), System.out),
            System.err,
            Place::simulated,
            (cloud, options) -> options.open(cloud));
    System.exit(new CommandLine(command).execute(args));
  }

  @Override
  public Integer call() {
    Cloud asked = Objects.requireNonNull(cloud);
    Display display = new Display(terminal, System::nanoTime);
    check(asked);
    if (live && !confirmed(asked, display)) {
      err.println("Not confirmed: nothing was made.");
      return REFUSED;
    }
    Interruption interruption = Interruption.listen(PATIENCE);
    try (Place place = live ? account.apply(asked, options) : simulated.apply(asked)) {
      return new Run(place, display, interruption, err).run();
    } catch (CloudDbException e) {
      // It cannot even be opened.
      err.println(e.getMessage());
      return REFUSED;
    } finally {
      interruption.end();
    }
  }

  private void check(Cloud asked) {
    if (live) {
      try {
        options.check(asked);
      } catch (BadInputException e) {
        throw refuse(Objects.requireNonNull(e.getMessage()));
      }
      return;
    }
    Objects.requireNonNull(spec).commandLine().getParseResult().matchedOptions().stream()
        .findFirst()
        .ifPresent(
            option -> {
              throw refuse(option.longestName() + " goes with --live only");
            });
  }

  private boolean confirmed(Cloud asked, Display display) {
    display.headline("This is your own account, and it costs money.");
    display.say(
        "  It makes 4 PostgreSQL instances ("
            + options.describeSize()
            + "), three of them in "
            + options.region(asked)
            + " and");
    display.say(
        "  one in "
            + options.otherRegion(asked)
            + ", and two backups, for one to three hours, and deletes all of it again: what four");
    display.say(
        "  such instances cost for that time, and the traffic between the regions. Prices:");
    display.say("  " + prices(asked));
    options.warnings(asked).forEach(display::warn);
    if (yes) {
      return true;
    }
    display.say("  Type " + asked.id() + " to go on, and anything else to stop.");
    try {
      return line().equals(asked.id());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One line, and nothing of what comes after it. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }

  private static String prices(Cloud cloud) {
    return switch (cloud) {
      case AWS -> "https://aws.amazon.com/rds/postgresql/pricing/";
      case AZURE -> "https://azure.microsoft.com/pricing/details/postgresql/flexible-server/";
      case GCP -> "https://cloud.google.com/sql/pricing";
    };
  }

  private ParameterException refuse(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
