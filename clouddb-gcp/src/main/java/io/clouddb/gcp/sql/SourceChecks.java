/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.DiskEncryptionConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.replica.ReplicaSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an instance has to be so that a replica can follow it, by <a
 * href="https://cloud.google.com/sql/docs/postgres/replication">About replication in Cloud SQL</a>
 * and <a href="https://cloud.google.com/sql/docs/postgres/cmek">its page on keys</a>.
 */
final class SourceChecks {
  /** "You can have up to 10 read replicas per primary instance". */
  private static final int MOST_REPLICAS = 10;

  /** "up to four levels of cascading read replicas, including the primary instance". */
  private static final int MOST_LEVELS = 4;

  private SourceChecks() {}

  /**
   * Looks for all that is wrong at once.
   *
   * @param spec the replica
   * @param region where it is to be
   * @param source what it is to follow
   * @param find finds another instance
   * @return the error; empty when nothing is wrong
   */
  static Optional<CloudDbException> of(
      ReplicaSpec spec,
      String region,
      DatabaseInstance source,
      Function<String, Optional<DatabaseInstance>> find) {
    List<String> wrong = new ArrayList<>();
    String name = source.getName();
    if (InstanceReader.state(source) != InstanceState.AVAILABLE) {
      wrong.add(
          name
              + " does not run ("
              + source.getState()
              + (InstanceReader.state(source) == InstanceState.STOPPED ? ", stopped" : "")
              + "): start it, or wait until it is available");
    }
    Settings settings = source.getSettings() == null ? new Settings() : source.getSettings();
    if (!Replication.isReplica(source) && !hasBackups(settings)) {
      wrong.add(name + " has no automated backups, which it needs: modify it with a BackupPolicy");
    }
    if ("REQUIRED".equals(settings.getConnectorEnforcement())) {
      wrong.add(name + " enforces connectors, and has no replicas so: switch that off");
    }
    Tier.tooOld(spec.size(), name, source.getDatabaseVersion()).ifPresent(wrong::add);
    checkNetwork(wrong, spec, source);
    checkKey(wrong, spec, region, source);
    if (Replication.replicas(source).size() >= MOST_REPLICAS) {
      wrong.add(name + " has " + MOST_REPLICAS + " replicas, as many as it may have: delete one");
    }
    if (levels(source, find) >= MOST_LEVELS) {
      wrong.add(name + " is at the last of " + MOST_LEVELS + " levels: follow one above it");
    }
    return wrong.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ErrorDetails.of(
                    ErrorCategory.CONDITION_FAILED,
                    name + " cannot have the replica " + spec.name() + ": " + join(wrong))
                .resource(name)
                .nextStep("Change what is wrong, and create it again: nothing was made.")
                .toException());
  }

  private static String join(List<String> wrong) {
    return String.join("; ", wrong);
  }

  private static boolean hasBackups(Settings settings) {
    BackupConfiguration backups = settings.getBackupConfiguration();
    return backups != null && Boolean.TRUE.equals(backups.getEnabled());
  }

  private static void checkNetwork(List<String> wrong, ReplicaSpec spec, DatabaseInstance source) {
    Optional<String> asked = spec.network().flatMap(network -> network.privateNetwork());
    if (asked.isPresent() && !Vpc.maybeOf(asked, source)) {
      wrong.add(
          "a replica is in the private network of its source, which is "
              + Vpc.of(source).map(Vpc::toString).orElse("none")
              + ", not in "
              + asked.get());
    }
  }

  private static void checkKey(
      List<String> wrong, ReplicaSpec spec, String region, DatabaseInstance source) {
    Optional<String> its =
        Optional.ofNullable(source.getDiskEncryptionConfiguration())
            .map(DiskEncryptionConfiguration::getKmsKeyName)
            .filter(key -> !key.isEmpty());
    Optional<String> asked = spec.encryptionKey();
    if (its.isEmpty() && asked.isPresent()) {
      wrong.add(
          source.getName()
              + " has no key of its own, and so have its replicas: leave encryptionKey out");
    } else if (its.isPresent() && region.equals(source.getRegion())) {
      if (asked.isPresent() && !asked.equals(its)) {
        wrong.add("in its region, a replica has the key of its source: leave encryptionKey out");
      }
    } else if (its.isPresent() && asked.isEmpty()) {
      wrong.add(
          source.getName()
              + " is encrypted with a key of "
              + source.getRegion()
              + ": say by encryptionKey which one of "
              + region
              + " encrypts the replica");
    }
  }

  private static int levels(
      DatabaseInstance source, Function<String, Optional<DatabaseInstance>> find) {
    int levels = 1;
    Optional<String> above = Replication.source(source);
    while (above.isPresent() && levels < MOST_LEVELS) {
      levels++;
      above = find.apply(above.get()).flatMap(Replication::source);
    }
    return levels;
  }
}
