/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.internal.WrittenWarnings;
import io.clouddb.internal.WrittenWarnings.Doing;
import io.clouddb.security.SecretRef;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpooledDataSourceTest {
  private final SQLException refused = new SQLException("nobody listens", "08001");
  private final ConnectionDetails details =
      ConnectionDetails.postgresql("recorded", 5432, "shop", "app", SecretRef.literal("hunter2"))
          .parameter("ApplicationName", "a test")
          .build();
  private final DataSource source = details.dataSource();
  private RecordingDriver driver;

  @BeforeEach
  void register() throws SQLException {
    driver = new RecordingDriver(refused, "ApplicationName");
  }

  @AfterEach
  void deregister() throws SQLException {
    driver.close();
  }

  private Properties asked() {
    return driver.asked.get(driver.asked.size() - 1).properties();
  }

  @Test
  void whatTheDriverSaysIsSaidAndNothingElse() {
    assertThatThrownBy(source::getConnection).isSameAs(refused);
    assertThat(driver.asked.get(0).url()).isEqualTo(details.jdbcUrl());
    assertThat(asked()).containsEntry("user", "app").containsEntry("password", "hunter2");
    assertThat(asked()).doesNotContainKey("loginTimeout");
  }

  @Test
  void aTimeLimitForTheLoginReachesTheDriverForEachLogin() throws SQLException {
    assertThat(source.getLoginTimeout()).isZero();
    source.setLoginTimeout(7);
    assertThat(source.getLoginTimeout()).isEqualTo(7);
    assertThatThrownBy(source::getConnection).isSameAs(refused);
    assertThat(asked()).containsEntry("loginTimeout", "7");
    assertThatThrownBy(() -> source.getConnection("other", "p")).isSameAs(refused);
    assertThat(asked()).containsEntry("loginTimeout", "7").containsEntry("user", "other");
    source.setLoginTimeout(0);
    assertThatThrownBy(source::getConnection).isSameAs(refused);
    assertThat(asked()).doesNotContainKey("loginTimeout");
  }

  /** As a pool asks that was given a user's name alone. */
  @Test
  void aLoginWithoutAPasswordHasNone() {
    assertThatThrownBy(() -> source.getConnection("other", null)).isSameAs(refused);
    assertThat(asked()).containsEntry("user", "other").doesNotContainKey("password");
    assertThatThrownBy(() -> source.getConnection("other", "p")).isSameAs(refused);
    assertThat(asked()).containsEntry("password", "p");
  }

  @Test
  void aParameterThatTheDriverWouldIgnoreIsRefusedBeforeAnythingIsSent() {
    DataSource unknown =
        details.toBuilder().parameter("channelBinding", "require").build().dataSource();
    assertThatThrownBy(unknown::getConnection)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("does not know channelBinding, and would ignore it");
    assertThat(driver.asked).isEmpty();
  }

  /** In an application server: the driver is everybody's, the library the application's. */
  @Test
  void aSharedDriverFindsTheLibraryByTheThreadAndTheThreadIsLeftAsItWas() throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader other = new URLClassLoader(new URL[0], null)) {
      thread.setContextClassLoader(other);
      assertThatThrownBy(source::getConnection).isSameAs(refused);
      assertThat(driver.asked.get(0).loader())
          .isSameAs(ConnectionDetails.class.getClassLoader())
          .isNotSameAs(other);
      assertThat(thread.getContextClassLoader()).isSameAs(other);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Drivers of other databases are none of ours, also one that cannot even say so. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDriverOfSomethingElseIsNotAsked(boolean broken) throws SQLException {
    Driver other = new Other(broken);
    driver.close();
    DriverManager.registerDriver(other);
    try {
      assertThatThrownBy(source::getConnection)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("There is no JDBC driver for PostgreSQL");
      DriverManager.registerDriver(driver);
      assertThatThrownBy(source::getConnection).isSameAs(refused);
    } finally {
      DriverManager.deregisterDriver(other);
    }
  }

  @Test
  void isWrappedAroundTheDetailsAndNothingElse() throws SQLException {
    assertThat(source.isWrapperFor(ConnectionDetails.class)).isTrue();
    assertThat(source.unwrap(ConnectionDetails.class)).isSameAs(details);
    assertThat(source.isWrapperFor(DataSource.class)).isTrue();
    assertThat(source.unwrap(DataSource.class)).isSameAs(source);
    assertThat(source.isWrapperFor(Connection.class)).isFalse();
    assertThatThrownBy(() -> source.unwrap(Connection.class))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining(ConnectionDetails.class.getName());
  }

  /** It writes statements with their values. */
  @Test
  void warnsOnceOfADriverThatWritesDownWhatItSends() throws Exception {
    Logger log = Logger.getLogger("org.postgresql");
    WrittenWarnings.forget(log.getName());
    log.setLevel(Level.FINEST);
    try {
      Doing connect = () -> assertThatThrownBy(source::getConnection).isSameAs(refused);
      assertThat(WrittenWarnings.during(connect)).contains("Passwords", "by org.postgresql,");
      assertThat(WrittenWarnings.during(connect)).isEmpty();
    } finally {
      log.setLevel(null);
    }
  }

  @Test
  void refusesALogOfItsOwn() throws SQLException {
    source.setLogWriter(null);
    assertThat(source.getLogWriter()).isNull();
    assertThatThrownBy(() -> source.setLogWriter(new PrintWriter(new StringWriter())))
        .isInstanceOf(SQLFeatureNotSupportedException.class);
    assertThatThrownBy(source::getParentLogger).isInstanceOf(SQLFeatureNotSupportedException.class);
  }

  /** A driver of another database. */
  private static final class Other implements Driver {
    private final boolean broken;

    Other(boolean broken) {
      this.broken = broken;
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
      if (broken) {
        throw new SQLException("not today");
      }
      return false;
    }

    @Override
    public @Nullable Connection connect(String url, Properties info) {
      return null;
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
      return new DriverPropertyInfo[] {new DriverPropertyInfo("nothing of ours", null)};
    }

    @Override
    public int getMajorVersion() {
      return 1;
    }

    @Override
    public int getMinorVersion() {
      return 0;
    }

    @Override
    public boolean jdbcCompliant() {
      return false;
    }

    @Override
    public Logger getParentLogger() {
      return Logger.getLogger("broken");
    }
  }
}
