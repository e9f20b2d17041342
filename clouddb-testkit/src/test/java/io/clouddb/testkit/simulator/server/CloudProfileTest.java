/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import static io.clouddb.testkit.simulator.server.Databases.PASSWORD;
import static io.clouddb.testkit.simulator.server.Databases.admin;
import static io.clouddb.testkit.simulator.server.Databases.ask;
import static io.clouddb.testkit.simulator.server.Databases.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.sql.TlsVerification;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudProfileTest {
  private static final ResourceKey ORDERS = new ResourceKey("scope", "orders");

  private static void with(
      CloudProfile profile, int version, BiConsumer<ManagedServers, SimulatedInstance> work) {
    try (ManualClock clock = SimulatedClock.manual(Instant.EPOCH);
        ManagedServers cloud =
            ManagedServers.builder(profile, new CloudEngine(clock)).timings(Timings.NONE).build()) {
      SimulatedOperation operation =
          cloud
              .lifeCycle()
              .create(
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
                  cloud
                      .lifeCycle()
                      .modify(ORDERS, Modification.builder().tlsOnly(!refused).build());
                  ((ManualClock) cloud.engine().clock()).advanceUntilIdle();
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
                  cloud
                      .lifeCycle()
                      .modify(
                          ORDERS,
                          Modification.builder()
                              .parameters(
                                  Map.of("require_secure_transport", "OFF", "wal_level", "logical"))
                              .build());
                  ((ManualClock) cloud.engine().clock()).advanceUntilIdle();
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
                          e -> assertThat(e.reason()).isEqualTo(SimulatorException.Reason.BACKEND));
                  instance.dropDatabase("more; data");
                  instance.dropUser("second admin");
                  assertThat(instance.users()).containsExactly("postgres");
                }));
  }

  @ParameterizedTest
  @CsvSource({
    "shared_preload_libraries,/anywhere/evil",
    "session_preload_libraries,/anywhere/evil",
    "local_preload_libraries,evil",
    "external_pid_file,/anywhere/evil",
    "ssl_passphrase_command,touch /anywhere/evil",
    "archive_cleanup_command,touch /anywhere/evil",
    "jit_provider,/anywhere/evil",
    "log_directory,/tmp",
    "no_such_parameter_of_the_cloud,1"
  })
  void takesOnlyWhatItsCloudLetsCustomersSet(String name, String value) {
    for (CloudProfile profile : CloudProfile.values()) {
      assertThatThrownBy(() -> profile.read(name, value))
          .as("%s %s", profile, name)
          .isInstanceOf(SimulatorException.class);
    }
  }

  /** Every string that a server takes has been looked at: none of them names code or a file. */
  @ParameterizedTest
  @ValueSource(ints = {14, 16, 18})
  void takesOnlyWordsAndNumbers(int version) throws Exception {
    Set<String> words =
        Set.of(
            "application_name",
            "client_encoding",
            "datestyle",
            "default_tablespace",
            "default_text_search_config",
            "lc_messages",
            "lc_monetary",
            "lc_numeric",
            "lc_time",
            "log_connections",
            "log_line_prefix",
            "log_timezone",
            "search_path",
            "session_replication_role",
            "shared_preload_libraries",
            "temp_tablespaces",
            "timezone");
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().version(version).start();
        Connection connection = server.superuser().connect()) {
      Set<String> texts =
          Set.copyOf(
              Sql.strings(
                  connection, "SELECT lower(name) FROM pg_settings WHERE vartype = 'string'"));
      Set<String> all = Set.copyOf(Sql.strings(connection, "SELECT lower(name) FROM pg_settings"));
      for (CloudProfile profile : CloudProfile.values()) {
        Set<String> taken = new TreeSet<>(profile.modifiable());
        assertThat(taken).as("%s", profile).noneMatch(ParameterList::namesCode);
        taken.retainAll(all);
        assertThat(taken).hasSizeGreaterThan(100);
        taken.retainAll(texts);
        assertThat(words).as("%s", profile).containsAll(taken);
      }
    }
  }

  @Test
  void takesNoValueThatLeavesItsLine() {
    for (String value :
        List.of(
            "1\nshared_preload_libraries = '/anywhere/evil'", "1\r2", "1\0", "x".repeat(9_000))) {
      assertThatThrownBy(() -> CloudProfile.RDS.read("application_name", value))
          .isInstanceOf(SimulatorException.class);
    }
  }

  @Test
  void keepsQuotesInsideOfAValue() {
    String value = "a' \\' \\\\' # include_if_exists = ''x";
    with(
        CloudProfile.RDS,
        16,
        (cloud, instance) ->
            unchecked(
                () -> {
                  cloud
                      .lifeCycle()
                      .modify(
                          ORDERS,
                          Modification.builder()
                              .parameters(Map.of("log_line_prefix", value))
                              .build());
                  ((ManualClock) cloud.engine().clock()).advanceUntilIdle();
                  assertThat(ask(admin(instance, "shop"), "SHOW log_line_prefix")).isEqualTo(value);
                }));
  }
}
