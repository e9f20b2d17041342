/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A driver for the host {@code recorded}, that keeps what it was asked and connects nowhere. */
final class RecordingDriver implements Driver, AutoCloseable {
  /** What it was asked with. */
  record Asked(String url, Properties properties, @Nullable ClassLoader loader) {}

  final List<Asked> asked = new ArrayList<>();
  private final SQLException failure;
  private final String[] known;

  /**
   * Registers it with the driver manager, until it is closed.
   *
   * @param failure what each connection fails with
   * @param known the parameters that it has
   */
  RecordingDriver(SQLException failure, String... known) throws SQLException {
    this.failure = failure;
    this.known = known;
    DriverManager.registerDriver(this);
  }

  @Override
  public void close() throws SQLException {
    DriverManager.deregisterDriver(this);
  }

  @Override
  public boolean acceptsURL(String url) {
    return url.contains("//recorded:");
  }

  @Override
  public @Nullable Connection connect(String url, Properties info) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    asked.add(new Asked(url, info, Thread.currentThread().getContextClassLoader()));
    throw failure;
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
    DriverPropertyInfo[] infos = new DriverPropertyInfo[known.length];
    for (int i = 0; i < known.length; i++) {
      infos[i] = new DriverPropertyInfo(known[i], null);
    }
    return infos;
  }

  @Override
  public int getMajorVersion() {
    return 42;
  }

  @Override
  public int getMinorVersion() {
    return 7;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("recorder");
  }
}
