/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.CloudConfig;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.plan.Plan;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CreateInstance;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.Step;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/** PostgreSQL instances on Amazon RDS. */
public final class RdsInstanceDriver implements InstanceDriver {
  /** The builders that {@link io.clouddb.Native} can change. */
  public static final Set<Class<?>> CUSTOMIZABLE =
      Set.of(
          CreateDbInstanceRequest.Builder.class,
          CreateDbParameterGroupRequest.Builder.class,
          ModifyDbInstanceRequest.Builder.class);

  private final String provider;
  private final RdsCalls rds;
  private final RdsInstances instances;
  private final CreateSteps create;
  private final ModifySteps modify;
  private final PowerSteps power;
  private final DeleteSteps delete;

  /**
   * Makes a driver.
   *
   * @param provider the provider's id
   * @param config the region and the source of ids
   * @param client gives the client when it is needed
   * @param calls through which every request goes
   * @param secrets reads passwords
   * @param clock says how long something has been waited for
   */
  public RdsInstanceDriver(
      String provider,
      CloudConfig config,
      Supplier<RdsClient> client,
      RemoteCalls calls,
      Function<SecretRef, String> secrets,
      Clock clock) {
    this.provider = provider;
    this.rds = new RdsCalls(client, calls);
    this.instances = new RdsInstances(provider, config.location());
    ParameterGroups groups = new ParameterGroups(rds);
    Settling settling = new Settling(rds, instances, clock);
    this.create = new CreateSteps(provider, rds, instances, groups, settling, secrets);
    this.modify = new ModifySteps(provider, rds, groups, settling, secrets, config.ids(), clock);
    this.power = new PowerSteps(rds, instances, clock);
    this.delete = new DeleteSteps(rds, groups, clock);
  }

  @Override
  public Plan plan(InstanceSpec spec) {
    return new CreateMapping(provider, spec).plan();
  }

  @Override
  public Plan plan(InstanceChange change) {
    return new ModifyMapping(provider, change).plan();
  }

  @Override
  public PolledState startCreate(CreateInstance request) {
    return create.start(request);
  }

  @Override
  public PolledState startModify(
      ResourceId id, InstanceChange change, Customizations customizations) {
    return begin(modify.start(id, change, customizations));
  }

  @Override
  public PolledState startStart(ResourceId id) {
    return begin(PolledState.of(PolledState.START, id, PowerSteps.BEGIN));
  }

  @Override
  public PolledState startStop(ResourceId id) {
    return begin(PolledState.of(PolledState.STOP, id, PowerSteps.BEGIN));
  }

  @Override
  public PolledState startDelete(ResourceId id) {
    return delete.start(id);
  }

  /** Takes the steps that need no waiting, so that what is wrong is told at once. */
  private PolledState begin(PolledState first) {
    PolledState state = first;
    while (step(state) instanceof Step.Running running) {
      state = running.state();
      if (!Duration.ZERO.equals(running.pollAfter())) {
        break;
      }
    }
    return state;
  }

  @Override
  public Step poll(PolledState state) {
    try {
      return step(state);
    } catch (CloudDbException e) {
      if (e.category() != ErrorCategory.OUTCOME_UNKNOWN) {
        throw e;
      }
      // Every step looks for what it may have done already, so it can simply be taken again.
      throw CloudDbException.of(e.details().toBuilder().retryable(true).build(), e);
    }
  }

  private Step step(PolledState state) {
    return switch (state.kind()) {
      case PolledState.CREATE -> create.poll(state);
      case PolledState.MODIFY -> modify.poll(state);
      case PolledState.START -> power.start(state);
      case PolledState.STOP -> power.stop(state);
      case PolledState.DELETE -> delete.poll(state);
      default ->
          throw ErrorDetails.of(
                  ErrorCategory.INVALID_ARGUMENT, "This release knows no " + state.kind())
              .toException();
    };
  }

  @Override
  public Optional<Instance> find(String name) {
    return rds.find(name).map(instances::toInstance);
  }

  @Override
  public Page<Instance> list(@Nullable String pageToken) {
    DescribeDbInstancesResponse page = rds.page(pageToken);
    String marker = page.marker();
    return new Page<>(
        page.dbInstances().stream().map(instances::toInstance).toList(),
        marker == null || marker.isEmpty() ? null : marker);
  }
}
