/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.security.SecretRef;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Opens a cloud, creates an instance and connects to it. */
final class CreateAnInstance {
  private CreateAnInstance() {}

  static InstanceSpec orders(Path password) {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(128)))
        .database("shop")
        .admin(AdminLogin.of("app_admin", SecretRef.file(password)))
        .network(Network.publicAccess("203.0.113.0/24"))
        .logicalReplication(true)
        .tag("environment", "production")
        .build();
  }

  /** The URL is the only thing that differs between the clouds. */
  static String create(String url, InstanceSpec spec) throws SQLException {
    try (CloudDb cloud = CloudDb.open(url)) { // "clouddb:gcp:asia-northeast3?project=shop"
      Instance orders = cloud.instances().create(spec).await(Duration.ofMinutes(30));
      try (Connection connection = orders.connection().dataSource().getConnection()) {
        return connection.getMetaData().getDatabaseProductVersion();
      }
    }
  }
}
