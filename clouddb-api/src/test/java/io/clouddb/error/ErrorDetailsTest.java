/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who reads the message alone, in a log, has all that he needs to act. */
class ErrorDetailsTest {
  private static ErrorDetails.Builder broke() {
    return ErrorDetails.of(ErrorCategory.QUOTA, "It broke.");
  }

  private static Arguments shown(String line, UnaryOperator<ErrorDetails.Builder> details) {
    return Arguments.of(line, details);
  }

  static Stream<Arguments> lines() {
    return Stream.of(
        shown("It broke.", details -> details),
        shown("It broke. [QUOTA, operation Create]", details -> details.operation("Create")),
        shown("It broke. [QUOTA, resource orders]", details -> details.resource("orders")),
        shown("It broke. [QUOTA, code Limit]", details -> details.providerCode("Limit")),
        shown("It broke. [QUOTA, request r-1]", details -> details.requestId("r-1")),
        shown("It broke. Left behind: a group", details -> details.leftBehind("a group")),
        shown("It broke. Next: Ask for more.", details -> details.nextStep("Ask for more.")),
        shown(
            "It broke. [QUOTA, operation Create, resource orders, code Limit, request r-1]"
                + " Left behind: a group Next: Ask for more.",
            details ->
                details
                    .operation("Create")
                    .resource("orders")
                    .providerCode("Limit")
                    .requestId("r-1")
                    .leftBehind("a group")
                    .nextStep("Ask for more.")));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void isOneLineOfWhatIsKnown(String line, UnaryOperator<ErrorDetails.Builder> with) {
    ErrorDetails.Builder details = with.apply(broke());
    assertThat(details.toException()).hasMessage(line);
    assertThat(details.build()).hasToString(line);
  }

  @Test
  void isReadBackPartByPart() {
    ErrorDetails details =
        broke()
            .retryable(true)
            .retryAfter(Duration.ofSeconds(7))
            .outcomeKnown(false)
            .operation("Create")
            .resource("orders")
            .providerCode("Limit")
            .requestId("r-1")
            .nextStep("Ask for more.")
            .leftBehind("a group")
            .operationToken("token")
            .build();
    for (ErrorDetails each : new ErrorDetails[] {details, details.toBuilder().build()}) {
      assertThat(each.category()).isEqualTo(ErrorCategory.QUOTA);
      assertThat(each.message()).isEqualTo("It broke.");
      assertThat(each.retryable()).isTrue();
      assertThat(each.retryAfter()).contains(Duration.ofSeconds(7));
      assertThat(each.outcomeKnown()).isFalse();
      assertThat(each.operation()).contains("Create");
      assertThat(each.resource()).contains("orders");
      assertThat(each.providerCode()).contains("Limit");
      assertThat(each.requestId()).contains("r-1");
      assertThat(each.nextStep()).contains("Ask for more.");
      assertThat(each.leftBehind()).contains("a group");
      assertThat(each.operationToken()).contains("token");
    }
  }

  @Test
  void saysNothingThatNobodyKnows() {
    ErrorDetails details = broke().build();
    assertThat(
            Stream.of(
                details.retryAfter(),
                details.operation(),
                details.resource(),
                details.providerCode(),
                details.requestId(),
                details.nextStep(),
                details.leftBehind(),
                details.operationToken()))
        .allMatch(part -> part.isEmpty());
  }
}
