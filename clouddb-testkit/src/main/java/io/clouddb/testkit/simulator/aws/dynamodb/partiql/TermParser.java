/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Term.Step;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Token.Kind;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Token.Position;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads expressions. */
final class TermParser {
  private static final Set<String> OPERATORS =
      Set.of(
          "is", "like", "in", "between", "and", "or", "=", "<>", "!=", "<", "<=", ">", ">=", "*",
          "/", "%", "||");
  private static final Set<String> WORDS = Set.of("true", "false", "null", "missing");

  /** What can be tested for; of names that are two words, only the whole is one. */
  private static final Set<String> TYPES =
      Set.of(
          "null",
          "missing",
          "bool",
          "boolean",
          "smallint",
          "int",
          "int4",
          "int8",
          "integer",
          "float",
          "real",
          "double precision",
          "decimal",
          "numeric",
          "timestamp",
          "char",
          "character",
          "varchar",
          "character varying",
          "string",
          "symbol",
          "clob",
          "blob",
          "struct",
          "tuple",
          "list",
          "sexp",
          "bag",
          "date",
          "time",
          "any");

  /**
   * Of parentheses, of values and of the right sides of operators in each other. A level takes six
   * frames of the stack at most: for this many, a quarter of what a thread has, whatever is
   * compiled.
   */
  private static final int MAX_DEPTH = 128;

  private static final int OR = 1;
  private static final int AND = 2;
  private static final int NOT = 3;
  private static final int COMPARISON = 4;
  private static final int SUM = 5;
  private static final int PRODUCT = 6;

  /** How tightly operators bind that have an operand on either side. */
  private static final Map<String, Integer> LEVELS =
      Map.ofEntries(
          Map.entry("or", OR),
          Map.entry("and", AND),
          Map.entry("is", COMPARISON),
          Map.entry("in", COMPARISON),
          Map.entry("between", COMPARISON),
          Map.entry("like", COMPARISON),
          Map.entry("=", COMPARISON),
          Map.entry("<>", COMPARISON),
          Map.entry("!=", COMPARISON),
          Map.entry("<", COMPARISON),
          Map.entry("<=", COMPARISON),
          Map.entry(">", COMPARISON),
          Map.entry(">=", COMPARISON),
          Map.entry("+", SUM),
          Map.entry("-", SUM),
          Map.entry("||", SUM),
          Map.entry("*", PRODUCT),
          Map.entry("/", PRODUCT),
          Map.entry("%", PRODUCT));

  private static final BigDecimal LARGEST_INDEX = BigDecimal.valueOf(999_999_999);

  private final Tokens tokens;
  private int parameters;
  private int depth;

  TermParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /** How many parameters were read. */
  int parameters() {
    return parameters;
  }

  /** Reads an expression, of any kind. */
  Term term() {
    return reading(OR);
  }

  /** Keeps the reader's own stack small. */
  private Term reading(int least) {
    if (++depth > MAX_DEPTH) {
      throw Malformed.statement("The nesting is too deep");
    }
    Term term = operators(least);
    depth--;
    return term;
  }

  /** Reads operands and the operators between them that bind at least so tightly. */
  private Term operators(int least) {
    int most = PRODUCT;
    Term left;
    if (least <= NOT && tokens.at("not")) {
      Token not = tokens.take();
      left = new Term.Prefix("not", reading(NOT), not.at());
      most = AND;
    } else {
      left = sign();
    }
    for (int level = level(); level >= least && level <= most; level = level()) {
      left = level == COMPARISON ? comparison(left) : infix(left, level);
      most = level;
    }
    return left;
  }

  /** Of the operator that follows; 0 for none. */
  private int level() {
    Token token = tokens.peek();
    if (token.kind() != Kind.SYMBOL && token.kind() != Kind.KEYWORD) {
      return 0;
    }
    return token.is("not") && isWordOfRange(tokens.peekAfter())
        ? COMPARISON
        : LEVELS.getOrDefault(token.text(), 0);
  }

  private Term infix(Term left, int level) {
    Token operator = tokens.take();
    String same = operator.is("!=") ? "<>" : operator.text();
    return new Term.Infix(same, left, right(level + 1), operator.at());
  }

  private Term right(int least) {
    if (tokens.peek().isEnd()) {
      throw Malformed.statement("Missing right-hand side expression of infix operator");
    }
    return reading(least);
  }

  private Term comparison(Term left) {
    if (tokens.at("is")) {
      return isType(left);
    }
    if (tokens.at("not")) {
      Token not = tokens.take();
      return new Term.Prefix("not", range(left), not.at());
    }
    return isWordOfRange(tokens.peek()) ? range(left) : infix(left, COMPARISON);
  }

  private static boolean isWordOfRange(Token token) {
    return token.is("in") || token.is("between") || token.is("like");
  }

  private Term range(Term left) {
    Token operator = tokens.take();
    if (operator.is("between")) {
      Term low = right(SUM);
      tokens.expect("and");
      return new Term.Between(left, low, right(SUM), operator.at());
    }
    return new Term.Infix(operator.text(), left, right(SUM), operator.at());
  }

  private Term isType(Term left) {
    Position at = tokens.take().at();
    boolean negated = tokens.takeIf("not");
    Token first = tokens.peek();
    String type = first.text().toLowerCase(Locale.ROOT);
    if (first.kind() != Kind.KEYWORD && first.kind() != Kind.NAME) {
      throw Malformed.statement("Expected type name");
    }
    tokens.take();
    String both = type + " " + tokens.peek().text().toLowerCase(Locale.ROOT);
    if (TYPES.contains(both)) {
      tokens.take();
      type = both;
    }
    if (!TYPES.contains(type)) {
      throw Malformed.statement("Expected type name");
    }
    Term tested = new Term.IsType(left, type, at);
    return negated ? new Term.Prefix("not", tested, at) : tested;
  }

