/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Decision 0016, by the sources: whoever may create objects in a database gains nothing by the name
 * that he gives them, in whichever of our statements. That it is so in a running migration shows
 * {@code ShadowedNamesTest}.
 */
class QualifiedNamesTest {
  /**
   * Where sessions begin with a path of {@code pg_catalog} alone, and operators and types need no
   * schema. Nothing of this is seen by who has a session of another path.
   */
  private static final List<String> SAFE_PATH =
      List.of(
          "io/clouddb/migration/postgres/[A-Z]\\w+",
          "io/clouddb/migration/postgres/preflight/\\w+",
          "io/clouddb/migration/postgres/schema/\\w+",
          "io/clouddb/migration/postgres/catalog/Catalog",
          "io/clouddb/migration/postgres/copy/TableShape",
          "io/clouddb/migration/postgres/cutover/OpenWrites",
          "io/clouddb/testkit/simulator/(\\w+/){0,2}\\w+");

  /** Who has the only session in a database that he has just made himself. */
  private static final List<String> ALONE =
      List.of(
          "io/clouddb/benchmarks/\\w+",
          "io/clouddb/testkit/contract/(Creation|Change|Operation)Contract",
          "io/clouddb/examples/quickstart/SimulatedMove",
          "io/clouddb/examples/quickstart/application/ShopWriter",
          "io/clouddb/examples/quickstart/ledger/LedgerCheck",
          "io/clouddb/examples/quickstart/shop/ShopData");

  /** Not an operator: {@code SET column = value}; and the name of one, to which a schema is put. */
  private static final Map<String, List<String>> LOOKS_LIKE_ONE =
      Map.of(
          "io/clouddb/migration/postgres/apply/RowStatements", List.of("operator =", "operator ="),
          "io/clouddb/migration/postgres/catalog/KeyType", List.of("operator ="));

  private static final String[] OF_ANOTHER_PATH = {
    "io.clouddb.migration.postgres.apply",
    "io.clouddb.migration.postgres.copy",
    "io.clouddb.migration.postgres.validate",
    "io.clouddb.migration.state",
    "io.clouddb.migration.route"
  };

  private static final Path ROOT =
      Path.of(System.getProperty("basedir", ".")).resolve("..").normalize();

  /** By class, without what is excused. */
  private static final Map<String, List<String>> functionsAndRelations = new TreeMap<>();

  private static final Map<String, List<String>> operatorsAndTypes = new TreeMap<>();
  private static int statements;

  @BeforeAll
  static void readTheSources() throws IOException {
    Map<String, String> sources = sources(".java");
    Map<String, List<SqlTexts.Text>> texts = new TreeMap<>();
    sources.forEach(
        (name, source) -> {
          // Its languages have words of SQL, and no search path.
          if (!name.contains("/aws/dynamodb/")) {
            texts.put(name, SqlTexts.of(source));
          }
        });
    Set<String> speaksSql = new HashSet<>();
    sources.forEach(
        (name, source) -> {
          if (source.contains("import java.sql.")) {
            speaksSql.add(name);
          }
        });
    Set<String> named = new HashSet<>();
    texts
        .values()
        .forEach(all -> all.forEach(text -> named.addAll(SqlNames.ownNames(text.value()))));
    named.removeIf(name -> name.startsWith("pg_"));
    texts.forEach(
        (name, all) -> {
          // There, parts of statements are texts too.
          boolean ofTheMigration =
              name.startsWith("io/clouddb/migration/postgres/")
                  || (name.startsWith("io/clouddb/migration/") && speaksSql.contains(name));
          List<String> functions = new ArrayList<>();
          List<String> operators = new ArrayList<>();
          for (SqlTexts.Text text : all) {
            boolean statement = SqlNames.isStatement(text.value());
            statements += statement ? 1 : 0;
            if (statement || ofTheMigration) {
              functions.addAll(SqlNames.functionsAndRelations(text.value(), named));
              operators.addAll(SqlNames.operatorsAndTypes(text.value()));
            }
          }
          if (!functions.isEmpty()) {
            functionsAndRelations.put(name, functions);
          }
          if (!operators.isEmpty() && !operators.equals(LOOKS_LIKE_ONE.get(name))) {
            operatorsAndTypes.put(name, operators);
          }
        });
  }

