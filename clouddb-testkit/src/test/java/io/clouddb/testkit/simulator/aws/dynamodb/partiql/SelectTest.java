/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.SignedCalls.Answer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectTest extends StatementFixture {
  @BeforeEach
  void insert() throws Exception {
    for (String pk : new String[] {"o", "p"}) {
      for (int sk = 1; sk <= 3; sk++) {
        run(
            "INSERT INTO tab VALUE {'pk':'%s','sk':'%d','id':'%s%d','n':%d,'m':{'x':['u','v']}}"
                .formatted(pk, sk, pk, sk, sk));
        run(
            "INSERT INTO idx VALUE {'pk':'%s','sk':'%d','g':'g%s','l':'%d','p':'%s%d','q':'q'}"
                .formatted(pk, sk, pk, 9 - sk, pk, sk));
      }
    }
    run("INSERT INTO idx VALUE {'pk':'o','sk':'4'}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pk = 'o'|o1 o2 o3",
        "pk = 'o' AND sk > '1'|o2 o3",
        "'2' >= sk AND pk = 'o'|o1 o2",
        "pk = 'o' AND sk BETWEEN '2' AND '3' AND n = 3|o3",
        "pk = 'o' AND begins_with(sk, '2')|o2",
        "pk = 'o' AND sk > '1' AND sk < '3'|o2",
        "pk = 'o' AND NOT sk = '1'|o2 o3",
        "pk = 'o' AND sk <> '2'|o1 o3",
        "pk = 'o' AND sk IN ['1', '3']|o1 o3",
        "pk = 'o' OR pk = 'p' AND sk = '2'|o1 o2 o3 p2",
        "pk = 'o' AND sk = '1' OR pk = 'o' AND sk = '3'|o1 o3",
        "pk = 'o' AND NOT sk = '1' OR pk = 'o' AND sk = '2'|o2 o3",
        "pk = 'o' OR pk = 'o' AND NOT sk = '1'|o1 o2 o3",
        "pk IN ('p', 'o', 'p') AND n = 1|p1 o1",
        "pk = 'o' ORDER BY sk DESC|o3 o2 o1",
        "pk = 'o' ORDER BY sk|o1 o2 o3",
        "pk = 'o' ORDER BY pk ASC|o3 o2 o1",
        "pk IN ['o', 'p'] ORDER BY pk DESC, sk ASC|p1 p2 p3 o1 o2 o3",
        "pk = 'no'|''",
      })
  void reads(String where, String found) throws Exception {
    assertThat(texts("SELECT id FROM tab WHERE " + where, "id")).isEqualTo(found.replace("'", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n = 1|2",
        "m.x[1] = 'v'|6",
        "absent IS MISSING|6",
        "NOT absent = 'x'|6",
        "pk > 'o'|3",
        "n IS NULL|0",
        "m IS STRUCT AND n IN (1, 2)|4",
        "contains(m.x, 'u') AND size(id) = 2|6",
        "pk = id|0",
      })
  void filtersAllThereIs(String where, int found) throws Exception {
    assertThat(run("SELECT * FROM tab WHERE " + where).get("Items")).hasSize(found);
  }

  @Test
  void callsColumnsAfterTheEndOfTheirPaths() throws Exception {
    assertThat(
            run("SELECT sk, m.x, m.x[1], nope.x FROM tab WHERE pk = 'o' AND sk = '1'")
                .get("Items")
                .toString())
        .isEqualTo(
            "[{\"sk\":{\"S\":\"1\"},\"x\":{\"L\":[{\"S\":\"u\"},{\"S\":\"v\"}]},\"x[1]\":{\"S\":\"v\"}}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ORDER BY sk|Must have WHERE clause in the statement when using ORDER BY clause.",
        "WHERE pk = 'o' ORDER BY n|Attribute n in ORDER BY clause must be part of the primary key",
        "WHERE pk > 'a' ORDER BY sk|Must have at least one non-optional hash key condition in WHERE"
            + " clause when using ORDER BY clause.",
        "WHERE pk IN ['o', 'p'] ORDER BY sk|Must have hash key in ORDER BY clause when more than"
            + " one hash key condition specified in WHERE clause.",
        "WHERE pk = 'a' AND x = '1' OR pk = 'a' AND sk = '2'|Overlapping conditions with range keys"
            + " are not supported in where clause",
        "WHERE pk = 1|Key attribute's data type should match its data type in table's schema",
      })
  void refuses(String rest, String message) throws Exception {
    refused("SELECT sk FROM tab " + rest, message);
  }

  private Answer page(String statement, int limit, String token) throws Exception {
    ObjectNode asked = member(statement, "").put("Limit", limit);
    if (!token.isEmpty()) {
      asked.put("NextToken", token);
    }
    return calls.call("ExecuteStatement", asked);
  }

  @Test
  void goesOnWhereAPageEnded() throws Exception {
    String all = "SELECT id FROM tab WHERE pk IN ['o', 'p'] ORDER BY pk DESC";
    Answer first = page(all, 2, "");
    String token = first.body().path("NextToken").asText();
    Answer second = page(all, 2, token);

    assertThat(first.body().get("Items").findValuesAsText("S")).containsExactly("p3", "p2");
    assertThat(first.body().at("/LastEvaluatedKey/sk/S").asText()).isEqualTo("2");
    assertThat(second.body().get("Items").findValuesAsText("S")).containsExactly("p1", "o3");
    refused(
        page("SELECT pk FROM tab WHERE pk IN ['o', 'p'] ORDER BY pk DESC", 2, token),
        "ValidationException",
        "NextToken does not match request");
    refused(page(all, 2, "nonsense!"), "ValidationException", "Invalid NextToken");
  }

  @Test
  void scansPageByPageWithoutALoss() throws Exception {
    String token = "";
    int seen = 0;
    do {
      JsonNode body = page("SELECT * FROM idx.gsi", 4, token).body();
      seen += body.get("Items").size();
      token = body.path("NextToken").asText();
    } while (!token.isEmpty());

    assertThat(seen).isEqualTo(6);
  }

  @Test
  void readsManyPartitionsInSmallPages() throws Exception {
    for (int i = 0; i < 12; i++) {
      run("INSERT INTO tab VALUE {'pk':'many%d','sk':'1'}".formatted(i));
    }
    StringBuilder keys = new StringBuilder("'many0'");
    for (int i = 1; i < 12; i++) {
      keys.append(", 'many").append(i).append('\'');
    }
    String all = "SELECT pk FROM tab WHERE pk IN [" + keys + "]";

    JsonNode first = page(all, 100, "").body();

    assertThat(first.get("Items")).hasSize(10);
    assertThat(page(all, 100, first.get("NextToken").asText()).body().get("Items")).hasSize(2);
  }

  @Test
  void readsIndexes() throws Exception {
    assertThat(texts("SELECT p FROM idx.gsi WHERE g = 'go'", "p")).isEqualTo("o1 o2 o3");
    assertThat(run("SELECT * FROM idx.gsi WHERE g = 'go'").get("Items").get(0).properties())
        .extracting(java.util.Map.Entry::getKey)
        .containsExactlyInAnyOrder("pk", "sk", "g", "p");
    assertThat(texts("SELECT sk FROM idx.lsi WHERE pk = 'o'", "sk")).isEqualTo("3 2 1");
    assertThat(texts("SELECT q, sk FROM idx.lsi WHERE pk = 'o' AND l > '6'", "q")).isEqualTo("q q");
    assertThat(run("SELECT pk FROM idx.gsi WHERE NOT q = 'q'").get("Items")).hasSize(6);
    assertThat(run("SELECT pk FROM idx.gsi WHERE q = 'q'").get("Items")).isEmpty();
    assertThat(texts("SELECT p FROM idx.gsi WHERE (g = 'go' AND q = 'q') OR g = 'gp'", "p"))
        .isEqualTo("p1 p2 p3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT q FROM idx.gsi WHERE g = 'go'|One or more parameter values were invalid: Global"
            + " secondary index gsi does not project [q]",
        "SELECT pk FROM idx.gsi WHERE g = 'go' AND NOT q = '1'|One or more parameter values were"
            + " invalid: Secondary index gsi does not project one or more filter attributes: [q]",
        "SELECT pk FROM idx.gsi WHERE g IN ['a', 'b'] AND q = '1'|One or more parameter values were"
            + " invalid: Secondary index gsi does not project one or more filter attributes: [q]",
        "SELECT pk FROM idx.lsi WHERE pk = 'o' AND (zz = '1' OR aa = '2' OR mm = '3')|One or more"
            + " parameter values were invalid: Secondary index lsi does not project one or more"
            + " filter attributes: [zz, aa, mm]",
        "SELECT * FROM idx.nope|The table does not have the specified index",
      })
  void refusesOfIndexes(String statement, String message) throws Exception {
    refused(statement, message);
  }

  @Test
  void readsConsistentlyWhereThatIsPossible() throws Exception {
    ObjectNode global = member("SELECT * FROM idx.gsi", "").put("ConsistentRead", true);
    refused(
        calls.call("ExecuteStatement", global),
        "ValidationException",
        "Strongly consistent read is not supported on Global Secondary Indexes");
    ObjectNode fetching =
        member("SELECT q FROM idx.lsi WHERE pk = 'o'", "")
            .put("ConsistentRead", true)
            .put("ReturnConsumedCapacity", "INDEXES");

    JsonNode consumed = calls.call("ExecuteStatement", fetching).body().get("ConsumedCapacity");

    assertThat(consumed.at("/Table/CapacityUnits").asDouble()).isEqualTo(3);
    assertThat(consumed.at("/LocalSecondaryIndexes/lsi/CapacityUnits").asDouble()).isEqualTo(1);
  }

  /** What the definition calls an integer is not kept within those of Java. */
  @Test
  void aLimitMayBeLargerThanAnInt() throws Exception {
    for (long limit : new long[] {2_147_483_648L, 4_294_967_296L, Long.MAX_VALUE}) {
      ObjectNode asked = member("SELECT * FROM tab", "").put("Limit", limit);
      Answer answer = calls.call("ExecuteStatement", asked);
      assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
      assertThat(answer.body().get("Items")).isNotEmpty();
    }
  }

  /** Each level, and each of a row, needs so much of the stack as is compiled of it by then. */
  @Test
  void whatIsWideOrDeepIsAnswered() throws Exception {
    String deep =
        "SELECT * FROM tab WHERE " + "a or b and c=d+e*(".repeat(25) + "f" + ")".repeat(25);
    String deeper =
        "SELECT * FROM tab WHERE " + "a or b and c=d+e*(".repeat(255) + "f" + ")".repeat(255);
    String row = "SELECT * FROM tab WHERE (a)=1" + "or(a)=1".repeat(1100);
    String shorter = "SELECT * FROM tab WHERE (a)" + "or(a)".repeat(1600);
    String both = "SELECT * FROM tab WHERE a=1" + " or a=1 and b=1".repeat(500);
    for (int i = 0; i < 20; i++) {
      for (String statement : List.of(deep, deeper, row, shorter, both)) {
        assertThat(execute(statement).status()).isEqualTo(400);
      }
    }
  }
}
