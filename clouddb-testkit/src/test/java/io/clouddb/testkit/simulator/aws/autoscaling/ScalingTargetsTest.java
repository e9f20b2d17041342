/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.testkit.simulator.aws.dynamodb.TestDynamoDb;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Targets are of tables that are there when they are made, and stay when those go. */
class ScalingTargetsTest {
  private static final String READS =
      "'ServiceNamespace':'dynamodb','ResourceId':'table/orders','ScalableDimension':"
          + "'dynamodb:table:ReadCapacityUnits'";
  private static final String POLICY =
      "{'PolicyName':'half','PolicyType':'TargetTrackingScaling',"
          + READS
          + ",'TargetTrackingScalingPolicyConfiguration':{'TargetValue':%s,"
          + "'PredefinedMetricSpecification':"
          + "{'PredefinedMetricType':'DynamoDBReadCapacityUtilization'}}}";

  private final TestDynamoDb db = new TestDynamoDb();

  @AfterEach
  void close() {
    db.close();
  }

  private static String policy(String value) {
    return POLICY.replace("%s", value);
  }

  private void table() {
    db.table(
        "orders",
        ",'BillingMode':'PROVISIONED','ProvisionedThroughput':"
            + "{'ReadCapacityUnits':2,'WriteCapacityUnits':2}");
  }

  private JsonNode targets() {
    return db.scaling("DescribeScalableTargets", "{'ServiceNamespace':'dynamodb'}")
        .get("ScalableTargets");
  }

  @Test
  void aTargetBringsItsTableWithinItsLimits() {
    table();
    db.scaling("RegisterScalableTarget", "{" + READS + ",'MinCapacity':5,'MaxCapacity':50}");
    assertThat(targets()).hasSize(1);
    assertThat(targets().at("/0/MinCapacity").asInt()).isEqualTo(5);
    db.seconds(30);
    assertThat(
            db.describe(TestDynamoDb.HOME, "orders")
                .at("/ProvisionedThroughput/ReadCapacityUnits")
                .asInt())
        .isEqualTo(5);
    db.scaling("PutScalingPolicy", policy("50.0"));
    JsonNode policies =
        db.scaling("DescribeScalingPolicies", "{'ServiceNamespace':'dynamodb'}")
            .get("ScalingPolicies");
    assertThat(policies.at("/0/TargetTrackingScalingPolicyConfiguration/TargetValue").asDouble())
        .isEqualTo(50);
    db.ok("DeleteTable", "{'TableName':'orders'}");
    db.seconds(30);
    assertThat(targets()).hasSize(1);
    db.scaling("DeregisterScalableTarget", "{" + READS + "}");
    assertThat(targets()).isEmpty();
    assertThat(
            db.scaling("DescribeScalingPolicies", "{'ServiceNamespace':'dynamodb'}")
                .get("ScalingPolicies"))
        .isEmpty();
  }

  @Test
  void whatDoesNotFitIsRefused() {
    TestDynamoDb.Reply noTable =
        db.scalingReply(
            "RegisterScalableTarget", "{" + READS + ",'MinCapacity':5,'MaxCapacity':50}");
    assertThat(noTable.code()).isEqualTo("ValidationException");
    assertThat(noTable.body().toString()).contains("DynamoDB table does not exist: table/orders");
    table();
    assertThat(
            db.scalingReply(
                    "RegisterScalableTarget", "{" + READS + ",'MinCapacity':9,'MaxCapacity':5}")
                .code())
        .isEqualTo("ValidationException");
    assertThat(db.scalingReply("PutScalingPolicy", policy("50.0")).code())
        .isEqualTo("ObjectNotFoundException");
    db.scaling("RegisterScalableTarget", "{" + READS + ",'MinCapacity':1,'MaxCapacity':5}");
    assertThat(db.scalingReply("PutScalingPolicy", policy("95.0")).code())
        .isEqualTo("ValidationException");
    assertThat(
            db.scalingReply("DeregisterScalableTarget", "{" + READS.replace("Read", "Write") + "}")
                .code())
        .isEqualTo("ObjectNotFoundException");
  }
}
