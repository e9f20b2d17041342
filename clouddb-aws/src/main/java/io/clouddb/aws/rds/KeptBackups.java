/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;

/**
 * The automated backups that are meant by the name of an instance: those of the one that is there,
 * and of a former one only where none is.
 *
 * @param instance the instance; empty where it is gone, or its region does not tell
 * @param gone whether it is known that there is none
 * @param kept what is kept of it in the region that was asked; empty when nothing is
 */
record KeptBackups(
    Optional<DBInstance> instance, boolean gone, Optional<DBInstanceAutomatedBackup> kept) {
  private static final Logger log = LoggerFactory.getLogger(KeptBackups.class);

  /**
   * Looks for them.
   *
   * @param calls the calls of a region
   * @param region where they are kept
   * @param instance whose they are
   */
  static KeptBackups of(Function<String, RdsCalls> calls, String region, ResourceId instance) {
    Optional<DBInstance> there = Optional.empty();
    boolean gone = false;
    try {
      there = calls.apply(instance.location()).find(instance.name());
      gone = there.isEmpty();
    } catch (CloudDbException e) {
      unseen(e, region, instance.location(), instance.name());
    }
    return new KeptBackups(
        there,
        gone,
        AutomatedBackupView.of(
            new AutomatedBackupCalls(calls.apply(region)).of(instance.name()),
            instance,
            there.map(DBInstance::dbiResourceId).orElse(null)));
  }

  /**
   * The instance, as far as it can be seen. Where another region does not answer, what is kept of
   * it here is there all the same.
   */
  static Optional<DBInstance> seen(
      Function<String, RdsCalls> calls, String region, String from, String name) {
    try {
      return calls.apply(from).find(name);
    } catch (CloudDbException e) {
      unseen(e, region, from, name);
      return Optional.empty();
    }
  }

  private static void unseen(CloudDbException e, String region, String from, String name) {
    if (from.equals(region)) {
      throw e;
    }
    log.warn("Whether {} is in {} cannot be seen: {}", name, from, e.getMessage());
  }
}
