/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.AwsPartition;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys of KMS that tables are encrypted with. There is no KMS: a key of any id is there, an
 * alias stands for a key of its own, and a test may disable one.
 */
public final class MasterKeys {
  /** The key that the service has in each region. */
  static final String MANAGED = "alias/aws/dynamodb";

  private static final Pattern ARN =
      Pattern.compile("arn:[a-z-]+:kms:([a-z0-9-]+):([0-9]{12}):((key|alias)/.+)");

  private final String account;
  private final Set<String> disabled = ConcurrentHashMap.newKeySet();
  private volatile Runnable changed = () -> {};

  /**
   * Makes them.
   *
   * @param account the account number
   */
  public MasterKeys(String account) {
    this.account = account;
  }

  /** Says what is done whenever a key is disabled or enabled. */
  void whenChanged(Runnable action) {
    changed = action;
  }

  /**
   * Disables a key. What it encrypts cannot be used any more, which the service notices after a
   * while.
   *
   * @param arn its ARN, as descriptions have it
   */
  public void disable(String arn) {
    disabled.add(arn);
    changed.run();
  }

  /**
   * Enables a key that was disabled.
   *
   * @param arn its ARN
   */
  public void enable(String arn) {
    disabled.remove(arn);
    changed.run();
  }

  /**
   * Tells whether a key is disabled.
   *
   * @param arn its ARN
   * @return true when it is
   */
  public boolean isDisabled(String arn) {
    return disabled.contains(arn);
  }

  /** The key that the service has in a region. */
  String managed(String region) {
    return resolve(region, MANAGED);
  }

  /**
   * The ARN of a key that a request names.
   *
   * @param region where it is to be used
   * @param named its id, its ARN, its alias or the alias' ARN
   * @throws AwsError when it is another region's or another account's
   */
  String resolve(String region, String named) {
    return resolve(region, named, "KMS validation error: ");
  }

  /**
   * The same for a key of a replica, which errors name.
   *
   * @param region the replica's
   * @param named the key
   */
  String resolveForReplica(String region, String named) {
    return resolve(region, named, "KMS validation error for region " + region + ": ");
  }

  private String resolve(String region, String named, String begin) {
    Matcher arn = ARN.matcher(named);
    String name = named;
    if (arn.matches()) {
      if (!arn.group(1).equals(region)) {
        throw Validation.error(
            begin
                + "com.amazonaws.services.kms.model.NotFoundException: Invalid arn "
                + arn.group(1)
                + " (Service: AWSKMS; Status Code: 400; Error Code: NotFoundException)");
      }
      if (!arn.group(2).equals(account)) {
        throw AwsError.badRequest(
            "AccessDeniedException",
            "KMS key access denied error: com.amazonaws.services.kms.model.AWSKMSException: not"
                + " authorized to perform: kms:DescribeKey on resource "
                + named);
      }
      name = arn.group(3);
    }
    String id =
        name.startsWith("alias/")
            ? UUID.nameUUIDFromBytes((region + "/" + name).getBytes(StandardCharsets.UTF_8))
                .toString()
            : name.replaceFirst("^key/", "");
    String key =
        String.join(":", "arn", AwsPartition.of(region), "kms", region, account, "key/" + id);
    if (isDisabled(key)) {
      throw disabledError(key);
    }
    return key;
  }

  /**
   * What the service says of a key that is disabled.
   *
   * @param key its ARN
   * @return the error
   */
  public static AwsError disabledError(String key) {
    return Validation.error(
        "KMS key disabled error: com.amazonaws.services.kms.model.DisabledException: "
            + key
            + " is disabled. (Service: AWSKMS; Status Code: 400; Error Code: DisabledException)");
  }
}
