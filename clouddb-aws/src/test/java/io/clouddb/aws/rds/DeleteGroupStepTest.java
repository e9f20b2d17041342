/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.ResourceId;
import io.clouddb.aws.RdsTestCloud;
import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.DeadlineException;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.DBParameterGroup;
import software.amazon.awssdk.services.rds.model.DeleteDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DeleteDbParameterGroupResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbParameterGroupsResponse;
import software.amazon.awssdk.services.rds.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.rds.model.Tag;

/** What becomes of a group that RDS does not let go of, where nobody may see who has it. */
class DeleteGroupStepTest {
  private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");

  private final AnsweringRds rds = new AnsweringRds();
  private final DeleteGroupStep step = new DeleteGroupStep(rds.calls());

  private void inUseBySomebody(String madeFor) {
    rds.refuses(DeleteDbParameterGroupResponse.class, 400, "InvalidDBParameterGroupState")
        .refuses(DescribeDbInstancesResponse.class, 403, "AccessDenied")
        .answers(
            DescribeDbParameterGroupsResponse.builder()
                .dbParameterGroups(DBParameterGroup.builder().dbParameterGroupArn("arn").build()))
        .answers(
            ListTagsForResourceResponse.builder()
                .tagList(ParameterGroups.tags(madeFor, "1").toArray(Tag[]::new)));
  }

  private static StepContext after(Duration waited) {
    return RdsTestCloud.context(
        OperationState.begin(
                InstanceDriver.DELETE.id(),
                ResourceId.of("aws", "", "eu-west-1", "instance", "orders"),
                "0123",
                BEGUN,
                null)
            .with(Notes.GROUP, "clouddb-gone-1")
            .at(DeleteGroupStep.NAME, "", BEGUN),
        BEGUN.plus(waited));
  }

  /** RDS holds the group for the deleted instance itself, too, for some time after it. */
  @Test
  void anInheritedOneIsTriedForTheWholeTime() {
    inUseBySomebody("gone");
    assertThatThrownBy(() -> step.begin(after(Duration.ofMinutes(1))))
        .isInstanceOf(BusyException.class);
    assertThat(rds.sent(DeleteDbParameterGroupRequest.class)).hasSize(1);
  }

  @Test
  void whatIsNotKnownOfItsUsersIsNotClaimed() {
    inUseBySomebody("gone");
    assertThat(step.begin(after(Duration.ofMinutes(16))).message())
        .contains("clouddb-gone-1 stays", "may not be seen")
        .doesNotContain("another instance");
  }

  @Test
  void anOwnOneIsLeftBehindByName() {
    inUseBySomebody("orders");
    assertThatThrownBy(() -> step.begin(after(Duration.ofMinutes(16))))
        .isInstanceOfSatisfying(
            DeadlineException.class,
            end -> assertThat(leftBehind(end)).contains("the DB parameter group clouddb-gone-1"));
  }

  @Test
  void aThrottledLookAtItsUsersIsMadeAgain() {
    rds.refuses(DeleteDbParameterGroupResponse.class, 400, "InvalidDBParameterGroupState")
        .refuses(DescribeDbInstancesResponse.class, 400, "Throttling");
    assertThatThrownBy(() -> step.begin(after(Duration.ofMinutes(16))))
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e -> {
              assertThat(e.retryable()).isTrue();
              assertThat(e.details().outcomeKnown()).isTrue();
            });
  }

  private static String leftBehind(CloudDbException end) {
    return end.details().leftBehind().orElse("");
  }
}
