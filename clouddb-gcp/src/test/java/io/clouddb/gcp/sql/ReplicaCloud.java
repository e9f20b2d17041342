/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.googleapis.services.json.AbstractGoogleJsonClientRequest;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.sqladmin.SQLAdmin;
import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseFlags;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.IpMapping;
import com.google.api.services.sqladmin.model.Operation;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.sql.TlsVerification;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** A simulator of Cloud SQL whose time stands still, and Google's own client of it. */
final class ReplicaCloud implements AutoCloseable {
  static final String PROJECT = "shop-project";
  static final String HOME = "us-central1";
  static final String FAR = "europe-west1";
  private static final String PASSWORD = "very-secret";

  final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
  final SimulatedGoogle google = SimulatedGoogle.builder().clock(clock).project(PROJECT).start();
  final SQLAdmin sql =
      new SQLAdmin.Builder(
              new NetHttpTransport(),
              GsonFactory.getDefaultInstance(),
              request ->
                  request.getHeaders().setAuthorization("Bearer " + google.secret().resolve()))
          .setRootUrl(google.endpoint() + "/")
          .setApplicationName("clouddb")
          .build();

  /** The least that a primary needs which is to have replicas. */
  static DatabaseInstance primary(String name) {
    return new DatabaseInstance()
        .setName(name)
        .setRegion(HOME)
        .setDatabaseVersion("POSTGRES_16")
        .setRootPassword(PASSWORD)
        .setSettings(
            new Settings()
                .setTier("db-custom-2-8192")
                .setEdition("ENTERPRISE")
                .setBackupConfiguration(new BackupConfiguration().setEnabled(true)));
  }

  /** One of the edition that has disaster recovery. */
  static DatabaseInstance plusPrimary(String name) {
    DatabaseInstance primary = primary(name);
    primary.getSettings().setTier("db-perf-optimized-N-2").setEdition("ENTERPRISE_PLUS");
    primary.getSettings().getBackupConfiguration().setPointInTimeRecoveryEnabled(true);
    return primary;
  }

  /** The least that a replica needs. */
  static DatabaseInstance replica(String name, String region, String master) {
    return new DatabaseInstance()
        .setName(name)
        .setRegion(region)
        .setMasterInstanceName(master)
        .setSettings(new Settings().setTier("db-custom-2-8192"));
  }

  static DatabaseInstance plusReplica(String name, String region, String master) {
    DatabaseInstance replica = replica(name, region, master);
    replica.getSettings().setTier("db-perf-optimized-N-2").setEdition("ENTERPRISE_PLUS");
    return replica;
  }

  static DatabaseFlags flag(String name, String value) {
    return new DatabaseFlags().setName(name).setValue(value);
  }

  Operation insert(DatabaseInstance instance) throws IOException {
    return sql.instances().insert(PROJECT, instance).execute();
  }

  Operation patch(String name, DatabaseInstance change) throws IOException {
    return sql.instances().patch(PROJECT, name, change).execute();
  }

  Operation patch(String name, Settings change) throws IOException {
    return patch(name, new DatabaseInstance().setSettings(change));
  }

  Operation promote(String name) throws IOException {
    return sql.instances().promoteReplica(PROJECT, name).execute();
  }

  Operation delete(String name) throws IOException {
    return sql.instances().delete(PROJECT, name).execute();
  }

  DatabaseInstance get(String name) throws IOException {
    DatabaseInstance instance = sql.instances().get(PROJECT, name).execute();
    // Every member is one that the service's definition has, but for the port of the databases.
    assertThat(instance.getUnknownKeys()).isEmpty();
    assertThat(instance.getSettings().getUnknownKeys()).isEmpty();
    return instance;
  }

  /** The names of those that a filter lets through. */
  List<String> list(String filter) throws IOException {
    List<DatabaseInstance> found =
        sql.instances().list(PROJECT).setFilter(filter).execute().getItems();
    return found == null ? List.of() : found.stream().map(DatabaseInstance::getName).toList();
  }

  Operation look(Operation operation) throws IOException {
    return sql.operations().get(PROJECT, operation.getName()).execute();
  }

  /** Lets an operation end, and tells how. */
  Operation ended(Operation begun) throws IOException {
    clock.advanceUntilIdle();
    Operation ended = look(begun);
    assertThat(ended.getStatus()).isEqualTo("DONE");
    return ended;
  }

  /** Lets an operation end well. */
  Operation done(Operation begun) throws IOException {
    Operation ended = ended(begun);
    assertThat(ended.getError()).isNull();
    return ended;
  }

  /** What a request is refused by: status, reason and message. */
  static String refusal(AbstractGoogleJsonClientRequest<?> request) {
    GoogleJsonResponseException e =
        catchThrowableOfType(GoogleJsonResponseException.class, request::execute);
    assertThat(e).isNotNull();
    return e.getStatusCode()
        + " "
        + e.getDetails().getErrors().get(0).getReason()
        + ": "
        + e.getDetails().getMessage();
  }

  String refusedInsert(DatabaseInstance instance) throws IOException {
    return refusal(sql.instances().insert(PROJECT, instance));
  }

  String refusedPatch(String name, Settings change) throws IOException {
    return refusedPatch(name, new DatabaseInstance().setSettings(change));
  }

  String refusedPatch(String name, DatabaseInstance change) throws IOException {
    return refusal(sql.instances().patch(PROJECT, name, change));
  }

  String refusedDelete(String name) throws IOException {
    return refusal(sql.instances().delete(PROJECT, name));
  }

  /** The real server behind one. */
  EmbeddedPostgres server(String name) {
    return google.servers().get(new ResourceKey(PROJECT, name)).server().orElseThrow();
  }

  /** Connects as somebody who has only what the API tells. */
  private ConnectionDetails connection(String name) throws IOException {
    DatabaseInstance instance = get(name);
    IpMapping address = instance.getIpAddresses().get(0);
    return ConnectionDetails.postgresql(
            address.getIpAddress(),
            Integer.parseInt(Objects.requireNonNull(address.get("port")).toString()),
            "postgres",
            "postgres",
            SecretRef.literal(PASSWORD))
        .tls(TlsVerification.VERIFY_CA)
        .rootCertificates(instance.getServerCaCert().getCert())
        .build();
  }

  void run(String name, String statement) throws IOException, SQLException {
    try (Connection connection = connection(name).connect();
        Statement open = connection.createStatement()) {
      open.execute(statement);
    }
  }

  String ask(String name, String query) throws IOException, SQLException {
    try (Connection connection = connection(name).connect();
        Statement open = connection.createStatement();
        ResultSet rows = open.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  @Override
  public void close() {
    // The last first; each of them, whatever another says.
    try (clock;
        google) {
      assertThat(google.bugs()).isEmpty();
    }
  }
}
