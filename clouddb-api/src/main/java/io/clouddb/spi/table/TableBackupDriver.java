/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.table;

import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Plan;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableRestoreSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Backups of the tables of one cloud, account and region. The facade has checked the plan and the
 * ids before it calls. The id of a backup is of the kind {@link
 * io.clouddb.backup.Backups#TABLE_KIND} and of the region in which it is; that of its table is of
 * {@link ResourceId#GLOBAL}.
 */
public interface TableBackupDriver {
  /**
   * Takes a backup: its resource is the backup, its specification a {@link BackupSpec} whose source
   * is a table.
   */
  OperationKind<Backup> TAKE = OperationKind.of("table.backup.take", Backup.class);

  /** Deletes a backup. */
  OperationKind<ResourceId> DELETE = OperationKind.of("table.backup.delete", ResourceId.class);

  /**
   * Makes a table of a backup or of a table at a moment: its resource is the new table, its
   * specification a {@link TableRestoreSpec}. It is gone on with only in the region where it was
   * begun.
   */
  OperationKind<TableDescription> RESTORE =
      OperationKind.of("table.backup.restore", TableDescription.class);

  /**
   * The id of what a spec makes, by which it is found again.
   *
   * @param spec the spec, with its source and location
   * @return an id of kind {@link io.clouddb.backup.Backups#TABLE_KIND}, whose name no backup of
   *     another table or name has
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
  Plan plan(TableRestoreSpec spec);

  /**
   * Looks for a backup in this region.
   *
   * @param backup its id, of this region and account
   * @return the backup, whose {@link Backup#source()} is the table; empty when there is none
   */
  Optional<Backup> find(ResourceId backup);

  /**
   * Lists backups of tables in this region, also those that are being made.
   *
   * @param query which: those of one table, or of all tables
   * @param pageToken what the page before gave; null for the beginning
   * @return a page, in the service's order, of nothing that the query does not ask for; it may be
   *     empty and not the last
   */
  Page<Backup> list(BackupQuery query, @Nullable String pageToken);

  /**
   * Tells to which moments a table can be restored in this region.
   *
   * @param table the table
   * @return the window, without ends where point-in-time recovery is off; empty when there is no
   *     such table here
   */
  Optional<RestorableWindow> window(ResourceId table);
}
