/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.CloudDb;
import io.clouddb.table.ItemKey;
import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Gets one item of the benchmarks' table, which is not there, and ends. */
public final class TableStartProgram {
  static final String CLOUDDB = "clouddb";
  static final String SDK = "sdk";
  static final String SECRET = "CLOUDDB_BENCHMARK_SECRET";

  private TableStartProgram() {}

  /**
   * Makes the call.
   *
   * @param arguments which way, and the endpoint; the secret is in the environment
   */
  public static void main(String[] arguments) {
    URI endpoint = URI.create(arguments[1]);
    String secret = System.getenv(SECRET);
    boolean found = arguments[0].equals(CLOUDDB) ? ours(endpoint, secret) : raw(endpoint, secret);
    if (found) {
      throw new IllegalStateException("An item is there that nobody has written");
    }
  }

  private static boolean ours(URI endpoint, String secret) {
    try (CloudDb cloud = TableServer.cloud(endpoint, secret)) {
      return cloud.tables().open(TableServer.SPEC).get(ItemKey.of("none", "none")).isPresent();
    }
  }

  private static boolean raw(URI endpoint, String secret) {
    try (DynamoDbAsyncClient client = TableServer.client(endpoint, secret)) {
      return client
          .getItem(
              get ->
                  get.tableName(TableServer.TABLE)
                      .key(
                          Map.of(
                              "pk", AttributeValue.fromS("none"),
                              "sk", AttributeValue.fromS("none"))))
          .join()
          .hasItem();
    }
  }
}
