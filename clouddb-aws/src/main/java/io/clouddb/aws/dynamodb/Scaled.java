/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What Application Auto Scaling can scale: the reads, or the writes, of a table or of a global
 * index.
 *
 * @param table the table's name
 * @param index the index's name; empty for the table itself
 * @param writes false for the reads
 */
record Scaled(String table, String index, boolean writes) {
  static final String NAMESPACE = "dynamodb";
  private static final int LONGEST_POLICY = 256;
  private static final String TABLE = "table/";
  private static final String INDEX = "/index/";
  private static final String WRITE_UNITS = "WriteCapacityUnits";

  /** The service's id of the table, or of the index. */
  String resourceId() {
    return resourceId(table, index);
  }

  static String resourceId(String table, String index) {
    return TABLE + table + (index.isEmpty() ? "" : INDEX + index);
  }

  String dimension() {
    return NAMESPACE
        + (index.isEmpty() ? ":table:" : ":index:")
        + (writes ? WRITE_UNITS : "ReadCapacityUnits");
  }

  /** The metric that a policy for it tracks. */
  String metric() {
    return writes ? "DynamoDBWriteCapacityUtilization" : "DynamoDBReadCapacityUtilization";
  }

  /**
   * The name of a policy that this library makes; DynamoDB's console calls them so. Names of tables
   * and indexes together can be longer than that of a policy: their hash stands for them then.
   */
  String policy() {
    String name = metric() + ":" + resourceId();
    return name.length() <= LONGEST_POLICY ? name : metric() + ":" + hash(resourceId());
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** By what the service says; empty for what is none of a table's. */
  static Optional<Scaled> of(String resourceId, String dimension) {
    if (!resourceId.startsWith(TABLE) || !dimension.startsWith(NAMESPACE + ":")) {
      return Optional.empty();
    }
    String rest = resourceId.substring(TABLE.length());
    int slash = rest.indexOf(INDEX);
    return Optional.of(
        new Scaled(
            slash < 0 ? rest : rest.substring(0, slash),
            slash < 0 ? "" : rest.substring(slash + INDEX.length()),
            dimension.endsWith(WRITE_UNITS)));
  }

  @Override
  public String toString() {
    return (writes ? "writes of " : "reads of ") + (index.isEmpty() ? "the table" : index);
  }
}
