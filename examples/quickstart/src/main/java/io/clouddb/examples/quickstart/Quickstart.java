/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import io.clouddb.examples.cloud.Cloud;
import io.clouddb.examples.command.BadInputException;
import io.clouddb.examples.command.CloudConverter;
import io.clouddb.examples.command.Interruption;
import io.clouddb.examples.quickstart.shop.ShopData;
import io.clouddb.examples.terminal.Display;
import io.clouddb.examples.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
    name = "quickstart",
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "Moves a live PostgreSQL database from one cloud to another on this machine: simulated clouds,"
          + " real databases, and an application that writes all the time.",
      ""
    },
    footer = {
      "",
      "Your own databases: --from and --to name them, CLOUDDB_SOURCE_USER, CLOUDDB_SOURCE_PASSWORD,",
      "CLOUDDB_TARGET_USER and CLOUDDB_TARGET_PASSWORD hold the logins.",
      "",
      "Exit codes: 0 moved without loss, 1 failed, 2 refused before anything was changed, 130 stopped."
    })
final class Quickstart implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int REFUSED = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Rows to begin with; ${DEFAULT-VALUE} unless given.")
  private long rows;

  @Option(
      names = "--source-cloud",
      paramLabel = "CLOUD",
      converter = CloudConverter.class,
      description = "aws, azure or gcp: the cloud to leave; aws unless given.")
  private @Nullable Cloud sourceCloud;

  @Option(
      names = "--target-cloud",
      paramLabel = "CLOUD",
      converter = CloudConverter.class,
      description = "aws, azure or gcp: the cloud to move to; gcp unless given.")
  private @Nullable Cloud targetCloud;

  @Option(
      names = "--from",
      paramLabel = "URL",
      description =
          "A database of yours, jdbc:postgresql://host:port/database, without password. Its"
              + " certificate is checked: ?sslrootcert=FILE names the authority, unless Java trusts"
              + " it; ?sslmode=disable is for one without TLS, on this machine.")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "URL",
      description = "The database to move it to, in the same form.")
  private @Nullable String to;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      defaultValue = "quickstart-report",
      description = "Folder for report.html and report.json; ${DEFAULT-VALUE} unless given.")
  private Path report = Path.of("quickstart-report");

  @Option(names = "--help", usageHelp = true, description = "Shows this.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  /**
   * Runs the command and ends the JVM.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    CommandLine command = new CommandLine(new Quickstart());
    command.setExecutionExceptionHandler(
        (e, line, parsed) -> {
          // All that a person can do something about is told where it happens.
          e.printStackTrace(line.getErr());
          return FAILED;
        });
    System.exit(command.execute(args));
  }

  @Override
  public Integer call() {
    check();
    Move move;
    try {
      move = move();
    } catch (BadInputException e) {
      throw refuse(Objects.requireNonNull(e.getMessage()));
    }
    RunFolder folder = prepareFolder();
    // The libraries' log goes where it does not tear the bar apart; read at the first logger.
    System.setProperty("org.slf4j.simpleLogger.logFile", folder.log("migration").toString());
    System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
    System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "HH:mm:ss.SSS");
    Display display = new Display(Terminal.of(System.getenv(), System.out), System::nanoTime);
    Interruption interruption = Interruption.listen(PATIENCE);
    try {
      return new MoveRun(move, folder, display, interruption).run();
    } catch (BadInputException e) {
      System.err.println(e.getMessage());
      return REFUSED;
    } finally {
      interruption.end();
    }
  }

  private void check() {
    if (rows < ShopData.FEWEST_ROWS) {
      throw refuse("--rows is at least " + ShopData.FEWEST_ROWS);
    }
    if ((from == null) != (to == null)) {
      throw refuse("--from and --to go together");
    }
    if (from != null && (sourceCloud != null || targetCloud != null)) {
      throw refuse("Either --from and --to, or --source-cloud and --target-cloud");
    }
  }

  private Move move() {
    return from == null || to == null
        ? new SimulatedMove(
            Objects.requireNonNullElse(sourceCloud, Cloud.AWS),
            Objects.requireNonNullElse(targetCloud, Cloud.GCP),
            ShopData.ofRows(rows))
        : OwnDatabases.of(from, to, System.getenv());
  }

  private RunFolder prepareFolder() {
    try {
      return RunFolder.prepare(report);
    } catch (IOException e) {
      throw refuse("The folder " + report + " of --report cannot be written: " + e);
    }
  }

  private ParameterException refuse(String message) {
    if (spec == null) {
      throw new IllegalStateException("picocli sets it");
    }
    return new ParameterException(spec.commandLine(), message);
  }
}
