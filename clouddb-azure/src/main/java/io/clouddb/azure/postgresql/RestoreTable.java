/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.plan.Plan;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.FieldTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of each field of a restore on a flexible server. Azure makes the new server with the
 * source's "pricing tier, compute generation, number of virtual cores, storage size, backup
 * retention period"; what else is asked for, and what it does not take over, comes by further
 * steps.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore">Backup
 *     and restore</a>
 */
public final class RestoreTable {
  private static final String MOMENT = "properties.pointInTimeUTC";
  private static final String LATEST_ONLY =
      "\"You can restore only to the last available backup data that's available at the paired"
          + " region\" ("
          + BackupTable.PAGE
          + ")";
  private static final String INSTEAD =
      "RestoreSpec.of(instance).latest() there, or this one in the source's region";

  /** Azure tells nothing of what was deleted, so nobody else can name it. */
  static final String REVIVAL =
      "One that was in a private network needs network(privateNetwork(subnet).dnsZone(zone)), and"
          + " one that a key of the customer's encrypted needs encryptionKey(key), and"
          + " Native.customize(ServerInner.class, ...) with the identity that may use it.";

  private static final FieldTable<ServerInner> TABLE =
      FieldTable.of(
          "azure",
          "restores of PostgreSQL flexible server",
          List.of(
              FieldRow.<String, ServerInner>of(RestoreField.NAME, String.class, "name").build(),
              inItsRegion(
                  RestoreField.BACKUP,
                  ResourceId.class,
                  "One that is complete, not before the earliest moment"),
              inItsRegion(RestoreField.MOMENT, Instant.class, "From the earliest moment on"),
              latest(),
              otherRegion(),
              size(),
              availability(),
              SourcedServerRows.privateNetwork(RestoreField.PRIVATE_NETWORK),
              SourcedServerRows.publicAccess(RestoreField.PUBLIC_ACCESS),
              SourcedServerRows.encryptionKey(
                  RestoreField.ENCRYPTION_KEY,
                  "A user assigned identity of the new server's region that may use it: the"
                      + " source's in its region, in another one by"
                      + " Native.customize(ServerInner.class, ...)"),
              SourcedServerRows.deletionProtection(RestoreField.DELETION_PROTECTION),
              parameters(),
              SourcedServerRows.tags(RestoreField.TAGS)));

  private RestoreTable() {}

  static Plan plan(RestoreSpec spec) {
    return TABLE.plan(new Asked(spec, Map.of())).inheriting(inherited(spec));
  }

  /** What Azure takes over, and what it loses and a later step sets again. */
  private static List<Plan.Inherited> inherited(RestoreSpec spec) {
    String again = ", where the source is still there";
    List<Plan.Inherited> all = new ArrayList<>();
    all.add(new Plan.Inherited(InstanceField.ENGINE_VERSION, "the source's major version"));
    all.add(new Plan.Inherited(InstanceField.DATABASE, "all databases, as at the moment"));
    all.add(
        new Plan.Inherited(
            InstanceField.ADMIN_LOGIN, "the logins and their passwords, as at the moment"));
    if (spec.size().isEmpty()) {
      all.add(new Plan.Inherited(InstanceField.SIZE, "the source's"));
    }
    all.add(
        new Plan.Inherited(
            InstanceField.STORAGE_SIZE, "the source's disk, which modify can enlarge afterwards"));
    all.add(new Plan.Inherited(InstanceField.STORAGE_GROWTH, "as the source's disk"));
    if (spec.availability().isEmpty()) {
      all.add(
          new Plan.Inherited(
              InstanceField.AVAILABILITY,
              "Azure restores no standby: a zone-redundant one is made again in the source's"
                  + " region"
                  + again
                  + ", unless a burstable size is asked for; one in the same zone is not"));
    }
    if (spec.network().isEmpty()) {
      all.add(
          new Plan.Inherited(
              InstanceField.PRIVATE_NETWORK,
              "the source's subnet and private DNS zone, in its region" + again + ". " + REVIVAL));
      all.add(
          new Plan.Inherited(
              InstanceField.PUBLIC_ACCESS,
              "Azure loses the firewall rules: the source's are made again"
                  + again
                  + ". One without public access is made again without, and nobody reaches it"
                  + " until it has private endpoints of its own"));
    }
    if (spec.encryptionKey().isEmpty()) {
      all.add(
          new Plan.Inherited(InstanceField.ENCRYPTION_KEY, "the source's, in its region" + again));
    }
    all.add(
        new Plan.Inherited(
            InstanceField.BACKUP_RETENTION,
            "the source's, which modify can change afterwards; backups themselves begin anew"));
    all.add(
        new Plan.Inherited(
            InstanceField.GEO_REDUNDANT_BACKUP,
            "asked for as the source has it"
                + again
                + ", but in another region not beside a key of the customer's, nor where Azure has"
                + " none; else the backups stay in the new server's region for good, unless"
                + " Native.customize(ServerInner.class, ...) asks for more"));
    all.add(
        new Plan.Inherited(
            InstanceField.PARAMETERS,
            "Azure loses them: those of the source that were set are set again"
                + again
                + "; one that is stopped tells none, and is refused unless"
                + " preferring(RestoreField.PARAMETERS) does without"));
    all.add(
        new Plan.Inherited(
            InstanceField.MAINTENANCE_WINDOW,
            "Azure loses it: one of the source's own is set again" + again));
    all.add(
        new Plan.Inherited(
            InstanceField.TAGS, "the source's beside those that are asked for" + again));
    return all;
  }

