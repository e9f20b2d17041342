/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.server.InstanceBackups;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The snapshots of each region: those taken by hand and the copies, and those that RDS has taken
 * itself, also of instances that are gone.
 *
 * @param state where they are
 */
record Snapshots(RdsState state) {
  static AwsError notFound(String name) {
    return AwsError.notFound("DBSnapshotNotFound", "DBSnapshot " + name + " not found.");
  }

  /** One of a region. */
  Snapshot get(String region, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return (Snapshot.isAutomatedName(lower)
            ? automated(region).filter(snapshot -> snapshot.name().equals(lower))
            : manual(region).filter(snapshot -> snapshot.name().equals(lower)))
        .findFirst()
        .orElseThrow(() -> notFound(name));
  }

  /** All of a region, sorted by name. */
  List<Snapshot> list(String region) {
    return Stream.concat(manual(region), automated(region))
        .sorted(Comparator.comparing(Snapshot::name))
        .toList();
  }

  private Stream<Snapshot> manual(String region) {
    return state.servers().backups().list(scope(region)).stream().map(Snapshot::new);
  }

  private Stream<Snapshot> automated(String region) {
    return state.servers().backups().all(scope(region)).stream()
        .map(InstanceBackups::backups)
        .flatMap(List::stream)
        .map(Snapshot::new);
  }

  private String scope(String region) {
    return state.key(region, "-").scope();
  }
}
