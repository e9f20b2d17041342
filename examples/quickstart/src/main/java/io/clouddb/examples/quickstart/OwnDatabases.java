/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import io.clouddb.error.CloudDbException;
import io.clouddb.examples.command.BadInputException;
import io.clouddb.examples.command.Interruption;
import io.clouddb.examples.quickstart.application.ShopApplication;
import io.clouddb.examples.terminal.Display;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The user's own databases, and the user's own application. */
final class OwnDatabases implements Move {
  private final Ends ends;

  private OwnDatabases(Ends ends) {
    this.ends = ends;
  }

  /**
   * Reads what the user gave.
   *
   * @throws BadInputException naming all that is wrong with it
   */
  static OwnDatabases of(String from, String to, Map<String, String> environment) {
    List<String> problems = new ArrayList<>();
    ConnectionDetails source =
        read(
            "--from",
            from,
            ShopApplication.SOURCE_USER,
            ShopApplication.SOURCE_PASSWORD,
            environment,
            problems);
    ConnectionDetails target =
        read(
            "--to",
            to,
            ShopApplication.TARGET_USER,
            ShopApplication.TARGET_PASSWORD,
            environment,
            problems);
    if (source == null || target == null || !problems.isEmpty()) {
      throw new BadInputException(String.join(System.lineSeparator(), problems));
    }
    return new OwnDatabases(new Ends(source, target));
  }

  private static @Nullable ConnectionDetails read(
      String option,
      String url,
      String user,
      String password,
      Map<String, String> environment,
      List<String> problems) {
    for (String name : List.of(user, password)) {
      if (!environment.containsKey(name)) {
        problems.add("The environment variable " + name + " is not set; " + option + " needs it.");
      }
    }
    try {
      return ConnectionDetails.ofJdbcUrl(
          url, environment.getOrDefault(user, ""), SecretRef.environment(password));
    } catch (CloudDbException e) {
      // Without the URL: it may hold a password.
      problems.add(option + ": " + e.getMessage());
      return null;
    }
  }

  @Override
  public String title() {
    return describe(ends.source()) + " to " + describe(ends.target());
  }

  private static String describe(ConnectionDetails database) {
    return database.host() + ":" + database.port() + "/" + database.database();
  }

  @Override
  public String sourceName() {
    return "";
  }

  @Override
  public String targetName() {
    return "";
  }

  @Override
  public String id() {
    String both = ends.source().address() + " " + ends.target().address();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(both.getBytes(StandardCharsets.UTF_8));
      return "quickstart_" + HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  @Override
  public MigrationFolder migrationFolder(RunFolder folder) {
    return folder.lasting(id());
  }

  @Override
  public Ends open(RunFolder folder, Display display, Interruption interruption) {
    display.say(
        "  Your application switches over with the database when it takes its connections from");
    display.say(
        "    SwitchableDataSource.builder(RouteStore.file(Path.of(\""
            + migrationFolder(folder).route()
            + "\")))");
    display.say("        .source(oldPool).target(newPool).build()");
    display.say(
        "  Writes of one that does not are refused by the source from the cutover on, not lost.");
    display.say("");
    return ends;
  }

  @Override
  public String application() {
    return "";
  }

  @Override
  public ApplicationReport finish(Ends moved, MigrationReport report, Display display) {
    return ApplicationReport.NONE;
  }

  @Override
  public void close() {
    // Everything is the user's.
  }
}
