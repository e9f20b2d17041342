/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.file.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** That no replica is smaller than its primary in what {@link RecoveryParameters} are about. */
final class ReplicaSizes {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String HOT_STANDBY = "hot_standby";
  private static final Set<String> ON = Set.of("on", "true", "yes", "1");
  private static final int MOST = 1 << 20;

  private ReplicaSizes() {}

  /** Those of a primary's settings that a replica has too; the others it gets in another way. */
  static Map<String, String> inherited(Map<String, String> settings) {
    Map<String, String> inherited = new LinkedHashMap<>(settings);
    inherited
        .keySet()
        .removeIf(name -> RecoveryParameters.contains(name) || name.equalsIgnoreCase(HOT_STANDBY));
    return inherited;
  }

  /**
   * What a replica needs: what the primary runs with, or else the nearest server on the way to it.
   *
   * @param known what it needed at its last start, for when none of them runs
   */
  static Map<String, Integer> leastOf(ServerLifecycle replica, Map<String, Integer> known) {
    ServerLifecycle nearest = null;
    for (ServerLifecycle at = replica.replication().source();
        at != null;
        at = at.replication().source()) {
      if (at.isRunning() && (nearest == null || at.replication().source() == null)) {
        nearest = at;
      }
    }
    if (nearest == null) {
      return known;
    }
    try (SuperuserSession session = nearest.session(Replication.PATIENCE)) {
      return RecoveryParameters.of(session);
    } catch (SQLException e) {
      LOG.warn("{} does not say how large a replica has to be; as before", nearest, e);
      return known;
    }
  }

  /**
   * What is said on the command line of a replica for what nobody has set for it, so that it
   * follows its primary's sizes from start to start.
   */
  static Map<String, String> optionsOf(ServerLifecycle replica, Map<String, Integer> least)
      throws IOException {
    ServerConfiguration configuration = replica.configuration();
    String hot = configuration.get(HOT_STANDBY).orElse("on");
    if (!ON.contains(hot.toLowerCase(Locale.ROOT))) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "hot_standby = " + hot + ": a replica serves readers")
          .toException();
    }
    Map<String, String> options = new LinkedHashMap<>();
    options.put(HOT_STANDBY, "on");
    if (replica.installation().isAtLeast("14.5")) {
      // Recovery takes the primary's for a defect otherwise; it allows superusers no more than
      // that.
      options.put("allow_in_place_tablespaces", "on");
    }
    String altered = alteredBySql(replica.directory());
    Map<String, Integer> configured = new HashMap<>();
    for (Map.Entry<String, Integer> entry : least.entrySet()) {
      String name = entry.getKey();
      boolean isSet = configuration.get(name).isPresent();
      if (!isSet && !altered.contains(name)) {
        options.put(name, entry.getValue().toString());
        continue;
      }
      if (configured.isEmpty()) {
        configured.putAll(RecoveryParameters.configured(replica.host(), replica.directory()));
      }
      Integer value = configured.get(name);
      if (value != null && value < entry.getValue()) {
        if (isSet && !configuration.raisesSizes()) {
          throw tooSmall(replica, name, value, entry.getValue(), "Set it to");
        }
        options.put(name, entry.getValue().toString());
      }
    }
    return options;
  }

  /** What ALTER SYSTEM has written here, which is stronger than what the settings say. */
  private static String alteredBySql(InstanceDirectory directory) throws IOException {
    Path file = directory.data().resolve("postgresql.auto.conf");
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? PrivateFile.readText(file, MOST) : "";
  }

  /**
   * Refuses the start of a primary with which the replay of replicas would stop, some of which
   * serve readers and cannot be made larger without a restart.
   */
  static void requireEnough(ServerLifecycle primary, Set<ServerLifecycle> replicas)
      throws IOException {
    if (replicas.stream().noneMatch(ServerLifecycle::isRunning)) {
      return;
    }
    requireEnough(RecoveryParameters.configured(primary.host(), primary.directory()), replicas);
  }

  /** Refuses that a replica follows a server with which its replay would stop. */
  static void requireEnough(
      ServerLifecycle source,
      ServerLifecycle replica,
      SuperuserSession here,
      SuperuserSession there)
      throws SQLException {
    if (source.replication().source() == null) {
      Map<String, Integer> has = RecoveryParameters.of(here);
      RecoveryParameters.of(there)
          .forEach(
              (name, value) -> {
                Integer own = has.getOrDefault(name, value);
                if (own < value) {
                  throw tooSmall(replica, name, own, value, "Restart it first, with");
                }
              });
    }
  }

  private static void requireEnough(Map<String, Integer> wanted, Set<ServerLifecycle> replicas) {
    for (ServerLifecycle replica : replicas) {
      Map<String, Integer> has = replica.replication().sizes();
      if (replica.isRunning() && !replica.configuration().raisesSizes()) {
        wanted.forEach(
            (name, value) -> {
              Integer there = has.get(name);
              if (there != null && there < value) {
                throw tooSmall(replica, name, there, value, "Restart that first, with");
              }
            });
      }
      requireEnough(wanted, replica.replication().replicas());
    }
  }

  private static RuntimeException tooSmall(
      ServerLifecycle replica, String name, int value, int least, String help) {
    return ErrorDetails.of(
            ErrorCategory.INVALID_ARGUMENT,
            String.format(
                "%s is %d at the replica at port %d, and %d at its primary: it would stop to"
                    + " replay",
                name, value, replica.port(), least))
        .nextStep(help + " " + name + " = " + least + " or more.")
        .toException();
  }
}
