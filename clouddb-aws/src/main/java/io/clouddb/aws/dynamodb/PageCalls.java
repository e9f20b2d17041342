/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.spi.table.TableData.Items;
import io.clouddb.table.AttributePath;
import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.Key;
import io.clouddb.table.KeyAttribute;
import io.clouddb.table.Query;
import io.clouddb.table.Scan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/** Pages of queries and scans. */
final class PageCalls {
  private final DynamoCalls calls;
  private final TableKeys keys;

  PageCalls(DynamoCalls calls, TableKeys keys) {
    this.calls = calls;
    this.keys = keys;
  }

  CompletionStage<Items> query(Query query, @Nullable String position, int most) {
    String index = query.index().orElse(null);
    List<KeyAttribute> attributes = keys.position(index);
    Key key = keys.read(index);
    QueryRequest.Builder request =
        QueryRequest.builder()
            .tableName(calls.table())
            .indexName(index)
            .exclusiveStartKey(Position.parse(position, attributes));
    Expression expression = new Expression(keys.partitionName());
    request.keyConditionExpression(expression.key(key, query));
    Condition filter = query.filter().orElse(null);
    if (filter != null) {
      requireNoKey(filter, key);
      request.filterExpression(expression.condition(filter));
    }
    request
        .expressionAttributeNames(expression.names())
        .expressionAttributeValues(expression.values());
    if (query.isConsistent()) {
      keys.requireConsistent(index);
      request.consistentRead(true);
    }
    if (query.isDescending()) {
      request.scanIndexForward(false);
    }
    if (most > 0) {
      request.limit(most);
    }
    QueryRequest page = request.build();
    return calls.read(
        "dynamodb.Query",
        client -> client.query(page),
        answer -> items(answer.items(), answer.lastEvaluatedKey(), attributes));
  }

  CompletionStage<Items> scan(Scan scan, int segment, @Nullable String position) {
    String index = scan.index().orElse(null);
    List<KeyAttribute> attributes = keys.position(index);
    ScanRequest.Builder request =
        ScanRequest.builder()
            .tableName(calls.table())
            .indexName(index)
            .exclusiveStartKey(Position.parse(position, attributes));
    Condition filter = scan.filter().orElse(null);
    if (filter != null) {
      Expression expression = new Expression(keys.partitionName());
      request
          .filterExpression(expression.condition(filter))
          .expressionAttributeNames(expression.names())
          .expressionAttributeValues(expression.values());
    }
    if (scan.isConsistent()) {
      keys.requireConsistent(index);
      request.consistentRead(true);
    }
    if (scan.pageSize() > 0) {
      request.limit(scan.pageSize());
    }
    if (scan.segments() > 1) {
      request.segment(segment).totalSegments(scan.segments());
    }
    ScanRequest page = request.build();
    return calls.read(
        "dynamodb.Scan",
        client -> client.scan(page),
        answer -> items(answer.items(), answer.lastEvaluatedKey(), attributes));
  }

  private static Items items(
      List<Map<String, AttributeValue>> found,
      Map<String, AttributeValue> last,
      List<KeyAttribute> attributes) {
    List<Item> items = new ArrayList<>(found.size());
    for (Map<String, AttributeValue> item : found) {
      items.add(AttributeValues.item(item));
    }
    return new Items(items, Position.of(last, attributes));
  }

  /** DynamoDB refuses a filter by what the range of the query is for. */
  private void requireNoKey(Condition condition, Key key) {
    if (condition instanceof Condition.And and) {
      and.all().forEach(one -> requireNoKey(one, key));
    } else if (condition instanceof Condition.Or or) {
      or.any().forEach(one -> requireNoKey(one, key));
    } else if (condition instanceof Condition.Not not) {
      requireNoKey(not.condition(), key);
    } else {
      requireNoKey(attribute(condition), key);
    }
  }

  private static void requireNoKey(String attribute, Key key) {
    if (attribute.equals(key.partition().name())
        || key.sort().filter(sort -> attribute.equals(sort.name())).isPresent()) {
      throw Refused.invalid(
          "A filter of a query of DynamoDB cannot speak of the key, of which '"
              + attribute
              + "' is a part; say it by the query's range");
    }
  }

  private String attribute(Condition condition) {
    AttributePath path = path(condition);
    return path == null ? keys.partitionName() : path.attribute();
  }

  /** Gives null for the item itself. */
  private static @Nullable AttributePath path(Condition condition) {
    if (condition instanceof Condition.Exists exists) {
      return exists.path();
    } else if (condition instanceof Condition.NotExists notExists) {
      return notExists.path();
    } else if (condition instanceof Condition.IsOfType type) {
      return type.path();
    } else if (condition instanceof Condition.Compares compares) {
      return compares.path();
    } else if (condition instanceof Condition.BeginsWith begins) {
      return begins.path();
    } else if (condition instanceof Condition.Contains contains) {
      return contains.path();
    } else if (condition instanceof Condition.In in) {
      return in.path();
    }
    return null;
  }
}
