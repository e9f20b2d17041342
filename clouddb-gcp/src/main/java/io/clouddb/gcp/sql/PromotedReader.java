/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.ResourceId;
import io.clouddb.instance.Instance;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.spi.workflow.StepContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what came of a promotion, and what the application has to change. */
final class PromotedReader {
  private final InstanceReader reader;
  private final ReplicaList replicas;

  PromotedReader(InstanceReader reader, ReplicaList replicas) {
    this.reader = reader;
    this.replicas = replicas;
  }

  Promoted read(StepContext context, DatabaseInstance found) {
    Promotion promotion = context.specification(Promotion.class);
    Instance instance = reader.read(found);
    String source = ReplicaWorkflows.source(context);
    @Nullable ResourceId former =
        context
            .value(ReplicaWorkflows.SOURCE_REGION)
            .map(region -> replicas.id(source, region))
            .orElse(null);
    List<String> changes = new ArrayList<>();
    changes.add(
        "Write to "
            + instance.name()
            + instance.host().map(host -> " at " + host + ", port " + instance.port()).orElse("")
            + ": each instance keeps its own address.");
    ReplicaField form = promotion.field();
    changes.add(
        switch (form) {
          case SWITCHOVER -> switched(context, source, instance.name());
          case SWITCHOVER_FORCED -> forced(context, source, instance.name());
          default -> alone(context, source, instance.name());
        });
    List<String> own = Replication.replicas(found);
    if (!own.isEmpty()) {
      changes.add("Follow " + instance.name() + ": " + String.join(", ", own) + ".");
    }
    // One that is promoted alone leaves the name to its primary.
    if (promotion.form() == Promotion.Form.SWITCHOVER
        && found.getReplicationCluster() != null
        && found.getReplicationCluster().getPsaWriteEndpoint() != null) {
      changes.add(
          "Who writes to "
              + found.getReplicationCluster().getPsaWriteEndpoint()
              + " changes nothing: after a switchover that name leads to the new primary.");
    }
    if (!hasBackups(found)) {
      changes.add(
          "A replica has no backups, and "
              + instance.name()
              + " has none yet: switch them on by modify with a BackupPolicy.");
    }
    return new Promoted(instance, former, promotion.lastReplayed().orElse(null), changes);
  }

  private static String switched(StepContext context, String source, String promoted) {
    return PromotionNotes.former(context)
        .map(
            instead ->
                source
                    + " "
                    + instead
                    + ": keep whoever writes away from it; if it does not come to follow "
                    + promoted
                    + ", delete it and create a replica anew.")
        .orElseGet(() -> source + " follows " + promoted + " now, and so do its other replicas.");
  }

  /** Cloud SQL makes the former source a replica after its own failover only. */
  private static String forced(StepContext context, String source, String promoted) {
    return PromotionNotes.wasAlready(context)
        ? promoted
            + " takes writes, and by whose request is not known: "
            + source
            + " may come back as a replica of it, or as it was, and take writes: keep whoever"
            + " writes away from it, and if it does not follow "
            + promoted
            + ", delete it and create a replica anew."
        : "Cloud SQL makes "
            + source
            + " a replica of "
            + promoted
            + " when its region is there again: look for it then, and do not write to it.";
  }

  private static String alone(StepContext context, String source, String promoted) {
    if (PromotionNotes.wasAlready(context)) {
      return promoted
          + " takes writes, and by whose request is not known: "
          + source
          + " may follow "
          + promoted
          + ", where they have changed places, or go on as it was: look which, and stop what still"
          + " writes to it.";
    }
    return source
        + " goes on as it was"
        + (context.specification(Promotion.class).isForced() ? ", or comes back so" : "")
        + ": stop what still writes to it. Its other replicas still follow it.";
  }

  private static boolean hasBackups(DatabaseInstance found) {
    return found.getSettings() != null
        && found.getSettings().getBackupConfiguration() != null
        && Boolean.TRUE.equals(found.getSettings().getBackupConfiguration().getEnabled());
  }
}
