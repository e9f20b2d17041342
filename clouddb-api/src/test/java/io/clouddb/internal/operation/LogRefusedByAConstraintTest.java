/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.UnavailableException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A table whose constraint takes no row is not taken for one that has it already. */
class LogRefusedByAConstraintTest {
  @Test
  void isAnErrorAndNotSilence() {
    PreparedStatement insert =
        of(
            PreparedStatement.class,
            Map.of(
                "executeUpdate",
                () -> {
                  throw new SQLException(
                      "null value in column \"team\" violates not-null", "23502");
                }));
    ResultSet nothing = of(ResultSet.class, Map.of("next", () -> false));
    PreparedStatement select = of(PreparedStatement.class, Map.of("executeQuery", () -> nothing));
    Connection connection =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, args) ->
                    switch (method.getName()) {
                      case "prepareStatement" ->
                          args[0].toString().startsWith("INSERT") ? insert : select;
                      case "getNetworkTimeout" -> 0;
                      case "isClosed" -> false;
                      default -> null;
                    });
    DataSource database =
        (DataSource)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, args) -> connection);
    JdbcLog log = new JdbcLog(database, "app", "clouddb_operations");
    assertThatThrownBy(() -> log.write("op-1", null, "a"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContainingAll("cannot be written", "\"team\"");
  }

  private <T> T of(Class<T> type, Map<String, Callable<?>> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              Callable<?> answer = answers.get(method.getName());
              return answer == null ? null : answer.call();
            }));
  }
}
