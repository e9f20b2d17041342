/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import static io.clouddb.testkit.simulator.Databases.PASSWORD;
import static io.clouddb.testkit.simulator.Databases.admin;
import static io.clouddb.testkit.simulator.Databases.ask;
import static io.clouddb.testkit.simulator.Databases.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.sql.TlsVerification;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudProfileTest {
  private static final ResourceKey ORDERS = new ResourceKey("scope", "orders");

  private static void with(
      CloudProfile profile, int version, BiConsumer<SimulatedCloud, SimulatedInstance> work) {
    try (ManualClock clock = SimulatedClock.manual(Instant.EPOCH);
        SimulatedCloud cloud =
            SimulatedCloud.builder(profile, clock).timings(Timings.NONE).build()) {
      SimulatedOperation operation =
          cloud.create(
              InstanceRequest.of(
                      ORDERS,
                      version,
                      profile == CloudProfile.CLOUD_SQL ? "postgres" : "app_admin",
                      PASSWORD)
                  .database("shop")
                  .build());
      clock.advanceUntilIdle();
      assertThat(operation.failure()).isEmpty();
      work.accept(cloud, cloud.get(ORDERS));
    }
  }

  private static void unchecked(ThrowingRunnable work) {
    try {
      work.run();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private interface ThrowingRunnable {
    void run() throws SQLException;
  }

  @ParameterizedTest
  @CsvSource({"RDS,14", "RDS,16", "RDS,18", "AZURE,14", "AZURE,17", "CLOUD_SQL,15", "CLOUD_SQL,16"})
  void givesTheAdminWhatTheCloudGivesAndNoMore(CloudProfile profile, int version) {
    with(
        profile,
        version,
        (cloud, instance) ->
            unchecked(
                () -> {
                  ConnectionDetails shop = admin(instance, "shop");
                  String me = " FROM pg_roles WHERE rolname = current_user";
                  assertThat(ask(shop, "SELECT rolsuper OR rolbypassrls" + me)).isEqualTo("f");
                  assertThat(
                          ask(shop, "SELECT rolcreaterole AND rolcreatedb AND rolreplication" + me))
                      .isEqualTo("t");
                  assertThat(
                          ask(shop, "SELECT pg_has_role('" + profile.adminGroup() + "','USAGE')"))
                      .isEqualTo("t");
                  run(
                      shop,
                      "CREATE TABLE public.t (id int PRIMARY KEY)",
                      "CREATE SCHEMA app",
                      "CREATE PUBLICATION p FOR TABLE public.t",
                      "CREATE EXTENSION pg_trgm",
                      "CREATE ROLE reader LOGIN",
                      "CREATE DATABASE other");
                  run(admin(instance, "postgres"), "CREATE TABLE public.t (id int PRIMARY KEY)");
                  for (String forbidden :
                      new String[] {
                        "CREATE EXTENSION dblink",
                        "CREATE PUBLICATION q FOR ALL TABLES",
                        "ALTER SYSTEM SET work_mem = '8MB'",
                        "ALTER ROLE reader SUPERUSER",
                        "COPY public.t TO PROGRAM 'cat'",
                        "SELECT pg_read_file('postgresql.conf')",
                        "SELECT rolpassword FROM pg_authid",
                        "GRANT " + profile.superuser() + " TO reader"
                      }) {
                    assertThatThrownBy(() -> run(shop, forbidden))
                        .as(forbidden)
                        .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getSQLState()).isEqualTo("42501"));
                  }
                }));
  }

  @ParameterizedTest
  @CsvSource({"RDS,15,true", "RDS,14,false", "AZURE,16,false", "CLOUD_SQL,16,false"})
  void grantsTheReplicaRoleWhereTheCloudDoes(CloudProfile profile, int version, boolean granted) {
    with(
        profile,
        version,
        (cloud, instance) ->
            unchecked(
                () -> {
                  String sql = "SET session_replication_role = replica";
                  if (granted) {
                    run(admin(instance, "shop"), sql);
                  } else {
                    assertThatThrownBy(() -> run(admin(instance, "shop"), sql))
                        .hasMessageContaining("permission denied");
                  }
                }));
  }

  @ParameterizedTest
  @CsvSource({"RDS,14,false", "RDS,16,true", "AZURE,14,true", "CLOUD_SQL,16,false"})
  void refusesPlainConnectionsWhereTheCloudDoes(
      CloudProfile profile, int version, boolean refused) {
    with(
        profile,
        version,
        (cloud, instance) ->
            unchecked(
                () -> {
                  ConnectionDetails plain =
                      admin(instance, "shop").toBuilder().tls(TlsVerification.DISABLED).build();
                  String sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
                  if (refused) {
                    assertThatThrownBy(() -> ask(plain, sql)).hasMessageContaining("no encryption");
                  } else {
                    assertThat(ask(plain, sql)).isEqualTo("f");
                  }
                  cloud.modify(ORDERS, Modification.builder().tlsOnly(!refused).build());
                  ((ManualClock) cloud.clock()).advanceUntilIdle();
                  if (refused) {
                    assertThat(ask(plain, sql)).isEqualTo("f");
                  } else {
                    assertThatThrownBy(() -> ask(plain, sql)).hasMessageContaining("no encryption");
                  }
                }));
  }

  @Test
  void readsAzuresOwnParameters() {
    with(
        CloudProfile.AZURE,
        16,
        (cloud, instance) ->
            unchecked(
                () -> {
                  cloud.modify(
                      ORDERS,
                      Modification.builder()
                          .parameters(
                              Map.of("require_secure_transport", "OFF", "wal_level", "logical"))
                          .build());
                  ((ManualClock) cloud.clock()).advanceUntilIdle();
                  assertThat(instance.pendingReboot()).containsExactly("wal_level");
                  ConnectionDetails plain =
                      admin(instance, "shop").toBuilder().tls(TlsVerification.DISABLED).build();
                  assertThat(ask(plain, "SELECT 1")).isEqualTo("1");
                  assertThatThrownBy(
                          () -> cloud.checkParameters(16, Map.of("wal_level", "minimal")))
                      .hasMessageContaining("replica or logical");
                }));
  }

  @Test
  void makesUsersAndDatabasesAsCloudSqlsApiDoes() {
    with(
        CloudProfile.CLOUD_SQL,
        16,
        (cloud, instance) ->
            unchecked(
                () -> {
                  SecretRef password = SecretRef.literal("s3cret");
                  instance.createUser("second admin", password);
                  instance.createDatabase("more; data");
                  assertThat(instance.users()).containsExactly("postgres", "second admin");
                  assertThat(instance.databases())
                      .containsExactly("more; data", "postgres", "shop");
                  run(
                      instance
                          .server()
                          .orElseThrow()
                          .connection("more; data", "second admin", password),
                      "CREATE TABLE public.t (id int)");
                  assertThatThrownBy(() -> instance.createDatabase("shop"))
                      .isInstanceOfSatisfying(
                          SimulatorException.class,
                          e ->
                              assertThat(e.reason()).isEqualTo(SimulatorException.Reason.DATABASE));
                  instance.dropDatabase("more; data");
                  instance.dropUser("second admin");
                  assertThat(instance.users()).containsExactly("postgres");
                }));
  }
}
