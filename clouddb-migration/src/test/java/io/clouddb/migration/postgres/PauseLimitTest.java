/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Either the time of a pause passes or its decision comes, never both. */
class PauseLimitTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration NONE = Duration.ofNanos(1);

  private static EmbeddedPostgres server;

  @BeforeAll
  static void start() {
    server = EmbeddedPostgres.builder().durable(false).start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Connection session() throws SQLException {
    return server.superuser().connect();
  }

  private static void run(Connection session, String sql) throws SQLException {
    try (Statement statement = session.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void whatRunsIsCancelledAndThePartIsNamed() throws Exception {
    CountDownLatch others = new CountDownLatch(1);
    try (Connection session = session();
        PauseLimit limit =
            PauseLimit.begin(Duration.ofMillis(200), List.of(session), others::countDown)) {
      limit.times().begin("fence");
      limit.times().begin("compare");

      assertThatThrownBy(
              () -> {
                try {
                  run(session, "SELECT pg_sleep(300)");
                } catch (SQLException e) {
                  throw limit.explain(e);
                }
              })
          .isInstanceOf(DeadlineException.class)
          .hasMessageContaining("limit of 200 ms in the part compare")
          .hasMessageContaining("fence 0, compare ")
          .hasRootCauseMessage("ERROR: canceling statement due to user request");
      assertThat(others.await(60, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(limit::decide).hasMessageContaining("in the part compare");
    }
  }

  @Test
  void aCancellationThatMeetsNoStatementIsFollowedByOthers() throws Exception {
    CountDownLatch passed = new CountDownLatch(1);
    try (Connection session = session();
        PauseLimit limit = PauseLimit.begin(NONE, List.of(session), passed::countDown)) {
      assertThat(passed.await(60, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(
              () -> {
                // The first may meet one of these; what it does not meet, another ends.
                run(session, "SELECT 1");
                run(session, "SELECT pg_sleep(300)");
              })
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      assertThatThrownBy(limit::left).isInstanceOf(DeadlineException.class);
    }
  }

  @Test
  void othersAreEndedAgainUntilThePauseIsOver() throws Exception {
    CountDownLatch ended = new CountDownLatch(3);
    try (PauseLimit limit = PauseLimit.begin(NONE, List.of(), ended::countDown)) {
      // What is at work opens another session when one is ended, or was about to open the first.
      assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(limit::decide).isInstanceOf(DeadlineException.class);
    }
  }

  @Test
  void noDecisionBeginsWhenTheTimeHasPassedAlsoBeforeAnybodyWasTold() {
    try (PauseLimit limit = PauseLimit.begin(NONE, List.of(), () -> {})) {
      assertThatThrownBy(limit::decide).isInstanceOf(DeadlineException.class);
      assertThatThrownBy(limit::decide).isInstanceOf(DeadlineException.class);
    }
  }

  @Test
  void nothingIsCancelledOnceTheDecisionBegan() throws Exception {
    CountDownLatch others = new CountDownLatch(1);
    try (Connection session = session();
        PauseLimit limit =
            PauseLimit.begin(Duration.ofSeconds(1), List.of(session), others::countDown)) {
      limit.decide();
      // Beyond the time.
      run(session, "SELECT pg_sleep(1.2)");
      assertThat(others.getCount()).isEqualTo(1);
      CloudDbException journal =
          ErrorDetails.of(ErrorCategory.UNAVAILABLE, "The journal is away").toException();
      assertThat(limit.explain(journal)).isSameAs(journal);
    }
  }

  @Test
  void aDifferenceIsADifferenceAlsoWhenTheTimeHasPassed() {
    try (PauseLimit limit = PauseLimit.begin(NONE, List.of(), () -> {})) {
      CloudDbException differ = ErrorDetails.of(ErrorCategory.DATA, "1 row differs").toException();
      assertThat(limit.explain(differ)).isSameAs(differ);
      CloudDbException late = ErrorDetails.of(ErrorCategory.BUSY, "Locked").toException();
      assertThat(limit.explain(late)).isInstanceOf(DeadlineException.class).hasCause(late);
    }
  }

  @Test
  void theConnectionToAServerThatDoesNotHearIsClosed() throws Exception {
    CountDownLatch aborted = new CountDownLatch(1);
    PGConnection deaf = proxy(PGConnection.class, "cancelQuery", () -> {});
    Connection session =
        (Connection)
            Proxy.newProxyInstance(
                PauseLimitTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("unwrap")) {
                    return deaf;
                  }
                  if (!method.getName().equals("abort")) {
                    throw new UnsupportedOperationException(method.getName());
                  }
                  aborted.countDown();
                  return null;
                });
    try (PauseLimit limit = PauseLimit.begin(NONE, List.of(session), () -> {})) {
      assertThat(aborted.await(60, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(limit::decide).isInstanceOf(DeadlineException.class);
    }
  }

  private static <T> T proxy(Class<T> type, String name, Runnable action) {
    return type.cast(
        Proxy.newProxyInstance(
            PauseLimitTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (!method.getName().equals(name)) {
                throw new UnsupportedOperationException(method.getName());
              }
              action.run();
              return null;
            }));
  }

  @Test
  void theServerEndsByItselfWhatIsCutOffFromThisProcess() throws Exception {
    try (Connection session = session()) {
      PauseLimit.prepare(Duration.ofMillis(50), List.of(session));
      assertThatThrownBy(() -> run(session, "SELECT pg_sleep(300)"))
          .hasMessageContaining("statement timeout");

      PauseLimit.lift(session);

      try (Statement statement = session.createStatement();
          ResultSet row = statement.executeQuery("SHOW statement_timeout")) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("0");
      }
    }
    try (PauseLimit limit = PauseLimit.begin(LONG, List.of(), () -> {})) {
      assertThat(limit.atMost(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(5));
      assertThat(limit.left()).isLessThanOrEqualTo(LONG);
    }
  }
}
