/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instances;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Azure's own id of a server, by which a replica names its source. It tells no region.
 *
 * @param subscription the subscription's id
 * @param resourceGroup the resource group's name
 * @param name the server's name
 */
record ServerArmId(String subscription, String resourceGroup, String name) {
  private static final String TYPE = "Microsoft.DBforPostgreSQL/flexibleServers";
  private static final Pattern FORM =
      Pattern.compile(
          "/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/" + TYPE + "/([^/]+)",
          Pattern.CASE_INSENSITIVE);

  /** Reads an id; empty when it is none of a server. */
  static Optional<ServerArmId> of(@Nullable String text) {
    Matcher matcher = FORM.matcher(text == null ? "" : text);
    return matcher.matches()
        ? Optional.of(new ServerArmId(matcher.group(1), matcher.group(2), matcher.group(3)))
        : Optional.empty();
  }

  /** The id of a server of this cloud, whose account is its subscription and resource group. */
  static ServerArmId of(ResourceId id) {
    String account = id.account();
    int slash = account.indexOf('/');
    return new ServerArmId(account.substring(0, slash), account.substring(slash + 1), id.name());
  }

  /** The portable id, where the region is known. */
  ResourceId in(String location) {
    return ResourceId.of(
            "azure", subscription + "/" + resourceGroup, location, Instances.KIND, name)
        .withNativeId(toString());
  }

  /**
   * Its resource group, as it is reached from a region.
   *
   * @param from where the caller is
   * @throws io.clouddb.error.CloudDbException when it is in another subscription, which the
   *     caller's client does not reach
   */
  ArmScope group(ArmScope from) {
    if (!subscription.equalsIgnoreCase(from.subscription())) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              name
                  + " is in the subscription "
                  + subscription
                  + ", and this cloud is opened for "
                  + from.subscription())
          .resource(toString())
          .nextStep("Do it through a cloud that is opened for " + subscription + ".")
          .toException();
    }
    return new ArmScope(from.subscription(), resourceGroup, from.location());
  }

  /** Whether another id names the same server: Azure ignores the case. */
  boolean isSame(@Nullable String other) {
    return toString().equalsIgnoreCase(other);
  }

  @Override
  public String toString() {
    return "/subscriptions/"
        + subscription
        + "/resourceGroups/"
        + resourceGroup
        + "/providers/"
        + TYPE
        + "/"
        + name;
  }
}
