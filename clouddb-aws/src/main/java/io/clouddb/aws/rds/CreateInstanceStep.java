/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Makes the DB instance of a specification. */
final class CreateInstanceStep extends CreateStep {
  static final String NAME = "instance";

  /** No state of the instance is waited for here, but whatever else RDS finds busy. */
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private final String provider;

  CreateInstanceStep(String provider, RdsCalls rds) {
    super(NAME, rds, "DB instance", "take the existing one by ensure(...)");
    this.provider = provider;
  }

  @Override
  public Duration limit() {
    return LIMIT;
  }

  private CreateRequest request(StepContext context) {
    return new CreateRequest(provider, context);
  }

  @Override
  Optional<DBInstance> create(StepContext context) {
    CreateRequest request = request(context);
    return rds.create(
        request.build(
            request
                .password()
                .map(reference -> MasterPassword.readLater(reference, context))
                .orElse(null)));
  }

  @Override
  public boolean needsSecret(StepContext context) {
    return request(context).password().isPresent();
  }

  @Override
  public boolean guarded(StepContext context) {
    return needsSecret(context) || request(context).isPublic();
  }
}
