/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb;

import java.time.Duration;
import java.util.Objects;

/**
 * What a test says of a simulated DynamoDB. Immutable.
 *
 * @param tableChange how long a table is created, changed or deleted, in simulated time
 * @param indexLag by how much global indexes are behind their tables, in simulated time
 */
public record DynamoDbSettings(Duration tableChange, Duration indexLag) {
  /** As the service mostly is: tables in seconds, indexes at once. */
  public static final DynamoDbSettings USUAL =
      new DynamoDbSettings(Duration.ofSeconds(6), Duration.ZERO);

  /** Refuses null. */
  public DynamoDbSettings {
    Objects.requireNonNull(tableChange, "tableChange");
    Objects.requireNonNull(indexLag, "indexLag");
  }
}
