/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.util.List;
import java.util.Set;

/**
 * The regions that tables may be replicated to.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html">How
 *     DynamoDB global tables work</a>
 */
final class Regions {
  private static final List<String> ALL =
      List.of(
          "ap-south-2",
          "ap-south-1",
          "eu-south-1",
          "eu-south-2",
          "me-central-1",
          "ca-central-1",
          "eu-central-1",
          "eu-central-2",
          "us-west-1",
          "us-west-2",
          "af-south-1",
          "eu-north-1",
          "eu-west-3",
          "eu-west-2",
          "eu-west-1",
          "ap-northeast-3",
          "ap-northeast-2",
          "ap-northeast-1",
          "me-south-1",
          "sa-east-1",
          "ap-east-1",
          "ca-west-1",
          "ap-southeast-1",
          "ap-southeast-2",
          "ap-southeast-3",
          "ap-southeast-4",
          "ap-southeast-5",
          "us-east-1",
          "us-east-2",
          "il-central-1",
          "mx-central-1",
          "ap-southeast-7",
          "ap-east-2");

  /** Each of them is a set within which a strong table may be. */
  private static final List<Set<String>> STRONG =
      List.of(
          Set.of("us-east-1", "us-east-2", "us-west-2"),
          Set.of("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"),
          Set.of("ap-northeast-1", "ap-northeast-2", "ap-northeast-3"));

  private Regions() {}

  /** Refuses what is no region. */
  static void require(String region) {
    if (!ALL.contains(region)) {
      throw Validation.error(
          "Region "
              + region
              + " is not supported. The latest version of global tables are only supported in the"
              + " following regions: "
              + ALL);
    }
  }

  /** Whether a region has strong tables. */
  static boolean isStrong(String region) {
    return STRONG.stream().anyMatch(set -> set.contains(region));
  }

  /** Whether one strong table may be in all of them. */
  static boolean areTogether(List<String> regions) {
    return STRONG.stream().anyMatch(set -> set.containsAll(regions));
  }
}
