/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import io.clouddb.internal.file.PrivateFile;
import io.clouddb.internal.file.PrivateFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A report as one page of HTML that needs nothing else: no script, no font, no picture from
 * anywhere.
 */
public final class HtmlReport {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Where there is nothing to tell, which is not the same as none. */
  private static final String NOTHING = "\u2013";

  private final MigrationReport report;
  private final Map<String, String> facts = new LinkedHashMap<>();

  private HtmlReport(MigrationReport report) {
    this.report = Objects.requireNonNull(report, "report");
  }

  /**
   * Starts a page.
   *
   * @param report what it shows
   * @return the page
   */
  public static HtmlReport of(MigrationReport report) {
    return new HtmlReport(report);
  }

  /**
   * Writes the page of a report.
   *
   * @param report what it shows
   * @param file the file; replaced when it exists, its folder is created when it is missing
   * @throws IOException when it cannot be written
   */
  public static void write(MigrationReport report, Path file) throws IOException {
    of(report).write(file);
  }

  /**
   * Adds a number of the embedding tool's own beside the report's, for example lost writes.
   *
   * @param label what it is
   * @param value its value
   * @return this page
   */
  public HtmlReport fact(String label, String value) {
    facts.put(label, value);
    return this;
  }

  /**
   * Writes the page, which only the owner of the file can read (0600) where the system knows
   * owners.
   *
   * @param file the file; replaced when it exists, and refused when it is a link; its folder is
   *     created when it is missing, for its owner alone (0700)
   * @throws IOException when it cannot be written
   */
  public void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      PrivateFolder.make(folder);
    }
    PrivateFile.replace(file, toHtml(), PrivateFile.Durability.NONE);
  }

  /**
   * The page.
   *
   * @return a whole HTML document
   */
  public String toHtml() {
    StringBuilder page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>")
        .append("<meta name='viewport' content='width=device-width, initial-scale=1'>")
        .append("<title>Migration ")
        .append(Html.escape(report.id()))
        .append("</title><style>")
        .append(style())
        .append("</style></head><body><main>\n");
    header(page);
    numbers(page);
    section(page, "Steps", StepTimeline.draw(report) + steps());
    if (!report.pauseParts().isEmpty()) {
      section(page, "The write pause", PauseBar.draw(report.pauseParts()));
    }
    if (!report.samples().isEmpty()) {
      section(page, "Throughput and lag", plots());
    }
    if (!report.tables().isEmpty()) {
      section(page, "Tables", CopyTimeline.draw(report) + tables());
    }
    if (!report.findings().isEmpty()) {
      section(page, "What preflight found", findings());
    }
    page.append("<footer>Written by clouddb. Times are UTC. The write pause is measured from the")
        .append(" moment that the application was asked to pause to the moment that the route was")
        .append(" switched.</footer></main></body></html>\n");
    return page.toString();
  }

  private static String style() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new IllegalStateException("report.css is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void header(StringBuilder page) {
    page.append(
        Html.fill(
            "<header><h1>Migration <em>%s</em></h1><span class='status %s'>%s</span>",
            Html.escape(report.id()),
            report.status().name().toLowerCase(Locale.ROOT),
            report.status().name().replace('_', ' ')));
    page.append(
        Html.fill(
            "<p class='ends'><b>%s</b><span class='arrow'>&#8594;</span><b>%s</b></p>",
            Html.escape(report.source()), Html.escape(report.target())));
    page.append(
        Html.fill(
            "<p class='when'>%s, took %s</p></header>\n",
            TIME.format(report.startedAt()),
            Html.duration(Duration.between(report.startedAt(), report.endedAt()))));
    report
        .failure()
        .ifPresent(
            text ->
                page.append(
                    Html.fill(
                        "<div class='failure %s'><b>%s</b><p>%s</p>%s</div>",
                        report.status().name().toLowerCase(Locale.ROOT),
                        report.status() == MigrationReport.Status.FAILED
                            ? "What went wrong"
                            : "Stopped",
                        Html.escape(text),
                        report
                            .nextStep()
                            .map(next -> "<p><b>Next:</b> " + Html.escape(next) + "</p>")
                            .orElse(""))));
    if (!report.leftBehind().isEmpty()) {
      page.append("<div class='left'><b>Left behind</b><ul>");
      report
          .leftBehind()
          .forEach(text -> page.append("<li>").append(Html.escape(text)).append("</li>"));
      page.append("</ul></div>");
    }
  }

  private void numbers(StringBuilder page) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("rows copied", Html.count(report.rowsCopied()));
    CopyTotals copied = CopyTotals.of(report.tables());
    all.put("copied", copied.isNone() ? NOTHING : Html.bytes(copied.bytes()));
    all.put(
        "copied per second",
        copied.isNone() ? NOTHING : Html.rate(copied.bytes(), copied.duration()));
    all.put("changes applied", Html.count(report.changesApplied()));
    boolean compared = report.rowsValidated() > 0 || report.mismatches() > 0;
    all.put("rows validated", compared ? Html.count(report.rowsValidated()) : NOTHING);
    all.put("mismatches", compared ? Html.count(report.mismatches()) : NOTHING);
    all.put(
        "write pause",
        report.writePauseMillis() > 0
            ? Html.duration(Duration.ofMillis(report.writePauseMillis()))
            : NOTHING);
    all.putAll(facts);
    page.append("<div class='numbers'>");
    all.forEach(
        (label, value) ->
            page.append(
                Html.fill(
                    "<div><b>%s</b><span>%s</span></div>",
                    Html.escape(value), Html.escape(label))));
    page.append("</div>\n");
  }

  private static void section(StringBuilder page, String title, String content) {
    page.append("<section><h2>").append(title).append("</h2>").append(content);
    page.append("</section>\n");
  }

  private String steps() {
    StringBuilder list = new StringBuilder("<dl>");
    for (StepReport step : report.steps()) {
      list.append(
          Html.fill(
              "<dt>%s</dt><dd>%s</dd>",
              step.step().name().toLowerCase(Locale.ROOT), Html.escape(step.details())));
    }
    return list.append("</dl>").toString();
  }

  private String plots() {
    // Copying is so much faster than changes come in that one plot would hide the other's line.
    return "<div class='pair'>"
        + new LinePlot(report, "Copy", "rows per second", 470, 200)
            .line("rows copied", "first", Sample::copiedPerSecond)
            .draw()
        + new LinePlot(report, "Changes", "rows per second", 470, 200)
            .line("changes applied", "second", Sample::appliedPerSecond)
            .draw()
        + new LinePlot(report, "Lag", "milliseconds", 470, 200)
            .line("lag", "third", Sample::lagMillis)
            .draw()
        + new LinePlot(report, "Lag", "bytes of write-ahead log", 470, 200)
            .line("lag", "third", Sample::lagBytes)
            .draw()
        + "</div>";
  }

  private String tables() {
    StringBuilder table =
        new StringBuilder(
            "<table><thead><tr><th>table</th><th class='n'>rows copied</th>"
                + "<th class='n'>size</th><th class='n'>a second</th>"
                + "<th class='n'>rows validated</th><th>digest of the source</th>"
                + "<th>digest of the target</th><th class='n'>mismatches</th></tr></thead><tbody>");
    CopyTotals copied = CopyTotals.of(report.tables());
    long validated = 0;
    long mismatches = 0;
    for (TableReport row : report.tables()) {
      validated += row.rowsValidated();
      mismatches += row.mismatches();
      boolean compared = !row.sourceDigest().isEmpty() || row.mismatches() > 0;
      boolean same = row.mismatches() == 0 && row.sourceDigest().equals(row.targetDigest());
      table.append(
          Html.fill(
              "<tr%s><td>%s</td><td class='n'>%s</td><td class='n'>%s</td><td class='n'>%s</td>"
                  + "<td class='n'>%s</td><td><code>%s</code></td>"
                  + "<td><code>%s</code></td><td class='n'>%s</td></tr>",
              same ? "" : " class='bad'",
              Html.escape(row.table()),
              row.copy().map(copy -> Html.count(copy.rows())).orElse(NOTHING),
              row.copy().map(copy -> Html.bytes(copy.bytes())).orElse(NOTHING),
              row.copy().map(copy -> Html.rate(copy.bytes(), copy.duration())).orElse(NOTHING),
              compared ? Html.count(row.rowsValidated()) : NOTHING,
              compared ? Html.escape(row.sourceDigest()) : NOTHING,
              compared ? Html.escape(row.targetDigest()) : NOTHING,
              compared ? Html.count(row.mismatches()) : NOTHING));
    }
    boolean compared = validated > 0 || mismatches > 0;
    table.append(
        Html.fill(
            "</tbody><tfoot><tr><td>%d tables</td><td class='n'>%s</td><td class='n'>%s</td>"
                + "<td class='n'>%s</td><td class='n'>%s</td>"
                + "<td></td><td></td><td class='n'>%s</td></tr></tfoot></table>",
            report.tables().size(),
            copied.isNone() ? NOTHING : Html.count(copied.rows()),
            copied.isNone() ? NOTHING : Html.bytes(copied.bytes()),
            copied.isNone() ? NOTHING : Html.rate(copied.bytes(), copied.duration()),
            compared ? Html.count(validated) : NOTHING,
            compared ? Html.count(mismatches) : NOTHING));
    return table.toString();
  }

  private String findings() {
    StringBuilder table =
        new StringBuilder(
            "<table><thead><tr><th>severity</th><th>object</th><th>finding</th><th>remedy</th>"
                + "</tr></thead><tbody>");
    for (FindingReport finding : report.findings()) {
      List<String> cells =
          List.of(finding.severity(), finding.object(), finding.message(), finding.remedy());
      table.append("<tr>");
      cells.forEach(cell -> table.append("<td>").append(Html.escape(cell)).append("</td>"));
      table.append("</tr>");
    }
    return table.append("</tbody></table>").toString();
  }
}
