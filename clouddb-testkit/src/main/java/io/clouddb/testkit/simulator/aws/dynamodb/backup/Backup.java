/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.backup;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A backup of a table, which outlives it.
 *
 * @param region where
 * @param arn its ARN
 * @param name its name, which others may have
 * @param type {@code USER} or {@code SYSTEM}
 * @param created when
 * @param expires when it goes by itself; null for never
 * @param size how large the items are
 * @param source what the table was, as descriptions have it
 * @param features which features it had, as descriptions have it
 * @param blueprint what a table needs that is restored from it
 * @param contents its items
 */
public record Backup(
    String region,
    String arn,
    String name,
    String type,
    Instant created,
    @Nullable Instant expires,
    long size,
    ObjectNode source,
    ObjectNode features,
    Blueprint blueprint,
    Contents contents) {
  private static final double MILLIS = 1000.0;

  /** What of a table's settings a restored one gets. Its owner reads what is in it. */
  public interface Blueprint {}

  /**
   * Itself, as descriptions have it.
   *
   * @param status the service's word for its state
   * @return a new object
   */
  public ObjectNode details(String status) {
    ObjectNode details =
        JsonNodeFactory.instance
            .objectNode()
            .put("BackupArn", arn)
            .put("BackupName", name)
            .put("BackupSizeBytes", size)
            .put("BackupStatus", status)
            .put("BackupType", type)
            .put("BackupCreationDateTime", created.toEpochMilli() / MILLIS);
    if (expires != null) {
      details.put("BackupExpiryDateTime", expires.toEpochMilli() / MILLIS);
    }
    return details;
  }

  /**
   * All of it, as descriptions have it.
   *
   * @param status the service's word for its state
   * @return a new object
   */
  public ObjectNode described(String status) {
    ObjectNode described = JsonNodeFactory.instance.objectNode();
    described.set("BackupDetails", details(status));
    described.set("SourceTableDetails", source.deepCopy());
    described.set("SourceTableFeatureDetails", features.deepCopy());
    return described;
  }

  /**
   * A line of a list.
   *
   * @return a new object
   */
  public ObjectNode summary() {
    ObjectNode summary = JsonNodeFactory.instance.objectNode();
    for (String member : new String[] {"TableName", "TableId", "TableArn"}) {
      summary.set(member, source.get(member));
    }
    summary.setAll(details("AVAILABLE"));
    return summary;
  }
}
