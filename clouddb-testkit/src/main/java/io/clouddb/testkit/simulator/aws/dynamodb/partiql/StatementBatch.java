/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTables;
import io.clouddb.testkit.simulator.aws.dynamodb.item.Consumed;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.tables.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Several statements, each by itself: {@code BatchExecuteStatement}. */
final class StatementBatch {
  private static final String NEEDS_KEY =
      "Select statements within BatchExecuteStatement must specify the primary key in the where"
          + " clause.";

  private final DynamoTables tables;

  StatementBatch(DynamoTables tables) {
    this.tables = tables;
  }

  /** A statement of a batch, or what is wrong with it. */
  private record Member(Members members, @Nullable Prepared prepared, @Nullable AwsError wrong) {
    boolean tellsOld() {
      return "ALL_OLD".equals(members.textOrNull("ReturnValuesOnConditionCheckFailure"));
    }
  }

  /** What became of one; its table is known once it reached it. */
  private record Response(
      @Nullable String table, Map<String, Value> item, @Nullable AwsError error) {}

  Answer execute(ModelCall call) {
    Consumed.Detail detail = Consumed.Detail.of(call.members());
    List<Member> batch = new ArrayList<>();
    for (Members members : call.members().structures("Statements")) {
      try {
        batch.add(new Member(members, StatementActions.prepared(members), null));
      } catch (AwsError e) {
        batch.add(new Member(members, null, e));
      }
    }
    requireOneKind(batch);
    Map<DynamoTable, Consumed> consumed = new LinkedHashMap<>();
    List<Response> responses = new ArrayList<>();
    for (Member member : batch) {
      responses.add(response(call.region(), member, consumed, detail));
    }
    return json -> {
      json.writeArrayFieldStart("Responses");
      for (Response response : responses) {
        write(json, response);
      }
      json.writeEndArray();
      Consumed.write(json, consumed.values(), detail);
    };
  }

  private static void requireOneKind(List<Member> batch) {
    long kinds =
        batch.stream()
            .map(Member::prepared)
            .filter(prepared -> prepared != null)
            .map(prepared -> prepared.statement().writes())
            .distinct()
            .count();
    if (kinds > 1) {
      throw Malformed.refused(
          "BatchExecuteStatement API does not support both read and write operations in the same"
              + " request.");
    }
  }

  private Response response(
      String region, Member member, Map<DynamoTable, Consumed> all, Consumed.Detail detail) {
    Prepared prepared = member.prepared();
    if (prepared == null) {
      return new Response(null, Map.of(), member.wrong());
    }
    DynamoTable table;
    try {
      if (prepared.statement() instanceof Statement.Exists) {
        throw Malformed.refused("EXISTS can only be used in ExecuteTransaction write requests.");
      }
      table = tables.usable(region, prepared.statement().source().table());
    } catch (AwsError e) {
      return new Response(null, Map.of(), e);
    }
    Consumed consumed = all.computeIfAbsent(table, t -> new Consumed(t, 1, detail));
    boolean ran = false;
    try {
      if (prepared.statement() instanceof Statement.Select select) {
        boolean consistent = member.members().flag("ConsistentRead");
        return new Response(
            table.name(),
            KeyedRead.of(prepared, select, table, NEEDS_KEY).read(consumed, consistent),
            null);
      }
      Write write = Write.of(prepared, table, member.tellsOld());
      ran = true;
      return new Response(table.name(), write.run(consumed), null);
    } catch (AwsError e) {
      return new Response(ran ? table.name() : null, Map.of(), e);
    }
  }

  private static void write(JsonGenerator json, Response response) throws IOException {
    json.writeStartObject();
    AwsError error = response.error();
    if (error != null) {
      json.writeObjectFieldStart("Error");
      json.writeStringField("Code", code(error));
      json.writeStringField("Message", error.text());
      JsonNode item = error.members().get("Item");
      if (item != null) {
        json.writeFieldName("Item");
        json.writeTree(item);
      }
      json.writeEndObject();
    }
    if (response.table() != null) {
      json.writeStringField("TableName", response.table());
    }
    if (!response.item().isEmpty()) {
      json.writeFieldName("Item");
      ValueWriter.write(json, response.item());
    }
    json.writeEndObject();
  }

  private static String code(AwsError error) {
    return switch (error.code()) {
      case "ValidationException" -> "ValidationError";
      case "ThrottlingException" -> "ThrottlingError";
      case "InternalServerError" -> "InternalServerError";
      default -> error.code().replaceFirst("Exception$", "");
    };
  }
}
