/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;

/** What a creation asks of RDS: made of its spec, and of the caller's changes, each time anew. */
final class CreateRequest {
  private final StepContext context;
  private final InstanceSpec spec;
  private final RdsFields fields;

  CreateRequest(String provider, StepContext context) {
    this.context = context;
    this.spec = context.specification(InstanceSpec.class);
    this.fields = new RdsFields(provider);
  }

  /**
   * The parameter group that it needs.
   *
   * @return the group; empty when all parameters are RDS's own
   */
  Optional<NewGroup> group() {
    Map<String, String> parameters = fields.parameters(spec);
    return parameters.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new NewGroup(
                ParameterGroups.name(spec.name(), context.state().id()),
                EngineFields.family(spec.engineVersion()),
                parameters));
  }

  /**
   * Where the administrator's password is that goes with the request.
   *
   * @return the reference; empty when RDS makes the password
   */
  Optional<SecretRef> password() {
    return spec.admin().managed() ? Optional.empty() : spec.admin().password();
  }

  /**
   * Whether it lets the internet in.
   *
   * @return true when it does
   */
  boolean isPublic() {
    return spec.network().filter(Network::isPublic).isPresent();
  }

  /**
   * The request itself.
   *
   * @param password the administrator's, null when RDS makes it
   * @return the request
   * @throws io.clouddb.error.InvalidArgumentException when the caller's changes are not possible
   * @throws io.clouddb.error.UnsupportedFeatureException when the spec is not what was planned
   */
  CreateDbInstanceRequest build(@Nullable String password) {
    // A token that is not sealed may ask for what no plan has seen.
    var unused = fields.plan(spec).orThrow();
    Optional<NewGroup> group = group();
    CreateDbInstanceRequest.Builder request =
        Customizations.of(context.customizations().all(), customizable(group.isPresent()))
            .apply(CreateDbInstanceRequest.Builder.class, fields.create(spec));
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
    group.ifPresent(own -> request.dbParameterGroupName(own.name()));
    return request
        .dbInstanceIdentifier(spec.name())
        .tags(CreateStep.tags(built.tags(), context))
        .masterUserPassword(password)
        .build();
  }

  private static List<Class<?>> customizable(boolean grouped) {
    return grouped
        ? List.of(
            CreateDbInstanceRequest.Builder.class, CreateDbParameterGroupRequest.Builder.class)
        : List.of(CreateDbInstanceRequest.Builder.class);
  }

  private static RuntimeException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }
}
