/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.streams.ViewType;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.time.Duration;
import java.time.Instant;

/** Changes a table's stream, its class, its limits and its protection. */
final class SettingChanges {
  private static final Duration BETWEEN_PROTECTIONS = Duration.ofSeconds(15);

  private final TableCatalog catalog;

  SettingChanges(TableCatalog catalog) {
    this.catalog = catalog;
  }

  /** What of a stream specification is refused whatever the table is. */
  static void requireStreamSense(Members sent) {
    if (sent.flag("StreamEnabled") && !sent.has("StreamViewType")) {
      throw Validation.parameter("If stream is being enabled then UpdateViewType is required");
    }
    if (!sent.flag("StreamEnabled") && sent.has("StreamViewType")) {
      throw Validation.parameter(
          "If stream is being disabled, then UpdateViewType must not be specified");
    }
  }

  /** Checks a change of a table's stream. */
  void requireStream(ManagedTable table, Members sent) {
    boolean enable = sent.flag("StreamEnabled");
    ReplicationGroup group = table.group();
    if (!enable && group != null && !group.isStrong()) {
      throw Validation.parameter("Disabling Stream is not allowed for a Global Table replica.");
    }
    Admission.stream(table);
    if (enable && table.stream() != null) {
      throw Validation.error("Table already has an enabled stream: TableName: " + table.name());
    }
    if (!enable && table.stream() == null) {
      throw Validation.error("Table has no stream to disable: TableName: " + table.name());
    }
  }

  /** Changes a table's stream, which was checked. */
  void stream(ManagedTable table, Members sent) {
    if (sent.flag("StreamEnabled")) {
      catalog.beginStream(table, ViewType.valueOf(sent.text("StreamViewType")));
    } else {
      table.endStream(catalog.now());
    }
    table.begin(Job.STREAM);
    catalog.later(Timing.STREAM, () -> table.end(Job.STREAM));
  }

  /**
   * Changes the class.
   *
   * @return false when it is that already
   */
  boolean tableClass(ManagedTable table, String wanted) {
    Admission.tableClass(table);
    Instant now = catalog.now();
    // Nobody has ever said what it is: that it is the usual one costs nothing.
    if (table.tableClass().said() == null && wanted.equals(TableClass.STANDARD)) {
      return false;
    }
    for (ManagedTable one : ReplicaTables.of(table)) {
      one.tableClass()
          .requireMayChange(
              now, one == table ? "" : "Limit exceeded for replica in " + one.region() + ". ");
    }
    if (table.tableClass().name().equals(wanted)) {
      return false;
    }
    for (ManagedTable one : ReplicaTables.of(table)) {
      beginClass(one, wanted);
    }
    return true;
  }

  void beginClass(ManagedTable table, String wanted) {
    table.tableClass().begin(wanted, catalog.now());
    table.begin(Job.TABLE_CLASS);
    catalog.later(
        Timing.TABLE_CLASS,
        () -> {
          table.tableClass().end(catalog.now());
          table.end(Job.TABLE_CLASS);
        });
  }

  /** Checks new limits of a table on demand. */
  OnDemandLimits limits(ManagedTable table, Members request) {
    OnDemandLimits limits = OnDemandLimits.of(request, "table");
    Admission.limits(table);
    boolean onDemand =
        table.isOnDemand() || "PAY_PER_REQUEST".equals(request.textOrNull(UpdateRules.BILLING));
    if (!onDemand) {
      limits.requireNone("");
    }
    return limits;
  }

  void protection(ManagedTable table, boolean on) {
    if (table.isProtected() == on) {
      return;
    }
    Instant now = catalog.now();
    Instant changed = table.protectionChanged();
    if (changed != null && changed.plus(BETWEEN_PROTECTIONS).isAfter(now)) {
      throw AwsError.badRequest(
          "ThrottlingException",
          "Deletion protection setting for table "
              + table.name()
              + " modified within the previous 15000 milliseconds. Please try again after "
              + changed.plus(BETWEEN_PROTECTIONS));
    }
    table.setProtected(on, now);
  }
}
