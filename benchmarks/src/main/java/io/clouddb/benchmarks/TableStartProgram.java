/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.CloudDb;
import io.clouddb.table.ItemKey;
import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Gets one item of the benchmarks' table, which is not there, and ends; 1 when it is there. */
public final class TableStartProgram {
  static final String CLOUDDB = "clouddb";
  static final String SDK = "sdk";
  static final String SECRET = "CLOUDDB_BENCHMARK_SECRET";

  private TableStartProgram() {}

  /**
   * Makes the call, and ends at once: closing the SDK's client waits for two seconds until its
   * event loops are quiet, which has nothing to do with how soon an application has its first
   * answer.
   *
   * @param arguments which way, and the endpoint; the secret is in the environment
   */
  public static void main(String[] arguments) {
    URI endpoint = URI.create(arguments[1]);
    String secret = System.getenv(SECRET);
    boolean found = arguments[0].equals(CLOUDDB) ? ours(endpoint, secret) : raw(endpoint, secret);
    Runtime.getRuntime().halt(found ? 1 : 0);
  }

  private static boolean ours(URI endpoint, String secret) {
    CloudDb cloud = TableServer.cloud(endpoint, secret);
    return cloud.tables().open(TableServer.SPEC).get(ItemKey.of("none", "none")).isPresent();
  }

  private static boolean raw(URI endpoint, String secret) {
    DynamoDbAsyncClient client = TableServer.client(endpoint, secret);
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
