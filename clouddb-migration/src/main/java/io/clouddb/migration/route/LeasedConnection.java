/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A connection that tells the gate when it comes back, and when the database refused a write. Calls
 * go to the connection underneath; the statements are wrapped too, since most errors come from
 * them.
 */
final class LeasedConnection implements InvocationHandler {
  /** What a fenced database answers to a write: read_only_sql_transaction. */
  static final String READ_ONLY = "25006";

  private static final int LONGEST_CHAIN = 1000;

  private static final Set<String> AFTER_CLOSE =
      Set.of("close", "isClosed", "isValid", "abort", "toString", "hashCode", "equals");

  private final Connection delegate;
  private final ConnectionGate gate;
  private final AtomicBoolean returned = new AtomicBoolean();

  private LeasedConnection(Connection delegate, ConnectionGate gate) {
    this.delegate = delegate;
    this.gate = gate;
  }

  static Connection wrap(Connection delegate, ConnectionGate gate) {
    return proxy(Connection.class, new LeasedConnection(delegate, gate));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            LeasedConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    String name = method.getName();
    if (returned.get() && !AFTER_CLOSE.contains(name)) {
      throw new SQLException("The connection is closed", "08003");
    }
    return switch (name) {
      case "close", "abort" -> giveBack(method, arguments);
      case "isClosed" -> returned.get() || delegate.isClosed();
      case "isValid" -> !returned.get() && Boolean.TRUE.equals(call(delegate, method, arguments));
      case "unwrap", "isWrapperFor" -> unwrap(proxy, method, arguments);
      case "toString" -> "Switchable " + delegate;
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> arguments != null && proxy == arguments[0];
      default -> wrapStatement((Connection) proxy, call(delegate, method, arguments));
    };
  }

  private @Nullable Object giveBack(Method method, Object @Nullable [] arguments) throws Throwable {
    if (!returned.compareAndSet(false, true)) {
      return null;
    }
    try {
      return call(delegate, method, arguments);
    } finally {
      gate.leave();
    }
  }

  private @Nullable Object unwrap(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Class<?> wanted = arguments == null ? null : (Class<?>) arguments[0];
    boolean self = wanted != null && wanted.isInstance(proxy);
    if (method.getName().equals("isWrapperFor")) {
      return self || Boolean.TRUE.equals(call(delegate, method, arguments));
    }
    if (self) {
      return proxy;
    }
    // Some drivers' connections implement the type without saying so in unwrap.
    return wanted != null && wanted.isInstance(delegate)
        ? delegate
        : call(delegate, method, arguments);
  }

  private @Nullable Object wrapStatement(Connection proxy, @Nullable Object result) {
    if (result instanceof CallableStatement) {
      return proxy(CallableStatement.class, new LeasedStatement((Statement) result, proxy));
    }
    if (result instanceof PreparedStatement) {
      return proxy(PreparedStatement.class, new LeasedStatement((Statement) result, proxy));
    }
    if (result instanceof Statement statement) {
      return proxy(Statement.class, new LeasedStatement(statement, proxy));
    }
    return result;
  }

  private @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (refusedAsReadOnly(cause)) {
        gate.suspect();
      }
      throw cause == null ? e : cause;
    }
  }

  /** A batch carries the server's own error behind another. */
  private static boolean refusedAsReadOnly(@Nullable Throwable thrown) {
    Throwable error = thrown;
    // Bounded: a chain of a driver's may lead back to itself.
    for (int i = 0; i < LONGEST_CHAIN && error instanceof SQLException sql; i++) {
      if (READ_ONLY.equals(sql.getSQLState())) {
        return true;
      }
      error = sql.getNextException() != null ? sql.getNextException() : sql.getCause();
    }
    return false;
  }

  /** A statement that leads back to the wrapped connection. */
  private final class LeasedStatement implements InvocationHandler {
    private final Statement statement;
    private final Connection owner;

    LeasedStatement(Statement statement, Connection owner) {
      this.statement = statement;
      this.owner = owner;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      return switch (method.getName()) {
        case "getConnection" -> owner;
        case "unwrap" -> {
          Class<?> wanted = arguments == null ? null : (Class<?>) arguments[0];
          yield wanted != null && wanted.isInstance(proxy)
              ? proxy
              : call(statement, method, arguments);
        }
        case "hashCode" -> System.identityHashCode(proxy);
        case "equals" -> arguments != null && proxy == arguments[0];
        default -> call(statement, method, arguments);
      };
    }
  }
}
