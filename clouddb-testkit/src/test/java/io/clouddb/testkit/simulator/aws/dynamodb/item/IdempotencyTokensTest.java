/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.testkit.simulator.aws.dynamodb.TestDynamoDb;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdempotencyTokensTest {
  private static final String ADD =
      "{'ClientRequestToken':'once','ReturnConsumedCapacity':'TOTAL','TransactItems':["
          + "{'Update':{'TableName':'app','Key':{'pk':{'S':'a'}},'UpdateExpression':'ADD v :n',"
          + "'ExpressionAttributeValues':{':n':{'N':'1'}}}},"
          + "{'Delete':{'TableName':'other','Key':{'pk':{'S':'a'}}}}]}";

  private final List<String> done = new ArrayList<>();

  private void once(IdempotencyTokens tokens, String token) {
    List<ReadTransaction.Target> none =
        tokens.once(
            "us-east-1",
            token,
            () -> "the same",
            List.of(),
            () -> {
              done.add(token);
              return List.of();
            });
    assertThat(none).isEmpty();
  }

  @Test
  void forgetsTheOldestOfTooMany() {
    Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    IdempotencyTokens tokens = new IdempotencyTokens(clock, 2);
    once(tokens, "a");
    once(tokens, "b");
    once(tokens, "b");
    once(tokens, "a");
    assertThat(done).containsExactly("a", "b");
    once(tokens, "c");
    once(tokens, "b");
    once(tokens, "c");
    assertThat(done).containsExactly("a", "b", "c");
    once(tokens, "a");
    assertThat(done).containsExactly("a", "b", "c", "a");
  }

  /** However long it takes: by then other tokens have come to their end. */
  @Test
  void knowsWhatIsBeingDoneUntilItIs() {
    ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
    IdempotencyTokens tokens = new IdempotencyTokens(clock, 1);
    List<ReadTransaction.Target> none =
        tokens.once(
            "us-east-1",
            "long",
            () -> "the same",
            List.of(),
            () -> {
              once(tokens, "a");
              clock.advance(Duration.ofHours(1));
              once(tokens, "a");
              once(tokens, "b");
              assertThatThrownBy(() -> once(tokens, "long")).hasMessageContaining("in progress");
              return List.of();
            });
    assertThat(none).isEmpty();
    assertThat(done).containsExactly("a", "a", "b");
    clock.close();
  }

  /** Which would be all that is left of it. */
  @Test
  void keepsNoTableThatIsGone() {
    try (TestDynamoDb aws = new TestDynamoDb()) {
      aws.table("app");
      aws.table("other");
      aws.ok("TransactWriteItems", ADD);
      aws.ok("DeleteTable", "{'TableName':'app'}");
      aws.pass(Duration.ofSeconds(10));
      aws.table("app");
      JsonNode consumed = aws.ok("TransactWriteItems", ADD).get("ConsumedCapacity");
      assertThat(consumed.findValuesAsText("TableName")).containsExactly("other");
      assertThat(aws.get(TestDynamoDb.HOME, "app", "a")).isEmpty();
    }
  }
}
