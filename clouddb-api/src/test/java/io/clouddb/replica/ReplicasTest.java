/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.EmptyDriver;
import io.clouddb.EmptyProvider;
import io.clouddb.ResourceId;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceState;
import io.clouddb.operation.Operation;
import io.clouddb.plan.Plan;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the facade does of itself, whatever the cloud. */
class ReplicasTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final ResourceId READER =
      ResourceId.of("promoting", "one", "here", "instance", "reader");
  private static final AdminLogin LOGIN = AdminLogin.of("app", SecretRef.environment("PW"));

  private static CloudDb open(@Nullable AdminLogin reported) {
    return CloudDb.open(
        CloudConfig.builder("promoting", "here")
            .providerObject(new PromotingProvider(reported))
            .tokenKey(SecretRef.literal("0123456789abcdef0123456789abcdef"))
            .build());
  }

  @Test
  void whoGoesOnByATokenKnowsTheLoginToo() {
    try (CloudDb cloud = open(AdminLogin.named("app"))) {
      Operation<Promoted> begun = cloud.replicas().promote(READER, Promotion.forced().login(LOGIN));
      String token = begun.token();
      assertThat(begun.await(LIMIT).instance().admin()).contains(LOGIN);
      Promoted again = cloud.operations().resume(token, Promoted.class).await(LIMIT);
      assertThat(again.instance().admin()).contains(LOGIN);
    }
  }

  /** No step needs it, so it is in no token; who began has it still. */
  @Test
  void aLiteralPasswordStaysWithWhoBegan() {
    AdminLogin literal = AdminLogin.of("app", SecretRef.literal("pw"));
    try (CloudDb cloud = open(null)) {
      Operation<Promoted> begun =
          cloud.replicas().promote(READER, Promotion.forced().login(literal));
      String token = begun.token();
      assertThat(begun.await(LIMIT).instance().admin()).contains(literal);
      Promoted again = cloud.operations().resume(token, Promoted.class).await(LIMIT);
      assertThat(again.instance().admin()).contains(AdminLogin.named("app"));
    }
  }

  @Test
  void theAdministratorThatTheCloudReportsStays() {
    try (CloudDb cloud = open(AdminLogin.named("owner"))) {
      Promoted promoted =
          cloud.replicas().promote(READER, Promotion.forced().login(LOGIN)).await(LIMIT);
      assertThat(promoted.instance().admin()).contains(AdminLogin.named("owner"));
    }
  }

  @Test
  void aSpecOfAnotherSourceIsNotBentToThisOne() {
    ResourceId customers = ResourceId.of("promoting", "one", "here", "instance", "customers");
    ResourceId orders = ResourceId.of("promoting", "one", "here", "instance", "orders");
    ReplicaSpec spec = ReplicaSpec.named("reader-2").of(customers);
    try (CloudDb cloud = open(null)) {
      assertThatThrownBy(() -> cloud.replicas().create(orders, spec))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContainingAll("customers", "orders");
    }
  }

  /**
   * A provider of replicas that are promoted without a request, and do not say how far they are.
   */
  private static final class PromotingProvider extends EmptyProvider {
    private final @Nullable AdminLogin reported;

    /**
     * @param reported the administrator that it shows
     */
    PromotingProvider(@Nullable AdminLogin reported) {
      super("promoting");
      this.reported = reported;
    }

    @Override
    public CloudDriver open(DriverContext context) {
      return new Driver(reported);
    }
  }

  private static final class Driver extends EmptyDriver {
    private final @Nullable AdminLogin reported;

    Driver(@Nullable AdminLogin reported) {
      this.reported = reported;
    }

    @Override
    public List<Workflow<?>> workflows() {
      return List.of(
          Workflow.of(ReplicaDriver.PROMOTE)
              .specification(Promotion.class)
              .result(
                  context ->
                      new Promoted(
                          Instance.builder(
                                  context.resource(),
                                  Engine.POSTGRESQL,
                                  "16.4",
                                  InstanceState.AVAILABLE,
                                  "ready")
                              .admin(reported)
                              .build(),
                          null,
                          null,
                          List.of())));
    }

    @Override
    public <D> Optional<D> driver(Class<D> type) {
      return type == ReplicaDriver.class
          ? Optional.of(type.cast(new Promoter()))
          : Optional.empty();
    }
  }

  private static final class Promoter implements ReplicaDriver {
    @Override
    public Plan plan(Promotion promotion) {
      return Plan.builder("promoting", promotion)
          .honour(promotion.field(), "promote", promotion.form())
          .build();
    }

    @Override
    public Plan plan(ReplicaSpec spec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Replica> find(String name) {
      return Optional.empty();
    }

    @Override
    public List<ResourceId> replicasOf(ResourceId source) {
      return List.of();
    }
  }
}
