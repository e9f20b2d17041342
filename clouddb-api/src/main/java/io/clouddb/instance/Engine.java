/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

  // By itself: the JDK's handles by which records are compared keep the loader of the last class.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Engine that && id.equals(that.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return id;
  }
}
