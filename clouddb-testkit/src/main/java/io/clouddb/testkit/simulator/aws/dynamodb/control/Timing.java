/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.dynamodb.DynamoDbSettings;
import java.time.Duration;

/** How long changes take, about as in the service. */
final class Timing {
  static final Duration CREATE = Duration.ofSeconds(6);
  static final Duration CREATE_WITH_INDEXES = Duration.ofSeconds(16);
  static final Duration DELETE = Duration.ofSeconds(5);
  static final Duration THROUGHPUT = Duration.ofSeconds(2);
  static final Duration TO_PROVISIONED = Duration.ofSeconds(72);
  static final Duration TO_ON_DEMAND = Duration.ofSeconds(40);

  /** From a change of tags until the next one. */
  static final Duration TAGS = Duration.ofMillis(1600);

  static final Duration STREAM = Duration.ofSeconds(4);
  static final Duration TABLE_CLASS = Duration.ofSeconds(4);

  /** The old key is told of for so long. */
  static final Duration OLD_KEY = Duration.ofSeconds(9);

  static final Duration ENCRYPTION = Duration.ofSeconds(22);
  static final Duration WARM = Duration.ofMinutes(8);
  static final Duration INDEX_ALLOCATION = Duration.ofSeconds(30);
  static final Duration INDEX_BACKFILL = Duration.ofMinutes(8);
  static final Duration INDEX_DELETE = Duration.ofSeconds(5);
  static final Duration INDEX_UPDATE = Duration.ofSeconds(2);

  /** From the request for a replica until it is listed. */
  static final Duration REPLICA_LISTED = Duration.ofSeconds(6);

  /** From then on until its table is there. */
  static final Duration REPLICA_VISIBLE = Duration.ofSeconds(4);

  /** From then on until it may be used. */
  static final Duration REPLICA_FILLED = Duration.ofSeconds(11);

  static final Duration REPLICA_DELETE_BEGINS = Duration.ofSeconds(36);
  static final Duration REPLICA_UNLISTED = Duration.ofSeconds(88);
  static final Duration REPLICA_GONE = Duration.ofSeconds(20);

  /** How long any change of a table with replicas takes. */
  static final Duration GROUP = Duration.ofSeconds(35);

  /** How long a key that cannot be used goes unnoticed. */
  static final Duration KEY_NOTICED = Duration.ofMinutes(15);

  static final Duration TIME_TO_LIVE = Duration.ofSeconds(2);

  /** How long an item is there that has expired. */
  static final Duration EXPIRED_KEPT = Duration.ofMinutes(10);

  /** How old a table's count of items may be. */
  static final Duration STATISTICS = Duration.ofHours(6);

  static final Duration RESTORE = Duration.ofMinutes(4);

  private final DynamoDbSettings settings;

  Timing(DynamoDbSettings settings) {
    this.settings = settings;
  }

  /** A duration in a cloud whose tables are changed faster or slower than usual. */
  Duration of(Duration usual) {
    Duration change = settings.tableChange();
    return change.equals(CREATE)
        ? usual
        : Duration.ofMillis(
            Math.round((double) usual.toMillis() * change.toMillis() / CREATE.toMillis()));
  }
}
