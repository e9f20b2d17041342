/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Makes an instance of what another one was a moment before something went wrong. */
final class RestoreToAMoment {
  private static final Duration LIMIT = Duration.ofMinutes(60);

  private RestoreToAMoment() {}

  static Instance before(CloudDb cloud, ResourceId orders, Instant mistake, AdminLogin login) {
    // @start region="moment"
    RestorableWindow window = cloud.backups().window(orders);
    System.out.println(window.earliest() + " to " + window.latest());
    Instant second = mistake.truncatedTo(ChronoUnit.SECONDS); // each cloud takes whole ones
    RestoreSpec spec = RestoreSpec.of(orders).at(second).named("orders-before").login(login);
    Instance before = cloud.backups().restore(spec).await(LIMIT); // orders goes on as it is
    // @end region="moment"
    return before;
  }
}
