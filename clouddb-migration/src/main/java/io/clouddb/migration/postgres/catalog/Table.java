/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import java.util.List;
import java.util.Optional;

/**
 * A table as the data path sees it: what to copy, and by which columns a row is found again.
 *
 * @param name its name
 * @param oid its oid on the database that was read
 * @param kind whether it stores rows itself
 * @param columns all its columns in the order of the catalog, generated ones too
 * @param key names of the columns of the replica identity: the primary key, or the index that
 *     REPLICA IDENTITY names, in that index' order; empty when the identity is the whole row or
 *     none
 * @param replicaIdentity {@code 'd'} default, {@code 'i'} index, {@code 'f'} full, {@code 'n'}
 *     nothing
 * @param pages blocks of its main fork ({@code pg_relation_size} / block size) when it was read
 * @param estimatedRows the planner's estimate; 0 when it was never analyzed
 * @param partitionOf the parent, when it is a partition
 */
public record Table(
    TableName name,
    long oid,
    Kind kind,
    List<Column> columns,
    List<String> key,
    char replicaIdentity,
    long pages,
    long estimatedRows,
    Optional<TableName> partitionOf) {
  /** Whether a table stores rows. */
  public enum Kind {
    /** Stores rows; may be a leaf partition. */
    ORDINARY,
    /** Partitioned: its leaves store the rows. */
    PARTITIONED
  }

  /** Keeps the lists unmodifiable. */
  public Table {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /**
   * The columns that are copied and applied.
   *
   * @return all but the generated ones
   */
  public List<Column> dataColumns() {
    return columns.stream().filter(column -> !column.generated()).toList();
  }
}
