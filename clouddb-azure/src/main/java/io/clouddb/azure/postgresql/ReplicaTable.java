/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.CreateMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceSize;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.FieldTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of each field of a replica's spec on a flexible server, and of each form of
 * promotion.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas">Read
 *     replicas</a>
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas-promote">Promote
 *     read replicas</a>
 */
public final class ReplicaTable {
  static final int MOST_REPLICAS = 5;

  private static final String PAGE =
      "https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas";

  private static final FieldTable<ServerInner> TABLE =
      FieldTable.of(
          "azure",
          "replicas of PostgreSQL flexible server",
          List.of(
              FieldRow.<String, ServerInner>of(ReplicaField.NAME, String.class, "name").build(),
              source(),
              size(),
              availability(),
              SourcedServerRows.privateNetwork(ReplicaField.PRIVATE_NETWORK),
              SourcedServerRows.publicAccess(ReplicaField.PUBLIC_ACCESS),
              SourcedServerRows.encryptionKey(
                  ReplicaField.ENCRYPTION_KEY,
                  "A user assigned identity of the replica's region that may use it: that of the"
                      + " source in its region, in another one by"
                      + " Native.customize(ServerInner.class, ...)"),
              SourcedServerRows.deletionProtection(ReplicaField.DELETION_PROTECTION),
              SourcedServerRows.tags(ReplicaField.TAGS),
              promotion(ReplicaField.STANDALONE, "Standalone, Planned").build(),
              promotion(ReplicaField.STANDALONE_FORCED, "Standalone, Forced").build(),
              switchover(ReplicaField.SWITCHOVER, "Switchover, Planned"),
              switchover(ReplicaField.SWITCHOVER_FORCED, "Switchover, Forced")));

  private ReplicaTable() {}

  static Plan plan(Specification asked) {
    return TABLE.plan(new Asked(asked, Map.of()));
  }

  /** Puts a spec, whose plan is feasible, into the PUT of a new server. */
  static ServerInner write(ServerInner request, ReplicaSpec spec) {
    return TABLE.write(ServerInner.class, request, new Asked(spec, Map.of()));
  }

  /**
   * Tells whether replicas of flexible servers have a feature.
   *
   * @param feature the feature
   * @param context for which engine
   * @return the answer; empty when it is none of replicas
   */
  public static Optional<Support> support(Feature feature, FeatureContext context) {
    return Arrays.stream(ReplicaField.values())
        .filter(field -> Feature.of(field).equals(feature))
        .findFirst()
        .map(field -> ServerFields.support(TABLE, field, context));
  }

  private static FieldRow<ResourceId, ServerInner> source() {
    return FieldRow.<ResourceId, ServerInner>of(
            ReplicaField.SOURCE, ResourceId.class, "properties.sourceServerResourceId")
        .only(
            SourcedServerRows.looked(
                "A server that is ready, General Purpose or Memory Optimized, and has less than "
                    + MOST_REPLICAS
                    + " replicas"))
        .limit("replicas.max", MOST_REPLICAS)
        .shown((source, asked) -> ServerArmId.of(source))
        .to(
            ServerInner.class,
            (request, source, asked) ->
                request
                    .withCreateMode(CreateMode.REPLICA)
                    .withSourceServerResourceId(ServerArmId.of(source).toString()))
        .build();
  }

  private static FieldRow<InstanceSize, ServerInner> size() {
    return SourcedServerRows.size(
            ReplicaField.SIZE, "Standard_D2ds_v5 or Standard_E2ds_v5", (size, asked) -> sku(size))
        .only(
            "General Purpose or Memory Optimized, at least the vCores of its source",
            (size, asked) ->
                sku(size).map(sku -> SkuTier.BURSTABLE.equals(sku.tier())).orElse(false)
                    ? Optional.of("the Burstable tier has no read replicas (" + PAGE + ")")
                    : Optional.empty(),
            "a General Purpose size such as Standard_D2ds_v5")
        .to(ServerInner.class, (request, size, asked) -> request.withSku(sku(size).orElseThrow()))
        .build();
  }

  /** One that is not burstable, as a server with a standby has, unless it is asked for by name. */
  private static Optional<Sku> sku(InstanceSize size) {
    return ServerSizes.sku(size, Availability.REGIONAL);
  }

  private static FieldRow<Availability, ServerInner> availability() {
    return FieldRow.<Availability, ServerInner>of(
            ReplicaField.AVAILABILITY, Availability.class, "properties.highAvailability.mode")
        .shown((value, asked) -> "Disabled")
        .without(Availability.ZONAL)
        .lacking(
            "\"High Availability (HA)\" is among the \"unsupported features on read replicas\" ("
                + PAGE
                + ")",
            "availability ZONAL, and a standby by modify after it was promoted");
  }

  private static FieldRow.Builder<Promotion.Form, ServerInner> promotion(
      ReplicaField field, String words) {
    return FieldRow.<Promotion.Form, ServerInner>of(
            field, Promotion.Form.class, "properties.replica")
        .shown((form, asked) -> words);
  }

  private static FieldRow<Promotion.Form, ServerInner> switchover(
      ReplicaField field, String words) {
    return promotion(field, words)
        .only(
            SourcedServerRows.looked(
                "Of servers of one tier, size and disk, where no virtual endpoint of the source"
                    + " reads from another server"))
        .build();
  }
}
