/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys of KMS, which are each of one region. */
final class EncryptionKeys {
  private static final Pattern ARN = Pattern.compile("arn:[a-z-]+:kms:([a-z0-9-]+):.+");

  private EncryptionKeys() {}

  /** Refuses a key that is named by its ARN and is another region's. */
  static void requireOf(String region, String key) {
    Matcher arn = ARN.matcher(key);
    if (arn.matches() && !arn.group(1).equals(region)) {
      throw AwsError.badRequest(
          "KMSKeyNotAccessibleFault",
          "The specified KMS key ["
              + key
              + "] does not exist, is not enabled or you do not have permissions to access it.");
    }
  }
}
