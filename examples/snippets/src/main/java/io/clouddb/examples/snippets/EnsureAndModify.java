/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import java.time.Duration;

/** Makes an instance if there is none, and changes it. */
final class EnsureAndModify {
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private EnsureAndModify() {}

  static Instance grow(CloudDb cloud, InstanceSpec spec) {
    // @start region="ensure"
    Instance orders = cloud.instances().ensure(spec).await(LIMIT); // creates it at most once
    InstanceChange bigger =
        InstanceChange.builder()
            .size(InstanceSize.atLeast(4, DataSize.gib(16)))
            .storageSize(DataSize.gib(256))
            .parameter("work_mem", "8192")
            .build();
    System.out.println(cloud.instances().planModify(bigger)); // says what will restart
    return cloud.instances().modify(orders.id(), bigger).await(LIMIT);
    // @end region="ensure"
  }
}
