/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.ProtectedInstance;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Backs an instance up, finds the backup again, and makes a new instance of it. */
final class BackUpAndRestore {
  private static final Duration LIMIT = Duration.ofMinutes(60);

  private BackUpAndRestore() {}

  static ProtectedInstance protect(CloudDb cloud, ResourceId orders) {
    // @start region="protect"
    BackupPolicy policy = BackupPolicy.daily().retainDays(30);
    BackupSpec manual = BackupSpec.manual(orders.name(), Instant.now()); // its name and tags
    Protection both = Protection.of(policy, manual);
    ProtectedInstance done = cloud.backups().protect(orders, both).await(LIMIT);
    done.pending().forEach(System.out::println); // what of the policy is not in force yet
    // @end region="protect"
    return done;
  }

  static Backup take(CloudDb cloud, ResourceId orders) {
    // @start region="take"
    BackupSpec spec = BackupSpec.named("before-release").tag("why", "release");
    Backup backup = cloud.backups().take(orders, spec).await(LIMIT);
    System.out.println(backup.takenAt() + ", " + backup.size() + ", " + backup.encryptionKey());
    // @end region="take"
    return backup;
  }

  static List<Backup> list(CloudDb cloud, ResourceId orders) {
    // @start region="list"
    BackupQuery query = BackupQuery.of(orders).origin(Backup.Origin.MANUAL).tag("why", "release");
    List<Backup> found = cloud.backups().list(query).stream().toList(); // page by page
    // @end region="list"
    return found;
  }

  static Instance restore(CloudDb cloud, Backup backup, AdminLogin login) {
    // @start region="restore"
    RestoreSpec spec =
        RestoreSpec.from(backup)
            .named("orders-2")
            .tag("why", "rehearsal")
            .login(login); // as it was in the backup; so that connection() knows it
    System.out.println(cloud.backups().plan(spec)); // also what is taken from the backup
    Instance restored = cloud.backups().restore(spec).await(LIMIT);
    // @end region="restore"
    return restored;
  }
}
