/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.instance.InstanceField.DELETION_PROTECTION;
import static io.clouddb.instance.InstanceField.INSIGHTS;
import static io.clouddb.instance.InstanceField.INSIGHTS_RETENTION;
import static io.clouddb.instance.InstanceField.LOGICAL_REPLICATION;
import static io.clouddb.instance.InstanceField.MAINTENANCE_WINDOW;
import static io.clouddb.instance.InstanceField.MAINTENANCE_WINDOW_LENGTH;
import static io.clouddb.instance.InstanceField.PARAMETERS;
import static io.clouddb.instance.InstanceField.TAGS;

import com.google.api.services.sqladmin.model.InsightsConfig;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How it is run: its maintenance, its parameters, what is told of it. */
final class SettingFields {
  /** The update track that a window has unless somebody chose another one. */
  static final String USUAL_UPDATE_TRACK = "stable";

  /** How long a maintenance window is; nothing else can be asked for. */
  private static final Duration WINDOW = Duration.ofHours(1);

  /** How long Query Insights are kept; no field says it. */
  private static final int INSIGHT_DAYS = 7;

  private static final String WINDOW_FIELD = "settings.maintenanceWindow";
  private static final String INSIGHTS_FIELD = "settings.insightsConfig.queryInsightsEnabled";
  private static final String FLAGS = "settings.databaseFlags";

  private SettingFields() {}

  static List<FieldRow<?, SeenInstance>> rows() {
    return List.of(
        maintenance(),
        maintenanceLength(),
        deletionProtection(),
        parameters(),
        logicalReplication(),
        insights(),
        insightsRetention(),
        tags());
  }

  private static FieldRow<MaintenanceWindow, SeenInstance> maintenance() {
    return FieldRow.<MaintenanceWindow, SeenInstance>of(
            MAINTENANCE_WINDOW, MaintenanceWindow.class, WINDOW_FIELD)
        .nearest(
            "a beginning at a full hour",
            (window, asked) ->
                window.start().equals(LocalTime.of(window.start().getHour(), 0))
                    ? Optional.empty()
                    : Optional.of("windows begin at full hours"))
        .limit("window.hours", WINDOW.toHours())
        .shown((window, asked) -> text(window.day().getValue(), window.start().getHour()))
        .to(
            InsertBody.class,
            (body, window, asked) ->
                body.settings()
                    .setMaintenanceWindow(sent(window).setUpdateTrack(USUAL_UPDATE_TRACK)))
        .to(
            PatchBody.class,
            (body, window, asked) -> body.settings().setMaintenanceWindow(sent(window)))
        .from((there, asked) -> Optional.of(windowThere(there.settings())))
        .build();
  }

  private static String text(int day, int hour) {
    return "day " + day + ", hour " + hour;
  }

  private static com.google.api.services.sqladmin.model.MaintenanceWindow sent(
      MaintenanceWindow window) {
    return new com.google.api.services.sqladmin.model.MaintenanceWindow()
        .setDay(window.day().getValue())
        .setHour(window.start().getHour());
  }

  /** A day of 0 stands for any, and an hour of 0 may be left out. */
  private static String windowThere(Settings settings) {
    var window = settings.getMaintenanceWindow();
    if (window == null || window.getDay() == null || window.getDay() == 0) {
      return "at any time";
    }
    return text(window.getDay(), window.getHour() == null ? 0 : window.getHour());
  }

  private static FieldRow<Duration, SeenInstance> maintenanceLength() {
    return FieldRow.<Duration, SeenInstance>of(
            MAINTENANCE_WINDOW_LENGTH, Duration.class, WINDOW_FIELD)
        .nearest(
            "one hour",
            (length, asked) ->
                length.equals(WINDOW)
                    ? Optional.empty()
                    : Optional.of("Cloud SQL's maintenance windows last an hour"))
        .limit("window.hours", WINDOW.toHours())
        .shown((length, asked) -> "1 hour")
        .from((there, asked) -> Optional.of("1 hour"))
        .build();
  }

  private static FieldRow<Boolean, SeenInstance> deletionProtection() {
    return FieldRow.<Boolean, SeenInstance>of(
            DELETION_PROTECTION, Boolean.class, "settings.deletionProtectionEnabled")
        .to(InsertBody.class, (body, on, asked) -> body.settings().setDeletionProtectionEnabled(on))
        .to(PatchBody.class, (body, on, asked) -> body.settings().setDeletionProtectionEnabled(on))
        .from(
            (there, asked) ->
                Optional.of(Boolean.TRUE.equals(there.settings().getDeletionProtectionEnabled())))
        .build();
  }

  private static Map<String, String> named(Map<?, ?> names, Map<String, String> there) {
    Map<String, String> named = new TreeMap<>(there);
    named.keySet().retainAll(names.keySet());
    return named;
  }

