/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static io.clouddb.aws.rds.RdsFields.CREATE;
import static io.clouddb.aws.rds.RdsFields.MODIFY;
import static io.clouddb.instance.InstanceField.DELETION_PROTECTION;
import static io.clouddb.instance.InstanceField.INSIGHTS;
import static io.clouddb.instance.InstanceField.INSIGHTS_RETENTION;
import static io.clouddb.instance.InstanceField.TAGS;

import io.clouddb.instance.InstanceChange;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DatabaseInsightsMode;

/** Protection, insights and tags. */
final class SettingFields {
  private SettingFields() {}

  static List<FieldRow<?, InstanceAsItIs>> rows() {
    return List.of(protection(), insights(), insightsRetention(), tags());
  }

  private static FieldRow<Boolean, InstanceAsItIs> protection() {
    return FieldRow.<Boolean, InstanceAsItIs>of(
            DELETION_PROTECTION, Boolean.class, "DeletionProtection")
        .to(CREATE, (request, on, asked) -> request.deletionProtection(on))
        .to(MODIFY, (request, on, asked) -> request.deletionProtection(on))
        .from((there, asked) -> Optional.ofNullable(there.instance().deletionProtection()))
        .build();
  }

  private static FieldRow<Boolean, InstanceAsItIs> insights() {
    return FieldRow.<Boolean, InstanceAsItIs>of(
            INSIGHTS, Boolean.class, "EnablePerformanceInsights")
        .to(
            CREATE,
            (request, on, asked) ->
                request
                    .enablePerformanceInsights(on)
                    .databaseInsightsMode(DatabaseInsightsMode.STANDARD))
        .to(
            MODIFY,
            (request, on, asked) -> {
              request.enablePerformanceInsights(on);
              // The advanced mode, chosen elsewhere, stays; without insights there is none.
              if (!on) {
                request.databaseInsightsMode(DatabaseInsightsMode.STANDARD);
              }
            })
        .from((there, asked) -> Optional.ofNullable(there.instance().performanceInsightsEnabled()))
        .build();
  }

  private static FieldRow<Integer, InstanceAsItIs> insightsRetention() {
    return FieldRow.<Integer, InstanceAsItIs>of(
            INSIGHTS_RETENTION, Integer.class, "PerformanceInsightsRetentionPeriod")
        .nearest(
            "7, 731, or a multiple of 31 up to 713",
            (days, asked) ->
                InsightsRetention.kept(days) == days
                    ? Optional.empty()
                    : Optional.of(
                        "RDS keeps insights for 7 days, 31 x n for n up to 23, or 731 days"))
        .limit("retention.days.min", InsightsRetention.LEAST)
        .limit("retention.days.max", InsightsRetention.MOST)
        .shown((days, asked) -> InsightsRetention.kept(days))
        .to(
            CREATE,
            (request, days, asked) ->
                request.performanceInsightsRetentionPeriod(InsightsRetention.kept(days)))
        .to(
            MODIFY,
            (request, days, asked) ->
                request.performanceInsightsRetentionPeriod(InsightsRetention.kept(days)))
        .from(
            (there, asked) ->
                Optional.ofNullable(there.instance().performanceInsightsRetentionPeriod()))
        .build();
  }

  /** Those of a change go by a request of their own. */
  private static FieldRow<Map<String, String>, InstanceAsItIs> tags() {
    return FieldRow.<Map<String, String>, InstanceAsItIs>of(TAGS, Texts.TYPE, "Tags")
        .vendorField(
            asked ->
                asked.specification() instanceof InstanceChange ? "AddTagsToResource Tags" : "Tags")
        .only(
            "Letters, digits, spaces and + - = . _ : / @; none begins with aws: or rds:",
            (tags, asked) -> Tags.whyNot(tags),
            (tags, asked) -> tags.size() > Tags.MOST ? "fewer" : "another key or value")
        .limit("tags.max", Tags.MOST)
        .to(CREATE, (request, tags, asked) -> request.tags(Tags.of(tags)))
        .from((there, asked) -> Optional.of(named(there, asked)))
        .build();
  }

  private static Map<String, String> named(InstanceAsItIs there, Asked asked) {
    Map<String, String> found = RdsCalls.tags(there.instance().tagList());
    found.keySet().retainAll(asked.value(TAGS, Texts.TYPE).map(Map::keySet).orElseThrow());
    return found;
  }
}
