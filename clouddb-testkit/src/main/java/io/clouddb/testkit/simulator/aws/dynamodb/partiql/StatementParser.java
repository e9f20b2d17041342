/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Statement.Change;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Statement.Order;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Statement.Returning;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Statement.Select;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Statement.Source;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a statement. */
final class StatementParser {
  private static final String LEFT_OVER = "Unexpected token after expression";
  private static final Set<String> CLAUSES = Set.of("group", "having", "limit", "offset", "let");
  private static final Set<String> JOINS =
      Set.of(",", "join", "inner", "cross", "left", "right", "full", "natural");

  private final Tokens tokens;
  private final TermParser terms;

  private StatementParser(Tokens tokens) {
    this.tokens = tokens;
    this.terms = new TermParser(tokens);
  }

  /**
   * Reads a statement.
   *
   * @param text the statement
   * @param given how many parameters come with it
   * @return what it says
   */
  static Statement parse(String text, int given) {
    StatementParser parser = new StatementParser(new Tokens(Lexer.cut(text)));
    Statement statement = parser.whole();
    if (parser.terms.parameters() != given) {
      throw Malformed.refused("Number of parameters in request and statement don't match.");
    }
    return statement;
  }

  private Statement whole() {
    Token first = tokens.peek();
    String word = first.kind() == Kind.KEYWORD ? first.text() : "";
    Statement statement =
        switch (word) {
          case "select" -> select();
          case "insert" -> insert();
          case "update" -> update();
          case "delete" -> delete();
          case "from" -> updateFrom();
          case "exists" -> exists();
          default -> throw bare();
        };
    end();
    return statement;
  }

  private void end() {
    tokens.takeIf(";");
    if (tokens.peek().kind() != Kind.END) {
      throw Malformed.statement(LEFT_OVER);
    }
  }

  /** An expression is no statement. */
  private RuntimeException bare() {
    Term term = terms.term();
    end();
    return Malformed.refused(
        "Unsupported operation: " + (term instanceof Term.IsType ? "IsType" : "Query"));
  }

  private Select select() {
    tokens.expect("select");
    if (tokens.at("distinct") || tokens.at("value") || tokens.at("all")) {
      Token unsupported = tokens.peek();
      throw Malformed.refused(
          "Unsupported clause: SELECT "
              + unsupported.text().toUpperCase(Locale.ROOT)
              + " at "
              + unsupported.at());
    }
    List<Term.Path> projection = new ArrayList<>();
    if (!tokens.takeIf("*")) {
      do {
        projection.add(projected());
      } while (tokens.takeIf(","));
    }
    if (!tokens.at("from")) {
      throw Malformed.statement(LEFT_OVER);
    }
    tokens.take();
    if (!tokens.peek().isName()) {
      throw Malformed.statement(
          tokens.peek().kind() == Kind.KEYWORD ? "Unexpected keyword" : "Unexpected term");
    }
    Source source = source();
    if (JOINS.contains(tokens.peek().text()) && !tokens.peek().isName()) {
      throw Malformed.refused("Unexpected from source");
    }
    Term where = where();
    List<Order> order = order();
    Token rest = tokens.peek();
    if ((rest.kind() == Kind.KEYWORD || rest.kind() == Kind.NAME)
        && CLAUSES.contains(rest.text().toLowerCase(Locale.ROOT))) {
      // The position is that of the clause's expression.
      throw Malformed.refused(
          "Unsupported clause: "
              + rest.text().toUpperCase(Locale.ROOT)
              + " at "
              + tokens.peekAfter().at());
    }
    return new Select(projection, source, where, order);
  }

  private Term.Path projected() {
    Term term = terms.term();
    if (tokens.at("as") || tokens.peek().isName()) {
      throw Malformed.refused("Aliasing is not supported");
    }
    if (term instanceof Term.Path path) {
      return path;
    }
    throw Malformed.refused("Unexpected path component at " + term.at());
  }

  private List<Order> order() {
    List<Order> order = new ArrayList<>();
    if (tokens.takeIf("order")) {
      tokens.expect("by");
      do {
        Term.Path path = terms.path();
        boolean descending = tokens.takeIf("desc");
        if (!descending) {
          tokens.takeIf("asc");
        }
        order.add(new Order(path, descending));
      } while (tokens.takeIf(","));
    }
    return order;
  }

  private @Nullable Term where() {
    return tokens.takeIf("where") ? terms.term() : null;
  }

  /** Reads the table that something is done with, which has no other name. */
  private Source source() {
    Source source =
        sourceOf(components(), "A path may contain at most 2 components in the FROM clause");
    if (tokens.at("as") || tokens.peek().isName()) {
      throw Malformed.refused("Aliasing is not supported");
    }
    return source;
  }

  private List<String> components() {
    List<String> names = new ArrayList<>();
    do {
      Token name = tokens.take();
      if (!name.isName()) {
        throw Malformed.statement(
            names.isEmpty() ? "Expected identifier for simple path" : "Invalid path dot component");
      }
      names.add(name.text());
    } while (tokens.takeIf("."));
    return names;
  }

  private static Source sourceOf(List<String> names, String tooMany) {
    if (names.size() > 2) {
      throw Malformed.refused(tooMany);
    }
    if (names.contains("")) {
      throw Malformed.refused("Path component cannot be an empty string");
    }
    return new Source(names.get(0), names.size() == 2 ? names.get(1) : null);
  }

  private Statement insert() {
    tokens.expect("insert");
    tokens.expect("into");
    List<String> names = components();
    if (names.size() > 1) {
      throw Malformed.refused("FROM clause may only contain a single table name");
    }
    Source source = sourceOf(names, "");
    if (!tokens.takeIf("value")) {
      // Several items in a bag, which the language has and the service has not.
      terms.term();
      end();
      throw Malformed.refused("Unsupported operation: Insert");
    }
    return new Statement.Insert(source, terms.term());
  }

  private Statement update() {
    tokens.expect("update");
    Source source = source();
    List<Change> changes = changes();
    Term where = where();
    return new Statement.Update(source, changes, where, returning());
  }

  /** The same with its source and its condition first. */
  private Statement updateFrom() {
    tokens.expect("from");
    Source source = source();
    Term where = where();
    List<Change> changes = changes();
    return new Statement.Update(source, changes, where, returning());
  }

  private List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    while (tokens.at("set") || tokens.at("remove")) {
      if (tokens.takeIf("remove")) {
        changes.add(new Change(terms.path(), null));
        continue;
      }
      tokens.take();
      do {
        Term.Path path = terms.path();
        tokens.expect("=");
        changes.add(new Change(path, terms.term()));
      } while (tokens.takeIf(","));
    }
    if (changes.isEmpty()) {
      throw Malformed.statement("Expected data manipulation");
    }
    return changes;
  }

  private Statement delete() {
    tokens.expect("delete");
    tokens.expect("from");
    Source source = source();
    Term where = where();
    return new Statement.Delete(source, where, returning());
  }

  private @Nullable Returning returning() {
    if (!tokens.takeIf("returning")) {
      return null;
    }
    boolean all = tokens.takeIf("all");
    if (!all) {
      tokens.expect("modified");
    }
    boolean old = tokens.takeIf("old");
    if (!old) {
      tokens.expect("new");
    }
    tokens.expect("*");
    if (all) {
      return old ? Returning.ALL_OLD : Returning.ALL_NEW;
    }
    return old ? Returning.MODIFIED_OLD : Returning.MODIFIED_NEW;
  }

  private Statement exists() {
    tokens.expect("exists");
    tokens.expect("(");
    Select select = select();
    tokens.expect(")");
    return new Statement.Exists(select);
  }
}
