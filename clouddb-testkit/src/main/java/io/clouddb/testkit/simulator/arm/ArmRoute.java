/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import io.clouddb.testkit.simulator.NotSimulatedException;
import io.clouddb.testkit.simulator.ResourceKey;
import io.clouddb.testkit.simulator.SimulatedRequest;
import java.util.List;
import java.util.Locale;

/**
 * What a path names. Azure compares the fixed parts of its paths without regard to case.
 *
 * @param operation the operation's id in Azure's REST API, for example {@code Servers_Create}
 * @param subscription the subscription's id
 * @param group the resource group; empty when the path names none
 * @param server the server; empty when the path names none
 * @param child the database, parameter or firewall rule, or an asynchronous operation's id; empty
 *     when the path names none
 */
record ArmRoute(String operation, String subscription, String group, String server, String child) {
  private static final String PROVIDER = "microsoft.dbforpostgresql";
  private static final int GROUP_PARTS = 4;
  private static final int SERVERS_PARTS = 7;

  static ArmRoute of(SimulatedRequest request) {
    List<String> parts = request.segments();
    if (parts.size() >= 2 && is(parts, 0, "subscriptions")) {
      ArmRoute route =
          is(parts, 2, "resourcegroups")
              ? inGroup(request, parts)
              : is(parts, 2, "providers") && is(parts, 3, PROVIDER) && is(parts, 4, "locations")
                  ? operation(request, parts)
                  : null;
      if (route != null) {
        return route;
      }
    }
    throw new NotSimulatedException(request.toString());
  }

  private static boolean is(List<String> parts, int index, String expected) {
    return parts.size() > index && parts.get(index).toLowerCase(Locale.ROOT).equals(expected);
  }

  private static ArmRoute operation(SimulatedRequest request, List<String> parts) {
    if (request.method().equals("GET") && parts.size() == 8) {
      if (is(parts, 6, "azureasyncoperation")) {
        return new ArmRoute("AzureAsyncOperation_Get", parts.get(1), "", "", parts.get(7));
      }
      if (is(parts, 6, "operationresults")) {
        return new ArmRoute("OperationResults_Get", parts.get(1), "", "", parts.get(7));
      }
    }
    throw new NotSimulatedException(request.toString());
  }

  private static ArmRoute inGroup(SimulatedRequest request, List<String> parts) {
    String subscription = parts.get(1);
    String group = parts.size() > 3 ? parts.get(3) : "";
    String method = request.method();
    if (parts.size() == GROUP_PARTS) {
      return new ArmRoute(
          switch (method) {
            case "GET" -> "ResourceGroups_Get";
            case "PUT" -> "ResourceGroups_CreateOrUpdate";
            default -> throw new NotSimulatedException(request.toString());
          },
          subscription,
          group,
          "",
          "");
    }
    if (!is(parts, 4, "providers") || !is(parts, 5, PROVIDER) || !is(parts, 6, "flexibleservers")) {
      throw new NotSimulatedException(request.toString());
    }
    if (parts.size() == SERVERS_PARTS && method.equals("GET")) {
      return new ArmRoute("Servers_ListByResourceGroup", subscription, group, "", "");
    }
    if (parts.size() == SERVERS_PARTS) {
      throw new NotSimulatedException(request.toString());
    }
    String server = parts.get(7);
    if (parts.size() == 8) {
      String operation =
          switch (method) {
            case "GET" -> "Servers_Get";
            case "PUT" -> "Servers_Create";
            case "PATCH" -> "Servers_Update";
            case "DELETE" -> "Servers_Delete";
            default -> throw new NotSimulatedException(request.toString());
          };
      return new ArmRoute(operation, subscription, group, server, "");
    }
    String kind = parts.get(8).toLowerCase(Locale.ROOT);
    if (parts.size() == 9) {
      return new ArmRoute(onServer(request, method, kind), subscription, group, server, "");
    }
    if (parts.size() == 10) {
      return new ArmRoute(
          onChild(request, method, kind), subscription, group, server, parts.get(9));
    }
    throw new NotSimulatedException(request.toString());
  }

  private static String onServer(SimulatedRequest request, String method, String kind) {
    return switch (method + " " + kind) {
      case "POST start" -> "Servers_Start";
      case "POST stop" -> "Servers_Stop";
      case "POST restart" -> "Servers_Restart";
      case "GET databases" -> "Databases_ListByServer";
      case "GET configurations" -> "Configurations_ListByServer";
      case "GET firewallrules" -> "FirewallRules_ListByServer";
      default -> throw new NotSimulatedException(request.toString());
    };
  }

  private static String onChild(SimulatedRequest request, String method, String kind) {
    return switch (method + " " + kind) {
      case "GET databases" -> "Databases_Get";
      case "PUT databases" -> "Databases_Create";
      case "DELETE databases" -> "Databases_Delete";
      case "GET configurations" -> "Configurations_Get";
      case "PUT configurations" -> "Configurations_Put";
      case "PATCH configurations" -> "Configurations_Update";
      case "GET firewallrules" -> "FirewallRules_Get";
      case "PUT firewallrules" -> "FirewallRules_CreateOrUpdate";
      case "DELETE firewallrules" -> "FirewallRules_Delete";
      default -> throw new NotSimulatedException(request.toString());
    };
  }

  ResourceKey key() {
    return new ResourceKey(scope(), server);
  }

  String scope() {
    return subscription + "/" + group.toLowerCase(Locale.ROOT);
  }

  /** The scope of what belongs to the server. */
  String serverScope() {
    return scope() + "/" + server;
  }
}
