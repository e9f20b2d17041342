/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;

/** The fence in PostgreSQL 18, where triggers of partitioned tables are handled otherwise. */
class NewWriteFenceTest extends WriteFenceTest {
  @BeforeAll
  static void startServer() throws SQLException {
    server = start(18);
  }
}
