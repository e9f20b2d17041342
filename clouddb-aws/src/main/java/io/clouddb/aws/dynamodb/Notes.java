/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.table.GlobalTableSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** The names of what the steps note for later ones. */
final class Notes {
  /** The value of a note that only has to be there. */
  static final String YES = "yes";

  /** What tells a table from a later one of its name. */
  static final String TABLE_ID = "table-id";

  /** What a table was before a change, and what it has to be after it: specs as JSON. */
  static final String BEFORE = "before";

  static final String AFTER = "after";

  /** What a table is restored from: the ARN of a backup or of a table. */
  static final String SOURCE = "source";

  /** The other regions of a table that is deleted, or those that a change removes. */
  static final String REPLICAS = "replicas";

  /** Whether they go together, as those of a table that is consistent over its regions do. */
  static final String TOGETHER = "together";

  /** Those of the regions that a change removes which were protected from that. */
  static final String PROTECTED = "protected";

  /** Those of which nobody knows that, since they were off or down. */
  static final String SILENT = "silent";

  /** Whether a table is paid by request, so that nothing scales it. */
  static final String ON_DEMAND = "on-demand";

  private static final String SEPARATOR = ",";

  private Notes() {}

  /** Notes which table an operation is about; nothing where DynamoDB does not tell. */
  static Map<String, String> identity(TableDescription table) {
    return table.tableId() == null ? Map.of() : Map.of(TABLE_ID, table.tableId());
  }

  /** Notes which table an operation removes, or removes something of. */
  static Map<String, String> removal(TableDescription table) {
    Map<String, String> notes = new HashMap<>(identity(table));
    if (LiveReader.isOnDemand(table)) {
      notes.put(ON_DEMAND, YES);
    }
    if (LiveSpec.isStrong(table)) {
      notes.put(TOGETHER, YES);
    }
    return notes;
  }

  static GlobalTableSpec spec(StepContext context, String note) {
    return context
        .value(note)
        .map(GlobalTableSpec::fromJson)
        .orElseThrow(() -> missing(context.resource(), note));
  }

  static String list(List<String> names) {
    return String.join(SEPARATOR, names);
  }

  static List<String> list(StepContext context, String note) {
    String text = context.value(note).orElse("");
    return text.isEmpty() ? List.of() : List.of(text.split(SEPARATOR, -1));
  }

  private static RuntimeException missing(ResourceId resource, String note) {
    return ErrorDetails.of(
            ErrorCategory.INVALID_ARGUMENT,
            "The operation's note '" + note + "' is missing: is this its token?")
        .resource(resource.toString())
        .nextStep("Take it as it was given.")
        .toException();
  }
}
