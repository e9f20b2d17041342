/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.migration.state.Journal;
import io.clouddb.migration.state.StateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The secret by which the migration knows its own transactions lives as long as an attempt. */
class SecretOfMarksTest {
  @TempDir Path folder;

  private Journal open() {
    return StateStore.directory(folder).open("shop");
  }

  @Test
  void isFoundAgainByTheNextRunAndByNoOtherAttempt() {
    String first;
    try (Journal journal = open()) {
      History history = new History(journal);
      history.attemptStarted(Map.of());
      first = history.secretOfMarks();
      assertThat(first).matches("[0-9a-f]{64}").isEqualTo(history.secretOfMarks());
      assertThat(journal.entries().toString()).contains("secret=***").doesNotContain(first);
    }
    try (Journal journal = open()) {
      History history = new History(journal);
      history.pointOfNoReturn(Map.of(), Duration.ZERO);
      assertThat(history.secretOfMarks()).isEqualTo(first);
      history.attemptStarted(Map.of());
      assertThat(history.secretOfMarks()).isNotEqualTo(first);
    }
  }

  /** As a version left it that marked its transactions without a secret. */
  @Test
  void isNotMadeAnewForTransactionsThatWereMarkedWithoutOne() {
    try (Journal journal = open()) {
      History history = new History(journal);
      history.attemptStarted(Map.of());
      history.pointOfNoReturn(Map.of(), Duration.ZERO);
      assertThatThrownBy(history::secretOfMarks)
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("without a secret");
    }
  }
}
