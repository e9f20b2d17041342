/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares the servers: whether they are two, their versions, encodings and collations. */
final class ServerCheck {
  private static final int OLDEST = 14;
  private static final int NEWEST = 18;
  private static final Pattern DRIVER = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})");
  private static final int[] OLDEST_DRIVER = {42, 7, 6};

  private final Side source;
  private final Side target;
  private final Findings findings;

  ServerCheck(Side source, Side target, Findings findings) {
    this.source = source;
    this.target = target;
    this.findings = findings;
  }

  void run() throws SQLException {
    sameDatabase();
    driver();
    versions();
    recovery(source);
    recovery(target);
    encodings();
    collations();
  }

  /**
   * A lock that is taken on one side and seen on the other tells, whatever the hosts are called.
   */
  private void sameDatabase() throws SQLException {
    long key = UUID.randomUUID().getMostSignificantBits();
    source.value("SELECT pg_catalog.pg_advisory_lock(?)", key);
    try {
      String seen =
          target.value(
              "SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory'"
                  + " AND database = (SELECT oid FROM pg_catalog.pg_database"
                  + " WHERE datname = pg_catalog.current_database())"
                  + " AND (classid::bigint << 32) | objid::bigint = ? AND objsubid = 1",
              key);
      if (!seen.equals("0")) {
        findings.error(
            "both.same-database",
            target.details().database(),
            "Source and target are the same database.",
            "Name another target.");
      }
    } finally {
      source.value("SELECT pg_catalog.pg_advisory_unlock(?)", key);
    }
  }

  private void driver() throws SQLException {
    String version = source.connection().getMetaData().getDriverVersion();
    if (isTooOld(version)) {
      findings.error(
          "driver.version",
          "org.postgresql:postgresql",
          "The JDBC driver on the class path is " + version + ".",
          "Put 42.7.6 or later there: older ones cannot leave it to the migration to say which changes"
              + " are safe. Dependency management of a framework may have set it back.");
    }
  }

  /** Whether a driver has no {@code withAutomaticFlush}. */
  static boolean isTooOld(String driver) {
    Matcher version = DRIVER.matcher(driver);
    return version.lookingAt()
        && Arrays.compare(
                new int[] {number(version, 1), number(version, 2), number(version, 3)},
                OLDEST_DRIVER)
            < 0;
  }

  private static int number(Matcher version, int part) {
    return Integer.parseInt(version.group(part));
  }

  private void versions() {
    for (Side side : List.of(source, target)) {
      if (side.version() < OLDEST) {
        findings.error(
            side.label() + ".version",
            side.label(),
            "The " + side.label() + " is PostgreSQL " + side.version() + ".",
            "Migrations run from and to PostgreSQL 14 to 18: upgrade it first.");
      } else if (side.version() > NEWEST) {
        findings.warning(
            side.label() + ".version",
            side.label(),
            "The " + side.label() + " is PostgreSQL " + side.version() + ".",
            "Migrations are tested with PostgreSQL 14 to 18: rehearse this one.");
      }
    }
    if (target.version() < source.version()) {
      findings.error(
          "both.version-order",
          "target",
          "The target (PostgreSQL "
              + target.version()
              + ") is older than the source (PostgreSQL "
              + source.version()
              + "), and may not know what the source's schema says.",
          "Create a target of version " + source.version() + " or later.");
    }
  }

  private void recovery(Side side) throws SQLException {
    if (side.value("SELECT pg_catalog.pg_is_in_recovery()").equals("t")) {
      findings.error(
          side.label() + ".read-only-replica",
          side.label(),
          "The " + side.label() + " is a replica, which cannot be written.",
          "Name the primary.");
    }
  }

  private void encodings() throws SQLException {
    String from = encoding(source);
    String to = encoding(target);
    if (from.equals(to)) {
      return;
    }
    if (to.equals("UTF8") && !from.equals("SQL_ASCII")) {
      findings.info(
          "both.encoding",
          "target",
          "Text is converted from " + from + " to UTF8.",
          "Nothing has to be done: UTF8 has all characters.");
    } else {
      findings.error(
          "both.encoding",
          "target",
          "The source's encoding is " + from + ", the target's is " + to + ".",
          from.equals("SQL_ASCII")
              ? "SQL_ASCII does not say what its bytes mean: create the target with SQL_ASCII too."
              : "Create the target with encoding UTF8 or " + from + ".");
    }
  }

  private static String encoding(Side side) throws SQLException {
    return side.value(
        "SELECT pg_catalog.pg_encoding_to_char(encoding) FROM pg_catalog.pg_database"
            + " WHERE datname = pg_catalog.current_database()");
  }

  private record Collation(String provider, String collate, String ctype, String version) {}

  private void collations() throws SQLException {
    Collation from = collation(source);
    Collation to = collation(target);
    if (!from.provider.equals(to.provider)
        || !from.collate.equals(to.collate)
        || !from.ctype.equals(to.ctype)) {
      findings.warning(
          "both.collation",
          "target",
          "The source sorts text by "
              + from.collate
              + " of "
              + from.provider
              + ", the target by "
              + to.collate
              + " of "
              + to.provider
              + ": queries may return text in another order.",
          "Create the target with the source's collation if that matters.");
    } else if (!from.version.equals(to.version)) {
      findings.info(
          "both.collation-version",
          "target",
          "The collation "
              + from.collate
              + " is of version "
              + from.version
              + " on the source and "
              + to.version
              + " on the target. Indexes are built anew, so they are right.",
          "Nothing has to be done; text may sort differently in details.");
    }
  }

  private static Collation collation(Side side) throws SQLException {
    boolean knowsProvider = side.version() >= 15;
    String locale =
        side.version() >= 17 ? "datlocale" : knowsProvider ? "daticulocale" : "NULL::text";
    return CatalogQuery.list(
            side.connection(),
            "SELECT CASE "
                + (knowsProvider ? "datlocprovider" : "'c'::\"char\"")
                + " WHEN 'i' THEN 'ICU' WHEN 'b' THEN 'the server' ELSE 'the C library' END AS provider,"
                + " coalesce("
                + locale
                + ", datcollate) AS collate, datctype,"
                + (knowsProvider
                    ? " coalesce(pg_catalog.pg_database_collation_actual_version(oid), '')"
                    : " ''")
                + " AS version FROM pg_catalog.pg_database"
                + " WHERE datname = pg_catalog.current_database()",
            row ->
                new Collation(
                    row.getString("provider"),
                    row.getString("collate"),
                    row.getString("datctype"),
                    row.getString("version")))
        .get(0);
  }
}
