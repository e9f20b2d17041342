/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.autoscaling;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsPartition;
import java.time.Instant;
import java.util.List;

/**
 * A target-tracking policy.
 *
 * @param name its name
 * @param arn its ARN
 * @param configuration the members of its configuration as they were sent
 * @param alarms the names of the alarms that it keeps in CloudWatch
 * @param created when it was made
 */
record ScalingPolicy(
    String name, String arn, ObjectNode configuration, List<String> alarms, Instant created) {

  /** The alarms as answers have them. */
  ArrayNode alarms(String region, String account) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (String alarm : alarms) {
      list.addObject()
          .put("AlarmName", alarm)
          .put(
              "AlarmARN",
              String.join(
                  ":",
                  "arn",
                  AwsPartition.of(region),
                  "cloudwatch",
                  region,
                  account,
                  "alarm",
                  alarm));
    }
    return list;
  }
}
