/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.aws.rds.wire.CheckingHttpClient;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import io.clouddb.testkit.simulator.server.Timings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.RdsException;

/**
 * A simulated RDS with the vendor's own client in two regions, whose time a test moves. Everything
 * on the wire is held against the service's definition.
 */
final class ReplicaCloud implements AutoCloseable {
  static final String HOME = "ap-northeast-2";
  static final String AWAY = "eu-west-1";
  static final String ACCOUNT = "123456789012";
  static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String PASSWORD = "correct-horse-battery";

  final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
  final SimulatedAws simulator =
      SimulatedAws.builder()
          .clock(clock)
          .region(HOME)
          .timings(Timings.USUAL.withFirstBackup(Duration.ofMinutes(1)))
          .subnetGroup("network-1")
          .start();
  private final CheckingHttpClient http = new CheckingHttpClient(Apache5HttpClient.create());
  final RdsClient home = client(HOME);
  final RdsClient away = client(AWAY);

  RdsClient client(String region) {
    return RdsClient.builder()
        .region(Region.of(region))
        .endpointOverride(simulator.endpoint())
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(SimulatedAws.ACCESS_KEY, simulator.secret().resolve())))
        .httpClient(http)
        .build();
  }

  static String arn(String region, String name) {
    return "arn:aws:rds:" + region + ":" + ACCOUNT + ":db:" + name;
  }

  SimulatedInstance primary(String name) throws SQLException {
    return primary(name, request -> {});
  }

  /** A primary with backups and a table. */
  SimulatedInstance primary(String name, Consumer<CreateDbInstanceRequest.Builder> more)
      throws SQLException {
    home.createDBInstance(
        request -> {
          request
              .dbInstanceIdentifier(name)
              .engine("postgres")
              .engineVersion("16")
              .dbInstanceClass("db.m7g.large")
              .allocatedStorage(20)
              .backupRetentionPeriod(7)
              .masterUsername("app_admin")
              .dbName("shop");
          more.accept(request);
          if (request.build().manageMasterUserPassword() == null) {
            request.masterUserPassword(PASSWORD);
          }
        });
    clock.advanceUntilIdle();
    SimulatedInstance primary = simulated(HOME, name);
    if (shown(home, name).masterUserSecret() == null) {
      run(primary, "CREATE TABLE t AS SELECT 1 AS a");
    }
    return primary;
  }

  DBInstance replica(RdsClient client, String name, String source) {
    return replica(client, name, source, request -> {});
  }

  /** A replica that is available. */
  DBInstance replica(
      RdsClient client,
      String name,
      String source,
      Consumer<CreateDbInstanceReadReplicaRequest.Builder> more) {
    client.createDBInstanceReadReplica(
        request -> {
          request.dbInstanceIdentifier(name).sourceDBInstanceIdentifier(source);
          more.accept(request);
        });
    clock.advanceUntilIdle();
    DBInstance replica = shown(client, name);
    assertThat(replica.dbInstanceStatus()).isEqualTo("available");
    return replica;
  }

  static DBInstance shown(RdsClient client, String name) {
    List<DBInstance> found =
        client.describeDBInstances(request -> request.dbInstanceIdentifier(name)).dbInstances();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  SimulatedInstance simulated(String region, String name) {
    return simulator.servers().get(simulator.rds().key(region, name));
  }

  EmbeddedPostgres server(String region, String name) {
    return simulated(region, name).server().orElseThrow();
  }

  /** As the admin, whom the source has made. */
  private static ConnectionDetails admin(SimulatedInstance instance) {
    return instance
        .server()
        .orElseThrow()
        .connection("shop", "app_admin", SecretRef.literal(PASSWORD));
  }

  static void run(SimulatedInstance instance, String sql) throws SQLException {
    try (Connection connection = admin(instance).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String ask(SimulatedInstance instance, String sql) throws SQLException {
    try (Connection connection = admin(instance).connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Expects the service's error, by code, status and text. */
  static void refused(String code, int status, String text, ThrowingCallable call) {
    RdsException refusal = catchThrowableOfType(RdsException.class, call);
    assertThat(refusal).as("not refused").isNotNull();
    assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code);
    assertThat(refusal.statusCode()).isEqualTo(status);
    assertThat(refusal.awsErrorDetails().errorMessage()).contains(text);
  }

  /** Fails when something went past the service's definition. */
  @Override
  public void close() {
    List<String> notSimulated = simulator.notSimulated();
    List<Throwable> bugs = simulator.bugs();
    try (simulator;
        http;
        home;
        away) {
      // Closed by leaving.
    }
    clock.close();
    assertThat(http.problems()).as("against the service's definition").isEmpty();
    assertThat(notSimulated).isEmpty();
    assertThat(bugs).isEmpty();
  }
}
