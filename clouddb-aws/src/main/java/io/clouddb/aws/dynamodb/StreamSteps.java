/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.table.ChangeImages;
import io.clouddb.table.TableChange;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/** A table's stream, which has to be off before it can have other images. */
final class StreamSteps {
  private StreamSteps() {}

  /** An image that a stream has cannot be changed: it is switched off first. */
  static StepAction off(RegionalCalls calls) {
    return stream("stream off", calls, false);
  }

  static StepAction on(RegionalCalls calls) {
    return stream("stream", calls, true);
  }

  /** Those of a table that is consistent over its regions get none with their table. */
  static StepAction ofAdded(RegionalCalls calls) {
    return new SettingStep("stream of replicas", calls) {
      @Override
      public boolean applies(StepContext context) {
        return wanted(context).strong() && wanted(context).stream().isPresent();
      }

      @Override
      public List<String> items(StepContext context) {
        return added(context);
      }

      @Override
      boolean holds(StepContext context, String region, TableDescription table) {
        return LiveSpec.images(table).equals(wanted(context).stream());
      }

      @Override
      void send(StepContext context, String region, TableDescription table) {
        regions.in(region).update(request(context, wanted(context).stream()));
      }
    };
  }

  private static StepAction stream(String name, RegionalCalls calls, boolean on) {
    return new SettingStep(name, calls) {
      private Optional<ChangeImages> images(StepContext context) {
        return wanted(context).stream();
      }

      @Override
      public boolean applies(StepContext context) {
        if (!isChange(context)) {
          return on
              && (wanted(context).strong() || isRestore(context))
              && images(context).isPresent();
        }
        TableChange change = change(context);
        boolean replication = !wanted(context).strong() && !change.addedRegions().isEmpty();
        return (change.changeFeed().isPresent() || change.isNoChangeFeed() || replication)
            && (!on || images(context).isPresent());
      }

      /** Replicas of the eventual kind have the stream of their table; others have their own. */
      @Override
      public List<String> items(StepContext context) {
        if (!wanted(context).strong()) {
          return List.of(home());
        }
        return isChange(context) ? kept(context) : wanted(context).regions();
      }

      @Override
      boolean holds(StepContext context, String region, TableDescription table) {
        Optional<ChangeImages> now = LiveSpec.images(table);
        return on ? now.equals(images(context)) : now.isEmpty() || now.equals(images(context));
      }

      @Override
      void send(StepContext context, String region, TableDescription table) {
        regions.in(region).update(request(context, on ? images(context) : Optional.empty()));
      }

      /** What has not been read of a stream that ends is soon gone with it. */
      @Override
      public boolean guarded(StepContext context) {
        return !on;
      }
    };
  }

  /** Has a stream with images, or none. */
  private static UpdateTableRequest request(StepContext context, Optional<ChangeImages> images) {
    return UpdateTableRequest.builder()
        .tableName(context.name())
        .streamSpecification(
            images
                .map(SettingFields::stream)
                .orElseGet(() -> StreamSpecification.builder().streamEnabled(false).build()))
        .build();
  }
}
