/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.examples.terminal.Amounts;
import io.clouddb.examples.terminal.Display;
import io.clouddb.internal.file.PrivateFile;
import io.clouddb.migration.report.HtmlReport;
import io.clouddb.migration.report.MigrationReport;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** The migration's report together with the application's, as files and as a summary. */
record MoveReport(MigrationReport migration, ApplicationReport application) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The same report, with names that say more than addresses. */
  static MigrationReport named(MigrationReport report, String source, String target)
      throws IOException {
    ObjectNode tree = (ObjectNode) JSON.readTree(report.toJson());
    tree.put("source", source + report.source());
    tree.put("target", target + report.target());
    return MigrationReport.fromJson(tree.toString());
  }

  /** Whether the database moved and nothing at all went wrong. */
  boolean faultless() {
    return migration.status() == MigrationReport.Status.COMPLETED
        && migration.mismatches() == 0
        && application.faultless();
  }

  void write(RunFolder folder) throws IOException {
    ObjectNode report = (ObjectNode) JSON.readTree(migration.toJson());
    report.put("applicationErrors", application.status().errors());
    report.put("acknowledgedWrites", application.writes().acknowledged());
    report.put("lostWrites", application.writes().lost());
    report.put("duplicatedWrites", application.writes().duplicated());
    report.put("inDoubtWrites", application.writes().inDoubt());
    report.put("longestGapMillis", application.status().longestGapMillis());
    PrivateFile.replace(
        folder.json(),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report) + System.lineSeparator(),
        PrivateFile.Durability.NONE);
    HtmlReport page = HtmlReport.of(migration);
    if (application.watched()) {
      page.fact("application errors", Amounts.count(application.status().errors()))
          .fact("acknowledged writes", Amounts.count(application.writes().acknowledged()))
          .fact("lost writes", Amounts.count(application.writes().lost()))
          .fact("duplicated writes", Amounts.count(application.writes().duplicated()))
          .fact("writes in doubt", Amounts.count(application.writes().inDoubt()))
          .fact("longest gap between two writes", gap());
    }
    page.write(folder.html());
  }

  private String gap() {
    return Amounts.duration(Duration.ofMillis(application.status().longestGapMillis()));
  }

  void summarize(RunFolder folder, Display display) {
    display.say("");
    migration.failure().ifPresent(text -> display.say("  What happened: " + text));
    migration.nextStep().ifPresent(text -> display.say("  What to do:    " + text));
    display.headline("  " + migration.status());
    pair(
        display,
        "rows copied",
        Amounts.count(migration.rowsCopied()),
        "changes applied",
        Amounts.count(migration.changesApplied()));
    pair(
        display,
        "rows validated",
        Amounts.count(migration.rowsValidated()),
        "mismatches",
        Amounts.count(migration.mismatches()));
    if (application.watched()) {
      pair(
          display,
          "write pause",
          Amounts.duration(Duration.ofMillis(migration.writePauseMillis())),
          "longest gap between two writes",
          gap());
      pair(
          display,
          "acknowledged writes",
          Amounts.count(application.writes().acknowledged()),
          "application errors",
          Amounts.count(application.status().errors()));
      pair(
          display,
          "lost writes",
          Amounts.count(application.writes().lost()),
          "duplicated writes",
          Amounts.count(application.writes().duplicated()));
      if (application.writes().inDoubt() > 0) {
        pair(
            display,
            "writes in doubt",
            Amounts.count(application.writes().inDoubt()),
            "of these found",
            Amounts.count(application.writes().inDoubtFound()));
      }
    } else {
      display.say(
          "    write pause  " + Amounts.duration(Duration.ofMillis(migration.writePauseMillis())));
    }
    display.say("");
    migration.leftBehind().forEach(text -> display.warn("left behind: " + text));
    display.say("  " + folder.html());
    display.say("  " + folder.json());
  }

  private static void pair(
      Display display, String label, String value, String label2, String value2) {
    display.say(
        String.format(Locale.ROOT, "    %-20s %12s     %-30s %12s", label, value, label2, value2));
  }
}
