/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExecuteStatementTest extends StatementFixture {
  private static final String KEY_MISSING =
      "Where clause does not contain a mandatory equality on all key attributes";

  @Test
  void insertsOnce() throws Exception {
    JsonNode answer =
        run("INSERT INTO tab VALUE {'pk':'a','sk':'1','m':{'x':[1,'y',null,true]},'s':<<1,2>>}");

    assertThat(answer.get("Items")).isEmpty();
    assertThat(item("a", "1"))
        .isEqualTo(
            SignedCalls.json(
                "{'pk':{'S':'a'},'sk':{'S':'1'},'m':{'M':{'x':{'L':[{'N':'1'},{'S':'y'},"
                    .replace('\'', '"')
                    .concat(
                        "{'NULL':true},{'BOOL':true}]}}},'s':{'NS':['1','2']}}"
                            .replace('\'', '"'))));
    refused(
        execute("INSERT INTO tab VALUE {'pk':'a','sk':'1'}"),
        "DuplicateItemException",
        "Duplicate primary key exists in table");
    refused(
        "INSERT INTO tab VALUE {'pk':'a'}",
        "One or more parameter values were invalid: Missing the key sk in the item");
  }

  @Test
  void takesParameters() throws Exception {
    execute("INSERT INTO tab VALUE {'pk':?,'sk':?,'b':?}", "[{'S':'a'},{'S':'1'},{'B':'AQ=='}]");

    assertThat(
            execute("SELECT * FROM tab WHERE pk = ? AND b < ?", "[{'S':'a'},{'B':'Ag=='}]")
                .body()
                .get("Items"))
        .hasSize(1);
    refused(
        execute("UPDATE tab SET WHERE", "[{'SS':['a','a']}]"),
        "ValidationException",
        "One or more parameter values were invalid: Input collection [a, a] contains duplicates.");
  }

  @Test
  void updatesWhatIsThere() throws Exception {
    run(
        "INSERT INTO tab VALUE {'pk':'a','sk':'1','n':1,'l':[1,2],'k':[1,2],'s':<<'x'>>,'m':{'z':1}}");
    run(
        "UPDATE tab SET n=n-1 SET l = list_append(l, [3]), s = set_add(s, <<'y'>>) SET m.w = [2]"
            + " REMOVE m.z REMOVE k[0] WHERE (sk='1' AND pk='a') AND n = 1");

    assertThat(item("a", "1").toString())
        .contains("\"n\":{\"N\":\"0\"}", "\"m\":{\"M\":{\"w\":{\"L\":[{\"N\":\"2\"}]}}}");
    assertThat(item("a", "1").at("/s/SS")).hasSize(2);
    refused(
        execute("UPDATE tab SET n = 5 WHERE pk = 'a' AND sk = '1' AND n = 1"),
        "ConditionalCheckFailedException",
        "The conditional request failed");
    refused(
        execute("UPDATE tab SET n = 5 WHERE pk = 'no' AND sk = '1'"),
        "ConditionalCheckFailedException",
        "The conditional request failed");
    refused("UPDATE tab SET n = 5 WHERE pk = 'a'", KEY_MISSING);
    refused(
        "UPDATE tab SET s = set_add(s, <<1>>) WHERE pk = 'a' AND sk = '1'",
        "An operand in the update expression has an incorrect data type");
    refused(
        "UPDATE tab SET absent[0] = 1 WHERE pk = 'a' AND sk = '1'",
        "The document path provided in the update expression is invalid for update");
    refused(
        "UPDATE idx.gsi SET n = 1 WHERE pk = 'a' AND sk = '1'",
        "This operation is not supported on an index");
    refused(
        "UPDATE tab SET n = 1 WHERE pk = 1 AND sk = '1'",
        "Key attribute's data type should match its data type in table's schema");
    assertThat(item("no", "1").isMissingNode()).isTrue();
  }

  @Test
  void tellsTheItemOfAConditionThatFails() throws Exception {
    run("INSERT INTO tab VALUE {'pk':'a','sk':'1','n':1}");
    ObjectNode asked =
        member("UPDATE tab SET n = 2 WHERE pk = 'a' AND sk = '1' AND n = 7", "")
            .put("ReturnValuesOnConditionCheckFailure", "ALL_OLD");

    assertThat(calls.call("ExecuteStatement", asked).body().at("/Item/n/N").asText())
        .isEqualTo("1");
  }

  @Test
  void returnsWhatIsAskedFor() throws Exception {
    run("INSERT INTO tab VALUE {'pk':'a','sk':'1','n':1,'l':['a','b','c'],'m':{'x':1,'y':2}}");
    String where = " WHERE pk = 'a' AND sk = '1' RETURNING ";

    assertThat(run("UPDATE tab SET n = 2" + where + "ALL OLD *").at("/Items/0/n/N").asText())
        .isEqualTo("1");
    assertThat(run("UPDATE tab SET m.x = 5" + where + "MODIFIED NEW *").get("Items").toString())
        .isEqualTo("[{\"m\":{\"M\":{\"x\":{\"N\":\"5\"}}}}]");
    assertThat(
            run("UPDATE tab SET l[2] = 'z', l[0] = 'y'" + where + "MODIFIED OLD *")
                .get("Items")
                .toString())
        .isEqualTo("[{\"l\":{\"L\":[{\"S\":\"a\"},{\"S\":\"c\"}]}}]");
    assertThat(run("UPDATE tab REMOVE n" + where + "MODIFIED NEW *").get("Items")).isEmpty();
    refused(
        "DELETE FROM tab" + where + "MODIFIED OLD *",
        "Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in"
            + " DELETE statements.");
    assertThat(run("DELETE FROM tab" + where + "ALL OLD *").get("Items")).hasSize(1);
    assertThat(run("DELETE FROM tab" + where + "ALL OLD *").get("Items")).isEmpty();
  }

  @Test
  void deletesOnlyWhatItsConditionHoldsFor() throws Exception {
    run("INSERT INTO tab VALUE {'pk':'a','sk':'1','n':1}");

    refused(
        execute("DELETE FROM tab WHERE pk = 'a' AND sk = '1' AND n = 2"),
        "ConditionalCheckFailedException",
        "The conditional request failed");
    run("DELETE FROM tab WHERE pk = 'no' AND sk = '1' AND n = 2");
    run("DELETE FROM tab WHERE pk = 'a' AND sk = '1' AND NOT n = 2");
    assertThat(item("a", "1").isMissingNode()).isTrue();
  }

  @Test
  void refusesWhatIsNotThereInItsOrder() throws Exception {
    refused(
        execute("SELECT * FROM nowhere WHERE pk = 'a'"),
        "ResourceNotFoundException",
        "Requested resource not found");
    refused(
        execute("SELECT * FROM nowhere WHERE pk = ? AND v < ?", "[{'S':'x'},{'BOOL':true}]"),
        "ValidationException",
        "Incorrect operand type for operator or function; operator or function: <, operand type:"
            + " BOOL");
    refused(
        "SELECT * FROM tab WHERE attribute_exists('a')",
        "Operator or function requires a document path; operator or function: attribute_exists");
    refused(
        "SELECT * FROM tab WHERE attribute_type(a, 'X')",
        "Invalid attribute type name found; type: X, valid types: {N,BS,L,B,NULL,M,S,SS,NS,BOOL}");
    refused(
        "EXISTS(SELECT * FROM tab WHERE pk = 'a' AND sk = '1' AND n IS MISSING)",
        "EXISTS can only be used in ExecuteTransaction write requests.");
  }

  @Test
  void tellsCapacity() throws Exception {
    ObjectNode asked =
        member("INSERT INTO idx VALUE {'pk':'a','sk':'1','g':'x'}", "")
            .put("ReturnConsumedCapacity", "INDEXES");

    JsonNode consumed = calls.call("ExecuteStatement", asked).body().get("ConsumedCapacity");

    assertThat(consumed.get("CapacityUnits").asDouble()).isEqualTo(2);
    assertThat(consumed.at("/GlobalSecondaryIndexes/gsi/CapacityUnits").asDouble()).isEqualTo(1);
  }

  /** By Java's rules, by which the exponent of 1e2147483648 is none, and 33 bits are 32. */
  @Test
  void aParameterThatIsNoNumberIsRefused() throws Exception {
    String unreadable = "The parameter cannot be converted to a numeric value";
    String underflow =
        "Number underflow. Attempting to store a number with magnitude smaller than supported range";
    Map<String, String> all =
        Map.of(
            "1e99999999999",
            unreadable + ": 1e99999999999",
            "1e2147483648",
            unreadable + ": 1e2147483648",
            "1e-2147483648",
            unreadable + ": 1e-2147483648",
            "1e2147483647",
            underflow,
            "1e-2147483647",
            underflow,
            "",
            unreadable);
    for (Map.Entry<String, String> one : all.entrySet()) {
      refused(
          execute("SELECT * FROM tab WHERE n = ?", "[{'N':'" + one.getKey() + "'}]"),
          "ValidationException",
          one.getValue());
    }
  }
}
