/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The driver is the application's, and may be older than what the library knows of it. */
class OldDriverTest {
  private static final String URL = "jdbc:postgresql://db/shop";

  /** Knows one parameter. */
  private static Driver old() {
    return that(new DriverPropertyInfo("ApplicationName", null));
  }

  private static Driver that(DriverPropertyInfo... knows) {
    return (Driver)
        Proxy.newProxyInstance(
            OldDriverTest.class.getClassLoader(),
            new Class<?>[] {Driver.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getPropertyInfo" -> knows;
                  case "getMajorVersion" -> 42;
                  case "getMinorVersion" -> 2;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  @Test
  void aParameterThatItWouldIgnoreIsRefused() {
    assertThatThrownBy(
            () ->
                DriverParameters.check(
                    old(), URL, Set.of("ApplicationName", "channelBinding", "requireAuth")))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("42.2) does not know channelBinding, requireAuth,")
        .hasMessageContaining("42.7.12 or later");
  }

  @Test
  void whatItKnowsIsNotRefused() {
    assertThatCode(() -> DriverParameters.check(old(), URL, Set.of("ApplicationName")))
        .doesNotThrowAnyException();
    assertThatCode(() -> DriverParameters.check(old(), URL, Set.of())).doesNotThrowAnyException();
  }

  /** JDBC: "This array may be an empty array". A driver that wraps PostgreSQL's may answer so. */
  @Test
  void ofADriverThatListsNothingIsAskedOnlyWhatProtects() {
    assertThatCode(() -> DriverParameters.check(that(), URL, Set.of("ApplicationName")))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                DriverParameters.check(
                    that(), URL, Set.of("ApplicationName", "channelBinding", "requireAuth")))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("does not know channelBinding, requireAuth,");
  }
}
