/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;

/** Keeps the journals of migrations. */
public interface StateStore {
  /**
   * Journals in a folder, one file for each migration, each line forced to disk before the work
   * that depends on it.
   *
   * @param folder the folder; created when it is missing
   * @return the store
   */
  static StateStore directory(Path folder) {
    return new DirectoryStateStore(folder, Clock.systemUTC());
  }

  /**
   * Journals in a PostgreSQL database, so that a run on another machine goes on where one ended. A
   * third database is best; the source or the target will do, since the tables are never migrated
   * or fenced. They are in the schema {@code clouddb_state}, which is created when it is missing; a
   * role that may not create it can use existing tables (SELECT, INSERT, UPDATE and DELETE).
   *
   * <p>What they hold decides what a migration does, and has the secret of its marks. So the tables
   * and their schema have to belong to the role that uses them, one of its members, a superuser, or
   * before PostgreSQL 16 a role with {@code CREATEROLE}; and nobody else may have privileges on
   * them. See {@link #jdbc(DataSource, Set)}. Members of {@code pg_read_all_data} and {@code
   * pg_write_all_data} have theirs on no table, and are not seen.
   *
   * <p>One process has a journal at a time, by a lease of 30 seconds that it renews while the
   * journal is open. After a process was killed, another gets the journal when that time is over.
   *
   * @param dataSource opens connections to that database; a pool of two is enough
   * @return the store
   */
  static StateStore jdbc(DataSource dataSource) {
    return jdbc(dataSource, JdbcStateStore.LEASE);
  }

  /**
   * As {@link #jdbc(DataSource)}, with other roles that are trusted with the tables: one that owns
   * them, as a cloud's admin who made them, or has privileges on them, as another role of yours
   * that opens the journals.
   *
   * @param dataSource opens connections to that database
   * @param roles names of the roles; each of them can have this process do what its own role may
   * @return the store
   */
  static StateStore jdbc(DataSource dataSource, Set<String> roles) {
    return jdbc(dataSource, JdbcStateStore.LEASE, roles);
  }

  /**
   * As {@link #jdbc(DataSource)}, with another lease. It ends by the clock of the database, so the
   * clocks of the machines do not matter.
   *
   * @param dataSource opens connections to that database
   * @param lease how long a process that gives no sign of life keeps a journal: longer than it may
   *     be held up, at least a second and at most a day
   * @return the store
   */
  static StateStore jdbc(DataSource dataSource, Duration lease) {
    return jdbc(dataSource, lease, Set.of());
  }

  /**
   * As {@link #jdbc(DataSource, Set)}, with another lease.
   *
   * @param dataSource opens connections to that database
   * @param lease as in {@link #jdbc(DataSource, Duration)}
   * @param roles as in {@link #jdbc(DataSource, Set)}
   * @return the store
   */
  static StateStore jdbc(DataSource dataSource, Duration lease, Set<String> roles) {
    if (lease.compareTo(Duration.ofSeconds(1)) < 0 || lease.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("A lease is a second to a day, not " + lease);
    }
    return new JdbcStateStore(
        dataSource, lease, lease.dividedBy(JdbcStateStore.BEATS_IN_A_LEASE), roles);
  }

  /**
   * Opens the journal of a migration, for this process alone.
   *
   * @param migrationId the migration's id
   * @return the journal; close it to let others have it
   * @throws io.clouddb.error.BusyException when another run of the same migration has it; names it,
   *     and when its lease ends, where there is one
   * @throws io.clouddb.error.CloudDbException of category DATA when it is damaged, other than by a
   *     last line that was never finished
   */
  Journal open(String migrationId);
}