  /** What is built from {@code src/main}, by class as a path, of all modules and examples. */
  private static Map<String, String> sources(String suffix) throws IOException {
    Map<String, String> sources = new TreeMap<>();
    for (Path place : List.of(ROOT, ROOT.resolve("examples"))) {
      try (Stream<Path> modules = Files.list(place)) {
        for (Path main : modules.map(module -> module.resolve("src/main")).toList()) {
          if (Files.isDirectory(main)) {
            addTo(sources, main, suffix);
          }
        }
      }
    }
    return sources;
  }

  private static void addTo(Map<String, String> sources, Path main, String suffix)
      throws IOException {
    try (Stream<Path> files = Files.walk(main)) {
      for (Path file : files.filter(file -> file.toString().endsWith(suffix)).toList()) {
        // Without java or resources before it.
        Path inside = main.relativize(file);
        String name = inside.subpath(1, inside.getNameCount()).toString().replace('\\', '/');
        sources.put(name.replace(".java", ""), Files.readString(file));
      }
    }
  }

  private static Set<String> besides(Map<String, List<String>> found, List<String> excused) {
    Set<String> others = new TreeSet<>();
    found.forEach(
        (name, what) -> {
          if (excused.stream().noneMatch(name::matches)) {
            others.add(name + ": " + what);
          }
        });
    return others;
  }

  @Test
  void theSourcesAreRead() {
    assertThat(statements).isGreaterThan(500);
    assertThat(operatorsAndTypes).containsKey("io/clouddb/migration/postgres/schema/TableReader");
  }

  @Test
  void everyFunctionAndRelationHasItsSchema() {
    assertThat(besides(functionsAndRelations, ALONE)).isEmpty();
  }

  @Test
  void everyOperatorAndTypeHasItsSchemaWhereThePathIsNotOurs() {
    assertThat(
            besides(operatorsAndTypes, Stream.concat(SAFE_PATH.stream(), ALONE.stream()).toList()))
        .as("qualify it; SAFE_PATH is for who has sessions of PinnedSession.open only")
        .isEmpty();
  }

  @Test
  void nothingIsExcusedInVain() {
    for (String excused : Stream.concat(SAFE_PATH.stream(), ALONE.stream()).toList()) {
      assertThat(
              Stream.concat(
                  functionsAndRelations.keySet().stream(), operatorsAndTypes.keySet().stream()))
          .as(excused)
          .anyMatch(name -> name.matches(excused));
    }
  }

  @Test
  void statementsAreInNoOtherFiles() throws IOException {
    assertThat(sources(".sql").keySet())
        .allMatch(name -> name.startsWith("io/clouddb/examples/quickstart/shop/"));
  }

  @Test
  void sessionsOfAnotherPathAreOpenedInThesePackagesOnly() {
    noClasses()
        .that()
        .resideInAPackage("io.clouddb.migration..")
        .and()
        .resideOutsideOfPackages(OF_ANOTHER_PATH)
        .and()
        .doNotBelongToAnyOf(PinnedSession.class)
        .should()
        .callMethodWhere(
            target(nameMatching("openToWrite|openForBatches"))
                .or(
                    target(nameMatching("connect|dataSource"))
                        .and(target(owner(type(ConnectionDetails.class)))))
                .or(target(nameMatching("getConnection"))))
        .check(OurClasses.ALL);
  }

  @Test
  void whoHasAnotherPathRunsNothingThatNeedsASafeOne() {
    DescribedPredicate<JavaClass> needASafePath =
        DescribedPredicate.describe(
            "leave operators and types without a schema", QualifiedNamesTest::needsASafePath);
    noClasses()
        .that(
            resideInAnyPackage(OF_ANOTHER_PATH)
                .or(
                    resideInAnyPackage(
                        "io.clouddb.migration.postgres.catalog",
                        "io.clouddb.migration.postgres.stream"))
                .and(DescribedPredicate.not(needASafePath)))
        .should()
        .dependOnClassesThat(needASafePath)
        .check(OurClasses.ALL);
  }

