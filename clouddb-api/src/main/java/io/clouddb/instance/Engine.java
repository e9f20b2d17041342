/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import java.util.Objects;

/**
 * A database engine. An open value: a provider may have engines that are not named here.
 *
 * @param id its name in lower case, for example {@code postgresql}
 */
public record Engine(String id) {
  /** Refuses what is missing. */
  public Engine {
    Objects.requireNonNull(id, "id");
  }

  /** PostgreSQL. */
  public static final Engine POSTGRESQL = new Engine("postgresql");

  /** MySQL. */
  public static final Engine MYSQL = new Engine("mysql");

  /** MariaDB. */
  public static final Engine MARIADB = new Engine("mariadb");

  /** Microsoft SQL Server. */
  public static final Engine SQLSERVER = new Engine("sqlserver");

  @Override
  public String toString() {
    return id;
  }
}
