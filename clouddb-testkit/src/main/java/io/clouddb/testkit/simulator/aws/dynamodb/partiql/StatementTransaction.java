/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTables;
import io.clouddb.testkit.simulator.aws.dynamodb.item.Cancellation;
import io.clouddb.testkit.simulator.aws.dynamodb.item.Consumed;
import io.clouddb.testkit.simulator.aws.dynamodb.item.IdempotencyTokens;
import io.clouddb.testkit.simulator.aws.dynamodb.item.ReadTransaction;
import io.clouddb.testkit.simulator.aws.dynamodb.item.WriteTransaction;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Several statements, all of them or none: {@code ExecuteTransaction}. */
final class StatementTransaction {
  private static final String STATEMENTS = "TransactStatements";
  private static final String NEEDS_KEY =
      "Select statements within ExecuteTransaction must specify the primary key in the where"
          + " clause.";

  private final DynamoTables tables;
  private final IdempotencyTokens tokens;

  StatementTransaction(DynamoTables tables, IdempotencyTokens tokens) {
    this.tables = tables;
    this.tokens = tokens;
  }

  /** A statement of the transaction. */
  private record Member(Members members, Prepared prepared, DynamoTable table) {
    boolean writes() {
      return prepared.statement().writes();
    }

    boolean tellsOld() {
      return "ALL_OLD".equals(members.textOrNull("ReturnValuesOnConditionCheckFailure"));
    }
  }

  Answer execute(ModelCall call) {
    List<Members> all = call.members().structures(STATEMENTS);
    List<List<Value>> parameters = all.stream().map(StatementActions::parameters).toList();
    List<Prepared> prepared = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      int index = i;
      prepared.add(
          inMember(i, () -> Prepared.of(all.get(index).text("Statement"), parameters.get(index))));
    }
    if (prepared.stream().map(one -> one.statement().writes()).distinct().count() > 1) {
      throw Malformed.refused(
          "ExecuteTransaction API does not support both read and write operations in the same"
              + " request.");
    }
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Prepared one = prepared.get(i);
      DynamoTable table = tables.transactional(call.region(), one.statement().source().table());
      members.add(new Member(all.get(i), one, table));
      inMember(
          i,
          () -> {
            checkForm(one, table.definition().keys());
            return true;
          });
    }
    Consumed.Detail detail = Consumed.Detail.of(call.members());
    return members.get(0).writes() ? write(call, members, detail) : read(members, detail);
  }

  private static <T> T inMember(int index, Supplier<T> work) {
    try {
      return work.get();
    } catch (AwsError e) {
      throw new AwsError(
          e.status(),
          e.code(),
          "Validation failed in " + STATEMENTS + "[" + index + "]: " + e.text());
    }
  }

  /** What a statement has to say in a transaction, whatever the values are. */
  private static void checkForm(Prepared prepared, KeySchema keys) {
    Statement statement = prepared.statement();
    if (statement instanceof Statement.Select select) {
      if (select.source().index() != null) {
        throw Malformed.refused("Reads on indices are not supported within transactions.");
      }
      KeyedRead.whereOf(prepared, select, keys, NEEDS_KEY);
    } else if (statement instanceof Statement.Exists exists) {
      Write.whereOf(exists, keys, prepared.literals());
    } else if (statement instanceof Statement.Update update) {
      requireNoReturning(update.returning());
      WhereKey.required(update.where(), keys, prepared.literals());
    } else if (statement instanceof Statement.Delete delete) {
      requireNoReturning(delete.returning());
      WhereKey.required(delete.where(), keys, prepared.literals());
    }
  }

  private static void requireNoReturning(Statement.@Nullable Returning returning) {
    if (returning != null) {
      throw Malformed.refused("RETURNING clause is not supported in ExecuteTransaction.");
    }
  }

  private Answer write(ModelCall call, List<Member> members, Consumed.Detail detail) {
    AtomicReference<Map<DynamoTable, Consumed>> done = new AtomicReference<>();
    List<ReadTransaction.Target> written =
        tokens.once(
            call.region(),
            call.members().textOrNull("ClientRequestToken"),
            () -> call.members().fingerprint(STATEMENTS),
            members.stream().map(Member::table).toList(),
            () -> {
              List<Write> writes =
                  each(members, one -> Write.of(one.prepared(), one.table(), one.tellsOld()));
              done.set(write(writes, detail));
              return WriteTransaction.targets(writes.stream().map(Write::item).toList());
            });
    Map<DynamoTable, Consumed> now = done.get();
    Map<DynamoTable, Consumed> consumed =
        now == null ? WriteTransaction.again(written, detail) : now;
    return json -> {
      json.writeArrayFieldStart("Responses");
      json.writeEndArray();
      Consumed.write(json, consumed.values(), detail);
    };
  }

  private static Map<DynamoTable, Consumed> write(List<Write> writes, Consumed.Detail detail) {
    try {
      return WriteTransaction.run(writes.stream().map(Write::item).toList(), detail);
    } catch (AwsError e) {
      throw withDuplicates(e, writes);
    }
  }

  /** Looks at each statement; what is wrong with the values of one cancels the transaction. */
  private static <T> List<T> each(List<Member> members, Function<Member, T> look) {
    Cancellation cancellation = new Cancellation();
    List<T> results = new ArrayList<>();
    for (Member member : members) {
      try {
        results.add(look.apply(member));
        cancellation.none();
      } catch (AwsError e) {
        cancellation.refused(e);
      }
    }
    cancellation.check();
    return results;
  }

  /** An INSERT of an item that is there is no condition that failed, but a duplicate. */
  private static AwsError withDuplicates(AwsError error, List<Write> writes) {
    JsonNode reasons = error.members().get("CancellationReasons");
    if (reasons == null) {
      return error;
    }
    List<String> codes = new ArrayList<>();
    for (int i = 0; i < reasons.size(); i++) {
      ObjectNode reason = (ObjectNode) reasons.get(i);
      if (writes.get(i).inserts()
          && "ConditionalCheckFailed".equals(reason.path("Code").asText())) {
        reason.put("Code", "DuplicateItem").put("Message", Write.DUPLICATE);
      }
      codes.add(reason.path("Code").asText());
    }
    String text = error.text();
    return AwsError.badRequest(error.code(), text.substring(0, text.indexOf('[')) + codes)
        .with("CancellationReasons", reasons);
  }

  private static Answer read(List<Member> members, Consumed.Detail detail) {
    List<KeyedRead> reads =
        each(
            members,
            one ->
                KeyedRead.of(
                    one.prepared(),
                    (Statement.Select) one.prepared().statement(),
                    one.table(),
                    NEEDS_KEY));
    List<ReadTransaction.Target> targets =
        reads.stream().map(read -> new ReadTransaction.Target(read.table(), read.key())).toList();
    List<@Nullable StoredItem> items = ReadTransaction.run(targets);
    Map<DynamoTable, Consumed> consumed = ReadTransaction.consumed(targets, items, detail);
    return json -> {
      json.writeArrayFieldStart("Responses");
      for (int i = 0; i < reads.size(); i++) {
        json.writeStartObject();
        StoredItem item = items.get(i);
        Map<String, Value> columns = item == null ? Map.of() : reads.get(i).columns(item);
        if (!columns.isEmpty()) {
          json.writeFieldName("Item");
          ValueWriter.write(json, columns);
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      Consumed.write(json, consumed.values(), detail);
    };
  }
}