  /** Puts a spec, whose plan is feasible, into the PUT of a new server. */
  static ServerInner write(ServerInner request, RestoreSpec spec) {
    return TABLE.write(ServerInner.class, request, new Asked(spec, Map.of()));
  }

  /**
   * Tells whether restores of flexible servers have a feature.
   *
   * @param feature the feature
   * @param context for which engine
   * @return the answer; empty when it is none of restores
   */
  public static Optional<Support> support(Feature feature, FeatureContext context) {
    return Arrays.stream(RestoreField.values())
        .filter(field -> Feature.of(field).equals(feature))
        .findFirst()
        .map(field -> ServerFields.support(TABLE, field, context));
  }

  private static <V> FieldRow<V, ServerInner> inItsRegion(
      RestoreField field, Class<V> type, String condition) {
    return FieldRow.<V, ServerInner>of(field, type, MOMENT)
        .only(SourcedServerRows.looked(condition))
        .only(
            "In the source's region, while the source is there",
            (value, asked) ->
                asked.has(RestoreField.OTHER_REGION) ? Optional.of(LATEST_ONLY) : Optional.empty(),
            INSTEAD)
        .shown(
            (value, asked) -> value instanceof ResourceId id ? "the moment of " + id.name() : value)
        .build();
  }

  private static FieldRow<Boolean, ServerInner> latest() {
    return FieldRow.<Boolean, ServerInner>of(
            RestoreField.LATEST, Boolean.class, "properties.createMode")
        .shown(
            (on, asked) ->
                asked.has(RestoreField.OTHER_REGION)
                    ? "GeoRestore"
                    : "PointInTimeRestore, or ReviveDropped of a server that was deleted less than"
                        + " five days ago")
        .build();
  }

  private static FieldRow<String, ServerInner> otherRegion() {
    return FieldRow.<String, ServerInner>of(
            RestoreField.OTHER_REGION, String.class, "properties.createMode")
        .only(
            SourcedServerRows.looked(
                "The paired region, of a server that was created with geo-redundant backup more"
                    + " than an hour ago"))
        .only(
            "To the latest only",
            (region, asked) ->
                asked.has(RestoreField.LATEST) ? Optional.empty() : Optional.of(LATEST_ONLY),
            INSTEAD)
        .shown((region, asked) -> "GeoRestore")
        .build();
  }

  /** By a change after the restore: the request for it cannot choose. */
  private static FieldRow<InstanceSize, ServerInner> size() {
    return SourcedServerRows.size(
            RestoreField.SIZE,
            "Standard_B2s, Standard_D2ds_v5 or Standard_E2ds_v5",
            RestoreTable::sku)
        .noted((size, asked) -> Optional.of("by a change after the restore"))
        .build();
  }

  private static Optional<Sku> sku(InstanceSize size, Asked asked) {
    return ServerSizes.sku(
        size,
        asked.value(RestoreField.AVAILABILITY, Availability.class).orElse(Availability.ZONAL));
  }

  private static FieldRow<Availability, ServerInner> availability() {
    return FieldRow.<Availability, ServerInner>of(
            RestoreField.AVAILABILITY, Availability.class, "properties.highAvailability.mode")
        .only(
            "A standby needs a size that is not burstable",
            (availability, asked) ->
                availability == Availability.REGIONAL && isBurstable(asked)
                    ? Optional.of("burstable servers have no standby")
                    : Optional.empty(),
            "a General Purpose size such as Standard_D2ds_v5")
        .shown((availability, asked) -> EngineFields.mode(availability))
        .noted(
            (availability, asked) ->
                availability == Availability.REGIONAL
                    ? Optional.of("by a change after the restore")
                    : Optional.empty())
        .build();
  }

  private static boolean isBurstable(Asked asked) {
    return asked
        .value(RestoreField.SIZE, InstanceSize.class)
        .flatMap(size -> sku(size, asked))
        .filter(RestoreTable::isBurstable)
        .isPresent();
  }

  private static boolean isBurstable(Sku sku) {
    return SkuTier.BURSTABLE.equals(sku.tier());
  }

  /** Whether a size is asked for, without an availability, that can have no standby. */
  static boolean isBurstable(RestoreSpec spec) {
    return spec.size()
        .flatMap(size -> ServerSizes.sku(size, Availability.ZONAL))
        .filter(RestoreTable::isBurstable)
        .isPresent();
  }

  @SuppressWarnings("unchecked") // A class cannot say what a map is of.
  private static FieldRow<Map<String, String>, ServerInner> parameters() {
    return FieldRow.<Map<String, String>, ServerInner>of(
            RestoreField.PARAMETERS,
            (Class<Map<String, String>>) (Class<?>) Map.class,
            "configurations")
        .only(
            "No name twice but for case",
            (named, asked) -> CaselessNames.whyNot(named),
            "one of the two only")
        .build();
  }
}
