/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tags of tables, which are those of one region. */
final class TagActions {
  private static final Pattern TABLE =
      Pattern.compile(
          "arn:[a-z-]+:dynamodb:([a-z0-9-]+):([0-9]{12}):table/([a-zA-Z0-9_.-]{3,255})");
  private static final int PAGE = 10;

  private final TableCatalog catalog;

  TagActions(TableCatalog catalog) {
    this.catalog = catalog;
  }

  /** Whoever calls holds the catalog's lock. */
  private ManagedTable table(ModelCall call) {
    String arn = call.members().text("ResourceArn");
    if (!arn.startsWith("arn:")) {
      throw Validation.parameter("ARNs must start with 'arn:': " + arn);
    }
    Matcher table = TABLE.matcher(arn);
    if (!table.matches()) {
      throw Validation.error("Invalid TableArn: Invalid ResourceArn provided as input " + arn);
    }
    if (!table.group(2).equals(catalog.account())) {
      throw AwsError.badRequest(
          "AccessDeniedException",
          "User is not authorized to perform: dynamodb:"
              + call.call().operation()
              + " on resource: "
              + arn);
    }
    if (!table.group(1).equals(call.region())) {
      throw Validation.error("Invalid TableArn: Invalid ResourceArn provided as input " + arn);
    }
    return catalog
        .find(call.region(), table.group(3))
        .filter(found -> !found.isCreating())
        .orElseThrow(() -> Refusals.notFound("ResourceArn: " + arn + " not found"));
  }

  private ManagedTable writable(ModelCall call) {
    ManagedTable table = table(call);
    if (table.isDeleting()) {
      throw Refusals.inUse("Table is being deleted: " + table.name());
    }
    return table;
  }

  private void begin(@Nullable Runnable end) {
    if (end != null) {
      catalog.later(Timing.TAGS, end);
    }
  }

  Answer tag(ModelCall call) {
    if (call.members().structures("Tags").isEmpty()) {
      throw Validation.error("Atleast one Tag needs to be provided as Input.");
    }
    Map<String, String> tags = Tags.of(call.members().structures("Tags"));
    synchronized (catalog) {
      begin(writable(call).tagWrites().set(tags));
    }
    return Answer.of(JsonNodeFactory.instance.objectNode());
  }

  Answer untag(ModelCall call) {
    List<String> keys = call.members().texts("TagKeys");
    if (keys.isEmpty()) {
      throw Validation.error("Atleast one Tag Key needs to be provided as Input.");
    }
    keys.forEach(Tags::requireKey);
    synchronized (catalog) {
      begin(writable(call).tagWrites().remove(keys));
    }
    return Answer.of(JsonNodeFactory.instance.objectNode());
  }

  Answer list(ModelCall call) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode tags = result.putArray("Tags");
    String after = call.members().textOrNull("NextToken");
    synchronized (catalog) {
      boolean begun = after == null;
      String last = "";
      for (Map.Entry<String, String> tag : table(call).tags().entrySet()) {
        if (begun && tags.size() == PAGE) {
          result.put("NextToken", last);
          break;
        }
        if (begun) {
          tags.addObject().put("Key", tag.getKey()).put("Value", tag.getValue());
          last = tag.getKey();
        }
        begun |= tag.getKey().equals(after);
      }
    }
    return Answer.of(result);
  }
}
