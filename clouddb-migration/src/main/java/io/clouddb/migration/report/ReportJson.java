/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.progress.MigrationStep;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
      Fields root = new Fields(JSON.readTree(json));
      if (root.number("schemaVersion") != SCHEMA_VERSION) {
        throw invalid("it is of another version", null);
      }
      MigrationReport report =
          MigrationReport.builder(
                  root.text("id"), MigrationReport.Status.valueOf(root.text("status")))
              .source(root.text("source"))
              .target(root.text("target"))
              .startedAt(root.time("startedAt"))
              .endedAt(root.time("endedAt"))
              .rowsCopied(root.number("rowsCopied"))
              .changesApplied(root.number("changesApplied"))
              .rowsValidated(root.number("rowsValidated"))
              .mismatches(root.number("mismatches"))
              .writePauseMillis(root.number("writePauseMillis"))
              .pauseParts(root.optionalNumbers("pauseParts"))
              .failure(root.optionalText("failure"))
              .nextStep(root.optionalText("nextStep"))
              .leftBehind(root.texts("leftBehind"))
              .steps(root.objects("steps", ReportJson::step))
              .tables(root.objects("tables", ReportJson::table))
              .findings(root.objects("findings", ReportJson::finding))
              .samples(root.objects("samples", ReportJson::sample))
              .build();
      root.refuseOthers();
      return report;
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw invalid(String.valueOf(e.getMessage()), e);
    }
  }

  private static StepReport step(Fields of) {
    return new StepReport(
        MigrationStep.valueOf(of.text("step")),
        of.time("start"),
        of.time("end"),
        StepReport.Outcome.valueOf(of.text("outcome")),
        of.text("details"));
  }

  private static TableReport table(Fields of) {
    return new TableReport(
        of.text("table"),
        of.optional("copy", ReportJson::copy),
        of.number("rowsValidated"),
        of.text("sourceDigest"),
        of.text("targetDigest"),
        of.number("mismatches"));
  }

  private static CopyReport copy(Fields of) {
    return new CopyReport(of.number("rows"), of.number("bytes"), of.time("start"), of.time("end"));
  }

  private static FindingReport finding(Fields of) {
    return new FindingReport(
        of.text("code"),
        of.text("severity"),
        of.text("object"),
        of.text("message"),
        of.text("remedy"));
  }

  private static Sample sample(Fields of) {
    return new Sample(
        of.time("at"),
        of.real("copiedPerSecond"),
        of.real("appliedPerSecond"),
        of.number("lagBytes"),
        of.number("lagMillis"));
  }

  private static CloudDbException invalid(String why, @Nullable Exception cause) {
    return ErrorDetails.of(
            ErrorCategory.INVALID_ARGUMENT, "This is no report of a migration: " + why)
        .toException(cause);
  }

  /** The fields of one object, and which of them were asked for. */
  private static final class Fields {
    private final JsonNode node;
    private final Set<String> asked = new HashSet<>();

    Fields(JsonNode node) {
      this.node = node;
    }

    private JsonNode field(String name) {
      asked.add(name);
      return node.required(name);
    }

    String text(String name) {
      return field(name).asText();
    }

    @Nullable String optionalText(String name) {
      asked.add(name);
      JsonNode found = node.get(name);
      return found == null ? null : found.asText();
    }

    /** Empty where a report was written before there was such a field. */
    Map<String, Long> optionalNumbers(String name) {
      asked.add(name);
      Map<String, Long> found = new LinkedHashMap<>();
      JsonNode object = node.get(name);
      if (object != null) {
        Fields fields = new Fields(object);
        object.properties().forEach(e -> found.put(e.getKey(), fields.number(e.getKey())));
      }
      return found;
    }

    <T> Optional<T> optional(String name, Function<Fields, T> reader) {
      asked.add(name);
      JsonNode found = node.get(name);
      if (found == null) {
        return Optional.empty();
      }
      Fields fields = new Fields(found);
      T read = reader.apply(fields);
      fields.refuseOthers();
      return Optional.of(read);
    }

    long number(String name) {
      JsonNode found = field(name);
      if (!found.isIntegralNumber()) {
        throw new IllegalArgumentException(name + " is no whole number");
      }
      return found.longValue();
    }

    double real(String name) {
      return field(name).doubleValue();
    }

    Instant time(String name) {
      return Instant.parse(text(name));
    }

    List<String> texts(String name) {
      List<String> found = new ArrayList<>();
      field(name).forEach(element -> found.add(element.asText()));
      return found;
    }

    <T> List<T> objects(String name, Function<Fields, T> reader) {
      List<T> found = new ArrayList<>();
      for (JsonNode element : field(name)) {
        Fields fields = new Fields(element);
        found.add(reader.apply(fields));
        fields.refuseOthers();
      }
      return found;
    }

    void refuseOthers() {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        if (!asked.contains(field.getKey())) {
          throw new IllegalArgumentException("the field " + field.getKey() + " is unknown");
        }
      }
    }
  }
}
