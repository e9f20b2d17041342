/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class HtmlReportTest {
  private static final String EVIL = "<script>alert('x')</script>\"'&\u0007<b onmouseover='1'>";

  @Test
  void showsWhatTheReportHolds(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("new/report.html");

    HtmlReport.of(SampleReports.completed()).fact("lost writes", "0").write(file);

    assertThat(Files.readString(file))
        .contains("COMPLETED", "1,000,000", "213 ms", "public.orders", "9f1c22ab03", "lost writes")
        .contains("Timeline of the steps", "rows per second", "bytes of write-ahead log")
        .contains("en_US", "schema clouddb_migration");
  }

  @Test
  void aStopIsNoFailureAndWhatWasNotComparedIsNotEqual() {
    String html = HtmlReport.of(SampleReports.stopped()).toHtml();

    assertThat(html).contains("<b>Stopped</b>").doesNotContain("What went wrong");
    assertThat(html).contains("<td class='n'>\u2013</td><td><code>\u2013</code></td>");
    assertThat(html).contains("<b>\u2013</b><span>mismatches</span>");
    assertThat(HtmlReport.of(SampleReports.failed("x")).toHtml()).contains("What went wrong");
  }

  @Test
  void drawsThePauseAsABarOfItsParts() {
    assertThat(HtmlReport.of(SampleReports.completed()).toHtml())
        .contains("Parts of the write pause, 213 ms", "compare 90 ms", "triggers 22 ms");
  }

  @Test
  void showsHowFastEachTableWasCopied() {
    assertThat(HtmlReport.of(SampleReports.completed()).toHtml())
        .contains("When each table was copied", "96 MB", "8 MB/s", "160 MB", "10.1 MB/s")
        // Two at the same time: 256 MB in the 16 s from the first start to the last end.
        .contains("<b>256 MB</b><span>copied</span>", "<b>16 MB/s</b><span>copied per second");
  }

  @Test
  void whatWasNotCopiedHasNoSpeed() {
    MigrationReport report =
        MigrationReport.builder("shop", MigrationReport.Status.FAILED)
            .tables(List.of(new TableReport("public.orders", Optional.empty(), 0, "", "", 0)))
            .build();

    assertThat(HtmlReport.of(report).toHtml())
        .contains("<b>\u2013</b><span>copied</span>", "<b>\u2013</b><span>copied per second")
        .doesNotContain("When each table was copied");
  }

  @Test
  void theLongestOfManyTablesAreDrawn() {
    List<TableReport> tables =
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    new TableReport(
                        "public.t" + i,
                        Optional.of(
                            new CopyReport(
                                1, 1, Instant.EPOCH, Instant.EPOCH.plusMillis(1000 + i))),
                        0,
                        "",
                        "",
                        0))
            .toList();
    MigrationReport report =
        MigrationReport.builder("shop", MigrationReport.Status.COMPLETED).tables(tables).build();

    assertThat(HtmlReport.of(report).toHtml())
        .contains("The 30 tables that took longest, of 100", "text-anchor='end'>public.t99<")
        .doesNotContain("text-anchor='end'>public.t69<");
  }

  @Test
  void needsNothingFromAnywhere() {
    assertThat(HtmlReport.of(SampleReports.completed()).toHtml())
        .doesNotContain("http:", "https:", "<script", "<link", "<img", "url(", "@import");
  }

  @Test
  void escapesEverything() {
    String html = HtmlReport.of(SampleReports.failed(EVIL)).fact(EVIL, EVIL).toHtml();

    assertThat(html).doesNotContain("<script", "<b onmouseover", "\u0007");
    assertThat(html).contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&#39;&amp;");
  }

  @Test
  void drawsWellFormedPictures() throws ParserConfigurationException, IOException, SAXException {
    for (MigrationReport report :
        new MigrationReport[] {SampleReports.completed(), SampleReports.failed(EVIL)}) {
      String html = HtmlReport.of(report).toHtml();
      int pictures = 0;
      for (int from = html.indexOf("<svg"); from >= 0; from = html.indexOf("<svg", from + 1)) {
        String svg = html.substring(from, html.indexOf("</svg>", from) + "</svg>".length());
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
        assertThat(svg).doesNotContain("NaN", "Infinity");
        pictures++;
      }
      assertThat(pictures).isEqualTo(report.samples().isEmpty() ? 2 : 7);
    }
  }
}
