/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableDescription;
import io.clouddb.testkit.contract.table.SimulatedTableContract;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.aws.definition.WireWitness;
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
  protected String otherRegion() {
    return TableCloud.AWAY;
  }

  /** One of the sets of regions that DynamoDB has for them. */
  @Override
  protected List<String> consistentRegions() {
    return List.of(TableCloud.HOME, "us-east-2", "us-west-2");
  }

  @Override
  protected String encryptionKey(String region) {
    return "arn:aws:kms:"
        + region
        + ":"
        + aws.simulator.account()
        + ":key/11111111-2222-3333-4444-555555555555";
  }

  @Override
  protected void changeUnseen(CloudDb cloud, TableDescription table, TableChange change) {
    String arn =
        table
            .unwrap(software.amazon.awssdk.services.dynamodb.model.TableDescription.class)
            .tableArn();
    new UnseenChange(aws, table.id().name(), arn).make(change);
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
  protected void beforeForgetting() {
    assertThat(WireWitness.problems(aws.simulator.requests())).isEmpty();
  }

  @Override
  protected void stop() {
    transports.forEach(SdkAsyncHttpClient::close);
    aws.close();
  }
}
