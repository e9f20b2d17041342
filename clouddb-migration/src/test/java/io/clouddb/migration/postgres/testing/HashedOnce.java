/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.testing;

import org.postgresql.util.PasswordUtil;

/**
 * Passwords as a server keeps them, hashed once. By default a client has to hash its password 4096
 * times at each login, and scram_iterations can be set from PostgreSQL 16 on only.
 */
public final class HashedOnce {
  private static final byte[] SALT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

  private HashedOnce() {}

  /** What stands behind PASSWORD for a role of tests, quoted. */
  public static String literal(String password) {
    return "'" + PasswordUtil.encodeScramSha256(password.toCharArray(), 1, SALT) + "'";
  }
}
