/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a failure means to a caller whose cloud was closed during the call. */
class ClosedMeanwhileTest {
  private final OpenCloud open = new OpenCloud(CloudConfig.builder("aws", "here").build());

  private static ErrorDetails.Builder details(ErrorCategory category) {
    return ErrorDetails.of(category, "connection reset").resource("orders").operation("rds.Create");
  }

  private CloudDbException explained(RuntimeException failure) {
    return (CloudDbException) open.explained(failure);
  }

  @Test
  void ofAnOpenCloudItIsWhatItIs() {
    RuntimeException failure = details(ErrorCategory.UNAVAILABLE).toException();
    assertThat(open.explained(failure)).isSameAs(failure);
    assertThat(open.isClosed()).isFalse();
    assertThat(open.refusal()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCategory.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"UNAVAILABLE", "OUTCOME_UNKNOWN", "DEADLINE", "OTHER"})
  void whatTheServiceHasAnsweredItHasAnswered(ErrorCategory category) {
    open.close();
    RuntimeException failure = details(category).toException();
    assertThat(open.explained(failure)).isSameAs(failure);
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCategory.class,
      names = {"UNAVAILABLE", "OUTCOME_UNKNOWN", "DEADLINE", "OTHER"})
  void whatIsNoAnswerIsOfTheClose(ErrorCategory category) {
    open.close();
    CloudDbException e = explained(details(category).outcomeKnown(false).toException());
    assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(e.retryable()).isFalse();
    assertThat(e).hasMessageContainingAll("aws", "was closed during the call", "connection reset");
    assertThat(e.details().operation()).contains("rds.Create");
    assertThat(e.details().outcomeKnown()).isFalse();
    assertThat(e.details().leftBehind()).contains("orders, if the request has arrived");
  }

  @Test
  void whatIsKnownToHaveHadNoEffectHasLeftNothing() {
    open.close();
    CloudDbException e =
        explained(details(ErrorCategory.UNAVAILABLE).outcomeKnown(true).toException());
    assertThat(e.details().outcomeKnown()).isTrue();
    assertThat(e.details().leftBehind()).isEmpty();
  }

  @Test
  void whatTheCallItselfSaysOfItsRemainsIsKept() {
    open.close();
    CloudDbException e =
        explained(
            details(ErrorCategory.DEADLINE)
                .outcomeKnown(false)
                .leftBehind("the group orders-7")
                .toException());
    assertThat(e.details().leftBehind()).contains("the group orders-7");
  }

  @Test
  void whatWasNotSentSaysSoAlready() {
    open.close();
    CloudDbException refused = open.refusal().orElseThrow();
    assertThat(open.explained(refused)).isSameAs(refused);
    assertThat(refused).hasMessageContaining("is closed");
  }

  @Test
  void whatAClosedClientThrowsTellsNothingOfTheOutcome() {
    open.close();
    CloudDbException e = explained(new IllegalStateException("Connection pool shut down"));
    assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(e.details().outcomeKnown()).isFalse();
  }
}
