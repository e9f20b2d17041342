/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.table;

import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Plan;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableDescription;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tables of one cloud and account, seen from one region. Every method is short and blocking, but
 * for {@link #open}, which makes no call; what takes long is one of the workflows of the {@link
 * io.clouddb.spi.CloudDriver}, of the kinds that are named here. The facade has checked the plan
 * and the ids before it calls. The id of a table has the location {@link ResourceId#GLOBAL}; an
 * operation on it is gone on with only in the region where it was begun.
 */
public interface TableDriver {
  /** Creates a table in all its regions: its specification is a {@link GlobalTableSpec}. */
  OperationKind<TableDescription> CREATE = OperationKind.of("table.create", TableDescription.class);

  /** Changes a table: its specification is a {@link TableChange}. */
  OperationKind<TableDescription> MODIFY = OperationKind.of("table.modify", TableDescription.class);

  /**
   * Waits until a table is there and can be used. The facade does it by {@link #find}: a driver has
   * no workflow of this kind.
   */
  OperationKind<TableDescription> AWAIT = OperationKind.of("table.await", TableDescription.class);

  /** Deletes a table with its data, in all regions, with all that was made for it. */
  OperationKind<ResourceId> DELETE = OperationKind.of("table.delete", ResourceId.class);

  /**
   * Says what would become of each field of a spec, without a remote call.
   *
   * @param spec the spec
   * @return the plan
   */
  Plan plan(GlobalTableSpec spec);

  /**
   * Says what would become of each field of a change, without a remote call.
   *
   * @param change the change
   * @return the plan
   */
  Plan plan(TableChange change);

  /**
   * Compares a table with a spec.
   *
   * @param spec what it has to be; its name says which
   * @return what differs
   * @throws io.clouddb.error.NotFoundException when there is none of that name
   */
  Drift drift(GlobalTableSpec spec);

  /**
   * Looks for a table.
   *
   * @param name its name
   * @return the table, with all its regions; empty when there is none in the driver's region
   */
  Optional<TableDescription> find(String name);

  /**
   * Lists the names of the tables of the driver's region.
   *
   * @param pageToken where to go on; null for the first page
   * @return one page of ids
   */
  Page<ResourceId> list(@Nullable String pageToken);

  /**
   * The data of a table, without a remote call.
   *
   * @param spec what it is
   * @return its data, from this region
   */
  TableData open(GlobalTableSpec spec);
}
