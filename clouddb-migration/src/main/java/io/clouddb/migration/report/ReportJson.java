/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.json.JsonFields;
import io.clouddb.migration.progress.MigrationStep;
import java.util.Map;

/** A report as JSON. Field by field, so that the document does not follow the code by accident. */
final class ReportJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SCHEMA_VERSION = 1;

  private ReportJson() {}

  static String write(MigrationReport report) {
    ObjectNode root = JSON.createObjectNode();
    root.put("schemaVersion", SCHEMA_VERSION)
        .put("id", report.id())
        .put("status", report.status().name())
        .put("source", report.source())
        .put("target", report.target())
        .put("startedAt", report.startedAt().toString())
        .put("endedAt", report.endedAt().toString())
        .put("rowsCopied", report.rowsCopied())
        .put("changesApplied", report.changesApplied())
        .put("rowsValidated", report.rowsValidated())
        .put("mismatches", report.mismatches())
        .put("writePauseMillis", report.writePauseMillis());
    ObjectNode parts = root.putObject("pauseParts");
    report.pauseParts().forEach(parts::put);
    report.failure().ifPresent(text -> root.put("failure", text));
    report.nextStep().ifPresent(text -> root.put("nextStep", text));
    ArrayNode left = root.putArray("leftBehind");
    report.leftBehind().forEach(left::add);
    ArrayNode steps = root.putArray("steps");
    for (StepReport step : report.steps()) {
      steps
          .addObject()
          .put("step", step.step().name())
          .put("start", step.start().toString())
          .put("end", step.end().toString())
          .put("outcome", step.outcome().name())
          .put("details", step.details());
    }
    ArrayNode tables = root.putArray("tables");
    for (TableReport table : report.tables()) {
      ObjectNode node = tables.addObject();
      table.copy().ifPresent(copy -> write(copy, node.putObject("copy")));
      node.put("table", table.table())
          .put("rowsValidated", table.rowsValidated())
          .put("sourceDigest", table.sourceDigest())
          .put("targetDigest", table.targetDigest())
          .put("mismatches", table.mismatches());
    }
    ArrayNode findings = root.putArray("findings");
    for (FindingReport finding : report.findings()) {
      findings
          .addObject()
          .put("code", finding.code())
          .put("severity", finding.severity())
          .put("object", finding.object())
          .put("message", finding.message())
          .put("remedy", finding.remedy());
    }
    ArrayNode samples = root.putArray("samples");
    for (Sample sample : report.samples()) {
      samples
          .addObject()
          .put("at", sample.at().toString())
          .put("copiedPerSecond", sample.copiedPerSecond())
          .put("appliedPerSecond", sample.appliedPerSecond())
          .put("lagBytes", sample.lagBytes())
          .put("lagMillis", sample.lagMillis());
    }
    return root.toPrettyString();
  }

  private static void write(CopyReport copy, ObjectNode into) {
    into.put("rows", copy.rows())
        .put("bytes", copy.bytes())
        .put("start", copy.start().toString())
        .put("end", copy.end().toString());
  }

  static MigrationReport read(String json) {
    try {
      JsonFields root = JsonFields.parse(json);
      if (number(root, "schemaVersion") != SCHEMA_VERSION) {
        throw new IllegalArgumentException("it is of another version");
      }
      MigrationReport report =
          MigrationReport.builder(
                  root.text("id"), root.oneOf("status", MigrationReport.Status.class))
              .source(root.text("source"))
              .target(root.text("target"))
              .startedAt(root.time("startedAt"))
              .endedAt(root.time("endedAt"))
              .rowsCopied(number(root, "rowsCopied"))
              .changesApplied(number(root, "changesApplied"))
              .rowsValidated(number(root, "rowsValidated"))
              .mismatches(number(root, "mismatches"))
              .writePauseMillis(number(root, "writePauseMillis"))
              .pauseParts(pauseParts(root))
              .failure(root.optionalText("failure"))
              .nextStep(root.optionalText("nextStep"))
              .leftBehind(root.listOfTexts("leftBehind"))
              .steps(root.objects("steps", ReportJson::step))
              .tables(root.objects("tables", ReportJson::table))
              .findings(root.objects("findings", ReportJson::finding))
              .samples(root.objects("samples", ReportJson::sample))
              .build();
      root.refuseOthers();
      return report;
    } catch (IllegalArgumentException e) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "This is no report of a migration: " + e.getMessage())
          .toException(e);
    }
  }

  private static long number(JsonFields of, String name) {
    return of.number(name, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** Empty where a report was written before there was such a field. */
  private static Map<String, Long> pauseParts(JsonFields of) {
    return of.has("pauseParts")
        ? of.numbers("pauseParts", Long.MIN_VALUE, Long.MAX_VALUE)
        : Map.of();
  }

  private static StepReport step(JsonFields of) {
    return new StepReport(
        of.oneOf("step", MigrationStep.class),
        of.time("start"),
        of.time("end"),
        of.oneOf("outcome", StepReport.Outcome.class),
        of.text("details"));
  }

  private static TableReport table(JsonFields of) {
    return new TableReport(
        of.text("table"),
        of.optional("copy", ReportJson::copy),
        number(of, "rowsValidated"),
        of.text("sourceDigest"),
        of.text("targetDigest"),
        number(of, "mismatches"));
  }

  private static CopyReport copy(JsonFields of) {
    return new CopyReport(
        number(of, "rows"), number(of, "bytes"), of.time("start"), of.time("end"));
  }

  private static FindingReport finding(JsonFields of) {
    return new FindingReport(
        of.text("code"),
        of.text("severity"),
        of.text("object"),
        of.text("message"),
        of.text("remedy"));
  }

  private static Sample sample(JsonFields of) {
    return new Sample(
        of.time("at"),
        of.real("copiedPerSecond"),
        of.real("appliedPerSecond"),
        number(of, "lagBytes"),
        number(of, "lagMillis"));
  }
}
