/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.ProtectedInstance;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.Instance;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Plan;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Backups of one cloud, account and region. What a cloud does not do at all, its driver has no
 * workflow for, and refuses in its plan.
 */
public interface BackupDriver {
  /**
   * Takes a backup: its resource is the backup, its specification a {@link BackupSpec} whose source
   * is an instance.
   */
  OperationKind<Backup> TAKE = OperationKind.of("backup.take", Backup.class);

  /**
   * Sets an instance's policy, and takes a backup then: its resource is the instance, its
   * specification a {@link io.clouddb.backup.Protection}.
   */
  OperationKind<ProtectedInstance> PROTECT =
      OperationKind.of("backup.protect", ProtectedInstance.class);

  /**
   * Copies a backup into this region: its resource is the copy, its specification a {@link
   * BackupSpec} whose source is a backup.
   */
  OperationKind<Backup> COPY = OperationKind.of("backup.copy", Backup.class);

  /** Deletes a backup. */
  OperationKind<ResourceId> DELETE = OperationKind.of("backup.delete", ResourceId.class);

  /**
   * Makes an instance of a backup or of an instance at a moment: its resource is the new instance,
   * its specification a {@link RestoreSpec}.
   */
  OperationKind<Instance> RESTORE = OperationKind.of("backup.restore", Instance.class);

  /**
   * Begins to keep the automated backups of an instance of another region here, too: its resource
   * is of kind {@link io.clouddb.backup.Backups#REPLICATION_KIND} and has the instance's name, its
   * specification is a {@link BackupReplicationSpec}.
   */
  OperationKind<RestorableWindow> REPLICATE =
      OperationKind.of("backup.replicate", RestorableWindow.class);

  /** Ends that, and deletes what was kept here: resource and specification as of the beginning. */
  OperationKind<ResourceId> END_REPLICATION =
      OperationKind.of("backup.replicate.end", ResourceId.class);

  /**
   * The id of what a spec makes.
   *
   * @param spec the spec, with its source and location
   * @return an id of kind {@link io.clouddb.backup.Backups#KIND}, whose name no other backup of the
   *     account and region has
   */
  ResourceId idOf(BackupSpec spec);

  /**
   * Says what would become of each field of a spec, without a remote call.
   *
   * @param spec the spec, with its source and location
   * @return the plan
   */
  Plan plan(BackupSpec spec);

  /**
   * Says what would become of each field of a spec, and what is taken from the source whatever is
   * asked, without a remote call.
   *
   * @param spec the spec, with its location
   * @return the plan
   */
  Plan plan(RestoreSpec spec);

  /**
   * Says what would become of each field of a spec, without a remote call.
   *
   * @param spec the spec, with its source
   * @return the plan
   */
  Plan plan(BackupReplicationSpec spec);

  /**
   * Looks for a backup in this region.
   *
   * @param backup its id, of this region and account
   * @return the backup; empty when there is none
   */
  Optional<Backup> find(ResourceId backup);

  /**
   * Lists backups of this region, also those that are being made.
   *
   * @param query which
   * @param pageToken what the page before gave; null for the beginning
   * @return a page, in the service's order, of nothing that the query does not ask for; it may be
   *     empty and not the last
   */
  Page<Backup> list(BackupQuery query, @Nullable String pageToken);

  /**
   * Tells to which moments an instance can be restored in this region.
   *
   * @param instance the instance, which may be gone, or be in another region from which its
   *     automated backups are replicated
   * @return the window; empty when nothing of such an instance is known here
   */
  Optional<RestorableWindow> window(ResourceId instance);
}
