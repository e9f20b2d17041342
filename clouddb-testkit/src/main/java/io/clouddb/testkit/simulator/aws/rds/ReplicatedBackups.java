/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The automated backups that are kept in another region than that of their instance. */
final class ReplicatedBackups {
  private final List<AutomatedBackup> all = new CopyOnWriteArrayList<>();

  void add(AutomatedBackup backup) {
    all.add(backup);
  }

  /** Those that are kept in a region. */
  List<AutomatedBackup> in(String region) {
    all.removeIf(AutomatedBackup::isExpired);
    return all.stream().filter(backup -> backup.region().equals(region)).toList();
  }

  /** Those of an instance that are replicated still, wherever they are kept. */
  List<AutomatedBackup> of(String instanceUid) {
    return all.stream()
        .filter(backup -> backup.instance().uid().equals(instanceUid))
        .filter(AutomatedBackup::isReplicating)
        .toList();
  }
}
