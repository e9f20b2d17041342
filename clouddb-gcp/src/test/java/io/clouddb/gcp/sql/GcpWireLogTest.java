/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.auth.Credentials;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import io.clouddb.DataSize;
import io.clouddb.gcp.GcpProvider;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.contract.WireLogContract;
import io.clouddb.testkit.simulator.Timings;
import java.time.Instant;
import java.util.Date;
import java.util.Set;

class GcpWireLogTest extends WireLogContract {
  @Override
  protected Set<String> known() {
    return new GcpProvider().wireLogs();
  }

  /** The program. */
  public static void main(String[] arguments) throws Exception {
    GoogleCredentials token =
        GoogleCredentials.create(
            new AccessToken("3-" + SECRET, Date.from(Instant.now().plusSeconds(3600))));
    InstanceSpec spec =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(20)))
            .network(Network.publicAccess("203.0.113.0/24"))
            .admin(AdminLogin.of("app_admin", SecretRef.literal("replaced")))
            .build();
    try (SimulatedCloudSql google = SimulatedCloudSql.start(Timings.USUAL)) {
      ask(google.config().using(Credentials.class, token).build());
      create(google.config().build(), spec);
    }
  }
}
