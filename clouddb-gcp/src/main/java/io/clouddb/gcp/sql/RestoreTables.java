/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.InstanceField;
import io.clouddb.plan.Plan;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.FieldTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What Cloud SQL makes of what is restored. A backup is put into a new instance by {@code
 * instances.restoreBackup}: <a
 * href="https://cloud.google.com/sql/docs/postgres/backup-recovery/restoring">Restore an
 * instance</a>. A moment becomes one by {@code instances.clone}, which takes over the settings of
 * its source, and is changed then: <a
 * href="https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr">Perform point-in-time
 * recovery</a>.
 */
final class RestoreTables {
  private static final String CLONE = "cloneContext.";

  private static final FieldTable<DatabaseInstance> TABLE =
      FieldTable.of(
          "gcp",
          "what Cloud SQL restores",
          List.of(
              NewInstanceRows.name(RestoreField.NAME, "name"),
              FieldRow.<ResourceId, DatabaseInstance>of(
                      RestoreField.BACKUP, ResourceId.class, "backup")
                  .shown((backup, asked) -> backup.name())
                  .build(),
              FieldRow.<Instant, DatabaseInstance>of(
                      RestoreField.MOMENT, Instant.class, CLONE + "pointInTime")
                  .build(),
              FieldRow.<Boolean, DatabaseInstance>of(
                      RestoreField.LATEST, Boolean.class, CLONE + "pointInTime")
                  .shown((latest, asked) -> "the latest recovery time")
                  .build(),
              otherRegion(),
              NewInstanceRows.size(RestoreField.SIZE, true),
              NewInstanceRows.availability(RestoreField.AVAILABILITY)
                  .shown(BackupFields::shownWithStandby)
                  .to(
                      DatabaseInstance.class,
                      (body, availability, asked) ->
                          BackupFields.write(body.getSettings(), availability))
                  .build(),
              NewInstanceRows.privateNetwork(
                  RestoreField.PRIVATE_NETWORK, "A VPC; of a moment, that of its source"),
              NewInstanceRows.publicAccess(RestoreField.PUBLIC_ACCESS)
                  .noted(
                      (network, asked) ->
                          isClone(asked)
                              ? Optional.of(NewInstanceRows.STAYS_INSIDE)
                              : Optional.empty())
                  .build(),
              encryptionKey(),
              NewInstanceRows.deletionProtection(RestoreField.DELETION_PROTECTION),
              parameters(),
              NewInstanceRows.tags(RestoreField.TAGS)));

  private RestoreTables() {}

  private static boolean isClone(Asked asked) {
    return !asked.has(RestoreField.BACKUP);
  }

  /** What becomes of a spec, and what is its source's whatever is asked. */
  static Plan plan(RestoreSpec spec, Place place) {
    return TABLE.plan(new Asked(spec, place)).inheriting(inherited(spec));
  }

  /** Puts what is asked for into a body whose settings have what is the source's. */
  static void write(DatabaseInstance body, RestoreSpec spec, Place place) {
    TABLE.write(DatabaseInstance.class, body, new Asked(spec, place));
  }

  /** Whether there is a feature of restores; empty when it is none of theirs. */
  static Optional<Support> supports(Feature feature, FeatureContext context) {
    for (RestoreField field : RestoreField.values()) {
      if (feature.equals(Feature.of(field))) {
        return Optional.of(TABLE.support(field, context));
      }
    }
    return Optional.empty();
  }

  private static FieldRow<String, DatabaseInstance> otherRegion() {
    return FieldRow.<String, DatabaseInstance>of(RestoreField.OTHER_REGION, String.class, "region")
        .only(
            "A backup; a moment in its own region only",
            (region, asked) ->
                isClone(asked)
                    ? Optional.of(
                        "Cloud SQL restores a moment only in the project and the region of its"
                            + " instance, which is in "
                            + region)
                    : Optional.empty(),
            "a backup, which is restored in any region: RestoreSpec.from(backup)")
        .shown((region, asked) -> asked.facts(Place.class).region())
        .build();
  }

  private static FieldRow<String, DatabaseInstance> encryptionKey() {
    return NewInstanceRows.encryptionKey(
            RestoreField.ENCRYPTION_KEY, "A Cloud KMS key of the new instance's region")
        .only(
            "Of a backup; a moment has the key of its source",
            (key, asked) ->
                isClone(asked)
                    ? Optional.of("a clone is encrypted as its source is")
                    : Optional.empty(),
            "a backup: RestoreSpec.from(backup)")
        .build();
  }

  @SuppressWarnings("rawtypes") // A class is of no parameters.
  private static FieldRow<Map, DatabaseInstance> parameters() {
    return FieldRow.<Map, DatabaseInstance>of(
            RestoreField.PARAMETERS, Map.class, "settings.databaseFlags")
        .only(
            "Database flags of Cloud SQL, and none that another field sets",
            (parameters, asked) -> Flags.setElsewhere(texts(parameters)),
            "the other field")
        .to(
            DatabaseInstance.class,
            (body, parameters, asked) -> Flags.add(body.getSettings(), texts(parameters)))
        .build();
  }

  private static Map<String, String> texts(Map<?, ?> map) {
    Map<String, String> texts = new TreeMap<>();
    map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
    return texts;
  }

  private static List<Plan.Inherited> inherited(RestoreSpec spec) {
    boolean clone = spec.backup().isEmpty();
    String there = clone ? "as its source has it" : "as the backup says";
    List<Plan.Inherited> all = new ArrayList<>();
    all.add(
        new Plan.Inherited(
            InstanceField.ENGINE_VERSION,
            "\"The target instance must have the same database version\""));
    all.add(
        new Plan.Inherited(
            InstanceField.ADMIN_LOGIN, "users and their passwords are those of the data"));
    all.add(new Plan.Inherited(InstanceField.DATABASE, "databases are those of the data"));
    all.add(
        new Plan.Inherited(
            InstanceField.STORAGE_SIZE, "the disk is as large as that of the source, or larger"));
    all.add(new Plan.Inherited(InstanceField.STORAGE_TYPE, there + ", where the size has it"));
    all.add(new Plan.Inherited(InstanceField.TLS, there));
    all.add(
        new Plan.Inherited(
            InstanceField.BACKUPS,
            there
                + (clone ? "" : ", set again since a restore sets the defaults")
                + "; no backup that there is comes along"));
    all.add(
        new Plan.Inherited(
            InstanceField.MAINTENANCE_WINDOW,
            clone ? "lost by the clone, and set again as its source has it" : there));
    all.add(new Plan.Inherited(InstanceField.INSIGHTS, there));
    all.add(new Plan.Inherited(InstanceField.LOGICAL_REPLICATION, there));
    all.add(new Plan.Inherited(InstanceField.TAGS, there + ", beside those that are asked for"));
    if (clone) {
      all.add(new Plan.Inherited(InstanceField.ENCRYPTION_KEY, there));
    }
    return all;
  }
}
