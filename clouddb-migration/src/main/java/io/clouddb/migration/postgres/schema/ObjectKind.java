/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import java.util.Locale;

/**
 * The kinds of schema objects that are carried, in the order in which they are made where nothing
 * depends on anything else.
 */
public enum ObjectKind {
  /** A schema. */
  SCHEMA(Phase.BEFORE_DATA),
  /** An extension; its own objects come with it. */
  EXTENSION(Phase.BEFORE_DATA),
  /** A collation of the user's own. */
  COLLATION(Phase.BEFORE_DATA),
  /** A type made of labels. */
  ENUM(Phase.BEFORE_DATA),
  /** A type made of columns. */
  COMPOSITE(Phase.BEFORE_DATA),
  /** A range type, with its multirange. */
  RANGE(Phase.BEFORE_DATA),
  /** A domain with its default and NOT NULL. */
  DOMAIN(Phase.BEFORE_DATA),
  /** A check of a domain. */
  DOMAIN_CONSTRAINT(Phase.BEFORE_DATA),
  /** A sequence that is not an identity column's. */
  SEQUENCE(Phase.BEFORE_DATA),
  /** A function or procedure. */
  ROUTINE(Phase.BEFORE_DATA),
  /** A table with its columns, and nothing that needs rows. */
  TABLE(Phase.BEFORE_DATA),
  /** The attachment of a partition to its parent. */
  PARTITION(Phase.BEFORE_DATA),
  /** The default of a column. */
  DEFAULT(Phase.BEFORE_DATA),
  /** The column that a sequence belongs to. */
  SEQUENCE_OWNER(Phase.BEFORE_DATA),
  /** A primary key, unique or exclusion constraint. */
  KEY(Phase.AFTER_DATA),
  /** An index that no constraint made. */
  INDEX(Phase.AFTER_DATA),
  /** The attachment of a partition's index to its parent's. */
  INDEX_PARTITION(Phase.AFTER_DATA),
  /** A check, or a NOT NULL that was not validated. */
  CHECK(Phase.AFTER_DATA),
  /** What identifies a row in the stream, when it is not the primary key. */
  REPLICA_IDENTITY(Phase.AFTER_DATA),
  /** The index that CLUSTER uses. */
  CLUSTER(Phase.AFTER_DATA),
  /** Extended statistics. */
  STATISTICS(Phase.AFTER_DATA),
  /** A foreign key. */
  FOREIGN_KEY(Phase.FOREIGN_KEYS),
  /** A view. */
  VIEW(Phase.LAST),
  /** A materialized view, without its rows. */
  MATERIALIZED_VIEW(Phase.LAST),
  /** An index on a materialized view. */
  MATERIALIZED_VIEW_INDEX(Phase.LAST),
  /** A row security policy. */
  POLICY(Phase.LAST),
  /** Whether a table's policies hold, and for its owner too. */
  ROW_SECURITY(Phase.LAST),
  /** A comment on any of these. */
  COMMENT(Phase.LAST),
  /**
   * The role that owns an object, where it is not the migration's. It is given in the transaction
   * that makes the object: what is written or built later runs its code as the owner.
   */
  OWNER(Phase.BEFORE_DATA),
  /** The role that owns a schema; after those of all that is in it. */
  SCHEMA_OWNER(Phase.BEFORE_DATA),
  /**
   * Who may do what with an object and its columns, where it is not what every new one has. Rows
   * are written as the tables' owners, who need what they have on the source.
   */
  PRIVILEGES(Phase.BEFORE_DATA),
  /** What a role gives to others of what it will make. */
  DEFAULT_PRIVILEGES(Phase.LAST),
  /** The rows of a materialized view: it is refreshed, by the server as the view's owner. */
  MATERIALIZED_VIEW_ROWS(Phase.LAST),
  /** A rule, other than the one that makes a view. */
  RULE(Phase.TRIGGERS),
  /** A trigger. */
  TRIGGER(Phase.TRIGGERS),
  /** Whether a partition's copy of its parent's trigger is enabled, where it differs. */
  TRIGGER_STATE(Phase.TRIGGERS);

  private final Phase phase;

  ObjectKind(Phase phase) {
    this.phase = phase;
  }

  /**
   * The phase in which objects of this kind are made, unless something of an earlier one needs
   * them.
   *
   * @return the phase
   */
  public Phase phase() {
    return phase;
  }

  /**
   * The kind as messages name it.
   *
   * @return for example {@code foreign key}
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
