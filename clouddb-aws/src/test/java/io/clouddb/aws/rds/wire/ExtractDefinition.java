/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A tool for developers: writes the part of a botocore definition that the driver uses, as lines.
 *
 * <pre>
 * operation NAME INPUT OUTPUT|- ERROR...
 * error SHAPE CODE STATUS
 * structure SHAPE MEMBER[!]=SHAPE...     (! where it is required)
 * list SHAPE ELEMENT-NAME ELEMENT-SHAPE
 * string SHAPE VALUE...                  (values where they are given)
 * integer SHAPE [MIN..MAX]               (and the other simple types, alike)
 * </pre>
 */
final class ExtractDefinition {
  private static final List<String> OPERATIONS =
      List.of(
          "AddTagsToResource",
          "CopyDBSnapshot",
          "CreateDBInstance",
          "CreateDBInstanceReadReplica",
          "CreateDBParameterGroup",
          "CreateDBSnapshot",
          "DeleteDBInstance",
          "DeleteDBInstanceAutomatedBackup",
          "DeleteDBParameterGroup",
          "DeleteDBSnapshot",
          "DescribeDBEngineVersions",
          "DescribeDBInstanceAutomatedBackups",
          "DescribeDBInstances",
          "DescribeDBParameterGroups",
          "DescribeDBParameters",
          "DescribeDBSnapshots",
          "DescribeOrderableDBInstanceOptions",
          "GetCallerIdentity",
          "ListTagsForResource",
          "ModifyDBInstance",
          "ModifyDBParameterGroup",
          "PromoteReadReplica",
          "RebootDBInstance",
          "RemoveTagsFromResource",
          "RestoreDBInstanceFromDBSnapshot",
          "RestoreDBInstanceToPointInTime",
          "StartDBInstance",
          "StartDBInstanceAutomatedBackupsReplication",
          "StopDBInstance",
          "StopDBInstanceAutomatedBackupsReplication",
          "SwitchoverReadReplica");

  private final JsonNode shapes;
  private final Deque<String> open = new ArrayDeque<>();
  private final Set<String> done = new TreeSet<>();
  private final List<String> lines = new ArrayList<>();

  private ExtractDefinition(JsonNode shapes) {
    this.shapes = shapes;
  }

  /**
   * Runs the tool.
   *
   * @param args the definition, unpacked, and the file to write
   * @throws IOException when one cannot be read or the other not written
   */
  public static void main(String[] args) throws IOException {
    JsonNode model = new ObjectMapper().readTree(Path.of(args[0]).toFile());
    ExtractDefinition extract = new ExtractDefinition(model.path("shapes"));
    extract.lines.add(
        "# "
            + model.path("metadata").path("serviceAbbreviation").asText("Amazon RDS")
            + " API service definition "
            + model.path("metadata").path("apiVersion").asText()
            + ", from the AWS SDKs' botocore data, Apache-2.0.");
    extract.lines.add("# Made by ExtractDefinition: the actions that clouddb uses.");
    for (String name : OPERATIONS) {
      if (model.path("operations").has(name)) {
        extract.operation(name, model.path("operations").path(name));
      }
    }
    while (!extract.open.isEmpty()) {
      extract.shape(extract.open.removeFirst());
    }
    Files.write(Path.of(args[1]), extract.lines);
  }

  private void operation(String name, JsonNode operation) {
    StringBuilder line = new StringBuilder("operation " + name);
    line.append(' ').append(reference(operation.path("input").path("shape").asText()));
    String output = operation.path("output").path("shape").asText("-");
    line.append(' ').append(output.equals("-") ? output : reference(output));
    for (JsonNode error : operation.path("errors")) {
      String shape = error.path("shape").asText();
      line.append(' ').append(shape);
      JsonNode facts = shapes.path(shape).path("error");
      if (done.add(shape)) {
        lines.add(
            "error "
                + shape
                + " "
                + facts.path("code").asText(shape)
                + " "
                + facts.path("httpStatusCode").asInt());
      }
    }
    lines.add(line.toString());
  }

  private String reference(String shape) {
    if (done.add(shape)) {
      open.add(shape);
    }
    return shape;
  }

  private void shape(String name) {
    JsonNode shape = shapes.path(name);
    String type = shape.path("type").asText();
    StringBuilder line = new StringBuilder(type + " " + name);
    switch (type) {
      case "structure" -> {
        Set<String> required = new TreeSet<>();
        shape.path("required").forEach(member -> required.add(member.asText()));
        shape
            .path("members")
            .properties()
            .forEach(
                member ->
                    line.append(' ')
                        .append(member.getValue().path("locationName").asText(member.getKey()))
                        .append(required.contains(member.getKey()) ? "!=" : "=")
                        .append(reference(member.getValue().path("shape").asText())));
      }
      case "list" ->
          line.append(' ')
              .append(shape.path("member").path("locationName").asText("member"))
              .append(' ')
              .append(reference(shape.path("member").path("shape").asText()));
      case "string" -> shape.path("enum").forEach(value -> line.append(' ').append(value.asText()));
      default -> {
        if (shape.has("min") || shape.has("max")) {
          line.append(' ')
              .append(shape.path("min").asText(""))
              .append("..")
              .append(shape.path("max").asText(""));
        }
      }
    }
    lines.add(line.toString());
  }
}
