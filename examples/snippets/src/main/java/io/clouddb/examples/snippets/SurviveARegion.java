/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaLag;
import io.clouddb.replica.ReplicaSpec;
import java.time.Duration;

/** Keeps a replica in another region, and goes on with it when the first one is gone. */
final class SurviveARegion {
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private SurviveARegion() {}

  static Instance follow(CloudDb cloud, ResourceId orders, String region) {
    // @start region="create"
    ReplicaSpec spec = ReplicaSpec.named("orders-dr").tag("role", "disaster-recovery");
    System.out.println(cloud.in(region).replicas().plan(orders, spec));
    Instance replica = cloud.in(region).replicas().create(orders, spec).await(LIMIT);
    // @end region="create"
    return replica;
  }

  static ReplicaLag measure(CloudDb cloud, ResourceId replica, AdminLogin login) {
    // @start region="lag"
    ReplicaLag lag = cloud.in(replica.location()).replicas().lag(replica, login);
    System.out.println(lag.replayedAll() + ", newest transaction is " + lag.age() + " old");
    // @end region="lag"
    return lag;
  }

  static Promoted takeOver(CloudDb cloud, ResourceId replica, AdminLogin login) {
    // @start region="promote"
    Promoted now =
        cloud
            .in(replica.location())
            .replicas()
            .promote(replica, Promotion.forced().login(login))
            .await(LIMIT);
    now.changes().forEach(System.out::println); // what the application has to change
    System.out.println("what came after " + now.lastReplayed() + " may be missing");
    // @end region="promote"
    return now;
  }
}
