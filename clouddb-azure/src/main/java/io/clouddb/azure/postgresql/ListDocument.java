/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ConfigurationInner;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.FirewallRuleInner;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.azure.internal.ArmDocuments;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A list as Azure answers it. What cannot be read of it is an error: to whoever goes by the list,
 * what it leaves out is not there.
 */
final class ListDocument {
  private ListDocument() {}

  /**
   * Its entries.
   *
   * @param what what is listed, in the plural
   */
  static List<Map<?, ?>> entries(Map<?, ?> document, String what) {
    if (!(document.get("value") instanceof List<?> value)) {
      throw unreadable("A list of " + what + " came without any");
    }
    List<Map<?, ?>> entries = new ArrayList<>();
    for (Object entry : value) {
      if (!(entry instanceof Map<?, ?> map)) {
        throw unreadable("A list of " + what + " has " + entry);
      }
      entries.add(map);
    }
    return entries;
  }

  /** Of an entry that is none of what is listed. */
  static CloudDbException unreadable(String message) {
    return details(message).toException();
  }

  private static ErrorDetails.Builder details(String message) {
    return ErrorDetails.of(ErrorCategory.OTHER, message + ", which this library cannot read")
        .nextStep("Look at it in Azure, and try again.");
  }

  /** A server, as the SDK has it. */
  static ServerInner server(Map<?, ?> entry) {
    return read(entry, "servers", ServerInner.class);
  }

  /** A parameter of a server, as the SDK has it. */
  static ConfigurationInner configuration(Map<?, ?> entry) {
    return read(entry, "configurations", ConfigurationInner.class);
  }

  /** A firewall rule, as the SDK has it. */
  static FirewallRuleInner rule(Map<?, ?> entry) {
    return read(entry, "firewallRules", FirewallRuleInner.class);
  }

  private static <T> T read(Map<?, ?> entry, String what, Class<T> model) {
    try {
      return ArmDocuments.as(model, entry);
    } catch (IOException e) {
      throw details("A list of " + what + " has '" + text(entry, "id") + "'").toException(e);
    }
  }

  static Map<?, ?> map(Map<?, ?> parent, String name) {
    return parent.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  static String text(Map<?, ?> parent, String name) {
    @Nullable Object value = parent.get(name);
    return value == null ? "" : String.valueOf(value);
  }
}
