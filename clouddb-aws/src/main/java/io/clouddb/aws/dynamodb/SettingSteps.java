/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.table.TableChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryDescription;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/** The settings that regions have each on their own, and those that take one request each. */
final class SettingSteps {
  private SettingSteps() {}

  /**
   * Where a setting has to be set: in all regions where it is asked for, and in those that are
   * added where the table has it already.
   */
  private static List<String> where(
      TableStep step, StepContext context, Predicate<TableChange> asked) {
    if (!TableStep.isChange(context) || asked.test(TableStep.change(context))) {
      return step.wanted(context).regions();
    }
    return step.added(context);
  }

  static StepAction recovery(RegionalCalls calls) {
    return new SettingStep("recovery", calls) {
      private int days(StepContext context) {
        return wanted(context).spec().pointInTimeRecoveryDays().orElse(0);
      }

      @Override
      public boolean applies(StepContext context) {
        return wanted(context).spec().pointInTimeRecoveryDays().isPresent()
            || (isChange(context) && change(context).pointInTimeRecoveryDays().isPresent());
      }

      @Override
      public List<String> items(StepContext context) {
        return where(this, context, change -> change.pointInTimeRecoveryDays().isPresent());
      }

      @Override
      boolean holds(StepContext context, String region, TableDescription table) {
        return recoveryDays(regions.in(region), context.name()) == days(context);
      }

      @Override
      void send(StepContext context, String region, TableDescription table) {
        regions.in(region).backups(context.name(), days(context));
      }

      /** What was to be restored for longer is gone; from when on, a token may say anything of. */
      @Override
      public boolean guarded(StepContext context) {
        return isChange(context) && days(context) < LiveSpec.USUAL_DAYS;
      }
    };
  }

  private static int recoveryDays(ControlCalls calls, String name) {
    PointInTimeRecoveryDescription now = calls.backups(name).pointInTimeRecoveryDescription();
    if (now == null || now.pointInTimeRecoveryStatus() != PointInTimeRecoveryStatus.ENABLED) {
      return 0;
    }
    return now.recoveryPeriodInDays() == null ? LiveSpec.USUAL_DAYS : now.recoveryPeriodInDays();
  }

  static StepAction protection(RegionalCalls calls) {
    return new SettingStep("protection", calls) {
      private boolean on(StepContext context) {
        return wanted(context).spec().deletionProtection().orElse(false);
      }

      @Override
      public boolean applies(StepContext context) {
        return wanted(context).spec().deletionProtection().isPresent();
      }

      @Override
      public List<String> items(StepContext context) {
        return where(this, context, change -> change.deletionProtection().isPresent());
      }

      @Override
      boolean holds(StepContext context, String region, TableDescription table) {
        return Boolean.TRUE.equals(table.deletionProtectionEnabled()) == on(context);
      }

      @Override
      void send(StepContext context, String region, TableDescription table) {
        regions
            .in(region)
            .update(
                UpdateTableRequest.builder()
                    .tableName(context.name())
                    .deletionProtectionEnabled(on(context))
                    .build());
      }

      @Override
      public boolean guarded(StepContext context) {
        return isChange(context) && !on(context);
      }
    };
  }

  /** In the regions that a change removes: DynamoDB removes no replica that is protected. */
  static StepAction protectionOff(RegionalCalls calls) {
    return new SettingStep("end protection", calls) {
      @Override
      public boolean applies(StepContext context) {
        return change(context).deletionProtection().filter(on -> !on).isPresent();
      }

      @Override
      public List<String> items(StepContext context) {
        return Notes.list(context, Notes.PROTECTED);
      }

      /** Whatever it is protected from has happened. */
      @Override
      Look unlisted(StepContext context, String region) {
        return Look.happened();
      }

      /** One that cannot be used any more is all the more to be removed. */
      @Override
      Optional<Look> unsettled(TableDescription table, String region) {
        return super.unsettled(table, region).filter(Look.Going.class::isInstance);
      }

      @Override
      boolean holds(StepContext context, String region, TableDescription table) {
        return !Boolean.TRUE.equals(table.deletionProtectionEnabled());
      }

      @Override
      void send(StepContext context, String region, TableDescription table) {
        regions
            .in(region)
            .update(
                UpdateTableRequest.builder()
                    .tableName(context.name())
                    .deletionProtectionEnabled(false)
                    .build());
      }

      @Override
      public boolean guarded(StepContext context) {
        return true;
      }
    };
  }

