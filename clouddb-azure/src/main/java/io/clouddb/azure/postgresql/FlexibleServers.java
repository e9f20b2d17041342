/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.http.rest.PagedResponse;
import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Server;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.DataSize;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmOperations;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstancePlan;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CreateInstance;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** PostgreSQL flexible servers of one resource group and region. */
public final class FlexibleServers implements InstanceDriver {
  private final ArmScope scope;
  private final ServerCalls calls;
  private final OwnServer own;
  private final ServerSteps steps;

  /**
   * Makes a driver.
   *
   * @param scope where the servers are
   * @param manager the SDK's client, asked for when it is first needed
   * @param calls through which every request goes
   * @param secrets reads passwords
   * @param interval the pause between two looks, and the first one before a change that Azure ended
   *     as failed is tried again
   */
  public FlexibleServers(
      ArmScope scope,
      Supplier<PostgreSqlManager> manager,
      RemoteCalls calls,
      Function<SecretRef, String> secrets,
      Duration interval) {
    this.scope = scope;
    this.calls = new ServerCalls(scope, manager, calls);
    this.own = new OwnServer(scope, this.calls, secrets);
    this.steps = new ServerSteps(scope, this.calls, own, interval);
  }

  @Override
  public InstancePlan plan(InstanceSpec spec) {
    return FlexibleServerPlan.of(spec);
  }

  @Override
  public InstancePlan plan(InstanceChange change) {
    return FlexibleServerPlan.of(change);
  }

  @Override
  public PolledState startCreate(CreateInstance request) {
    InstanceSpec spec = request.spec();
    refuseOthers(request.customizations(), ServerInner.class, "create");
    PolledState state =
        PolledState.of(PolledState.CREATE, scope.instance(spec.name()), StepOrder.SERVER);
    // "postgres" is in every server.
    state = StepOrder.withDatabase(state, spec.database().filter(name -> !name.equals("postgres")));
    state = StepOrder.withParameters(state, ServerParameters.of(spec));
    state = StepOrder.withMaintenance(state, spec.maintenance());
    for (String cidr : spec.network().map(network -> network.allowedCidrs()).orElse(List.of())) {
      state = StepOrder.withRange(state, cidr);
    }
    // A PUT would change what exists, in silence.
    if (own.find(spec.name(), request.attempt()).isPresent()) {
      return SameServer.attempted(state, Map.of(CreateInstance.ATTEMPT_TAG, request.attempt()));
    }
    SecretRef password =
        spec.admin()
            .password()
            .orElseThrow(() -> new IllegalStateException("The plan let pass a managed password"));
    ServerInner body =
        request
            .customizations()
            .apply(
                ServerInner.class,
                ServerRequests.create(request, scope.location(), own.password(password)));
    state = SameServer.attempted(state, body.tags());
    state = KeptRequest.keep(state, body, request.customizations(), Optional.of(password));
    Accepted accepted = own.create(spec.name(), body, request.attempt());
    return state.at(StepOrder.SERVER, accepted.handle());
  }

  @Override
  public PolledState startModify(
      ResourceId id, InstanceChange change, Customizations customizations) {
    refuseOthers(customizations, ServerForUpdate.class, "modify");
    ServerInner current = existing(id).innerModel();
    // What only a look at the server can tell, said as the plan says the rest.
    FlexibleServerPlan.of(change, ServerView.facts(current)).orThrow();
    change.storageSize().ifPresent(size -> refuseShrinking(id, current, size));
    PolledState state =
        StepOrder.withParameters(
            SameServer.noted(
                PolledState.of(PolledState.MODIFY, id, StepOrder.SERVER), current),
            ServerParameters.of(change));
    Map<String, String> tags = current.tags() == null ? Map.of() : current.tags();
    ServerView.Facts facts = ServerView.facts(current);
    Optional<ServerForUpdate> update =
        ServerRequests.update(change, facts, change.adminPassword().map(own::password), tags);
    if (update.isEmpty() && customizations.all().isEmpty()) {
      return state;
    }
    ServerForUpdate body =
        customizations.apply(ServerForUpdate.class, update.orElseGet(ServerForUpdate::new));
    state = LaterPatches.split(state, body, facts);
    state = KeptRequest.keep(state, body, customizations, change.adminPassword(), change.tags());
    return state.at(StepOrder.SERVER, calls.update(id.name(), body).handle());
  }

  private static void refuseShrinking(ResourceId id, ServerInner current, DataSize size) {
    Integer gib = current.storage() == null ? null : current.storage().storageSizeGB();
    if (gib != null && size.compareTo(DataSize.gib(gib)) < 0) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The disk of " + id.name() + " has " + gib + " GiB and cannot shrink to " + size)
          .resource(id.toString())
          .toException();
    }
  }

  /** A customization of a request that is not sent here would be dropped in silence. */
  private static void refuseOthers(Customizations customizations, Class<?> sent, String call) {
    customizations
        .all()
        .forEach(
            customization -> {
              if (customization.type() != sent) {
                throw ErrorDetails.of(
                        ErrorCategory.INVALID_ARGUMENT,
                        call
                            + " sends no "
                            + customization.type().getName()
                            + "; it sends "
                            + sent.getName())
                    .toException();
              }
            });
  }

  @Override
  public PolledState startStart(ResourceId id) {
    return SameServer.noted(
            PolledState.of(PolledState.START, id, StepOrder.SWITCH),
            existing(id).innerModel())
        .at(StepOrder.SWITCH, calls.start(id.name()).handle());
  }

  @Override
  public PolledState startStop(ResourceId id) {
    return SameServer.noted(
            PolledState.of(PolledState.STOP, id, StepOrder.SWITCH), existing(id).innerModel())
        .at(StepOrder.SWITCH, calls.stop(id.name()).handle());
  }

  @Override
  public PolledState startDelete(ResourceId id) {
    // Azure answers a DELETE of what is not there with success.
    return SameServer.noted(
            PolledState.of(PolledState.DELETE, id, StepOrder.DELETE),
            existing(id).innerModel())
        .at(StepOrder.DELETE, calls.delete(id.name()).handle());
  }

  private Server existing(ResourceId id) {
    return calls
        .find(id.name())
        .filter(server -> scope.isHere(server.regionName()))
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.NOT_FOUND,
                        "The resource group "
                            + scope.resourceGroup()
                            + " has no server "
                            + id.name()
                            + " in "
                            + scope.location())
                    .resource(id.toString())
                    .toException());
  }

  @Override
  public Step poll(PolledState state) {
    return steps.poll(state);
  }

  @Override
  public Optional<Instance> find(String name) {
    return calls
        .find(name)
        .filter(server -> scope.isHere(server.regionName()))
        .map(server -> ServerView.instance(scope, server, null));
  }

  @Override
  public Page<Instance> list(@Nullable String pageToken) {
    PagedResponse<Server> page = calls.list(pageToken);
    String next = page.getContinuationToken();
    return new Page<>(
        page.getValue().stream()
            .filter(server -> scope.isHere(server.regionName()))
            .map(server -> ServerView.instance(scope, server, null))
            .toList(),
        next == null || next.isEmpty() ? null : ArmOperations.relative(next));
  }
}
