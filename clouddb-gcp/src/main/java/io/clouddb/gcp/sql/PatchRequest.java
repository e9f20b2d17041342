/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.client.json.JsonFactory;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.Data;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.backup.Protection;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceChange;
import io.clouddb.spi.workflow.StepContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The body of {@code instances.patch}. */
final class PatchRequest {
  private PatchRequest() {}

  /** The change that an operation asks for, be it a part of what it asks for. */
  static InstanceChange change(StepContext context) {
    return context.state().specification().orElseThrow() instanceof Protection protection
        ? protection.change()
        : context.specification(InstanceChange.class);
  }

  /** What a change asks for, as the caller has changed it. */
  static DatabaseInstance of(StepContext context) {
    DatabaseInstance patch = PatchBody.of(change(context), Place.of(context.resource()));
    context.customizations().apply(DatabaseInstance.class, patch);
    if (patch.getRootPassword() != null) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "Native.customize must not set a password: it belongs into the change's"
                  + " adminPassword")
          .toException();
    }
    return copy(patch);
  }

  /**
   * As it arrives at the service: what the caller has put in may be unmodifiable, or used again.
   */
  static DatabaseInstance copy(DatabaseInstance body) {
    try {
      JsonFactory json = GsonFactory.getDefaultInstance();
      return json.fromString(json.toString(body), DatabaseInstance.class);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
  }

  /** The change with what stays, and the version of the settings that it builds on. */
  static DatabaseInstance settings(StepContext context, DatabaseInstance current) {
    DatabaseInstance patch = of(context);
    KeptLogs.checkEdition(change(context), patch, current);
    return RoleChecks.withoutBackups(WholePatch.of(patch, current), current);
  }

  /** Whether something is as it is asked for, in all that is asked for, and nothing left out. */
  static boolean isShown(Object asked, @Nullable Object there) {
    return isShown(asked, there, false);
  }

  /**
   * The same of what was sent: a plain bool of the definition, such as {@code
   * queryInsightsEnabled}, is left out of the answer where it is false. Before anything was sent,
   * what is left out may be one of the others, which nobody has said, and which is on by default.
   */
  static boolean isInForce(Object asked, @Nullable Object there) {
    return isShown(asked, there, true);
  }

  private static boolean isShown(Object asked, @Nullable Object there, boolean offLeftOut) {
    if (Data.isNull(asked)) {
      // How Google's client writes that a field is to be taken out.
      return there == null || Data.isNull(there);
    }
    if (asked instanceof Map<?, ?> fields) {
      Object all = there == null && offLeftOut ? Map.of() : there;
      return all instanceof Map<?, ?> its
          && fields.entrySet().stream()
              .filter(field -> field.getValue() != null)
              .allMatch(field -> isShown(field.getValue(), its.get(field.getKey()), offLeftOut));
    }
    if (asked instanceof List<?> items) {
      if (!(there instanceof List<?> its) || its.size() != items.size()) {
        return false;
      }
      for (int i = 0; i < items.size(); i++) {
        if (!isShown(Objects.requireNonNull(items.get(i)), its.get(i), offLeftOut)) {
          return false;
        }
      }
      return true;
    }
    return asked.equals(there) || (offLeftOut && there == null && Boolean.FALSE.equals(asked));
  }
}
