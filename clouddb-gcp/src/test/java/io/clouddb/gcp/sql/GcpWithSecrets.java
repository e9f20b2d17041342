/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.auth.Credentials;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.sun.net.httpserver.HttpServer;
import io.clouddb.DataSize;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.contract.WireLogContract;
import io.clouddb.testkit.simulator.server.Timings;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

/** The program with secrets on Google Cloud, whose logs {@link WireLogContract} reads. */
final class GcpWithSecrets {
  private GcpWithSecrets() {}

  public static void main(String[] arguments) throws Exception {
    GoogleCredentials token =
        GoogleCredentials.create(
            new AccessToken(
                "3-" + WireLogContract.SECRET, Date.from(Instant.now().plusSeconds(3600))));
    InstanceSpec spec =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(20)))
            .network(Network.publicAccess("203.0.113.0/24"))
            .admin(AdminLogin.of("app_admin", SecretRef.literal("replaced")))
            .build();
    try (SimulatedCloudSql google = SimulatedCloudSql.start(Timings.USUAL)) {
      WireLogContract.ask(google.config().using(Credentials.class, token).build());
      askWithAccount(google);
      WireLogContract.create(google.config().build(), spec);
    }
  }

  /** As it is with application default credentials: an access token is fetched first. */
  private static void askWithAccount(SimulatedCloudSql google) throws Exception {
    byte[] answer =
        ("{\"access_token\":\"4-"
                + WireLogContract.SECRET
                + "\",\"expires_in\":3600,\"token_type\":\"Bearer\"}")
            .getBytes(StandardCharsets.UTF_8);
    HttpServer tokens =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    tokens.createContext(
        "/token",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    tokens.start();
    try {
      KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA");
      pairs.initialize(2048);
      String key =
          Base64.getEncoder().encodeToString(pairs.generateKeyPair().getPrivate().getEncoded());
      String file =
          """
          {"type": "service_account", "project_id": "shop-project", "private_key_id": "a",
           "client_id": "1", "client_email": "a@shop-project.iam.gserviceaccount.com",
           "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n",
           "token_uri": "http://127.0.0.1:%d/token"}
          """
              .formatted(key, tokens.getAddress().getPort());
      GoogleCredentials login =
          GoogleCredentials.fromStream(
              new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)));
      WireLogContract.ask(google.config().using(Credentials.class, login).build());
    } finally {
      tokens.stop(0);
    }
  }
}
