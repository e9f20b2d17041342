/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.table.TimeToLive;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * Switches time to live off where it goes by another attribute than wanted, or on. The service
 * takes one change in an hour: "It can take up to one hour for the change to fully process. Any
 * additional UpdateTimeToLive calls for the same table during this one hour duration result in a
 * ValidationException".
 */
final class TimeToLiveStep extends TableStep {
  private static final Duration LIMIT = Duration.ofHours(4);

  private final boolean on;

  private TimeToLiveStep(String name, RegionalCalls regions, boolean on) {
    super(name, regions);
    this.on = on;
  }

  static TimeToLiveStep off(RegionalCalls regions) {
    return new TimeToLiveStep("time to live off", regions, false);
  }

  static TimeToLiveStep on(RegionalCalls regions) {
    return new TimeToLiveStep("time to live", regions, true);
  }

  @Override
  public Duration limit() {
    return LIMIT;
  }

  private Optional<String> attribute(StepContext context) {
    return wanted(context).spec().timeToLive().flatMap(TimeToLive::attribute);
  }

  @Override
  public boolean applies(StepContext context) {
    if (isChange(context)
        && change(context).timeToLive().isEmpty()
        && !change(context).isNoTimeToLive()) {
      return false;
    }
    return on ? attribute(context).isPresent() : true;
  }

  @Override
  public Look look(StepContext context) {
    var unused = get(context);
    TimeToLiveDescription now = regions.home().timeToLive(context.name());
    TimeToLiveStatus status = now.timeToLiveStatus();
    if (status == TimeToLiveStatus.DISABLING) {
      return Look.going("time to live is being switched off");
    }
    boolean its = attribute(context).filter(name -> name.equals(now.attributeName())).isPresent();
    boolean enabled = status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING;
    if (on) {
      return enabled && its ? Look.happened() : Look.missing();
    }
    if (!enabled || its) {
      return Look.happened();
    }
    return status == TimeToLiveStatus.ENABLING
        ? Look.going("time to live is being switched on")
        : Look.missing();
  }

  /** By an attribute with times that are past, it deletes what there is. */
  @Override
  public boolean guarded(StepContext context) {
    return on && isChange(context);
  }

  @Override
  public Begun begin(StepContext context) {
    String attribute =
        on
            ? attribute(context).orElseThrow()
            : regions.home().timeToLive(context.name()).attributeName();
    try {
      regions.home().timeToLive(context.name(), attribute, on);
    } catch (CloudDbException e) {
      return refused(context, e);
    }
    return Begun.accepted("time to live is switched " + (on ? "on" : "off"));
  }
}
