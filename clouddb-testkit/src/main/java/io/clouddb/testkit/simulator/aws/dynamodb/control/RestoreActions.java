/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.backup.Backup;
import io.clouddb.testkit.simulator.aws.dynamodb.backup.Contents;
import io.clouddb.testkit.simulator.aws.dynamodb.backup.Recovery;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.TableDefinition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes new tables of what others were. */
final class RestoreActions {
  private static final String LATEST = "UseLatestRestorableTime";
  private static final String MOMENT = "RestoreDateTime";
  private static final double MILLIS = 1000.0;
  private static final Pattern ARN =
      Pattern.compile("arn:[a-z-]+:dynamodb:([a-z0-9-]+):([0-9]{12}):table/([^/]+)");

  private final TableCatalog catalog;
  private final BackupActions backups;

  RestoreActions(TableCatalog catalog, BackupActions backups) {
    this.catalog = catalog;
    this.backups = backups;
  }

  Answer fromBackup(ModelCall call) {
    Members request = call.members();
    synchronized (catalog) {
      Backup backup = backups.backup("", request.text("BackupArn"));
      if (!(backup.blueprint() instanceof TableBlueprint source)) {
        throw new IllegalStateException("A backup of something else: " + backup.arn());
      }
      ManagedTable table =
          begin(
              call,
              backup.region(),
              source,
              new ManagedTable.RestoreSummary(backup.arn(), source.arn(), backup.created()));
      backups.use(backup);
      return add(
          table,
          () -> {
            backups.release(backup);
            return backup.contents();
          });
    }
  }

  Answer toPointInTime(ModelCall call) {
    Members request = call.members();
    boolean latest = request.flag(LATEST);
    Double seconds = request.decimalOrNull(MOMENT);
    if (latest && seconds != null) {
      throw RestoreOverrides.invalid(
          "Both RestoreDateTime and UseLatestRestorableTime cannot be set for point-in-time restore"
              + " request. Please provide only one of them.");
    }
    if (!latest && seconds == null) {
      throw RestoreOverrides.invalid(
          "Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not"
              + " both");
    }
    synchronized (catalog) {
      ManagedTable source = source(call);
      Recovery recovery = source.recovery();
      if (!recovery.isEnabled()) {
        throw AwsError.badRequest(
            "PointInTimeRecoveryUnavailableException",
            "Point in time recovery is not enabled for table '" + source.name() + "'");
      }
      Instant moment = moment(recovery, seconds);
      ManagedTable table =
          begin(
              call,
              source.region(),
              TableBlueprint.of(source),
              new ManagedTable.RestoreSummary(null, source.table().arn(), moment));
      Contents contents = recovery.at(moment);
      return add(table, () -> contents);
    }
  }

  private Instant moment(Recovery recovery, @Nullable Double seconds) {
    Instant now = catalog.now();
    Instant last = recovery.latest(now);
    if (seconds == null) {
      return last;
    }
    Instant moment = Instant.ofEpochMilli(Math.round(seconds * MILLIS));
    // Its descriptions have whole seconds, and what they say can be asked for.
    Instant first = recovery.earliest(now).truncatedTo(ChronoUnit.SECONDS);
    if (moment.isBefore(first) || moment.isAfter(last)) {
      throw AwsError.badRequest(
          "InvalidRestoreTimeException",
          "RestoreDateTime '"
              + moment
              + "' must be within EarliestRestorableDateTime '"
              + first
              + "' and LatestRestorableDateTime '"
              + last.truncatedTo(ChronoUnit.SECONDS)
              + "'");
    }
    return moment;
  }

  /** Whoever calls holds the catalog's lock. */
  private ManagedTable source(ModelCall call) {
    String name = call.members().textOrNull("SourceTableName");
    String arn = call.members().textOrNull("SourceTableArn");
    if ((name == null) == (arn == null)) {
      throw Validation.error("Must provide exactly one of: sourceTableArn, sourceTableName");
    }
    String region = call.region();
    if (arn != null) {
      Matcher matcher = ARN.matcher(arn);
      if (!matcher.matches()) {
        throw Validation.error("Invalid SourceTableArn");
      }
      if (!matcher.group(2).equals(catalog.account())) {
        throw AwsError.badRequest("AccessDeniedException", "Access is denied");
      }
      region = matcher.group(1);
      name = matcher.group(3);
    }
    String sought = name == null ? "" : name;
    return catalog
        .find(region, sought)
        .filter(table -> !table.isCreating())
        .orElseThrow(() -> Refusals.noTableToRecover(sought));
  }

  private void requireFree(String region, String name) {
    catalog
        .find(region, name)
        .ifPresent(
            table -> {
              ManagedTable.RestoreSummary summary = table.restore();
              if (table.isCreating() && summary != null) {
                String from = summary.backup() == null ? summary.source() : summary.backup();
                throw AwsError.badRequest(
                    "TableInUseException",
                    "Table: " + name + " is already being restored from backup: " + from);
              }
              throw AwsError.badRequest(
                  "TableAlreadyExistsException", "Table already exists: " + name);
            });
    catalog.requireRoom(region);
  }

  private ManagedTable begin(
      ModelCall call, String from, TableBlueprint source, ManagedTable.RestoreSummary summary) {
    Members request = call.members();
    String region = call.region();
    RestoreOverrides overrides = RestoreOverrides.of(source, request);
    List<IndexDefinition> indexes = overrides.indexes();
    Map<String, Throughput> indexThroughput = overrides.indexThroughput();
    Throughput throughput = overrides.throughput();
    @Nullable String key = overrides.key(from, region, catalog.keys());
    String name = request.text("TargetTableName");
    requireFree(region, name);
    ManagedTable table =
        new ManagedTable(
            catalog.newTable(
                region, catalog.newItems(new TableDefinition(name, source.keys(), indexes))),
            throughput,
            WarmThroughput.first(throughput, overrides.isOnDemand()),
            new Encryption(key),
            new TableClass(null));
    for (IndexDefinition index : indexes) {
      if (index.global()) {
        Throughput own = indexThroughput.getOrDefault(index.name(), new Throughput(0, 0));
        table
            .indexes()
            .put(
                index.name(),
                new ManagedIndex(
                    index,
                    own,
                    WarmThroughput.first(own, overrides.isOnDemand()),
                    OnDemandLimits.NONE,
                    false));
      }
    }
    // Documented: a restored table shows how it is paid, provisioned too.
    table.setBilling(overrides.isOnDemand(), true, null);
    table.setLimits(overrides.limits());
    table.applyThroughput();
    table.setRestore(summary);
    return table;
  }

  private Answer add(ManagedTable table, java.util.function.Supplier<Contents> contents) {
    catalog.add(table);
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.set("TableDescription", TableDescription.of(table, catalog.now()));
    catalog.later(
        Timing.RESTORE,
        () -> {
          contents.get().fill(table.table().items());
          CreateTable.activate(table, catalog.now());
        });
    return Answer.of(result);
  }
}
