/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.spi.table.TableData;
import io.clouddb.table.Item;

/** What "Quotas in Amazon DynamoDB" says of single requests. */
record DynamoLimits(int transactionActions) implements TableData.Limits {
  @Override
  public int batchWrites() {
    return BatchCalls.MOST_WRITES;
  }

  @Override
  public int batchReads() {
    return BatchCalls.MOST_READS;
  }

  @Override
  public boolean transactionInOnePartition() {
    return false;
  }

  @Override
  public long batchBytes() {
    return BatchCalls.MOST_BYTES;
  }

  @Override
  public long sizeOf(Item item) {
    return ItemSize.of(item);
  }

  @Override
  public long itemBytes() {
    return ItemSize.LARGEST;
  }

  @Override
  public int partitionBytes() {
    return 2048;
  }

  @Override
  public int sortBytes() {
    return 1024;
  }

  @Override
  public int depth() {
    return AttributeValues.DEEPEST;
  }

  @Override
  public long transactionBytes() {
    return TransactionCalls.MOST_BYTES;
  }
}
