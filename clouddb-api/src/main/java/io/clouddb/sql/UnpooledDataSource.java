/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import io.clouddb.internal.WireLogs;
import io.clouddb.spi.WireLog;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Opens a connection at every call, by the driver that {@link DriverManager} finds. */
final class UnpooledDataSource implements DataSource {
  /** It writes statements and their values: rows, and a password in ALTER ROLE. */
  private static final List<WireLog> WIRE_LOGS =
      List.of(
          WireLog.logger("org.postgresql", Level.FINEST),
          WireLog.logger("org.postgresql.core.v3.ConnectionFactoryImpl", Level.FINEST),
          WireLog.logger("org.postgresql.core.v3.QueryExecutorImpl", Level.FINEST));

  private final ConnectionDetails details;
  private final boolean hasPassword;
  private volatile int loginTimeoutSeconds;

  UnpooledDataSource(ConnectionDetails details) {
    this(details, true);
  }

  private UnpooledDataSource(ConnectionDetails details, boolean hasPassword) {
    this.details = details;
    this.hasPassword = hasPassword;
  }

  @Override
  public Connection getConnection() throws SQLException {
    WireLogs.warn(WIRE_LOGS);
    Properties properties = details.credentials();
    if (!hasPassword) {
      properties.remove("password");
    }
    if (loginTimeoutSeconds > 0) {
      properties.setProperty("loginTimeout", Integer.toString(loginTimeoutSeconds));
    }
    String url = details.jdbcUrl();
    Optional<Driver> driver = driver(url);
    if (driver.isPresent()) {
      DriverParameters.check(driver.get(), url, details.parameters().keySet());
    }
    // A driver that several applications share finds the factory of the roots by this thread.
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(TrustedRootsFactory.class.getClassLoader());
    try {
      return DriverManager.getConnection(url, properties);
    } catch (SQLException e) {
      throw driver.isPresent() ? TlsFailure.explain(e, details) : driverMissing(e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The one that the driver manager asks first. */
  private static Optional<Driver> driver(String url) {
    return DriverManager.drivers()
        .filter(
            driver -> {
              try {
                return driver.acceptsURL(url);
              } catch (SQLException e) {
                return false;
              }
            })
        .findFirst();
  }

  /** The driver manager's own words, "No suitable driver", do not help whoever reads them. */
  private static SQLException driverMissing(SQLException cause) {
    return new SQLException(
        "There is no JDBC driver for PostgreSQL on the class path. Add the dependency"
            + " org.postgresql:postgresql, in scope runtime.",
        cause.getSQLState(),
        cause);
  }

  /** A pool that was given a user's name alone asks without a password. */
  @Override
  public Connection getConnection(String username, @Nullable String password) throws SQLException {
    String given = password == null ? "" : password;
    UnpooledDataSource other =
        new UnpooledDataSource(
            details.toBuilder().login(username, () -> given).build(), password != null);
    other.setLoginTimeout(loginTimeoutSeconds);
    return other.getConnection();
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
    if (out != null) {
      throw new SQLFeatureNotSupportedException("This data source logs through SLF4J only");
    }
  }

  @Override
  public void setLoginTimeout(int seconds) {
    loginTimeoutSeconds = seconds;
  }

  @Override
  public int getLoginTimeout() {
    return loginTimeoutSeconds;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("This data source logs through SLF4J only");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    if (type == ConnectionDetails.class) {
      return type.cast(details);
    }
    throw new SQLException("Unwraps to " + ConnectionDetails.class.getName() + " only");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this) || type == ConnectionDetails.class;
  }
}
