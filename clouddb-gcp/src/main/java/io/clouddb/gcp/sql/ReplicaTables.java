/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.FieldTable;
import java.util.List;
import java.util.Optional;

/**
 * What Cloud SQL makes of a replica's spec and of a promotion: by <a
 * href="https://cloud.google.com/sql/docs/postgres/replication">About replication in Cloud SQL</a>
 * and <a href="https://cloud.google.com/sql/docs/postgres/use-advanced-disaster-recovery">Use
 * advanced disaster recovery</a>.
 */
final class ReplicaTables {
  private static final String PROVIDER = "gcp";
  private static final String DISASTER_RECOVERY =
      "The replica is its primary's disaster recovery replica, in another region, and both are of"
          + " the edition ENTERPRISE_PLUS";

  private static final FieldTable<DatabaseInstance> SPEC =
      FieldTable.of(
          PROVIDER,
          "Cloud SQL's read replicas",
          List.of(
              NewInstanceRows.name(ReplicaField.NAME, "name"),
              source(),
              NewInstanceRows.size(ReplicaField.SIZE, false),
              NewInstanceRows.availability(ReplicaField.AVAILABILITY).build(),
              NewInstanceRows.privateNetwork(ReplicaField.PRIVATE_NETWORK, "The VPC of its source"),
              NewInstanceRows.publicAccess(ReplicaField.PUBLIC_ACCESS)
                  .noted((network, asked) -> Optional.of(NewInstanceRows.STAYS_INSIDE))
                  .build(),
              NewInstanceRows.encryptionKey(
                      ReplicaField.ENCRYPTION_KEY,
                      "A Cloud KMS key of the replica's region, where its source has a key too")
                  .build(),
              NewInstanceRows.deletionProtection(ReplicaField.DELETION_PROTECTION),
              NewInstanceRows.tags(ReplicaField.TAGS)));

  private static final FieldTable<DatabaseInstance> PROMOTION =
      FieldTable.of(
          PROVIDER,
          "Cloud SQL's promotions",
          List.of(
              form(ReplicaField.STANDALONE, "instances.promoteReplica").build(),
              form(ReplicaField.STANDALONE_FORCED, "instances.promoteReplica").build(),
              form(ReplicaField.SWITCHOVER, "instances.switchover")
                  .only(
                      DISASTER_RECOVERY + "; one that has none yet is given this replica as such",
                      (form, asked) -> Optional.empty(),
                      "")
                  .build(),
              form(ReplicaField.SWITCHOVER_FORCED, "instances.promoteReplica.failover")
                  .only(DISASTER_RECOVERY, (form, asked) -> Optional.empty(), "")
                  .build()));

  private ReplicaTables() {}

  static Plan plan(ReplicaSpec spec, Place place) {
    return SPEC.plan(new Asked(spec, place));
  }

  static Plan plan(Promotion promotion, Place place) {
    return PROMOTION.plan(new Asked(promotion, place));
  }

  /** Puts what is asked for into the body of an insert, over what is its source's. */
  static void write(DatabaseInstance body, Specification spec, Place place) {
    SPEC.write(DatabaseInstance.class, body, new Asked(spec, place));
  }

  /** Whether there is a feature of replicas; empty when it is none of theirs. */
  static Optional<Support> supports(Feature feature, FeatureContext context) {
    for (ReplicaField field : ReplicaField.values()) {
      if (feature.equals(Feature.of(field))) {
        return Optional.of(
            feature.id().startsWith("replica.promote.")
                ? PROMOTION.support(field, context)
                : SPEC.support(field, context));
      }
    }
    return Optional.empty();
  }

  private static FieldRow.Builder<Promotion.Form, DatabaseInstance> form(
      ReplicaField field, String method) {
    return FieldRow.of(field, Promotion.Form.class, method);
  }

  private static FieldRow<ResourceId, DatabaseInstance> source() {
    return FieldRow.<ResourceId, DatabaseInstance>of(
            ReplicaField.SOURCE, ResourceId.class, "masterInstanceName")
        .only(
            "An instance of the same project, in any region",
            (source, asked) ->
                source.account().equals(asked.facts(Place.class).project())
                    ? Optional.empty()
                    : Optional.of("a replica is made in the project of its source"),
            "the cloud of the source's project")
        .shown((source, asked) -> source.name())
        .to(
            DatabaseInstance.class,
            (body, source, asked) -> body.setMasterInstanceName(source.name()))
        .build();
  }
}
