/* SPDX-License-Identifier: Apache-2.0 */
// @start region="code"
package com.example.shop;

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
import java.time.Duration;

/** The database of the shop, on whichever cloud it is given. */
public final class OrdersDatabase {
  private OrdersDatabase() {}

  /** Makes it when it is not there. */
  public static Instance ensure(CloudDb cloud, SecretRef password) {
    InstanceSpec spec =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(128)))
            .database("shop")
            .admin(AdminLogin.of("app_admin", password))
            .network(Network.publicAccess("203.0.113.0/24"))
            .build();
    return cloud.instances().ensure(spec).await(Duration.ofMinutes(30));
  }
}
// @end region="code"
