/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbBean;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbPartitionKey;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbSortKey;

/** An order as the SDK's client for objects has it: its keys are properties of its own. */
@DynamoDbBean
public class EnhancedOrder {
  private String pk = "";
  private String sk = "";
  private String user = "";
  private String id = "";
  private String text = "";
  private long total;

  /** For the SDK. */
  public EnhancedOrder() {}

  static EnhancedOrder of(String user, String id, String text, long total) {
    EnhancedOrder order = new EnhancedOrder();
    order.pk = "USER#" + user;
    order.sk = "ORDER#" + id;
    order.user = user;
    order.id = id;
    order.text = text;
    order.total = total;
    return order;
  }

  /** The partition. */
  @DynamoDbPartitionKey
  public String getPk() {
    return pk;
  }

  /** The partition. */
  public void setPk(String pk) {
    this.pk = pk;
  }

  /** The place in it. */
  @DynamoDbSortKey
  public String getSk() {
    return sk;
  }

  /** The place in it. */
  public void setSk(String sk) {
    this.sk = sk;
  }

  /** Whose it is. */
  public String getUser() {
    return user;
  }

  /** Whose it is. */
  public void setUser(String user) {
    this.user = user;
  }

  /** Its number. */
  public String getId() {
    return id;
  }

  /** Its number. */
  public void setId(String id) {
    this.id = id;
  }

  /** What is in it. */
  public String getText() {
    return text;
  }

  /** What is in it. */
  public void setText(String text) {
    this.text = text;
  }

  /** What it costs. */
  public long getTotal() {
    return total;
  }

  /** What it costs. */
  public void setTotal(long total) {
    this.total = total;
  }
}