  private static boolean needsASafePath(JavaClass type) {
    String name = type.getName().replaceFirst("\\$.*", "").replace('.', '/');
    return SAFE_PATH.stream().anyMatch(name::matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM pg_catalog.pg_class",
        "SELECT 1 FROM pg_class",
        "SELECT 1 FROM pg_catalog.pg_class c, pg_type t",
        "DELETE FROM ONLY kept",
        "WITH RECURSIVE mine AS (SELECT 1) SELECT 1 FROM mine JOIN theirs ON true",
        "lower(a)",
        "pg_catalog.lower(upper(a))",
        "UPDATE \"t\" SET a = 1"
      })
  void seesAFunctionOrRelation(String sql) {
    assertThat(SqlNames.functionsAndRelations(sql, SqlNames.ownNames(sql))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " = ?",
        "SELECT a || 'x'",
        "SELECT a::text",
        "SELECT CAST(a AS oid)",
        "SELECT '{}'::\"char\"[]",
        "SELECT a OPERATOR(=) b",
        "SELECT 1 WHERE a IN (1, 2)",
        "SELECT 1 WHERE a LIKE ?",
        "SELECT a IS DISTINCT FROM b",
        "SELECT CASE a WHEN b THEN c END",
        "SELECT NULLIF(a, b)",
        "SELECT date '2025-01-01'",
        "UPDATE s.t SET a = 1 WHERE b = 2",
        "UPDATE s.t SET a = b - 1",
        "SELECT 1 FROM s.t JOIN s.u USING (id)",
        "ORDER BY a COLLATE \"C\" , CASE WHEN true THEN 1 END",
        "SELECT 'pg_class'::pg_catalog.regclass",
        "CREATE TABLE s.t (a text)"
      })
  void seesAnOperatorOrType(String sql) {
    assertThat(SqlNames.operatorsAndTypes(sql)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT pg_catalog.count(*), -1, coalesce(t.a, t.*) FROM pg_catalog.pg_class AS t (a, b)",
        "SELECT a OPERATOR(pg_catalog.=) ANY (?::pg_catalog.oid[]), b::bigint FROM ONLY s.t",
        "WITH a (b) AS (SELECT 1), c AS (SELECT 2) SELECT 1 FROM a, c FOR UPDATE",
        "UPDATE s.t SET a = ?, b = 2 WHERE c OPERATOR(pg_catalog.=) -1",
        "SELECT extract(epoch FROM pg_catalog.now()), '='::pg_catalog.\"char\", 'f(x)'",
        "INSERT INTO s.t (a, b) SELECT x FROM ROWS FROM (pg_catalog.unnest(?)) AS g(x)",
        "CREATE TABLE IF NOT EXISTS s.t (a pg_catalog.text COLLATE pg_catalog.\"C\", b bigint)"
      })
  void findsNothingInWhatIsQualified(String sql) {
    assertThat(SqlNames.functionsAndRelations(sql, SqlNames.ownNames(sql))).isEmpty();
    assertThat(SqlNames.operatorsAndTypes(sql)).isEmpty();
  }

  @Test
  void readsTheTextsOfASource() {
    String source =
        "// \"no\"\nString a = \"SELECT \" + f(b) + \"(c)\"\n + \" d\"; char q = '\"';\n"
            + "g(\"e\\n\", \"\"\"\n    h \"i\"\n    \"\"\", Pattern.compile(\"x=y\"));";

    assertThat(SqlTexts.of(source).stream().map(SqlTexts.Text::value).map(String::strip))
        .containsExactly("SELECT " + SqlTexts.ANYTHING + "(c) d", "e", "h \"i\"");
  }
}
