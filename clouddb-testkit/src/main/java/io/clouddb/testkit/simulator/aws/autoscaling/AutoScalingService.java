/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.autoscaling;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.AwsProtocol;
import io.clouddb.testkit.simulator.aws.AwsService;
import io.clouddb.testkit.simulator.aws.JsonProtocol;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.Verb;
import java.util.List;

/**
 * Application Auto Scaling (2016-02-06) for DynamoDB: scalable targets, target-tracking policies,
 * tags. Scheduled actions and other namespaces are refused.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/autoscaling/application/APIReference/Welcome.html">Application
 *     Auto Scaling API reference</a>
 */
public final class AutoScalingService implements AwsService {
  private static final String KIND = "scalable-target";
  private static final String RESOURCE = "ResourceId";
  private static final int INTERNAL = 500;

  private final JsonProtocol protocol = new JsonProtocol("1.1", "AnyScaleFrontendService");

  /**
   * Makes the service.
   *
   * @param account the account number
   * @param engine the cloud's time and ids
   * @param targets what is registered
   * @param tables what is scaled
   */
  public AutoScalingService(
      String account, CloudEngine engine, ScalingTargets targets, ScalableTables tables) {
    ScalingActivities activities = new ScalingActivities(engine, targets, tables);
    TargetActions target = new TargetActions(account, engine, targets, tables, activities);
    PolicyActions policy = new PolicyActions(account, engine, targets);
    TargetTags tags = new TargetTags(targets);
    protocol
        .add("RegisterScalableTarget", Verb.CREATE, KIND, RESOURCE, target::register)
        .add("DeregisterScalableTarget", Verb.DELETE, KIND, RESOURCE, target::deregister)
        .add("DescribeScalableTargets", Verb.LIST, KIND, "", target::describe)
        .add("DescribeScalingActivities", Verb.LIST, KIND, RESOURCE, activities::describe)
        .add("PutScalingPolicy", Verb.MODIFY, KIND, RESOURCE, policy::put)
        .add("DeleteScalingPolicy", Verb.MODIFY, KIND, RESOURCE, policy::delete)
        .add("DescribeScalingPolicies", Verb.LIST, KIND, RESOURCE, policy::describe)
        .add("TagResource", Verb.MODIFY, KIND, "ResourceARN", tags::tag)
        .add("UntagResource", Verb.MODIFY, KIND, "ResourceARN", tags::untag)
        .add("ListTagsForResource", Verb.READ, KIND, "ResourceARN", tags::list);
  }

  @Override
  public String signingName() {
    return "application-autoscaling";
  }

  @Override
  public List<AwsProtocol> protocols() {
    return List.of(protocol);
  }

  @Override
  public AwsError refused(SimulatorException reason) {
    return new AwsError(INTERNAL, "InternalServiceException", reason.sentence());
  }
}