  @SuppressWarnings("rawtypes") // A class is of no parameters.
  private static FieldRow<Map, SeenInstance> parameters() {
    return FieldRow.<Map, SeenInstance>of(PARAMETERS, Map.class, FLAGS)
        .only(
            "database flags of Cloud SQL, and none that another field sets",
            (parameters, asked) -> Flags.setElsewhere(texts(parameters)),
            "the other field")
        .only(
            "none that contradicts logicalReplication",
            (parameters, asked) ->
                Flags.contradiction(
                    texts(parameters),
                    asked.value(LOGICAL_REPLICATION, Boolean.class).orElse(null)),
            "leave the parameter out")
        .to(
            InsertBody.class,
            (body, parameters, asked) -> Flags.add(body.settings(), texts(parameters)))
        .to(
            PatchBody.class,
            (body, parameters, asked) -> Flags.add(body.settings(), texts(parameters)))
        .from(
            (there, asked) ->
                Optional.of(
                    named(
                        asked.value(PARAMETERS, Map.class).orElseThrow(),
                        Flags.of(there.settings()))))
        .build();
  }

  private static Map<String, String> texts(Map<?, ?> map) {
    Map<String, String> texts = new TreeMap<>();
    map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
    return texts;
  }

  private static FieldRow<Boolean, SeenInstance> logicalReplication() {
    return FieldRow.<Boolean, SeenInstance>of(
            LOGICAL_REPLICATION, Boolean.class, FLAGS + "." + Flags.LOGICAL_DECODING)
        .shown((on, asked) -> Flags.text(on))
        .to(InsertBody.class, (body, on, asked) -> Flags.add(body.settings(), Flags.logical(on)))
        .to(PatchBody.class, (body, on, asked) -> Flags.add(body.settings(), Flags.logical(on)))
        .from(
            (there, asked) ->
                Optional.of(
                    Flags.of(there.settings())
                        .getOrDefault(Flags.LOGICAL_DECODING, Flags.text(false))))
        .build();
  }

  private static FieldRow<Boolean, SeenInstance> insights() {
    return FieldRow.<Boolean, SeenInstance>of(INSIGHTS, Boolean.class, INSIGHTS_FIELD)
        .to(InsertBody.class, (body, on, asked) -> body.settings().setInsightsConfig(insights(on)))
        .to(PatchBody.class, (body, on, asked) -> body.settings().setInsightsConfig(insights(on)))
        .from((there, asked) -> Optional.of(areCollected(there.settings())))
        .build();
  }

  private static InsightsConfig insights(boolean on) {
    return new InsightsConfig().setQueryInsightsEnabled(on);
  }

  private static boolean areCollected(Settings settings) {
    InsightsConfig insights = settings.getInsightsConfig();
    return insights != null && Boolean.TRUE.equals(insights.getQueryInsightsEnabled());
  }

  private static FieldRow<Integer, SeenInstance> insightsRetention() {
    return FieldRow.<Integer, SeenInstance>of(INSIGHTS_RETENTION, Integer.class, INSIGHTS_FIELD)
        .nearest(
            "seven days",
            (days, asked) ->
                days == INSIGHT_DAYS
                    ? Optional.empty()
                    : Optional.of(
                        "Query Insights are kept for seven days, and no other retention can be"
                            + " asked for"))
        .limit("retention.days.max", INSIGHT_DAYS)
        .shown((days, asked) -> INSIGHT_DAYS + " days")
        .from((there, asked) -> Optional.of(INSIGHT_DAYS + " days"))
        .build();
  }

  @SuppressWarnings("rawtypes") // A class is of no parameters.
  private static FieldRow<Map, SeenInstance> tags() {
    return FieldRow.<Map, SeenInstance>of(TAGS, Map.class, "settings.userLabels")
        .only(
            "labels, beside this library's own",
            (tags, asked) ->
                tags.size() > Labels.MOST_TAGS
                    ? Optional.of(
                        "an instance has at most "
                            + Labels.MOST_TAGS
                            + " labels beside this library's own")
                    : Optional.empty(),
            "fewer tags")
        .only(
            "lower case letters, digits, '_' and '-' only",
            (tags, asked) -> Labels.whyNot(texts(tags)),
            "a label of Google's, such as environment")
        .limit("tags.max", Labels.MOST_TAGS)
        // A creation adds them to this library's own labels.
        .to(PatchBody.class, (body, tags, asked) -> body.settings().setUserLabels(texts(tags)))
        .from(SettingFields::tagsThere)
        .build();
  }

  private static Optional<Map<String, String>> tagsThere(SeenInstance there, Asked asked) {
    return Optional.of(
        named(asked.value(TAGS, Map.class).orElseThrow(), InstanceReader.labels(there.settings())));
  }
}
