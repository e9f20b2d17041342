/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.UnavailableException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A table whose constraint takes no row is not taken for one that has it already. */
class LogRefusedByAConstraintTest {
  @Test
  void isAnErrorAndNotSilence() {
    PreparedStatement update = of(PreparedStatement.class, null);
    PreparedStatement insert =
        of(
            PreparedStatement.class,
            new SQLException("null value in column \"team\" violates not-null", "23502"));
    Connection connection =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, args) ->
                    method.getName().equals("prepareStatement")
                        ? (args[0].toString().startsWith("UPDATE") ? update : insert)
                        : null);
    DataSource database =
        (DataSource)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, args) -> connection);
    JdbcLog log = new JdbcLog(database, "app", "clouddb_operations");
    assertThatThrownBy(() -> log.write("op-1", "a"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContainingAll("cannot be written", "\"team\"");
  }

  /** Changes no row, or refuses. */
  private <T> T of(Class<T> type, @Nullable SQLException refusal) {
    return type.cast(
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              if (method.getName().equals("executeUpdate")) {
                if (refusal != null) {
                  throw refusal;
                }
                return 0;
              }
              return null;
            }));
  }
}
