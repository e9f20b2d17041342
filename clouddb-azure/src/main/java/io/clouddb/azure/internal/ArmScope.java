/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.internal;

import io.clouddb.ResourceId;
import io.clouddb.instance.Instances;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where resources are.
 *
 * @param subscription the subscription's id
 * @param resourceGroup the resource group's name
 * @param location the region's name, for example {@code koreacentral}
 */
public record ArmScope(String subscription, String resourceGroup, String location) {
  /**
   * The account in resource ids.
   *
   * @return subscription and resource group
   */
  public String account() {
    return subscription + "/" + resourceGroup;
  }

  /**
   * The id of an instance.
   *
   * @param name its name
   * @return the id, without Azure's own
   */
  public ResourceId instance(String name) {
    return ResourceId.of("azure", account(), location, Instances.KIND, name);
  }

  /**
   * A name as a part of a path.
   *
   * @param name for example that of a resource group, which may have letters of any language
   * @return what a URL may have
   */
  public static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * The path and query of the resource group's list of servers.
   *
   * @return below the resource manager's URL
   */
  public String serversPath() {
    return "/subscriptions/"
        + subscription
        + "/resourceGroups/"
        + encoded(resourceGroup)
        + "/providers/Microsoft.DBforPostgreSQL/flexibleServers?api-version="
        + ArmPipeline.API_VERSION;
  }

  /**
   * Path and query of a flexible server.
   *
   * @param name its name
   * @return as Azure Resource Manager has it, in the version of its API that is spoken
   */
  public String serverPath(String name) {
    return "/subscriptions/"
        + subscription
        + "/resourceGroups/"
        + encoded(resourceGroup)
        + "/providers/Microsoft.DBforPostgreSQL/flexibleServers/"
        + encoded(name)
        + "?api-version="
        + ArmPipeline.API_VERSION;
  }

  /**
   * Path and query of what the location has to offer.
   *
   * @return as Azure Resource Manager has it, in the version of its API that is spoken
   */
  public String capabilitiesPath() {
    return "/subscriptions/"
        + subscription
        + "/providers/Microsoft.DBforPostgreSQL/locations/"
        + location
        + "/capabilities?api-version="
        + ArmPipeline.API_VERSION;
  }

  /**
   * Tells whether a resource is in this region.
   *
   * @param reported the region as Azure reports it: by its name or, as the flexible server does, by
   *     its display name, for example {@code Korea Central}
   * @return true when it is
   */
  public boolean isHere(String reported) {
    return location.equals(locationName(reported));
  }

  /**
   * The name of a region.
   *
   * @param reported its name or its display name
   * @return its name
   */
  public static String locationName(String reported) {
    return reported.replace(" ", "").toLowerCase(Locale.ROOT);
  }
}
