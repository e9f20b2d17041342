/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;

/** What stands in a server and one of its databases, a line for each thing, but for rows. */
final class Inventory {
  /** What a migration could leave beside tables: of the whole server, or outside their schema. */
  private static final String SERVER =
      """
      SELECT concat('role ', rolname, ' ', rolsuper, rolinherit, rolcreaterole, rolcreatedb,
                    rolcanlogin, rolreplication, rolbypassrls, rolconnlimit)
        FROM pg_roles WHERE rolname !~ '^pg_'
      UNION ALL
      SELECT concat('member ', member::regrole, ' of ', roleid::regrole) FROM pg_auth_members
      UNION ALL
      SELECT concat('setting of role ', setrole::regrole, ' in database ', d.datname, ': ', setconfig)
        FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase
      UNION ALL
      SELECT concat('database ', datname, ' ', datdba::regrole, ' ', datallowconn, ' ',
                    datconnlimit, ' ', datacl)
        FROM pg_database
      UNION ALL
      SELECT concat('setting ', name, ' = ', setting, ' in ', sourcefile) FROM pg_file_settings
      UNION ALL
      SELECT concat('read only: ', current_setting('default_transaction_read_only'))
      UNION ALL
      SELECT concat('slot ', slot_name, ' in ', database) FROM pg_replication_slots
      UNION ALL
      SELECT concat('prepared transaction ', gid) FROM pg_prepared_xacts
      UNION ALL
      SELECT concat('origin ', roname) FROM pg_replication_origin
      UNION ALL
      SELECT concat('subscription ', subname) FROM pg_subscription
      UNION ALL
      SELECT concat('publication ', pubname) FROM pg_publication
      UNION ALL
      SELECT concat('event trigger ', evtname) FROM pg_event_trigger
      UNION ALL
      SELECT concat('schema ', nspname, ' ', nspowner::regrole, ' ', nspacl) FROM pg_namespace
       WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
      UNION ALL
      SELECT concat('relation ', oid::regclass, ' ', relkind) FROM pg_class
       WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace
                                   WHERE nspname ~ '^pg_'
                                      OR nspname IN ('information_schema', 'public'))
      UNION ALL
      SELECT concat('function ', oid::regprocedure) FROM pg_proc
       WHERE pronamespace NOT IN (SELECT oid FROM pg_namespace
                                   WHERE nspname ~ '^pg_'
                                      OR nspname IN ('information_schema', 'public'))
      UNION ALL
      SELECT concat('trigger of a migration ', tgrelid::regclass, '.', tgname) FROM pg_trigger
       WHERE tgname ~ '^clouddb'
      """;

  /** The tables and what belongs to them. */
  private static final String TABLES =
      """
      SELECT concat('schema ', nspname, ' ', nspowner::regrole, ' ', nspacl) FROM pg_namespace
       WHERE nspname = 'public'
      UNION ALL
      SELECT concat('relation ', oid::regclass, ' ', relkind, relpersistence, relreplident,
                    relrowsecurity, relforcerowsecurity, relispartition, ' ', relowner::regrole,
                    ' ', relacl, ' ', reloptions)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
      UNION ALL
      SELECT concat('function ', oid::regprocedure, ' ', proowner::regrole, ' ', proacl)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      UNION ALL
      SELECT concat('trigger ', tgrelid::regclass, '.', tgname, ' ', tgenabled)
        FROM pg_trigger WHERE NOT tgisinternal
      UNION ALL
      SELECT concat('rule ', ev_class::regclass, '.', rulename, ' ', ev_enabled)
        FROM pg_rewrite WHERE ev_class IN
               (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
      UNION ALL
      SELECT concat('constraint ', conrelid::regclass, '.', conname, ' ',
                    pg_get_constraintdef(oid), ' ', convalidated)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
      UNION ALL
      SELECT concat('policy ', polrelid::regclass, '.', polname) FROM pg_policy
      UNION ALL
      SELECT concat('statistics ', stxname) FROM pg_statistic_ext
      UNION ALL
      SELECT concat('default privileges ', defaclrole::regrole, ' ', defaclobjtype, ' ', defaclacl)
        FROM pg_default_acl
      """;

  private Inventory() {}

  /** All of it, for a database whose tables a migration must leave as they were. */
  static Set<String> all(ConnectionDetails superuser) throws SQLException {
    Set<String> found = beside(superuser);
    found.addAll(lines(superuser, TABLES));
    return found;
  }

  /** All but the tables, for a database that a migration fills. */
  static Set<String> beside(ConnectionDetails superuser) throws SQLException {
    return lines(superuser, SERVER);
  }

  private static Set<String> lines(ConnectionDetails superuser, String select) throws SQLException {
    Set<String> found = new TreeSet<>();
    try (Connection connection = superuser.toBuilder().database("shop").build().connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(select)) {
      while (row.next()) {
        found.add(row.getString(1));
      }
    }
    return found;
  }
}
