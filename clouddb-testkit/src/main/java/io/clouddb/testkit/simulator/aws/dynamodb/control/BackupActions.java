/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.backup.Backup;
import io.clouddb.testkit.simulator.aws.dynamodb.backup.Backups;
import io.clouddb.testkit.simulator.aws.dynamodb.backup.Contents;
import io.clouddb.testkit.simulator.aws.dynamodb.backup.Recovery;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Backups on demand, and whether a table may be restored to any moment. */
final class BackupActions {
  private static final int PAGE = 100;

  /** What a new table cannot be backed up in. */
  private static final Duration BEGINS = Duration.ofSeconds(3);

  private static final Duration SYSTEM_KEPT = Duration.ofDays(35);
  private static final Duration SYSTEM_MADE = Duration.ofSeconds(8);
  private static final Pattern ARN =
      Pattern.compile("arn:[a-z-]+:dynamodb:[a-z0-9-]+:([0-9]{12}):table/[^/]+/backup/[0-9a-f-]+");

  private final TableCatalog catalog;
  private final Backups backups;

  /** The ARNs of those from which a table is being restored. */
  private final Set<String> used = new HashSet<>();

  BackupActions(TableCatalog catalog, Backups backups) {
    this.catalog = catalog;
    this.backups = backups;
  }

  /** A table that can be backed up. Whoever calls holds the catalog's lock. */
  private ManagedTable table(String region, String nameOrArn) {
    ManagedTable table =
        catalog
            .find(region, nameOrArn)
            .filter(found -> !found.isCreating())
            .orElseThrow(
                () -> Refusals.noTableToRecover(catalog.tables().nameOf(region, nameOrArn)));
    Instant active = table.active();
    if (active != null && catalog.now().isBefore(active.plus(BEGINS))) {
      throw AwsError.badRequest(
          "ContinuousBackupsUnavailableException",
          "Backups are being enabled for the table: " + table.name() + ". Please retry later");
    }
    return table;
  }

