/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.FeatureContext;
import java.util.Optional;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * What crosses from one region to another. China and GovCloud are partitions of their own, which
 * have regions, accounts and keys of their own.
 */
final class Regions {
  /** The partition of all other regions. */
  private static final String COMMERCIAL = "aws";

  private static final int REGION_OF_ARN = 3;

  private Regions() {}

  private static String partition(String region) {
    return PartitionMetadata.of(Region.of(region)).id();
  }

  /** Whether a region is one of the few whose partition nobody thinks of. */
  static boolean isApart(FeatureContext context) {
    return context
        .location()
        .filter(in -> !in.isBlank() && !partition(in).equals(COMMERCIAL))
        .isPresent();
  }

  /**
   * Says why nothing gets from a region into another one.
   *
   * @param from the region of the source
   * @param to the region of what is made of it
   * @param what what RDS does not do, for example {@code replicates nothing}
   * @return the reason; empty when it does
   */
  static Optional<String> apart(String from, String to, String what) {
    String its = partition(from);
    String own = partition(to);
    return its.equals(own)
        ? Optional.empty()
        : Optional.of(
            from
                + " is in the partition "
                + its
                + " of AWS, and RDS "
                + what
                + " from there into "
                + own);
  }

  /**
   * Says why a key is of no use in a region; one that is not named by its ARN tells no region.
   *
   * @param key what the caller names
   * @param region where it is to be used
   * @param what what is there, for example {@code the replica}
   * @return the reason; empty when nothing speaks against it
   */
  static Optional<String> foreignKey(String key, String region, String what) {
    String[] parts = key.split(":", -1);
    boolean elsewhere =
        key.startsWith("arn:")
            && parts.length > REGION_OF_ARN
            && !parts[REGION_OF_ARN].equals(region);
    return elsewhere
        ? Optional.of(
            "the key is of " + parts[REGION_OF_ARN] + ", and " + what + " is in " + region)
        : Optional.empty();
  }
}
