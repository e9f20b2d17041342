/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import org.jspecify.annotations.Nullable;

/**
 * How much a table or an index takes on demand.
 *
 * @param reads units a second, -1 for any; null when nobody has said so
 * @param writes units a second, -1 for any; null when nobody has said so
 */
record OnDemandLimits(@Nullable Long reads, @Nullable Long writes) {
  static final OnDemandLimits NONE = new OnDemandLimits(null, null);

  private static final long ANY = -1;

  /**
   * Reads them.
   *
   * @param parent what has the member {@code OnDemandThroughput}
   * @param where how errors call what they are for
   */
  static OnDemandLimits of(Members parent, String where) {
    Members sent = parent.membersOrNull("OnDemandThroughput");
    if (sent == null) {
      return NONE;
    }
    OnDemandLimits limits =
        new OnDemandLimits(
            sent.wholeOrNull("MaxReadRequestUnits"), sent.wholeOrNull("MaxWriteRequestUnits"));
    requireValid(limits.reads, "MaxReadRequestUnits", where);
    requireValid(limits.writes, "MaxWriteRequestUnits", where);
    return limits;
  }

  private static void requireValid(@Nullable Long units, String member, String where) {
    if (units != null && units != ANY && units < 1) {
      throw Validation.parameter(
          "Requested "
              + member
              + " for OnDemandThroughput for "
              + where
              + " is outside of valid range");
    }
  }

  boolean isEmpty() {
    return reads == null && writes == null;
  }

  /** These, and where they say nothing the others. */
  OnDemandLimits or(OnDemandLimits others) {
    return new OnDemandLimits(
        reads == null ? others.reads : reads, writes == null ? others.writes : writes);
  }

  /** Refuses them where the throughput is provisioned. */
  void requireNone(String where) {
    if (!isEmpty()) {
      throw Validation.parameter(
          (reads != null ? "MaxReadRequestUnits" : "MaxWriteRequestUnits")
              + " for OnDemandThroughput cannot be specified when the table BillingMode is"
              + " PROVISIONED"
              + where);
    }
  }

  ObjectNode described() {
    ObjectNode described = JsonNodeFactory.instance.objectNode();
    if (reads != null) {
      described.put("MaxReadRequestUnits", reads);
    }
    if (writes != null) {
      described.put("MaxWriteRequestUnits", writes);
    }
    return described;
  }
}