  private Term sign() {
    if (!tokens.at("-") && !tokens.at("+")) {
      return primary();
    }
    Token sign = tokens.take();
    Term term = reading(PRODUCT + 1);
    if (term instanceof Term.Num number) {
      BigDecimal value = sign.is("-") ? number.number().negate() : number.number();
      return new Term.Num(value, number.at());
    }
    return new Term.Prefix(sign.text(), term, sign.at());
  }

  private Term primary() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case STRING -> new Term.Text(tokens.take().text(), token.at());
      case NUMBER -> new Term.Num(new BigDecimal(tokens.take().text()), token.at());
      case NAME, QUOTED -> isCall(token) ? call() : path();
      case KEYWORD -> keyword(token);
      case SYMBOL -> symbol(token);
      case END -> throw Malformed.statement("Unexpected term");
    };
  }

  private boolean isCall(Token token) {
    return token.kind() != Kind.QUOTED && tokens.peekAfter().is("(");
  }

  private Term keyword(Token token) {
    if (WORDS.contains(token.text())) {
      tokens.take();
      return new Term.Word(token.text(), token.at());
    }
    if (OPERATORS.contains(token.text())) {
      throw Malformed.statement("Unexpected operator");
    }
    if (token.is("from")) {
      // What begins so is a statement that changes data, and none follows here.
      throw Malformed.statement("Expected data manipulation");
    }
    if (isCall(token)) {
      return call();
    }
    throw Malformed.statement("Unexpected keyword");
  }

  private Term symbol(Token token) {
    return switch (token.text()) {
      case "(" -> group();
      case "{" -> members();
      case "[" -> {
        tokens.take();
        yield new Term.Items(terms("]"), token.at());
      }
      case "<<" -> {
        tokens.take();
        yield new Term.Bag(terms(">>"), token.at());
      }
      case "?" -> {
        tokens.take();
        yield new Term.Parameter(parameters++, token.at());
      }
      default ->
          throw Malformed.statement(
              OPERATORS.contains(token.text()) ? "Unexpected operator" : "Unexpected term");
    };
  }

  /** One in parentheses is itself, several are a list. */
  private Term group() {
    Token open = tokens.take();
    Term first = term();
    if (!tokens.at(",")) {
      tokens.expect(")");
      return first;
    }
    List<Term> all = new ArrayList<>(List.of(first));
    while (tokens.takeIf(",")) {
      all.add(term());
    }
    tokens.expect(")");
    return new Term.Items(all, open.at());
  }

  private List<Term> terms(String close) {
    List<Term> terms = new ArrayList<>();
    if (tokens.takeIf(close)) {
      return terms;
    }
    do {
      terms.add(term());
    } while (tokens.takeIf(","));
    tokens.expect(close);
    return terms;
  }

  private Term members() {
    Token open = tokens.take();
    Map<String, Term> members = new LinkedHashMap<>();
    if (!tokens.takeIf("}")) {
      do {
        Token name = tokens.take();
        if (name.kind() != Kind.STRING) {
          throw Malformed.statement("Expected STRING");
        }
        tokens.expect(":");
        members.put(name.text(), term());
      } while (tokens.takeIf(","));
      tokens.expect("}");
    }
    return new Term.Members(members, open.at());
  }

  private Term call() {
    Token function = tokens.take();
    tokens.expect("(");
    List<Term> arguments = new ArrayList<>();
    if (tokens.at("*")) {
      // The star of count(*), which no function of the service takes.
      arguments.add(new Term.Word("*", tokens.take().at()));
      tokens.expect(")");
    } else {
      arguments = terms(")");
    }
    String name = function.text().toLowerCase(Locale.ROOT);
    return new Term.Call(name, arguments, function.at());
  }

  /** Reads an attribute, or what is in one. */
  Term.Path path() {
    Token root = tokens.take();
    if (!root.isName()) {
      throw Malformed.statement("Expected identifier for simple path");
    }
    List<Step> steps = new ArrayList<>();
    while (tokens.at(".") || tokens.at("[")) {
      steps.add(tokens.takeIf(".") ? member() : index());
    }
    return new Term.Path(root.text(), steps, root.at());
  }

  private Step member() {
    Token name = tokens.take();
    if (!name.isName()) {
      throw Malformed.statement("Invalid path dot component");
    }
    return new Step.Member(name.text());
  }

  private Step index() {
    tokens.take();
    if (tokens.peek().kind() == Kind.STRING) {
      Step step = new Step.Member(tokens.take().text());
      tokens.expect("]");
      return step;
    }
    boolean negative = tokens.takeIf("-");
    Token number = tokens.take();
    if (number.kind() != Kind.NUMBER) {
      throw Malformed.statement("Invalid path component");
    }
    BigDecimal index = new BigDecimal(number.text());
    index = negative ? index.negate() : index;
    tokens.expect("]");
    if (index.signum() < 0 || index.scale() > 0 || index.compareTo(LARGEST_INDEX) > 0) {
      throw Malformed.refused(
          "List index is not within the allowable range; index: ["
              + (negative ? "-" : "")
              + number.text()
              + "] at "
              + number.at());
    }
    return new Step.Index(index.intValueExact());
  }
}
