/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.security.SecretRef;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Opens a cloud, creates an instance and connects to it. */
final class CreateAnInstance {
  private CreateAnInstance() {}

  /** What is asked of any cloud; {@link Networks} has what differs. */
  static InstanceSpec orders(SecretRef password) {
    // @start region="spec"
    InstanceSpec orders =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(128)))
            .database("shop")
            .admin(AdminLogin.of("app_admin", password)) // e.g. SecretRef.environment("ADMIN_PW")
            .logicalReplication(true)
            .tag("environment", "production")
            .build();
    // @end region="spec"
    return orders;
  }

  static String create(String url, InstanceSpec spec) throws SQLException {
    // @start region="create"
    try (CloudDb cloud = CloudDb.open(url)) { // e.g. "clouddb:gcp:asia-northeast3?project=shop-dev"
      Instance orders = cloud.instances().create(spec).await(Duration.ofMinutes(30));
      try (Connection connection = orders.connection().dataSource().getConnection()) {
        return connection.getMetaData().getDatabaseProductVersion();
      }
    }
    // @end region="create"
  }
}
