/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualClockTest {
  private final ManualClock clock = SimulatedClock.manual(Instant.EPOCH);
  private final List<String> done = new ArrayList<>();

  private void later(int seconds, String name) {
    clock.schedule(
        Duration.ofSeconds(seconds), () -> done.add(name + "@" + clock.instant().getEpochSecond()));
  }

  @Test
  void doesWhatFallsDueInOrderAndAtItsTime() {
    later(5, "c");
    later(2, "a");
    later(2, "b");
    clock.advance(Duration.ofSeconds(1));
    assertThat(done).isEmpty();
    clock.advance(Duration.ofSeconds(3));
    assertThat(done).containsExactly("a@2", "b@2");
    assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(4));
    clock.advanceUntilIdle();
    assertThat(done).containsExactly("a@2", "b@2", "c@5");
  }

  @Test
  void doesWhatATaskSchedulesWhenItIsDueToo() {
    clock.schedule(Duration.ofSeconds(1), () -> later(1, "inner"));
    clock.advance(Duration.ofSeconds(10));
    assertThat(done).containsExactly("inner@2");
    assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(10));
  }

  @Test
  void knowsWhenItLastShowedATime() {
    Instant zero = Instant.now();
    clock.advance(Duration.ofSeconds(10));
    Instant ten = Instant.now();
    clock.advance(Duration.ZERO);
    Instant still = Instant.now();
    clock.advance(Duration.ofSeconds(10));
    Instant end = Instant.now();
    assertThat(clock.realTimeOf(Instant.EPOCH)).isBetween(zero, ten);
    assertThat(clock.realTimeOf(Instant.ofEpochSecond(9))).isBetween(zero, ten);
    assertThat(clock.realTimeOf(Instant.ofEpochSecond(10))).isBetween(still, end);
    assertThat(clock.realTimeOf(Instant.ofEpochSecond(19))).isBetween(still, end);
    assertThat(clock.realTimeOf(Instant.ofEpochSecond(20))).isAfterOrEqualTo(end);
  }

  @Test
  void forgetsItsTasksWhenItIsClosed() {
    later(1, "never");
    clock.close();
    clock.advance(Duration.ofSeconds(10));
    assertThat(done).isEmpty();
    assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(clock.withZone(ZoneOffset.ofHours(2)).instant()).isEqualTo(clock.instant());
  }
}
