/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.OperationState;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The labels that this library uses itself: the attempt that made the instance, and what Cloud SQL
 * does not tell, the administrator and the database that were made with it. A label's value has
 * lower case letters, digits, {@code _} and {@code -} only; a capital letter in the name of a
 * database is written as a hyphen and the small one.
 */
final class Labels {
  static final String ATTEMPT = OperationState.CREATION_TAG;
  static final String ADMIN = "clouddb-admin";
  static final String DATABASE = "clouddb-database";

  /** What a replica follows, and where that is: when its region is gone, nobody else can tell. */
  static final String SOURCE = "clouddb-source";

  static final String SOURCE_REGION = "clouddb-source-region";

  /** Labels that one instance can have, Cloud SQL's limit. */
  static final int MOST = 64;

  /** Labels that are left for the caller. */
  static final int MOST_TAGS = MOST - 3;

  private static final int LONGEST_VALUE = 63;
  private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
  private static final Pattern VALUE = Pattern.compile("[a-z0-9_-]{0,63}");
  private static final Pattern CAPITAL = Pattern.compile("[A-Z]");
  private static final Pattern WRITTEN_CAPITAL = Pattern.compile("-([a-z])");

  private Labels() {}

  /** Why tags are no labels; empty when they are. */
  static Optional<String> whyNot(Map<String, String> tags) {
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      if (!KEY.matcher(tag.getKey()).matches()) {
        return Optional.of(
            "'"
                + tag.getKey()
                + "' is no label's key: 1 to 63 lower case letters, digits, '_' and '-', beginning"
                + " with a letter");
      }
      if (!VALUE.matcher(tag.getValue()).matches()) {
        return Optional.of(
            "the value of '"
                + tag.getKey()
                + "' is no label's value: at most 63 lower case letters, digits, '_' and '-'");
      }
    }
    return Optional.empty();
  }

  static Map<String, String> of(
      Map<String, String> tags, String attempt, String admin, @Nullable String database) {
    Map<String, String> labels = new TreeMap<>(tags);
    labels.put(ATTEMPT, attempt);
    labels.put(ADMIN, admin);
    if (database != null) {
      String written =
          CAPITAL
              .matcher(database)
              .replaceAll(capital -> "-" + capital.group().toLowerCase(Locale.ROOT));
      // A longer name is not told by get(): the caller's spec still knows it.
      if (written.length() <= LONGEST_VALUE) {
        labels.put(DATABASE, written);
      }
    }
    return labels;
  }

  /**
   * Refuses what would have more labels than an instance can have: those of another one, those that
   * are asked for, and this library's own.
   *
   * @param body what is to be made
   * @param name how it is called
   */
  static void requireRoom(DatabaseInstance body, String name) {
    int labels = InstanceReader.labels(body.getSettings()).size();
    if (labels > MOST) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              name
                  + " would have "
                  + labels
                  + " labels, those of its source and this library's own among them, and an"
                  + " instance of Cloud SQL has at most "
                  + MOST)
          .nextStep("Ask for " + (labels - MOST) + " tags fewer, or take some from its source.")
          .toException();
    }
  }

  /** Adds to a replica's labels what it cannot be without, and what its source knows of both. */
  static void ofReplica(Map<String, String> labels, String attempt, DatabaseInstance source) {
    Map<String, String> its = InstanceReader.labels(source.getSettings());
    labels.put(ATTEMPT, attempt);
    for (String known : List.of(ADMIN, DATABASE)) {
      if (its.containsKey(known)) {
        labels.put(known, its.get(known));
      }
    }
    if (source.getName().length() <= LONGEST_VALUE) {
      labels.put(SOURCE, source.getName());
      labels.put(SOURCE_REGION, source.getRegion());
    }
  }

  /** The region of what a replica follows, unless it follows another one by now. */
  static Optional<String> sourceRegion(DatabaseInstance replica) {
    Map<String, String> labels = InstanceReader.labels(replica.getSettings());
    return Replication.source(replica)
        .filter(name -> name.equals(labels.get(SOURCE)))
        .map(name -> labels.get(SOURCE_REGION));
  }

  static Optional<String> attempt(Map<String, String> labels) {
    return Optional.ofNullable(labels.get(ATTEMPT));
  }

  static Optional<String> admin(Map<String, String> labels) {
    return Optional.ofNullable(labels.get(ADMIN));
  }

  static Optional<String> database(Map<String, String> labels) {
    return Optional.ofNullable(labels.get(DATABASE))
        .map(
            written ->
                WRITTEN_CAPITAL
                    .matcher(written)
                    .replaceAll(small -> small.group(1).toUpperCase(Locale.ROOT)));
  }
}
