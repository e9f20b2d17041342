/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.testkit.contract.WireLogContract;
import io.clouddb.testkit.simulator.SimulatedClock;
import io.clouddb.testkit.simulator.rds.RdsSimulator;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class AwsWireLogTest extends WireLogContract {
  @Override
  protected Set<String> known() {
    return new AwsProvider().wireLogs();
  }

  /** The program. */
  public static void main(String[] arguments) throws Exception {
    try (SimulatedClock clock = SimulatedClock.scaled(1200);
        RdsSimulator rds = RdsSimulator.builder(clock).start()) {
      ask(
          rds.config("us-east-1")
              .using(
                  AwsCredentialsProvider.class,
                  StaticCredentialsProvider.create(
                      AwsSessionCredentials.create("key", "3-" + SECRET, "4-" + SECRET)))
              .build());
      create(rds.config("us-east-1").build(), RdsTestCloud.spec("orders").build());
    }
  }
}
