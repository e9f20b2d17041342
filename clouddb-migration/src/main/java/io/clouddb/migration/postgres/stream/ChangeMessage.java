/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import io.clouddb.migration.postgres.catalog.TableName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A message of PostgreSQL's logical replication protocol, version 1 ("Logical Replication Message
 * Formats"). All of a transaction comes between its {@link Begin} and its {@link Commit}, and
 * transactions come in the order of their commits.
 */
public sealed interface ChangeMessage {
  /**
   * A transaction starts.
   *
   * @param commitLsn where its commit is in the log
   * @param commitTime when it was committed, by the source's clock
   * @param xid its number
   */
  record Begin(LogSequenceNumber commitLsn, Instant commitTime, long xid)
      implements ChangeMessage {}

  /**
   * A transaction is complete.
   *
   * @param commitLsn where its commit is in the log
   * @param endLsn the first position behind it
   * @param commitTime when it was committed, by the source's clock
   */
  record Commit(LogSequenceNumber commitLsn, LogSequenceNumber endLsn, Instant commitTime)
      implements ChangeMessage {}

  /**
   * The transaction first happened on another server.
   *
   * @param name the origin's name
   */
  record Origin(String name) implements ChangeMessage {}

  /**
   * What a table looks like in the messages that follow.
   *
   * @param oid the table's oid on the source
   * @param table its name
   * @param replicaIdentity as in {@code pg_class.relreplident}
   * @param columns in the order of the rows' values
   */
  record Relation(long oid, TableName table, char replicaIdentity, List<RelationColumn> columns)
      implements ChangeMessage {
    /** Keeps the list unmodifiable. */
    public Relation {
      columns = List.copyOf(columns);
    }
  }

  /**
   * A column of a {@link Relation}.
   *
   * @param name its name
   * @param typeOid oid of its type on the source
   * @param typeModifier its modifier, -1 for none
   * @param key whether it is part of the replica identity
   */
  record RelationColumn(String name, long typeOid, int typeModifier, boolean key) {}

  /**
   * A type that is not built in.
   *
   * @param oid its oid on the source
   * @param schema its schema
   * @param name its name
   */
  record Type(long oid, String schema, String name) implements ChangeMessage {}

  /**
   * A row was inserted.
   *
   * @param relation oid of its table
   * @param row the row
   */
  record Insert(long relation, TupleData row) implements ChangeMessage {}

  /**
   * A row was updated. At most one of {@code oldKey} and {@code oldRow} is there: the key where it
   * changed, the whole row where the replica identity is full.
   *
   * @param relation oid of its table
   * @param oldKey the key before; other columns are NULL
   * @param oldRow the row before
   * @param row the row after
   */
  record Update(
      long relation, @Nullable TupleData oldKey, @Nullable TupleData oldRow, TupleData row)
      implements ChangeMessage {}

  /**
   * A row was deleted.
   *
   * @param relation oid of its table
   * @param oldKey its key; other columns are NULL. Null when the replica identity is full
   * @param oldRow the row, when the replica identity is full
   */
  record Delete(long relation, @Nullable TupleData oldKey, @Nullable TupleData oldRow)
      implements ChangeMessage {}

  /**
   * Tables were emptied together.
   *
   * @param relations oids of the tables, those that CASCADE reached included
   * @param cascade whether CASCADE was said
   * @param restartIdentity whether RESTART IDENTITY was said
   */
  record Truncate(List<Long> relations, boolean cascade, boolean restartIdentity)
      implements ChangeMessage {
    /** Keeps the list unmodifiable. */
    public Truncate {
      relations = List.copyOf(relations);
    }
  }

  /**
   * What {@code pg_logical_emit_message} wrote.
   *
   * @param transactional whether it belongs to the transaction around it
   * @param lsn where it is in the log
   * @param prefix its prefix
   * @param content its content, read as UTF-8; empty when it is longer than any that the migration
   *     writes, for everybody may write such messages and they can be long
   */
  record LogicalMessage(boolean transactional, LogSequenceNumber lsn, String prefix, String content)
      implements ChangeMessage {}
}
