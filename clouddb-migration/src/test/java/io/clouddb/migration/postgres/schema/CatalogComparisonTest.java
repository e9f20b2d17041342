/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** That the comparison can fail: what is altered on the target is reported, each kind of object. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogComparisonTest {
  private record Mutation(String sql, ObjectKind kind, String object) {}

  // One after the other on the same target, so each has to leave what the next ones touch.
  private static final List<Mutation> MUTATIONS =
      List.of(
          new Mutation("CREATE SCHEMA extra", ObjectKind.SCHEMA, "extra"),
          new Mutation("ALTER TYPE sales.mood ADD VALUE 'new'", ObjectKind.ENUM, "sales.mood"),
          new Mutation(
              "ALTER TYPE sales.address RENAME ATTRIBUTE zip TO code CASCADE",
              ObjectKind.COMPOSITE,
              "sales.address"),
          new Mutation("ALTER DOMAIN sales.even SET DEFAULT 4", ObjectKind.DOMAIN, "sales.even"),
          new Mutation(
              "ALTER DOMAIN sales.even VALIDATE CONSTRAINT small",
              ObjectKind.DOMAIN_CONSTRAINT,
              "small ON DOMAIN sales.even"),
          new Mutation(
              "ALTER SEQUENCE sales.invoice_no CACHE 1", ObjectKind.SEQUENCE, "sales.invoice_no"),
          new Mutation(
              "ALTER SEQUENCE sales.line_id_seq OWNED BY NONE",
              ObjectKind.SEQUENCE_OWNER,
              "sales.line_id_seq"),
          new Mutation(
              "ALTER FUNCTION sales.is_even(integer) COST 3",
              ObjectKind.ROUTINE,
              "sales.is_even(i integer)"),
          new Mutation(
              "ALTER TABLE public.t2 ALTER COLUMN other TYPE bigint",
              ObjectKind.TABLE,
              "\"public\".\"t2\""),
          new Mutation(
              "ALTER TABLE public.t1 ADD COLUMN more text", ObjectKind.TABLE, "\"public\".\"t1\""),
          new Mutation(
              "ALTER TABLE sales.line ALTER COLUMN what SET STORAGE PLAIN",
              ObjectKind.TABLE,
              "\"sales\".\"line\""),
          new Mutation(
              "ALTER TABLE sales.customer ALTER COLUMN id SET CYCLE",
              ObjectKind.TABLE,
              "\"sales\".\"customer\""),
          new Mutation(
              "ALTER TABLE sales.invoice ALTER COLUMN room SET NOT NULL",
              ObjectKind.TABLE,
              "\"sales\".\"invoice\""),
          new Mutation(
              "ALTER TABLE public.whole_row SET (fillfactor = 90)",
              ObjectKind.TABLE,
              "\"public\".\"whole_row\""),
          new Mutation(
              "ALTER TABLE sales.bucket DETACH PARTITION sales.bucket_1",
              ObjectKind.PARTITION,
              "\"sales\".\"bucket_1\""),
          new Mutation(
              "ALTER TABLE sales.line ALTER COLUMN quantity SET DEFAULT 2",
              ObjectKind.DEFAULT,
              "\"sales\".\"line\".\"quantity\""),
          new Mutation(
              "ALTER VIEW sales.editable ALTER COLUMN \"Full Name\" DROP DEFAULT",
              ObjectKind.DEFAULT,
              "\"sales\".\"editable\".\"Full Name\""),
          new Mutation(
              "ALTER TABLE sales.line DROP CONSTRAINT line_position",
              ObjectKind.KEY,
              "line_position ON \"sales\".\"line\""),
          new Mutation(
              "ALTER INDEX sales.line_what SET (fillfactor = 70)",
              ObjectKind.INDEX,
              "\"sales\".\"line_what\""),
          new Mutation(
              "DROP INDEX sales.customer_document",
              ObjectKind.INDEX,
              "\"sales\".\"customer_document\""),
          new Mutation(
              "CREATE INDEX one_more ON sales.line (quantity)",
              ObjectKind.INDEX,
              "\"sales\".\"one_more\""),
          new Mutation(
              "DROP INDEX sales.event_region",
              ObjectKind.INDEX_PARTITION,
              "\"sales\".\"event_default_region_id_idx\""),
          new Mutation(
              "ALTER TABLE sales.line VALIDATE CONSTRAINT quantity_sane",
              ObjectKind.CHECK,
              "quantity_sane ON \"sales\".\"line\""),
          new Mutation(
              "ALTER TABLE public.whole_row REPLICA IDENTITY DEFAULT",
              ObjectKind.REPLICA_IDENTITY,
              "\"public\".\"whole_row\""),
          new Mutation(
              "ALTER TABLE sales.customer SET WITHOUT CLUSTER",
              ObjectKind.CLUSTER,
              "\"sales\".\"customer\""),
          new Mutation(
              "ALTER STATISTICS sales.line_numbers SET STATISTICS 5",
              ObjectKind.STATISTICS,
              "sales.line_numbers"),
          new Mutation(
              "ALTER TABLE sales.line ALTER CONSTRAINT line_invoice DEFERRABLE INITIALLY IMMEDIATE",
              ObjectKind.FOREIGN_KEY,
              "line_invoice ON \"sales\".\"line\""),
          new Mutation(
              "CREATE OR REPLACE VIEW sales.chain (id, depth) AS SELECT 1::bigint, 2",
              ObjectKind.VIEW,
              "\"sales\".\"chain\""),
          new Mutation(
              "ALTER VIEW public.a_first SET (security_barrier = false)",
              ObjectKind.VIEW,
              "\"public\".\"a_first\""),
          new Mutation(
              "REFRESH MATERIALIZED VIEW sales.totals WITH NO DATA",
              ObjectKind.MATERIALIZED_VIEW_ROWS,
              "\"sales\".\"totals\""),
          new Mutation(
              "DROP INDEX sales.totals_customer",
              ObjectKind.MATERIALIZED_VIEW_INDEX,
              "\"sales\".\"totals_customer\""),
          new Mutation(
              "DROP MATERIALIZED VIEW sales.totals",
              ObjectKind.MATERIALIZED_VIEW,
              "\"sales\".\"totals\""),
          new Mutation(
              "COMMENT ON COLUMN sales.customer.\"Full Name\" IS 'another'",
              ObjectKind.COMMENT,
              "COLUMN sales.customer.\"Full Name\""),
          new Mutation(
              "ALTER TABLE public.t2 ENABLE RULE no_delete",
              ObjectKind.RULE,
              "\"no_delete\" ON \"public\".\"t2\""),
          new Mutation(
              "ALTER TABLE sales.line ENABLE TRIGGER disabled_one",
              ObjectKind.TRIGGER,
              "\"disabled_one\" ON \"sales\".\"line\""),
          new Mutation(
              "DROP TRIGGER \"Touch it\" ON sales.line",
              ObjectKind.TRIGGER,
              "\"Touch it\" ON \"sales\".\"line\""),
          new Mutation(
              "ALTER TABLE sales.event_default DISABLE TRIGGER parts",
              ObjectKind.TRIGGER_STATE,
              "\"parts\" ON \"sales\".\"event_default\""),
          new Mutation(
              "ALTER MATERIALIZED VIEW sales.later ALTER COLUMN id SET STATISTICS 44",
              ObjectKind.MATERIALIZED_VIEW,
              "\"sales\".\"later\""),
          new Mutation(
              "ALTER COLLATION sales.plain RENAME TO renamed", ObjectKind.COLLATION, "sales.plain"),
          new Mutation(
              "ALTER TABLE public.stray NO INHERIT public.owned",
              ObjectKind.TABLE,
              "\"public\".\"stray\""),
          new Mutation(
              "ALTER TABLE public.dog ALTER COLUMN noise SET STORAGE EXTENDED",
              ObjectKind.TABLE,
              "\"public\".\"dog\""),
          new Mutation(
              "ALTER TABLE public.puppy ALTER COLUMN weeks SET NOT NULL",
              ObjectKind.TABLE,
              "\"public\".\"puppy\""),
          new Mutation("ALTER TABLE public.typed NOT OF", ObjectKind.TABLE, "\"public\".\"typed\""),
          new Mutation(
              "ALTER TABLE public.cache SET LOGGED", ObjectKind.TABLE, "\"public\".\"cache\""),
          new Mutation(
              "ALTER POLICY low ON sales.secret USING (grade < 6)",
              ObjectKind.POLICY,
              "low ON \"sales\".\"secret\""),
          new Mutation(
              "ALTER POLICY adding ON sales.secret TO \"App Reader\"",
              ObjectKind.POLICY,
              "adding ON \"sales\".\"secret\""),
          new Mutation(
              "ALTER POLICY \"Own ones\" ON sales.secret WITH CHECK (grade > 2)",
              ObjectKind.POLICY,
              "\"Own ones\" ON \"sales\".\"secret\""),
          new Mutation(
              "ALTER TABLE public.forced NO FORCE ROW LEVEL SECURITY",
              ObjectKind.ROW_SECURITY,
              "\"public\".\"forced\""),
          new Mutation(
              "ALTER TABLE sales.secret DISABLE ROW LEVEL SECURITY",
              ObjectKind.ROW_SECURITY,
              "\"sales\".\"secret\""),
          new Mutation(
              "ALTER VIEW owned_schema.things OWNER TO CURRENT_USER",
              ObjectKind.OWNER,
              "VIEW owned_schema.things"),
          new Mutation(
              "ALTER FUNCTION owned_schema.definer() OWNER TO CURRENT_USER",
              ObjectKind.OWNER,
              "FUNCTION owned_schema.definer()"),
          new Mutation(
              "ALTER TYPE owned_schema.kind OWNER TO CURRENT_USER",
              ObjectKind.OWNER,
              "TYPE owned_schema.kind"),
          new Mutation(
              "ALTER STATISTICS owned_schema.numbers OWNER TO CURRENT_USER",
              ObjectKind.OWNER,
              "STATISTICS owned_schema.numbers"),
          new Mutation(
              "ALTER COLLATION owned_schema.plain OWNER TO CURRENT_USER",
              ObjectKind.OWNER,
              "COLLATION owned_schema.plain"),
          new Mutation(
              "REVOKE GRANT OPTION FOR INSERT ON owned_schema.thing FROM app_writer",
              ObjectKind.PRIVILEGES,
              "TABLE owned_schema.thing"),
          new Mutation(
              "REVOKE UPDATE (what) ON sales.line FROM \"App Reader\"",
              ObjectKind.PRIVILEGES,
              "TABLE sales.line"),
          new Mutation(
              "GRANT UPDATE ON SEQUENCE sales.customer_id_seq TO app_writer",
              ObjectKind.PRIVILEGES,
              "SEQUENCE sales.customer_id_seq"),
          new Mutation(
              "REVOKE EXECUTE ON PROCEDURE owned_schema.doing(integer) FROM PUBLIC",
              ObjectKind.PRIVILEGES,
              "PROCEDURE owned_schema.doing(IN i integer)"),
          new Mutation(
              "GRANT USAGE ON TYPE owned_schema.kind TO PUBLIC",
              ObjectKind.PRIVILEGES,
              "TYPE owned_schema.kind"),
          new Mutation(
              "REVOKE CREATE ON SCHEMA public FROM app_writer",
              ObjectKind.PRIVILEGES,
              "SCHEMA public"),
          new Mutation(
              "REVOKE USAGE ON SCHEMA owned_schema FROM \"App Reader\"",
              ObjectKind.PRIVILEGES,
              "SCHEMA owned_schema"),
          new Mutation(
              "ALTER SCHEMA owned_schema OWNER TO CURRENT_USER",
              ObjectKind.SCHEMA_OWNER,
              "SCHEMA owned_schema"),
          new Mutation(
              "ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO app_writer",
              ObjectKind.DEFAULT_PRIVILEGES,
              "FOR ROLE CURRENT_ROLE ON TABLES"),
          new Mutation(
              "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
              ObjectKind.DEFAULT_PRIVILEGES,
              "FOR ROLE CURRENT_ROLE ON FUNCTIONS"),
          new Mutation("DROP EXTENSION btree_gist CASCADE", ObjectKind.EXTENSION, "btree_gist"),
          new Mutation(
              "DROP TYPE sales.price_range CASCADE", ObjectKind.RANGE, "sales.price_range"));

  private TwoDatabases databases;

  @BeforeAll
  void start() {
    databases = new TwoDatabases();
  }

  @AfterAll
  void stop() {
    databases.close();
  }

  @Tag("slow")
  @Test
  void whatIsAlteredOnTheTargetIsReported() throws SQLException {
    reports(databases, 18, 18);
  }

  @Test
  @Tag("slow")
  void whatIsAlteredOnTheTargetIsReportedBetweenVersions() throws SQLException {
    reports(databases, 14, 18);
  }

  static void reports(TwoDatabases databases, int older, int newer) throws SQLException {
    ConnectionDetails source = databases.database(older);
    ConnectionDetails target = databases.database(newer);
    TwoDatabases.script(source, "everything.sql");
    SchemaTransfer transfer = SchemaTransfer.of(source, target, TableSelection.all());
    transfer.beforeData();
    transfer.afterData();
    transfer.addForeignKeys(true);
    transfer.finish();
    TwoDatabases.makeTriggers(transfer, target);
    assertThat(CatalogComparison.compare(source, target, TableSelection.all())).isEmpty();

    List<Mutation> missed = new ArrayList<>();
    try (Connection from = CatalogSession.open(source);
        Connection to = CatalogSession.open(target)) {
      Sides sides = Sides.of(from, to, Set.of());
      // The source stays as it is, so it is read once.
      DatabaseSchema expected = DatabaseSchema.read(from, TableSelection.all(), sides);
      for (Mutation mutation : MUTATIONS) {
        TwoDatabases.execute(target, mutation.sql);
        boolean reported =
            CatalogComparison.compare(
                    expected,
                    DatabaseSchema.read(to, TableSelection.all(), sides),
                    Set.of(),
                    new Rewording(to, sides.versions()))
                .stream()
                .anyMatch(
                    difference ->
                        difference.kind() == mutation.kind
                            && difference.object().equals(mutation.object));
        if (!reported) {
          missed.add(mutation);
        }
      }
    }
    assertThat(missed).isEmpty();
    assertThat(MUTATIONS)
        .as("every kind of object has a mutation")
        .extracting(Mutation::kind)
        .contains(ObjectKind.values());
  }
}
