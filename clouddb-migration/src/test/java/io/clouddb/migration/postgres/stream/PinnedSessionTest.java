/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What a session of the library has, whatever its database and role were given. */
class PinnedSessionTest {
  private interface Opening {
    Connection open(ConnectionDetails details, String purpose) throws SQLException;
  }

  /** On servers with LLVM, which those of this build have not, a look at catalogs took seconds. */
  @Test
  void aServerCompilesNoneOfItsQuestions() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.asSuperuser(ends.sourceServer(), "ALTER ROLE " + ends.source().user() + " SET jit = on");
      try (Connection plain = ends.source().connect()) {
        assertThat(jit(plain)).isEqualTo("on");
      }
      Opening[] openings = {
        PinnedSession::open, PinnedSession::openToWrite, PinnedSession::openForBatches
      };
      for (Opening opening : openings) {
        try (Connection connection = opening.open(ends.source(), "test")) {
          assertThat(jit(connection)).isEqualTo("off");
        }
      }
    }
  }

  private static String jit(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW jit")) {
      row.next();
      return row.getString(1);
    }
  }
}
