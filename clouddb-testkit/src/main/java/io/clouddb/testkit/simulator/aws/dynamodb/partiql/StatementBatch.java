/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import com.fasterxml.jackson.core.JsonGenerator;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTables;
import io.clouddb.testkit.simulator.aws.dynamodb.item.Consumed;
import io.clouddb.testkit.simulator.aws.dynamodb.item.ReadTransaction;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
  private record Member(Members members, @Nullable Prepared prepared, @Nullable AwsError wrong) {}

  /** What it is to do, once its table is found, or what is wrong with that. */
  private record Looked(
      Member member,
      @Nullable DynamoTable table,
      @Nullable KeyedRead read,
      @Nullable Write write,
      @Nullable AwsError wrong) {
    @Nullable ItemKey key() {
      if (read != null) {
        return read.key();
      }
      return write == null ? null : write.item().key();
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
    List<Looked> all = batch.stream().map(one -> looked(call.region(), one)).toList();
    requireOnce(all);
    Map<DynamoTable, Consumed> consumed = new LinkedHashMap<>();
    List<Response> responses = new ArrayList<>();
    for (Looked one : all) {
      responses.add(response(one, consumed, detail));
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
          "Read and write requests together in the same batch is not supported.");
    }
  }

  /** What of a statement can be told before any is run. */
  private Looked looked(String region, Member member) {
    Prepared prepared = member.prepared();
    if (prepared == null) {
      return new Looked(member, null, null, null, member.wrong());
    }
    DynamoTable table = null;
    try {
      if (prepared.statement() instanceof Statement.Exists) {
        throw Malformed.refused("EXISTS can only be used in ExecuteTransaction write requests.");
      }
      table = tables.usable(region, prepared.statement().source().table());
      if (prepared.statement() instanceof Statement.Select select) {
        KeyedRead read = KeyedRead.of(prepared, select, table, NEEDS_KEY);
        return new Looked(member, table, read, null, null);
      }
      // The service tells no item here, whatever it is asked for.
      return new Looked(member, table, null, Write.of(prepared, table, false), null);
    } catch (AwsError e) {
      return new Looked(member, table, null, null, e);
    }
  }

  private static void requireOnce(List<Looked> all) {
    Set<ReadTransaction.Target> targets = new HashSet<>();
    for (Looked one : all) {
      ItemKey key = one.key();
      if (one.table() != null
          && key != null
          && !targets.add(new ReadTransaction.Target(one.table(), key))) {
        throw Malformed.refused("Provided list of item keys contains duplicates");
      }
    }
  }

  private static Response response(
      Looked one, Map<DynamoTable, Consumed> all, Consumed.Detail detail) {
    DynamoTable table = one.table();
    if (table == null) {
      return new Response(null, Map.of(), one.wrong());
    }
    Consumed consumed = all.computeIfAbsent(table, t -> new Consumed(t, 1, detail));
    if (one.wrong() != null) {
      return new Response(null, Map.of(), one.wrong());
    }
    try {
      if (one.read() != null) {
        boolean consistent = one.member().members().flag("ConsistentRead");
        return new Response(table.name(), one.read().read(consumed, consistent), null);
      }
      Write write = Objects.requireNonNull(one.write());
      return new Response(table.name(), write.run(consumed), null);
    } catch (AwsError e) {
      return new Response(one.read() == null ? table.name() : null, Map.of(), e);
    }
  }

  private static void write(JsonGenerator json, Response response) throws IOException {
    json.writeStartObject();
    AwsError error = response.error();
    if (error != null) {
      json.writeObjectFieldStart("Error");
      json.writeStringField("Code", code(error));
      json.writeStringField("Message", error.text());
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
