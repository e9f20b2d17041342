/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

/**
 * The partition of AWS that a region is in, as ARNs name it.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html">Identify AWS
 *     resources with Amazon Resource Names (ARNs)</a>
 */
public final class AwsPartition {
  /** That of all regions which are in no other. */
  public static final String COMMERCIAL = "aws";

  private AwsPartition() {}

  /**
   * The partition of a region.
   *
   * @param region the region
   * @return {@code aws-cn} in China, {@code aws-us-gov} in GovCloud, {@link #COMMERCIAL} elsewhere
   */
  public static String of(String region) {
    if (region.startsWith("cn-")) {
      return "aws-cn";
    }
    return region.startsWith("us-gov-") ? "aws-us-gov" : COMMERCIAL;
  }
}
