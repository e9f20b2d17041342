/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CreateInstance;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.Tag;

/**
 * Creates an instance: the parameter group first where it needs one, then the instance. Each step
 * can be repeated, and goes on in another process: the request, with the caller's changes, is part
 * of the state.
 */
final class CreateSteps {
  private static final String PARAMETERS = "parameters";
  private static final String INSTANCE = "instance";

  private final String provider;
  private final RdsCalls rds;
  private final RdsInstances instances;
  private final ParameterGroups groups;
  private final Settling settling;
  private final Function<SecretRef, String> secrets;

  CreateSteps(
      String provider,
      RdsCalls rds,
      RdsInstances instances,
      ParameterGroups groups,
      Settling settling,
      Function<SecretRef, String> secrets) {
    this.provider = provider;
    this.rds = rds;
    this.instances = instances;
    this.groups = groups;
    this.settling = settling;
    this.secrets = secrets;
  }

  PolledState start(CreateInstance request) {
    InstanceSpec spec = request.spec();
    CreateMapping mapping = new CreateMapping(provider, spec);
    boolean grouped = !mapping.parameters().isEmpty();
    Customizations customizations =
        Customizations.of(
            request.customizations().all(),
            grouped
                ? List.of(
                    CreateDbInstanceRequest.Builder.class,
                    CreateDbParameterGroupRequest.Builder.class)
                : List.of(CreateDbInstanceRequest.Builder.class));
    String group = ParameterGroups.name(spec.name(), request.attempt());
    CreateDbInstanceRequest.Builder builder =
        customized(
            customizations, mapping.request(), grouped ? Optional.of(group) : Optional.empty());
    PolledState state =
        Progress.with(
            PolledState.of(PolledState.CREATE, instances.id(spec.name()), INSTANCE)
                .with(Progress.ATTEMPT, request.attempt()),
            "",
            RequestValues.write(tagged(builder, spec, request.attempt()), Progress.REQUEST_PREFIX));
    SecretRef password = spec.admin().managed() ? null : spec.admin().password().orElse(null);
    if (password != null) {
      state = state.with(Progress.PASSWORD, password);
      // Read now as well, so that a missing or impossible one is found before anything is made.
      String unused = MasterPassword.read(password, secrets);
    }
    refuseExisting(spec.name());
    if (!grouped) {
      return create(state);
    }
    groups.create(group, mapping.family(), spec.name(), request.attempt(), customizations);
    return Progress.with(state, Progress.PARAMETER_PREFIX, mapping.parameters())
        .with(Progress.GROUP, group)
        .at(PARAMETERS, null);
  }

  private static CreateDbInstanceRequest.Builder customized(
      Customizations customizations,
      CreateDbInstanceRequest.Builder request,
      Optional<String> group) {
    customizations.apply(CreateDbInstanceRequest.Builder.class, request);
    CreateDbInstanceRequest built = request.build();
    if (built.masterUserPassword() != null || built.tdeCredentialPassword() != null) {
      throw invalid("Native.customize must not set a password: it belongs into the spec's admin");
    }
    if (group.isPresent() && built.dbParameterGroupName() != null) {
      throw invalid(
          "Native.customize names the DB parameter group "
              + built.dbParameterGroupName()
              + ", and the spec needs one of its own for its parameters");
    }
    group.ifPresent(request::dbParameterGroupName);
    return request;
  }

  private static RuntimeException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }

  private static CreateDbInstanceRequest tagged(
      CreateDbInstanceRequest.Builder request, InstanceSpec spec, String attempt) {
    List<Tag> tags = new ArrayList<>(request.build().tags());
    tags.add(Tag.builder().key(CreateInstance.ATTEMPT_TAG).value(attempt).build());
    return request.dbInstanceIdentifier(spec.name()).tags(tags).build();
  }

  private void refuseExisting(String name) {
    rds.find(name)
        .ifPresent(
            existing -> {
              throw exists(existing);
            });
  }

  private static RuntimeException exists(DBInstance existing) {
    return ErrorDetails.of(
            ErrorCategory.ALREADY_EXISTS,
            "There is a DB instance " + existing.dbInstanceIdentifier() + " already")
        .resource(existing.dbInstanceArn())
        .nextStep("Choose another name, or take the existing one by ensure(...).")
        .toException();
  }

  Step poll(PolledState state) {
    return switch (state.step()) {
      case PARAMETERS -> orRemoveGroup(state, () -> fill(state));
      case INSTANCE -> Progress.next(create(state), Progress.SETTLE, "creation has begun");
      default -> settling.poll(state);
    };
  }

  private Step fill(PolledState state) {
    groups.fill(
        state.value(Progress.GROUP).orElseThrow(),
        Progress.values(state, Progress.PARAMETER_PREFIX));
    return Progress.next(state, INSTANCE, "its parameter group is made");
  }

  private PolledState create(PolledState state) {
    String name = Progress.name(state);
    String attempt = state.value(Progress.ATTEMPT).orElseThrow();
    Optional<DBInstance> existing = rds.find(name);
    if (existing.isEmpty()) {
      CreateDbInstanceRequest.Builder request = CreateDbInstanceRequest.builder();
      RequestValues.read(state.values(), Progress.REQUEST_PREFIX, request);
      SecretRef password = state.secrets().get(Progress.PASSWORD);
      if (password != null) {
        request.masterUserPassword(password(state, password));
      }
      DBInstance unused =
          orRemoveGroup(state, () -> rds.create(request.build(), () -> own(name, attempt)));
    } else if (!isOwn(existing.get(), attempt)) {
      DBInstance unused =
          orRemoveGroup(
              state,
              () -> {
                throw exists(existing.get());
              });
    }
    return Progress.settling(state);
  }

  /** That it cannot be read here is no end of the creation: by the token another process can. */
  private String password(PolledState state, SecretRef reference) {
    try {
      return MasterPassword.read(reference, secrets);
    } catch (CloudDbException e) {
      throw state.value(Progress.GROUP).map(group -> leaving(group, e)).orElse(e);
    }
  }

  private Optional<DBInstance> own(String name, String attempt) {
    return rds.find(name).filter(found -> isOwn(found, attempt));
  }

  private static boolean isOwn(DBInstance instance, String attempt) {
    return attempt.equals(RdsCalls.tags(instance.tagList()).get(CreateInstance.ATTEMPT_TAG));
  }

  /** A group without an instance is of no use, so it goes when the creation failed for good. */
  private <T> T orRemoveGroup(PolledState state, Supplier<T> step) {
    try {
      return step.get();
    } catch (CloudDbException e) {
      Optional<String> group = state.value(Progress.GROUP);
      if (group.isEmpty() || e.retryable() || !e.details().outcomeKnown()) {
        throw e;
      }
      throw groups.tryRemove(group.get()) ? e : leaving(group.get(), e);
    }
  }

  private static CloudDbException leaving(String group, CloudDbException e) {
    return CloudDbException.of(
        e.details().toBuilder().leftBehind("the DB parameter group " + group).build(), e);
  }
}
