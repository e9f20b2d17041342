/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.edgecases;

import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.progress.MigrationStep;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * What a writer does, round after round, and how often it did so. One writer at a time; the
 * migration tells when the copy is done.
 */
final class Rounds implements MigrationListener {
  /** Stands for the number of the round in a statement. */
  private static final String NUMBER = "{n}";

  private final List<String> statements;
  private final List<String> late;
  private final AtomicInteger done = new AtomicInteger();
  private volatile boolean copied;
  private volatile int lateFrom = Integer.MAX_VALUE;

  /**
   * Describes rounds.
   *
   * @param statements of each, in one transaction
   * @param late further ones of each round that begins after the copy
   */
  Rounds(List<String> statements, List<String> late) {
    this.statements = statements;
    this.late = late;
  }

  @Override
  public void stepStarted(MigrationStep step) {
    if (step == MigrationStep.CDC) {
      copied = true;
    }
  }

  int done() {
    return done.get();
  }

  void next(DataSource where) throws SQLException {
    int number = done.get() + 1;
    if (copied && number < lateFrom) {
      lateFrom = number;
    }
    write(where, number);
    done.set(number);
  }

  /** Does all of them again in another database. */
  void again(DataSource where) throws SQLException {
    for (int number = 1; number <= done.get(); number++) {
      write(where, number);
    }
  }

  private void write(DataSource where, int number) throws SQLException {
    try (Connection connection = where.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String sql : statements) {
        statement.execute(sql.replace(NUMBER, Integer.toString(number)));
      }
      if (number >= lateFrom) {
        for (String sql : late) {
          statement.execute(sql.replace(NUMBER, Integer.toString(number)));
        }
      }
      connection.commit();
    }
  }
}
