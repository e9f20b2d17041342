/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.SQLAdmin;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.InstancesListResponse;
import com.google.api.services.sqladmin.model.Operation;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
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
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cloud SQL for PostgreSQL, by the <a
 * href="https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/instances">Cloud SQL Admin
 * API</a>.
 */
public final class CloudSqlInstances implements InstanceDriver {
  /** The administrator that every instance has, whether it has a password or not. */
  static final String DEFAULT_ADMIN = "postgres";

  private final SqlAdminCalls calls;
  private final InstanceReader reader;
  private final CloudSqlPlans plans;
  private final OperationSteps steps;
  private final Function<SecretRef, String> secrets;
  private final String region;

  /**
   * Makes a driver. Makes no remote call.
   *
   * @param client gives Google's client when it is needed
   * @param calls through which every remote call goes
   * @param project the project's id
   * @param region the region
   * @param secrets reads passwords
   * @param clock says how long something has been waited for
   */
  public CloudSqlInstances(
      Supplier<SQLAdmin> client,
      RemoteCalls calls,
      String project,
      String region,
      Function<SecretRef, String> secrets,
      Clock clock) {
    this.calls = new SqlAdminCalls(client, calls, project);
    this.reader = new InstanceReader(project, region);
    this.plans = new CloudSqlPlans(project, region);
    this.steps = new OperationSteps(this.calls, reader, secrets, region, clock);
    this.secrets = secrets;
    this.region = region;
  }

  @Override
  public InstancePlan plan(InstanceSpec spec) {
    return plans.plan(spec);
  }

  @Override
  public InstancePlan plan(InstanceChange change) {
    return plans.plan(change);
  }

  @Override
  public PolledState startCreate(CreateInstance request) {
    InstanceSpec spec = request.spec();
    String admin = spec.admin().user();
    SecretRef password = spec.admin().password().orElseThrow();
    // Read in any case, so that a missing one is noticed before there is an instance.
    String secret = secrets.apply(password);
    DatabaseInstance body = InstanceBodies.insert(spec, region, request.attempt());
    request.customizations().apply(DatabaseInstance.class, body);
    requireIdentity(body, request);
    PolledState state =
        PolledState.of(PolledState.CREATE, reader.id(spec.name()), OperationSteps.INSERT);
    if (spec.database().isPresent()) {
      state = state.with(OperationSteps.DATABASE_NAME, spec.database().get());
    }
    if (admin.equals(DEFAULT_ADMIN)) {
      body.setRootPassword(secret);
    } else {
      state = state.with(OperationSteps.USER_NAME, admin).with(OperationSteps.SECRET, password);
    }
    Operation operation;
    try {
      operation = calls.insert(body, () -> findOwn(request));
    } catch (AlreadyExistsException e) {
      throw taken(spec.name(), e);
    }
    return state.at(OperationSteps.INSERT, operation.getName());
  }

  /** Google says the same of a name that is in use, here or elsewhere, and of one that it keeps. */
  private CloudDbException taken(String name, AlreadyExistsException e) {
    Optional<DatabaseInstance> holder;
    try {
      holder = calls.find(name);
    } catch (CloudDbException other) {
      e.addSuppressed(other);
      return e;
    }
    if (holder.isPresent() && steps.isHere(holder.get())) {
      return e;
    }
    String why =
        holder
            .map(
                found ->
                    "There is an instance "
                        + name
                        + " in the region "
                        + found.getRegion()
                        + ", and names are unique in the whole project")
            .orElse(
                "There is no instance "
                    + name
                    + " in the project, and its name is taken all the same: Cloud SQL keeps the"
                    + " name of a deleted instance for up to a week");
    return ErrorDetails.of(
            ErrorCategory.ALREADY_EXISTS, why + ". Google says: " + e.details().message())
        .operation(e.details().operation().orElse(null))
        .resource(name)
        .providerCode(e.details().providerCode().orElse(null))
        .nextStep(
            holder.isPresent()
                ? "Choose another name, or open that region."
                : "Choose another name, or wait until a week after the deletion.")
        .toException(e.getCause());
  }