  Answer create(ModelCall call) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    synchronized (catalog) {
      ManagedTable table = table(call.region(), call.members().text("TableName"));
      if (table.encryption().isInaccessible() && table.encryption().key() != null) {
        throw MasterKeys.disabledError(table.encryption().key());
      }
      String suffix = catalog.engine().newId().replace("-", "");
      Backup backup =
          backup(
              table,
              call.members().text("BackupName"),
              "USER",
              null,
              suffix.substring(0, Math.min(suffix.length(), 8)));
      backups.add(backup);
      result.set("BackupDetails", backup.details("CREATING"));
    }
    return Answer.of(result);
  }

  private Backup backup(
      ManagedTable table, String name, String type, @Nullable Instant expires, String suffix) {
    Instant now = catalog.now();
    table.statistics().refresh(table.table().items(), table.table().created(), now);
    boolean own = type.equals("USER");
    return new Backup(
        table.region(),
        table.table().arn()
            + "/backup/"
            + String.format("%014d", now.toEpochMilli())
            + "-"
            + suffix,
        name,
        type,
        now,
        expires,
        table.statistics().ofTable().bytes(),
        TableBlueprint.source(table),
        own ? TableBlueprint.features(table, now) : JsonNodeFactory.instance.objectNode(),
        TableBlueprint.of(table),
        Contents.of(table.table().items()));
  }

  /** The service backs up a table that it could restore to any moment, when it is deleted. */
  void keep(ManagedTable table) {
    if (table.recovery().isEnabled()) {
      Backup last =
          backup(
              table,
              table.name() + "$DeletedTableBackup",
              "SYSTEM",
              catalog.now().plus(SYSTEM_KEPT),
              "00000000");
      catalog.later(
          SYSTEM_MADE,
          () -> {
            // Who disables it meanwhile has none.
            if (table.recovery().isEnabled()) {
              backups.add(last);
              table.recovery().disable();
            }
          });
    }
  }

  Backup backup(String region, String arn) {
    var matcher = ARN.matcher(arn);
    if (!matcher.matches()) {
      throw Validation.error("Invalid Backup ARN");
    }
    if (!matcher.group(1).equals(catalog.account())) {
      throw AwsError.badRequest("AccessDeniedException", "Access is denied");
    }
    return backups
        .find(arn)
        .filter(backup -> region.isEmpty() || backup.region().equals(region))
        .orElseThrow(
            () -> AwsError.badRequest("BackupNotFoundException", "Backup not found: " + arn));
  }

  Answer describe(ModelCall call) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.set(
        "BackupDescription",
        backup(call.region(), call.members().text("BackupArn")).described("AVAILABLE"));
    return Answer.of(result);
  }

  Answer delete(ModelCall call) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    synchronized (catalog) {
      Backup backup = backup(call.region(), call.members().text("BackupArn"));
      if (backup.type().equals("SYSTEM")) {
        throw Validation.error(
            "Invalid Request: User is not allowed to delete the system backup with arn "
                + backup.arn()
                + ". It will automatically expire on "
                + backup.expires());
      }
      if (used.contains(backup.arn())) {
        throw inUse("Backup is being used to restore table: " + backup.arn());
      }
      backups.remove(backup);
      result.set("BackupDescription", backup.described("DELETED"));
    }
    return Answer.of(result);
  }

  private static AwsError inUse(String text) {
    return AwsError.badRequest("BackupInUseException", text);
  }

  /** Has a backup used by one restoration at a time. Whoever calls holds the catalog's lock. */
  void use(Backup backup) {
    if (used.contains(backup.arn())) {
      throw inUse("Backup is being used to restore another table: " + backup.arn());
    }
    used.add(backup.arn());
  }

  void release(Backup backup) {
    used.remove(backup.arn());
  }

  Answer list(ModelCall call) {
    Members request = call.members();
    String table = request.textOrNull("TableName");
    String name = table == null ? null : catalog.tables().nameOf(call.region(), table);
    String type = request.textOrNull("BackupType");
    String after = request.textOrNull("ExclusiveStartBackupArn");
    Double lower = request.decimalOrNull("TimeRangeLowerBound");
    Double upper = request.decimalOrNull("TimeRangeUpperBound");
    if (lower != null && upper != null && lower > upper) {
      throw Validation.parameter(
          "Time range lower bound must be less than or equal to upper bound");
    }
    long limit = request.whole("Limit", PAGE);
    List<Backup> found =
        backups.in(call.region()).stream()
            .filter(
                backup -> name == null || name.equals(backup.source().path("TableName").asText()))
            .filter(
                backup -> "ALL".equals(type) || backup.type().equals(type == null ? "USER" : type))
            .filter(backup -> lower == null || Json.seconds(backup.created()) >= lower)
            .filter(backup -> upper == null || Json.seconds(backup.created()) < upper)
            .filter(backup -> after == null || isAfter(backup.arn(), after))
            .toList();
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode list = result.putArray("BackupSummaries");
    found.stream().limit(limit).forEach(backup -> list.add(backup.summary()));
    if (found.size() > limit) {
      result.put("LastEvaluatedBackupArn", found.get((int) limit - 1).arn());
    }
    return Answer.of(result);
  }

  /** A place in the list need not be a backup that is there: the time in its ARN is what counts. */
  private static boolean isAfter(String arn, String place) {
    String own = arn.substring(arn.lastIndexOf('/') + 1);
    String other = place.substring(place.lastIndexOf('/') + 1);
    int order = own.compareTo(other);
    return order > 0 || (order == 0 && arn.compareTo(place) > 0);
  }

  Answer updateContinuous(ModelCall call) {
    Members sent = call.members().members("PointInTimeRecoverySpecification");
    boolean on = sent.flag("PointInTimeRecoveryEnabled");
    if (!on && sent.has("RecoveryPeriodInDays")) {
      throw Validation.error(
          "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time"
              + " recovery.");
    }
    synchronized (catalog) {
      ManagedTable table = table(call.region(), call.members().text("TableName"));
      Recovery recovery = table.recovery();
      if (on) {
        int days =
            (int)
                sent.whole(
                    "RecoveryPeriodInDays", recovery.isEnabled() ? recovery.days() : Recovery.DAYS);
        // The service says it to the second.
        recovery.enable(days, catalog.now());
      } else if (recovery.isEnabled()) {
        recovery.disable();
      }
      return described(table);
    }
  }

  Answer describeContinuous(ModelCall call) {
    synchronized (catalog) {
      String name = call.members().text("TableName");
      ManagedTable table =
          catalog
              .find(call.region(), name)
              .filter(found -> !found.isCreating())
              .orElseThrow(
                  () -> Refusals.noTableToRecover(catalog.tables().nameOf(call.region(), name)));
      return described(table);
    }
  }

  private Answer described(ManagedTable table) {
    Instant now = catalog.now();
    Instant active = table.active();
    Recovery recovery = table.recovery();
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    boolean begun = active != null && !now.isBefore(active.plus(BEGINS));
    ObjectNode described =
        result
            .putObject("ContinuousBackupsDescription")
            .put("ContinuousBackupsStatus", begun ? "ENABLED" : "DISABLED");
    ObjectNode moments =
        described
            .putObject("PointInTimeRecoveryDescription")
            .put("PointInTimeRecoveryStatus", recovery.isEnabled() ? "ENABLED" : "DISABLED");
    if (recovery.isEnabled()) {
      moments
          .put("RecoveryPeriodInDays", recovery.days())
          .put("EarliestRestorableDateTime", recovery.earliest(now).getEpochSecond())
          .put("LatestRestorableDateTime", recovery.latest(now).getEpochSecond());
    }
    return Answer.of(result);
  }
}
