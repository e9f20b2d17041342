/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.instance.Instance;
import io.clouddb.operation.OperationLog;
import io.clouddb.operation.UnfinishedOperation;
import io.clouddb.security.SecretRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes operations down before they change anything, and goes on with those of a killed process.
 */
final class GoOnAfterAKill {
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private GoOnAfterAKill() {}

  static CloudConfig withLog(CloudConfig.Builder builder, Path operations, Path key) {
    // @start region="log"
    CloudConfig config =
        builder
            .operationLog(
                OperationLog.directory(operations)) // or jdbc(dataSource, "app", "operations")
            .tokenKey(SecretRef.file(key)) // seals the tokens: 32 random bytes
            .build();
    // @end region="log"
    return config;
  }

  static List<Instance> goOn(CloudDb cloud) {
    List<Instance> all = new ArrayList<>();
    // @start region="unfinished"
    for (UnfinishedOperation left : cloud.operations().unfinished()) {
      System.out.println(
          left); // instance.create of clouddb:gcp:shop:us-east1:instance:orders at instance
      if (left.kind().equals("instance.create")) {
        all.add(left.resume(Instance.class).await(LIMIT));
      }
    }
    // @end region="unfinished"
    return all;
  }
}
