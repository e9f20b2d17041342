/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.arm.SimulatedAzure;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One test for three clouds: how they are opened, and what goes wrong in them by neutral names. */
class OneShapeTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final RetryPolicy FAST =
      new RetryPolicy(4, Duration.ofMillis(5), Duration.ofMillis(50));

  /** The clouds that there are. */
  enum Where {
    AWS,
    AZURE,
    GOOGLE;

    SimulatedCloud start() {
      return switch (this) {
        case AWS -> SimulatedAws.start();
        case AZURE -> SimulatedAzure.start();
        case GOOGLE -> SimulatedGoogle.start();
      };
    }

    InstanceSpec orders() {
      InstanceSpec all = CreateAnInstance.orders(SecretRef.literal("not-a-real-password-1"));
      return this == AWS ? Networks.onAws(all) : Networks.elsewhere(all);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCreationGoesOnThroughWhatInterruptsIt(Where where) throws Exception {
    try (SimulatedCloud simulated = where.start();
        CloudDb cloud = CloudDb.open(simulated.config().retryPolicy(FAST).build())) {
      // @start region="faults"
      simulated.faults().on(Verb.CREATE, Call.INSTANCE).named("orders").throttled();
      simulated.faults().on(Verb.CREATE, Call.INSTANCE).named("orders").connectionResetAfter();
      simulated.faults().on(Verb.READ, Call.INSTANCE).unavailable();
      Instance orders = cloud.instances().create(where.orders()).await(LIMIT); // once, all the same
      // @end region="faults"
      assertThat(cloud.instances().list()).extracting(Instance::name).containsExactly("orders");

      simulated.faults().on(Verb.STOP, Call.INSTANCE).named("orders").connectionResetAfter();
      assertThat(cloud.instances().stop(orders.id()).await(LIMIT).state())
          .isEqualTo(InstanceState.STOPPED);
      assertThat(simulated.faults().pending()).isZero();
      assertThat(simulated.notSimulated()).isEmpty();
      assertThat(simulated.bugs()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOperationThatFailsIsToldOnEveryCloud(Where where) {
    try (SimulatedCloud simulated = where.start();
        CloudDb cloud = CloudDb.open(simulated.config().build())) {
      // Once is not enough everywhere: what may pass is tried again.
      simulated.faults().on(Verb.CREATE, Call.INSTANCE).named("orders").times(20).operationFails();
      assertThatThrownBy(() -> cloud.instances().create(where.orders()).await(LIMIT))
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("orders");
      assertThat(simulated.bugs()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void credentialsThatExpireAreNoBug(Where where) {
    try (SimulatedCloud simulated = where.start();
        CloudDb cloud = CloudDb.open(simulated.config().build())) {
      simulated.faults().on(Verb.READ, Call.INSTANCE).times(9).credentialsExpire();
      assertThatThrownBy(() -> cloud.instances().get("orders"))
          .isInstanceOfSatisfying(
              CloudDbException.class,
              e -> assertThat(e.category()).isEqualTo(ErrorCategory.AUTHENTICATION));
    }
  }
}
