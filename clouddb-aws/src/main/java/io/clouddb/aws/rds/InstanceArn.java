/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ARN of a DB instance: {@code arn:<partition>:rds:<region>:<account>:db:<name>}, <em>Amazon
 * Resource Names (ARNs) in Amazon RDS</em> in the user guide. The partition is {@code aws}, {@code
 * aws-cn} in China, {@code aws-us-gov} in GovCloud.
 */
record InstanceArn(String text, String region, String account, String name) {
  private static final Pattern FORM = Pattern.compile("arn:[^:]+:rds:([^:]+):([^:]+):db:([^:]+)");

  /** Empty when the text is no such ARN. */
  static Optional<InstanceArn> of(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    Matcher arn = FORM.matcher(text);
    return arn.matches()
        ? Optional.of(new InstanceArn(text, arn.group(1), arn.group(2), arn.group(3)))
        : Optional.empty();
  }
}
