/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import com.fasterxml.jackson.core.JsonGenerator;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTables;
import io.clouddb.testkit.simulator.aws.dynamodb.item.Consumed;
import io.clouddb.testkit.simulator.aws.dynamodb.item.IdempotencyTokens;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelProtocol;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.tables.Value;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The actions on statements, and the one on a single one: {@code ExecuteStatement}. */
public final class StatementActions {
  private static final String KIND = "statement";
  private static final String STATEMENT = "Statement";
  private static final String NEXT_TOKEN = "NextToken";

  private final DynamoTables tables;

  private StatementActions(DynamoTables tables) {
    this.tables = tables;
  }

  /**
   * Adds the actions on statements to the service.
   *
   * @param protocol the service's protocol
   * @param tables the account's tables
   * @param clock the simulated clock
   */
  public static void register(ModelProtocol protocol, DynamoTables tables, SimulatedClock clock) {
    StatementActions actions = new StatementActions(tables);
    StatementBatch batch = new StatementBatch(tables);
    StatementTransaction transaction =
        new StatementTransaction(tables, new IdempotencyTokens(clock.ofCallers()));
    protocol
        .add("ExecuteStatement", Verb.MODIFY, KIND, "", actions::execute)
        .add("BatchExecuteStatement", Verb.MODIFY, KIND, "", batch::execute)
        .add("ExecuteTransaction", Verb.MODIFY, KIND, "", transaction::execute);
  }

  /** The parameters of a statement are looked at before the statement is. */
  static Prepared prepared(Members members) {
    List<Value> parameters = parameters(members);
    return Prepared.of(members.text(STATEMENT), parameters);
  }

  /** What the question marks of a statement stand for. */
  static List<Value> parameters(Members members) {
    return members.values("Parameters");
  }

  private Answer execute(ModelCall call) {
    Members members = call.members();
    Prepared prepared = prepared(members);
    Consumed.Detail detail = Consumed.Detail.of(members);
    if (prepared.statement() instanceof Statement.Exists) {
      throw Malformed.refused("EXISTS can only be used in ExecuteTransaction write requests.");
    }
    DynamoTable table = tables.usable(call.region(), prepared.statement().source().table());
    Consumed consumed = new Consumed(table, 1, detail);
    if (prepared.statement() instanceof Statement.Select select) {
      return select(members, prepared, select, table, consumed, detail);
    }
    boolean tellOld = "ALL_OLD".equals(members.textOrNull("ReturnValuesOnConditionCheckFailure"));
    Map<String, Value> returned = Write.of(prepared, table, tellOld).run(consumed);
    return json -> {
      writeItems(json, returned.isEmpty() ? List.of() : List.of(returned));
      consumed.write(json, detail);
    };
  }

  private static Answer select(
      Members members,
      Prepared prepared,
      Statement.Select select,
      DynamoTable table,
      Consumed consumed,
      Consumed.Detail detail) {
    boolean consistent = members.flag("ConsistentRead");
    Reader reader = new Reader(prepared, select, table, consistent);
    String statement = members.text(STATEMENT);
    List<Value> parameters = parameters(members);
    String token = members.textOrNull(NEXT_TOKEN);
    PageToken from = token == null ? PageToken.FIRST : PageToken.read(token, statement, parameters);
    // Nothing above keeps a limit of the caller's within that.
    int limit = (int) Math.min(members.whole("Limit", Integer.MAX_VALUE), Integer.MAX_VALUE);
    Reader.Read read = reader.read(from, limit, consumed);
    return json -> {
      writeItems(json, read.items());
      writeNext(json, read.next(), statement, parameters);
      if (read.last() != null) {
        json.writeFieldName("LastEvaluatedKey");
        ValueWriter.write(json, read.last());
      }
      consumed.write(json, detail);
    };
  }

  private static void writeNext(
      JsonGenerator json, @Nullable PageToken next, String statement, List<Value> parameters)
      throws IOException {
    if (next != null) {
      json.writeStringField(NEXT_TOKEN, next.written(statement, parameters));
    }
  }

  private static void writeItems(JsonGenerator json, List<Map<String, Value>> items)
      throws IOException {
    json.writeArrayFieldStart("Items");
    for (Map<String, Value> item : items) {
      ValueWriter.write(json, item);
    }
    json.writeEndArray();
  }
}
