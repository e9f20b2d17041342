/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.CloudConfig;
import io.clouddb.testkit.contract.table.SimulatedTableContract;
import io.clouddb.testkit.simulator.SimulatedCloud;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;

/** The contract of tables on DynamoDB, simulated. */
class DynamoTableContractTest extends SimulatedTableContract {
  private final TableCloud aws = new TableCloud();
  private final AtomicInteger names = new AtomicInteger();
  private final List<SdkAsyncHttpClient> transports = new ArrayList<>();

  @Override
  protected CloudConfig.Builder config() {
    return aws.config();
  }

  @Override
  protected String newTableName(String what) {
    return "contract-" + what + "-" + names.incrementAndGet();
  }

  @Override
  protected SimulatedCloud simulator() {
    return aws.simulator;
  }

  @Override
  protected CloudConfig.Builder impatient(Duration limit) {
    SdkAsyncHttpClient transport = NettyNioAsyncHttpClient.builder().readTimeout(limit).build();
    transports.add(transport);
    return config().using(SdkAsyncHttpClient.class, transport);
  }

  @Override
  protected void stop() {
    transports.forEach(SdkAsyncHttpClient::close);
    aws.close();
  }
}
