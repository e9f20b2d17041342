/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.testkit.contract.InterruptionsContract;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import io.clouddb.testkit.simulator.server.Timings;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of interruptions on RDS, simulated. */
class AwsInterruptionsContractTest extends InterruptionsContract {
  /** Each state is there for some polls, and nothing is waited for that makes no difference. */
  private static final Duration SHORT = Duration.ofSeconds(20);

  private static SimulatedAws aws;

  @BeforeAll
  static void start() {
    aws =
        SimulatedAws.builder()
            .timings(new Timings(SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT))
            .start();
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  @Override
  protected SimulatedCloud simulator() {
    return aws;
  }

  @Override
  protected InstanceSpec.Builder spec(String name, AdminLogin login) {
    return RdsTestCloud.spec(name).admin(login);
  }
}
