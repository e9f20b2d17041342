/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableFields.CREATE;

import io.clouddb.spi.OperationState;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.table.ChangeImages;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableClass;
import io.clouddb.table.TableConsistency;
import io.clouddb.table.TableField;
import io.clouddb.table.TimeToLive;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;

/** Time to live, versions, streams, protection, recovery, class and tags. */
final class SettingFields {
  private SettingFields() {}

  static List<FieldRow<?, LiveTable>> rows() {
    return List.of(
        timeToLive(),
        version(),
        changeFeed(),
        protection(),
        recovery(),
        tableClass(),
        tags(),
        removedTags());
  }

  private static boolean isStrong(Asked asked) {
    return asked
        .value(TableField.CONSISTENCY, TableConsistency.class)
        .filter(TableConsistency.GLOBAL::equals)
        .isPresent();
  }

  /** Of a change, a text stands for none. */
  private static FieldRow<Object, LiveTable> timeToLive() {
    return FieldRow.<Object, LiveTable>of(
            TableField.TIME_TO_LIVE, Object.class, "TimeToLiveSpecification")
        .only(
            "At the time in an attribute",
            (wanted, asked) ->
                wanted instanceof TimeToLive ttl && ttl.after().isPresent()
                    ? Optional.of(
                        "DynamoDB lets an item expire at a time that it has in itself, not after a"
                            + " time for all")
                    : Optional.empty(),
            "TimeToLive.at(attribute), with the time of each item in it")
        .only(
            "Not with consistency GLOBAL",
            (wanted, asked) ->
                isStrong(asked) && wanted instanceof TimeToLive
                    ? Optional.of(
                        "items of a table that is consistent over its regions do not expire")
                    : Optional.empty(),
            "consistency REGIONAL")
        .noted(
            (wanted, asked) ->
                wanted instanceof TimeToLive
                    ? Optional.of("items are deleted some days after that at the latest")
                    : Optional.empty())
        .from(
            (live, asked) ->
                Optional.of(
                    LiveSpec.timeToLive(live.timeToLive()).map(Object.class::cast).orElse("none")))
        .build();
  }

  private static FieldRow<String, LiveTable> version() {
    return FieldRow.<String, LiveTable>of(TableField.VERSION, String.class, "")
        .vendorField(asked -> "ConditionExpression of each write")
        .noted((attribute, asked) -> Optional.of("counted by this library, not by DynamoDB"))
        .build();
  }

  private static FieldRow<Object, LiveTable> changeFeed() {
    return FieldRow.<Object, LiveTable>of(
            TableField.CHANGE_FEED, Object.class, "StreamSpecification")
        .only(
            "A table that is replicated has a stream, of whatever images",
            (wanted, asked) ->
                isExtended(asked) && !(wanted instanceof ChangeImages)
                    ? Optional.of("DynamoDB replicates a table by a stream")
                    : Optional.empty(),
            "ChangeImages.NEW_AND_OLD, for example")
        .shown((wanted, asked) -> wanted)
        .to(
            CREATE,
            (request, wanted, asked) -> {
              if (!isStrong(asked)) {
                request.streamSpecification(stream((ChangeImages) wanted));
              }
            })
        .from(
            (live, asked) ->
                live.common(
                    copy ->
                        Optional.of(
                            LiveSpec.images(copy.table()).map(Object.class::cast).orElse("none"))))
        .build();
  }

  static StreamSpecification stream(ChangeImages images) {
    return StreamSpecification.builder()
        .streamEnabled(true)
        .streamViewType(Schemas.view(images))
        .build();
  }

  private static boolean isExtended(Asked asked) {
    return asked.specification() instanceof TableChange change
        && !change.addedRegions().isEmpty()
        && !isStrong(asked);
  }

  private static FieldRow<Boolean, LiveTable> protection() {
    return FieldRow.<Boolean, LiveTable>of(
            TableField.DELETION_PROTECTION, Boolean.class, "DeletionProtectionEnabled")
        .from((live, asked) -> live.common(LiveSpec::protection))
        .build();
  }

  private static FieldRow<Integer, LiveTable> recovery() {
    return FieldRow.<Integer, LiveTable>of(
            TableField.POINT_IN_TIME_RECOVERY,
            Integer.class,
            "PointInTimeRecoverySpecification RecoveryPeriodInDays")
        .from((live, asked) -> live.common(copy -> Optional.of(LiveSpec.days(copy).orElse(0))))
        .build();
  }

  private static FieldRow<TableClass, LiveTable> tableClass() {
    return FieldRow.<TableClass, LiveTable>of(
            TableField.TABLE_CLASS, TableClass.class, "TableClass")
        .shown((wanted, asked) -> vendor(wanted))
        .to(CREATE, (request, wanted, asked) -> request.tableClass(vendor(wanted)))
        .from(
            (live, asked) ->
                live.common(copy -> Optional.of(vendor(LiveSpec.tableClass(copy.table())))))
        .build();
  }

  static software.amazon.awssdk.services.dynamodb.model.TableClass vendor(TableClass wanted) {
    return wanted == TableClass.INFREQUENT_ACCESS
        ? software.amazon.awssdk.services.dynamodb.model.TableClass.STANDARD_INFREQUENT_ACCESS
        : software.amazon.awssdk.services.dynamodb.model.TableClass.STANDARD;
  }

  private static FieldRow<Map<String, String>, LiveTable> tags() {
    return FieldRow.<Map<String, String>, LiveTable>of(TableField.TAGS, Types.TEXTS, "Tags")
        .vendorField(
            asked -> asked.specification() instanceof TableChange ? "TagResource Tags" : "Tags")
        .only(
            "Letters, digits, spaces and + - = . _ : / @; none begins with aws:",
            (tags, asked) -> TableTags.whyNot(tags),
            (tags, asked) -> tags.size() > TableTags.MOST ? "fewer" : "another key or value")
        .limit("tags.max", TableTags.MOST)
        .to(CREATE, (request, tags, asked) -> request.tags(TableTags.of(tags)))
        .from((live, asked) -> live.common(copy -> Optional.of(named(copy, asked))))
        .build();
  }

  private static Map<String, String> named(LiveTable.Copy copy, Asked asked) {
    Map<String, String> found = new TreeMap<>(copy.tags());
    found.keySet().retainAll(asked.value(TableField.TAGS, Types.TEXTS).orElseThrow().keySet());
    return found;
  }

  private static FieldRow<List<String>, LiveTable> removedTags() {
    return FieldRow.<List<String>, LiveTable>of(
            TableField.REMOVED_TAGS, Types.NAMES, "UntagResource TagKeys")
        .only(
            "Not this library's own",
            (keys, asked) ->
                keys.contains(OperationState.CREATION_TAG)
                    ? Optional.of(
                        "by "
                            + OperationState.CREATION_TAG
                            + " this library knows which operation made the table")
                    : Optional.empty(),
            "unwrap(DynamoDbClient.class).untagResource(...)")
        .build();
  }
}
