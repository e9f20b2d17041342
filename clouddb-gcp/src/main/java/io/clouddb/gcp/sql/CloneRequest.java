/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.client.json.JsonFactory;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.sqladmin.model.CloneContext;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.MaintenanceWindow;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The requests that make an instance of a moment: a clone of its source, which has the source's
 * settings and labels, and the patch after it, by which it has its own. The clone's request has no
 * place for the operation's id, which the patch writes over that of the source.
 */
final class CloneRequest {
  /** Value: the moment, which is the same in each request. */
  static final String MOMENT = "moment";

  /** Value: when the source was deleted; none while it is there. */
  static final String DELETED = "deleted";

  /** Value: when the source was made, which is there; one made later is another one. */
  static final String SOURCE_CREATED = "source-created";

  /** Value: the id of the operation that made the source; empty when it has none. */
  static final String MADE_BY = "made-by";

  /** Value: day, hour and track of the source's maintenance, which no clone has. */
  static final String MAINTENANCE = "maintenance";

  /** Value: the settings of a source that is not runnable, which its clone may lack. */
  static final String SETTINGS = "settings";

  private static final JsonFactory JSON = GsonFactory.getDefaultInstance();

  private CloneRequest() {}

  /** Whether an operation restores a moment. */
  static boolean isClone(StepContext context) {
    return context.specification(RestoreSpec.class).backup().isEmpty();
  }

  /** The state that knows what is cloned. */
  static OperationState noted(OperationState state, String moment, RecoveryWindow.Source source) {
    Settings settings = source.instance().getSettings();
    Map<String, String> notes = new TreeMap<>();
    notes.put(MOMENT, moment);
    notes.put(MADE_BY, Labels.attempt(InstanceReader.labels(settings)).orElse(""));
    if (source.deleted() != null) {
      notes.put(DELETED, source.deleted());
    } else if (source.instance().getCreateTime() != null) {
      notes.put(SOURCE_CREATED, source.instance().getCreateTime());
    }
    notes.putAll(
        source.deleted() == null
            ? lacking(source.instance())
            : Map.of(SETTINGS, ofSource(source.instance())));
    MaintenanceWindow window = settings == null ? null : settings.getMaintenanceWindow();
    if (window != null && window.getDay() != null && window.getDay() > 0) {
      notes.put(
          MAINTENANCE,
          window.getDay()
              + ","
              + Objects.requireNonNullElse(window.getHour(), 0)
              + ","
              + Objects.requireNonNullElse(
                  window.getUpdateTrack(), SettingFields.USUAL_UPDATE_TRACK));
    }
    return state.with(notes);
  }

  /**
   * What has to be known of a source that is there before it is cloned.
   *
   * @param source the source as it is
   * @return the settings that its clone may lack; none of one that is runnable
   */
  static Map<String, String> lacking(DatabaseInstance source) {
    return InstanceReader.RUNNABLE.equals(source.getState())
        ? Map.of()
        : Map.of(SETTINGS, ofSource(source));
  }

  /**
   * What a clone may lack: "for the new instance to inherit these settings, the instance's state
   * must be RUNNABLE", says <a
   * href="https://cloud.google.com/sql/docs/postgres/backup-recovery/restore">About restoring an
   * instance</a> of the source. Set again where the clone has it, they change nothing.
   */
  private static String ofSource(DatabaseInstance source) {
    Settings settings =
        RestoreRequest.settings(source, true, false)
            // The clone has the disk of the data, in the zone that the service has found for it.
            .setDataDiskSizeGb(null)
            .setLocationPreference(null)
            // Said of the source alone, see settings(...).
            .setRetainBackupsOnDelete(null);
    try {
      return JSON.toString(settings);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
  }

  private static Settings ofSource(StepContext context) {
    Optional<String> noted = context.value(SETTINGS);
    if (noted.isEmpty()) {
      return new Settings();
    }
    try {
      return JSON.fromString(noted.get(), Settings.class);
    } catch (IOException e) {
      throw ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, "The token has no settings")
          .toException(e);
    }
  }

  /** The clone, as the caller has changed it. */
  static CloneContext of(StepContext context) {
    String moment = context.value(MOMENT).orElseThrow();
    CloneContext body =
        new CloneContext()
            .setKind("sql#cloneContext")
            .setDestinationInstanceName(context.name())
            .setPointInTime(moment)
            .setSourceInstanceDeletionTime(context.value(DELETED).orElse(null));
    context.customizations().apply(CloneContext.class, body);
    if (!context.name().equals(body.getDestinationInstanceName())
        || !moment.equals(body.getPointInTime())) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "Native.customize must leave destinationInstanceName and pointInTime of the"
                  + " CloneContext")
          .toException();
    }
    return body;
  }

  /** What the clone has of its own, as the caller has changed it, with what stays. */
  static DatabaseInstance settings(StepContext context, DatabaseInstance current) {
    RestoreSpec spec = context.specification(RestoreSpec.class);
    requireUnclaimed(context, current);
    Settings settings = ofSource(context);
    DatabaseInstance patch = new DatabaseInstance().setSettings(settings);
    RestoreTables.write(patch, spec, Place.of(context.resource()));
    SettingsOfSize.limit(settings);
    // It has its name, and the service moves its disk where another machine needs that.
    patch.setName(null);
    settings.setDataDiskType(null);
    context.value(MAINTENANCE).ifPresent(window -> settings.setMaintenanceWindow(window(window)));
    if (context.value(DELETED).isPresent() && KeptBackups.isRetaining(current)) {
      // So that its backups stay was said of the source, when that was deleted.
      settings.setRetainBackupsOnDelete(false);
    }
    context.customizations().apply(DatabaseInstance.class, patch);
    if (patch.getSettings() == null) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "Native.customize must leave settings of the DatabaseInstance")
          .toException();
    }
    Map<String, String> labels = new TreeMap<>(InstanceReader.labels(patch.getSettings()));
    labels.put(Labels.ATTEMPT, context.state().id());
    patch.getSettings().setUserLabels(labels);
    return WholePatch.of(PatchRequest.copy(patch), current);
  }

  private static MaintenanceWindow window(String text) {
    String[] parts = text.split(",", -1);
    return new MaintenanceWindow()
        .setDay(Integer.valueOf(parts[0]))
        .setHour(Integer.valueOf(parts[1]))
        .setUpdateTrack(parts[2]);
  }

  /**
   * Whether an instance has the id of the operation, or, as a new clone, that of its source, or
   * none where it has lost its source's labels.
   */
  static boolean mayBeOwn(StepContext context, DatabaseInstance found) {
    Optional<String> attempt = Labels.attempt(InstanceReader.labels(found.getSettings()));
    return attempt
        .filter(its -> !its.equals(context.state().id()))
        .map(its -> its.equals(context.value(MADE_BY).orElse("")))
        .orElse(true);
  }

  private static void requireUnclaimed(StepContext context, DatabaseInstance current) {
    if (!mayBeOwn(context, current)) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "Another operation has restored something to "
                  + context.name()
                  + " at the same time, and it is that one's now")
          .resource(context.resource().toString())
          .leftBehind("the instance " + context.name() + ", which is the other operation's")
          .nextStep("Restore to another name.")
          .toException();
    }
  }
}