  /** A customization may change anything but what the instance is found by. */
  private void requireIdentity(DatabaseInstance body, CreateInstance request) {
    Settings settings = body.getSettings();
    boolean same =
        settings != null
            && request.spec().name().equals(body.getName())
            && region.equals(body.getRegion());
    if (!same) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "Native.customize must leave name, region and settings of the DatabaseInstance")
          .toException();
    }
    Map<String, String> labels = new TreeMap<>(InstanceReader.labels(settings));
    labels.put(Labels.ATTEMPT, request.attempt());
    labels.put(Labels.ADMIN, request.spec().admin().user());
    settings.setUserLabels(labels);
  }

  /** What a lost attempt of this very request made; its operation may not be listed yet. */
  private Optional<Operation> findOwn(CreateInstance request) {
    String name = request.spec().name();
    boolean own =
        calls
            .find(name)
            .flatMap(found -> Labels.attempt(InstanceReader.labels(found.getSettings())))
            .filter(request.attempt()::equals)
            .isPresent();
    return own
        ? Optional.of(calls.newest(name, "CREATE").orElseGet(Operation::new))
        : Optional.empty();
  }

  @Override
  public PolledState startModify(
      ResourceId id, InstanceChange change, Customizations customizations) {
    DatabaseInstance patch = InstanceBodies.patch(change);
    customizations.apply(DatabaseInstance.class, patch);
    if (patch.getRootPassword() != null) {
      // The patch is part of the operation's token.
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "Native.customize must not set a password: it belongs into the change's"
                  + " adminPassword")
          .toException();
    }
    BackupSettings.checkEdition(change, patch, () -> steps.get(id.name()));
    PolledState state =
        PolledState.of(
            PolledState.MODIFY,
            id,
            patch.isEmpty() ? OperationSteps.PASSWORD : OperationSteps.PATCH);
    if (!patch.isEmpty()) {
      state = state.with(OperationSteps.BODY, InstanceBodies.toJson(patch));
    }
    if (change.adminPassword().isPresent()) {
      SecretRef password = change.adminPassword().get();
      // Read already now, so that a missing one is noticed before anything has changed.
      Objects.requireNonNull(secrets.apply(password), "password");
      if (patch.getSettings() == null || patch.getSettings().getActivationPolicy() == null) {
        StateChecks.requireRunning(steps.get(id.name()), state);
      }
      state = state.with(OperationSteps.SECRET, password);
    }
    return steps.begin(state);
  }

  @Override
  public PolledState startStart(ResourceId id) {
    return steps.begin(PolledState.of(PolledState.START, id, OperationSteps.PATCH));
  }

  @Override
  public PolledState startStop(ResourceId id) {
    return steps.begin(PolledState.of(PolledState.STOP, id, OperationSteps.PATCH));
  }

  @Override
  public PolledState startDelete(ResourceId id) {
    DatabaseInstance found = steps.get(id.name());
    PolledState state = PolledState.of(PolledState.DELETE, id, OperationSteps.DELETE);
    if (found.getCreateTime() != null) {
      state = state.with(OperationSteps.CREATED, found.getCreateTime());
    }
    return steps.begin(state);
  }

  @Override
  public Step poll(PolledState state) {
    return steps.poll(state);
  }

  @Override
  public Optional<Instance> find(String name) {
    return calls.find(name).filter(steps::isHere).map(reader::read);
  }

  /** Names are unique in the whole project, so one request tells. */
  @Override
  public Optional<String> locationOf(String name) {
    return calls.find(name).map(DatabaseInstance::getRegion);
  }

  @Override
  public Page<Instance> list(@Nullable String pageToken) {
    InstancesListResponse page = calls.list("region:" + region, pageToken);
    List<DatabaseInstance> items = page.getItems() == null ? List.of() : page.getItems();
    String next = page.getNextPageToken();
    return new Page<>(
        items.stream().filter(steps::isHere).map(reader::read).toList(),
        next == null || next.isEmpty() ? null : next);
  }
}
