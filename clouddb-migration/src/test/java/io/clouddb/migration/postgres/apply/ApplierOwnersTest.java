/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of several owners, none of whom has more than what he owns. */
class ApplierOwnersTest {
  private static String one(Ends ends) {
    return ends.source().user() + "_one";
  }

  private static String two(Ends ends) {
    return ends.source().user() + "_two";
  }

  private static void onBoth(Ends ends, String... sql) throws Exception {
    for (EmbeddedPostgres server : List.of(ends.sourceServer(), ends.targetServer())) {
      for (String each : sql) {
        ends.asSuperuser(server, each.formatted(one(ends), two(ends), ends.source().user()));
      }
    }
  }

  private static void roles(Ends ends) throws Exception {
    onBoth(
        ends,
        "CREATE ROLE %1$s",
        "CREATE ROLE %2$s",
        "GRANT %1$s, %2$s TO %3$s",
        "CREATE SCHEMA one; GRANT ALL ON SCHEMA one TO %1$s; GRANT USAGE ON SCHEMA one TO %3$s",
        "CREATE SCHEMA two; GRANT ALL ON SCHEMA two TO %2$s; GRANT USAGE ON SCHEMA two TO %3$s");
  }

  private static void gone(Ends ends) throws Exception {
    onBoth(ends, "DROP OWNED BY %1$s, %2$s CASCADE", "DROP ROLE %1$s, %2$s");
  }

  private static void apply(Ends ends, String... changes) throws Exception {
    ends.copy(1, 1 << 20);
    try (Applier applier = ends.applier()) {
      ends.onSource(changes);
      ends.catchUp(applier);
      assertThat(ends.differences()).isEmpty();
      assertThat(applier.failure()).isNotDone();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTransactionWritesInSchemasThatTheirOwnersMayNotLookInto(boolean replica) throws Exception {
    try (Ends ends = replica ? Ends.withReplicaRole(16, 16) : Ends.of(16, 16)) {
      roles(ends);
      try {
        onBoth(
            ends,
            "SET ROLE %1$s; CREATE TABLE one.t (id int PRIMARY KEY)",
            "SET ROLE %2$s; CREATE TABLE two.t (id int PRIMARY KEY)");
        apply(ends, "BEGIN; INSERT INTO one.t VALUES (1); INSERT INTO two.t VALUES (1); COMMIT");
      } finally {
        gone(ends);
      }
    }
  }

  /** Preflight says to give the migration's role BYPASSRLS; that is no right of the owner. */
  @Test
  void rowSecurityThatIsForcedOnTheOwner() throws Exception {
    try (Ends ends = Ends.withReplicaRole(16, 16)) {
      roles(ends);
      try {
        onBoth(
            ends,
            "ALTER ROLE %3$s BYPASSRLS",
            "SET ROLE %1$s; CREATE TABLE one.t (id int PRIMARY KEY);"
                + " ALTER TABLE one.t ENABLE ROW LEVEL SECURITY;"
                + " ALTER TABLE one.t FORCE ROW LEVEL SECURITY;"
                + " CREATE POLICY few ON one.t USING (id > 1)");
        apply(ends, "INSERT INTO one.t VALUES (1)", "UPDATE one.t SET id = 7");
      } finally {
        gone(ends);
      }
    }
  }
}
