/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.time.Instant;

/** {@code UpdateTimeToLive} and {@code DescribeTimeToLive}. */
final class TimeToLiveActions {
  private final TableCatalog catalog;

  TimeToLiveActions(TableCatalog catalog) {
    this.catalog = catalog;
  }

  Answer update(ModelCall call) {
    Members sent = call.members().members("TimeToLiveSpecification");
    boolean on = sent.flag("Enabled");
    String attribute = sent.text("AttributeName");
    synchronized (catalog) {
      ManagedTable table = catalog.get(call.region(), call.members().text("TableName"));
      if (table.isCreating()) {
        throw Refusals.inUse("Table " + table.name() + " is being created");
      }
      ReplicationGroup group = table.group();
      if (group != null && group.isStrong()) {
        throw Validation.error(
            "TimeToLive is not supported for global tables with MultiRegionConsistency set to"
                + " STRONG.");
      }
      if (table.encryption().isInaccessible() && table.encryption().key() != null) {
        throw MasterKeys.disabledError(table.encryption().key());
      }
      Instant now = catalog.now();
      table.timeToLive().requireMayBecome(on, attribute, now);
      for (ManagedTable one : ReplicaTables.of(table)) {
        one.timeToLive().become(on, attribute, now);
        one.table().items().setExpiry(one.timeToLive().rule(catalog.clock()));
      }
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.putObject("TimeToLiveSpecification").put("Enabled", on).put("AttributeName", attribute);
    return Answer.of(result);
  }

  Answer describe(ModelCall call) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    synchronized (catalog) {
      ManagedTable table = catalog.get(call.region(), call.members().text("TableName"));
      if (table.isCreating() || table.isDeleting()) {
        String state = table.status();
        throw Validation.error(
            "Cannot describe time to live while table is in "
                + state
                + " state: Current table state is "
                + state);
      }
      result.set("TimeToLiveDescription", table.timeToLive().described(catalog.now()));
    }
    return Answer.of(result);
  }
}
