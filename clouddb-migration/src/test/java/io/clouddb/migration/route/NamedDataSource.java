/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Opens connections that know only their catalog, which is this name. */
final class NamedDataSource {
  final AtomicInteger open = new AtomicInteger();
  private final String name;
  volatile boolean refusesWrites;

  NamedDataSource(String name) {
    this.name = name;
  }

  DataSource dataSource() {
    return proxy(
        DataSource.class,
        (self, method, arguments) -> {
          if (method.getName().equals("getConnection")) {
            open.incrementAndGet();
            return connection();
          }
          throw new UnsupportedOperationException(method.getName());
        });
  }

  private Connection connection() {
    return proxy(
        Connection.class,
        (self, method, arguments) ->
            switch (method.getName()) {
              case "getCatalog" -> name;
              case "createStatement" -> statement();
              case "isClosed" -> false;
              case "isValid" -> true;
              case "close", "abort" -> {
                open.decrementAndGet();
                yield null;
              }
              default -> throw new UnsupportedOperationException(method.getName());
            });
  }

  private Statement statement() {
    return proxy(
        Statement.class,
        (self, method, arguments) -> {
          if (refusesWrites && method.getName().startsWith("execute")) {
            throw new SQLException("moved", "25006");
          }
          return method.getName().startsWith("executeUpdate") ? 1 : null;
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            NamedDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
