/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.CloudConfig;
import io.clouddb.testkit.contract.table.TableContract;
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
  protected void stop() {
    aws.close();
  }
}
