/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.backup.Backup;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceState;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Restores, while an application writes: what is restored holds the rows of its moment, each of
 * them and no other, and the source goes on.
 */
abstract class RestoreContract extends BackupCases {
  private static final SecretRef TOKEN_KEY = SecretRef.literal("a-key-for-tests-0123456789");

  /** So many rows, at least, are written before and after a moment. */
  private static final int SOME = 50;

  RestoreContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void aBackupHoldsTheRowsOfItsMoment() throws SQLException {
    Instance orders = orders();
    try (RunningWriter writer = writer(orders)) {
      writer.awaitMore(SOME, kit().limit());
      long before = writer.last();
      Backup backup = take(orders);
      long after = writer.last();
      writer.awaitMore(SOME, kit().limit());
      Instance restored = restore(restoring(RestoreSpec.from(backup)));
      assertThat(restored.state()).isEqualTo(InstanceState.AVAILABLE);
      assertThat(restored.id()).isNotEqualTo(orders.id());
      // One more may have been committed, and not yet acknowledged.
      assertThat(rows(restored)).isBetween(before, after + 1);
      writer.awaitMore(SOME, kit().limit());
      execute(
          toShop(restored.connection()), "INSERT INTO public.written VALUES (0, pg_catalog.now())");
    }
    assertThat(rows(orders)).as("the source is alone with its rows").isPositive();
  }

  @Test
  void aMomentHoldsTheTransactionsBeforeItAndAnotherProcessGoesOnWithItsRestore()
      throws SQLException {
    Instance orders = orders();
    try (RunningWriter writer = writer(orders)) {
      writer.awaitMore(SOME, kit().limit());
      record Moment(long last, Instant at) {}
      Moment moment = writer.between(() -> new Moment(writer.last(), quietMoment()));
      writer.awaitMore(SOME, kit().limit());
      awaitRestorable(cloud(), orders.id(), moment.at());
      RestoreSpec spec = restoring(RestoreSpec.of(orders.id()).at(moment.at()));
      String token;
      try (CloudDb first = CloudDb.open(kit().config().tokenKey(TOKEN_KEY).build())) {
        token = first.backups().restore(spec).token();
      }
      assertThat(token).doesNotContain(password(spec));
      try (CloudDb other = CloudDb.open(kit().config().tokenKey(TOKEN_KEY).build())) {
        Instance restored = other.operations().resume(token, Instance.class).await(kit().limit());
        assertThat(restored.name()).isEqualTo(spec.name());
        assertThat(rows(restored)).isEqualTo(moment.last());
        assertThat(query(toShop(restored.connection()), "SELECT pg_catalog.current_database()"))
            .isEqualTo("shop");
      }
    }
  }

  private static String password(RestoreSpec spec) {
    return spec.login().orElseThrow().password().orElseThrow().resolve();
  }

  @Test
  void theNameOfAnInstanceThatIsThereIsNotTaken() throws SQLException {
    Instance orders = orders();
    Backup backup = take(orders);
    RestoreSpec spec = RestoreSpec.from(backup).named(orders.name());
    long before = rows(orders);
    assertThatThrownBy(() -> restore(kit().restoring(spec)))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining(orders.name());
    Instance found = cloud().instances().get(orders.id());
    assertThat(found.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(found.tags()).isEqualTo(orders.tags());
    assertThat(rows(orders)).isEqualTo(before);
  }

  @Test
  @Tag("slow")
  void anOldTokenLeavesALaterInstanceOfItsNameAlone() throws SQLException {
    RestoreSpec spec = restoring(RestoreSpec.from(take(orders())));
    try (CloudDb sealing = CloudDb.open(kit().config().tokenKey(TOKEN_KEY).build())) {
      Operation<Instance> operation = sealing.backups().restore(spec);
      String token = operation.token();
      delete(cloud(), operation.await(kit().limit()));
      Instance later = create(kit().spec(spec.name(), admin()).tag("round", "later").build());
      execute(connection(later), "CREATE TABLE public.kept (id bigint)");
      try {
        sealing.operations().resume(token, Instance.class).await(kit().limit());
      } catch (CloudDbException e) {
        assertThat(e.retryable()).as("%s", e).isFalse();
      }
      Instance found = cloud().instances().get(later.id());
      assertThat(found.state()).isEqualTo(InstanceState.AVAILABLE);
      assertThat(found.tags()).isEqualTo(later.tags());
      assertThat(query(connection(later), "SELECT pg_catalog.count(*) FROM public.kept"))
          .isEqualTo("0");
    }
  }
}
