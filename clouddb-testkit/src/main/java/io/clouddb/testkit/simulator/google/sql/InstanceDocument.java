/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.google.GoogleCall;
import io.clouddb.testkit.simulator.google.GoogleJson;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Writes an instance as the service does: what was asked for, and what the service adds. */
final class InstanceDocument {
  /** The attribute of the engine's instance that holds what was asked for. */
  static final String ATTRIBUTE = "sqladmin";

  private InstanceDocument() {}

  /** What was asked for, with the service's defaults; a copy. */
  static ObjectNode stored(SimulatedInstance instance) {
    return instance.attribute(ATTRIBUTE, ObjectNode.class).orElseThrow().deepCopy();
  }

  static ObjectNode of(SimulatedInstance instance, ManagedServers managed, GoogleCall route) {
    ObjectNode document = stored(instance);
    String name = instance.key().name();
    String version = document.path("databaseVersion").asText();
    document
        .put("kind", "sql#instance")
        .put("name", name)
        .put("project", route.project())
        .put("state", state(instance.state()))
        .put("backendType", "SECOND_GEN")
        .put(
            "connectionName", route.project() + ":" + document.path("region").asText() + ":" + name)
        .put("createTime", instance.created().toString())
        .put("etag", etag(document))
        .put("gceZone", document.path("settings").path("locationPreference").path("zone").asText())
        .put("satisfiesPzi", true)
        .put("selfLink", SqlAdminService.link(route, "instances", name))
        .put(
            "serviceAccountEmailAddress",
            "p0-" + instance.uid() + "@gcp-sa-cloud-sql.iam.gserviceaccount.com")
        .put("sqlNetworkArchitecture", "NEW_NETWORK_ARCHITECTURE");
    document
        .putObject("geminiConfig")
        .put("activeQueryEnabled", false)
        .put("entitled", false)
        .put("googleVacuumMgmtEnabled", false)
        .put("indexAdvisorEnabled", false)
        .put("oomSessionCancelEnabled", false);
    instance.server().ifPresent(server -> addServer(document, version, instance, server));
    addReplication(document, instance, managed);
    return document;
  }

  /** Whom it follows, who follows it, and the designated one of these. */
  private static void addReplication(
      ObjectNode document, SimulatedInstance instance, ManagedServers managed) {
    List<SimulatedInstance> replicas = managed.replicasOf(instance);
    if (!replicas.isEmpty()) {
      ArrayNode names = document.putArray("replicaNames");
      replicas.forEach(replica -> names.add(replica.key().name()));
    }
    if (DisasterRecovery.designated(document, replicas).isEmpty()) {
      document.remove(DisasterRecovery.CLUSTER);
    }
    instance
        .source()
        .ifPresent(
            source -> {
              document.put(ReplicaRules.MASTER, source.key().scope() + ":" + source.key().name());
              boolean designated =
                  DisasterRecovery.designated(stored(source), managed.replicasOf(source))
                      .filter(instance::equals)
                      .isPresent();
              if (designated) {
                document.putObject(DisasterRecovery.CLUSTER).put("drReplica", true);
              }
            });
  }

  private static void addServer(
      ObjectNode document, String version, SimulatedInstance instance, EmbeddedPostgres server) {
    // The artifact 16.15.0 is PostgreSQL 16.15.
    String minor = server.artifactVersion().split("\\.", -1)[1];
    document
        .put("databaseInstalledVersion", version + "_" + minor)
        .put("maintenanceVersion", version + "_" + minor + ".R20261018.00_00");
    ArrayNode addresses = document.putArray("ipAddresses");
    boolean open =
        document.path("settings").path("ipConfiguration").path("ipv4Enabled").asBoolean();
    addresses
        .addObject()
        .put("ipAddress", instance.host())
        .put("type", open ? "PRIMARY" : "PRIVATE")
        .put("port", instance.port().orElseThrow());
    if (open) {
      addresses.addObject().put("ipAddress", instance.host()).put("type", "OUTGOING");
    }
    instance
        .certificate()
        .flatMap(file -> certificate(file, document))
        .ifPresent(certificate -> document.set("serverCaCert", certificate));
    int major = instance.version();
    if (major < 18) {
      String next = "POSTGRES_" + (major + 1);
      document
          .putArray("upgradableDatabaseVersions")
          .addObject()
          .put("displayName", "PostgreSQL " + (major + 1))
          .put("majorVersion", next)
          .put("name", next);
    }
  }

  /** Empty when the server goes away at this very moment. */
  private static Optional<ObjectNode> certificate(Path file, JsonNode instance) {
    try (InputStream stream = Files.newInputStream(file)) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream);
      byte[] fingerprint = MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded());
      return Optional.of(
          GoogleJson.object()
              .put("kind", "sql#sslCert")
              .put("cert", Files.readString(file))
              .put("certSerialNumber", certificate.getSerialNumber().toString())
              .put("commonName", certificate.getSubjectX500Principal().getName())
              .put("createTime", certificate.getNotBefore().toInstant().toString())
              .put("expirationTime", certificate.getNotAfter().toInstant().toString())
              .put("instance", instance.path("name").asText())
              .put("sha1Fingerprint", HexFormat.of().formatHex(fingerprint)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("The server's certificate cannot be read", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The server's certificate is none", e);
    }
  }

  private static String etag(ObjectNode document) {
    byte[] text = document.toString().getBytes(StandardCharsets.UTF_8);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text), 0, 16);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }

  /** A stopped instance is RUNNABLE too: its activation policy tells. */
  private static String state(InstanceState state) {
    return switch (state) {
      case CREATING -> "PENDING_CREATE";
      case DELETING -> "PENDING_DELETE";
      case FAILED -> "FAILED";
      case BACKING_UP, AVAILABLE, MODIFYING, REBOOTING, STOPPING, STOPPED, STARTING -> "RUNNABLE";
    };
  }
}