  /**
   * Before others are set: a table that has all that it may have takes a new one only then.
   * DynamoDB takes a change of a table's tags only once the one before has ended.
   */
  static StepAction tagsOff(RegionalCalls calls) {
    return new SettingStep("tags off", calls) {
      @Override
      public List<String> items(StepContext context) {
        return removed(context).isEmpty() ? List.of() : kept(context);
      }

      /** By that of its creation an operation knows its own table: no forged token takes it. */
      private List<String> removed(StepContext context) {
        return change(context).removedTags().stream()
            .filter(tag -> !tag.equals(OperationState.CREATION_TAG))
            .toList();
      }

      @Override
      boolean holds(StepContext context, String region, TableDescription table) {
        Map<String, String> now = regions.in(region).tags(context.name(), table.tableArn());
        return removed(context).stream().noneMatch(now::containsKey);
      }

      @Override
      void send(StepContext context, String region, TableDescription table) {
        regions.in(region).untag(context.name(), table.tableArn(), removed(context));
      }
    };
  }

  static StepAction tags(RegionalCalls calls) {
    return new SettingStep("tags", calls) {
      @Override
      public List<String> items(StepContext context) {
        if (isRestore(context)) {
          return wanted(context).spec().tags().isEmpty() ? List.of() : List.of(home());
        }
        List<String> all = new ArrayList<>();
        // The region in which a table is made gets them with it.
        if (isChange(context) && !change(context).tags().isEmpty()) {
          all.addAll(kept(context));
        }
        if (!wanted(context).spec().tags().isEmpty()) {
          all.addAll(added(context));
        }
        return all;
      }

      /** Those of the change where the table was before, and all in a region that is new. */
      private Map<String, String> tags(StepContext context, String region) {
        return isChange(context) && kept(context).contains(region)
            ? change(context).tags()
            : wanted(context).spec().tags();
      }

      @Override
      boolean holds(StepContext context, String region, TableDescription table) {
        return regions
            .in(region)
            .tags(context.name(), table.tableArn())
            .entrySet()
            .containsAll(tags(context, region).entrySet());
      }

      @Override
      void send(StepContext context, String region, TableDescription table) {
        regions.in(region).tag(context.name(), table.tableArn(), tags(context, region));
      }
    };
  }

  static StepAction tableClass(RegionalCalls calls) {
    return new SettingStep("table class", calls) {
      @Override
      public boolean applies(StepContext context) {
        return change(context).tableClass().isPresent();
      }

      @Override
      boolean holds(StepContext context, String region, TableDescription table) {
        return LiveSpec.tableClass(table) == change(context).tableClass().orElseThrow();
      }

      @Override
      void send(StepContext context, String region, TableDescription table) {
        regions
            .home()
            .update(
                UpdateTableRequest.builder()
                    .tableName(context.name())
                    .tableClass(SettingFields.vendor(change(context).tableClass().orElseThrow()))
                    .build());
      }
    };
  }

  /** The home region's: the key of a replica is changed in its own region. */
  static StepAction keys(RegionalCalls calls) {
    return new SettingStep("encryption key", calls) {
      @Override
      public boolean applies(StepContext context) {
        return change(context).regionKeys().containsKey(home());
      }

      private String key(StepContext context) {
        return change(context).regionKeys().getOrDefault(home(), "");
      }

      /** What an alias stands for cannot be told: it is what was set once DynamoDB has taken it. */
      @Override
      boolean holds(StepContext context, String region, TableDescription table) {
        String wanted = key(context);
        String now =
            table.sseDescription() == null || table.sseDescription().kmsMasterKeyArn() == null
                ? ""
                : table.sseDescription().kmsMasterKeyArn();
        return RegionFields.isAlias(wanted) ? answered(context) : RegionFields.isKey(wanted, now);
      }

      @Override
      void send(StepContext context, String region, TableDescription table) {
        try {
          regions
              .home()
              .update(
                  UpdateTableRequest.builder()
                      .tableName(context.name())
                      .sseSpecification(RegionFields.encryption(key(context)))
                      .build());
        } catch (InvalidArgumentException e) {
          // By a request whose answer was lost, of which an alias shows nothing.
          if (!e.details().message().contains("already encrypted with given KMSMasterKeyId")) {
            throw e;
          }
        }
      }

      /** Whoever has the key has the items. */
      @Override
      public boolean guarded(StepContext context) {
        return true;
      }
    };
  }
}
