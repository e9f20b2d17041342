/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableDescription;
import io.clouddb.testkit.contract.table.TableContract;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The contract of tables on DynamoDB, simulated. */
class DynamoTableContractTest extends TableContract {
  private final TableCloud aws = new TableCloud();
  private final AtomicInteger names = new AtomicInteger();

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
  protected void stop() {
    aws.close();
  }
}
