/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.architecture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the names in a statement, or in a part of one, that the server looks up in the search path.
 * It knows of PostgreSQL's grammar what tells a name from a word of the language, and errs towards
 * finding too much.
 */
final class SqlNames {
  private enum Kind {
    WORD,
    QUOTED,
    TEXT,
    NUMBER,
    OPERATOR,
    QUALIFIED,
    OTHER
  }

  private record Token(Kind kind, String text, boolean spaceBefore) {
    boolean is(String... words) {
      return Arrays.asList(words).contains(text);
    }

    boolean isName() {
      return kind == Kind.WORD || kind == Kind.QUOTED;
    }
  }

  private static final Token NONE = new Token(Kind.OTHER, "", true);

  private static final Pattern TOKENS =
      Pattern.compile(
          "(?<skip>\\s+|--[^\\n]*|\\$\\w*\\$)|(?<qualified>OPERATOR\\(\\w+\\.[^)]+\\))|(?<any>\u0001|%(?:\\d+\\$)?[sdIL])"
              + "|(?<text>[eE]?'(?:[^']|'')*+')|(?<quoted>\"[^\"]*\")|(?<word>[A-Za-z_]\\w*)"
              + "|(?<number>\\d[\\d.]*)|(?<other>::|:=|=>|[(),;.\\[\\]:?{}\\\\']|[^\\x00-\\x7f])"
              + "|(?<operator>[-+*/<>=~!@#%^&|`]+)|(?<rest>.)",
          Pattern.DOTALL);

  /** Words that are followed by a parenthesis and are not looked up as functions. */
  private static final Set<String> NO_FUNCTIONS =
      words(
          "all and any array as between bit by cast char character check coalesce columns decimal"
              + " distinct except exists extract filter float from greatest grouping having in"
              + " include interval into join key lateral least materialized not nullif numeric on"
              + " operator or over partition recursive references returning row select set some"
              + " then time timestamp union unique using values varchar when where with within");

  /** Types that the grammar itself takes from {@code pg_catalog}. */
  private static final Set<String> TYPES_OF_THE_GRAMMAR =
      words(
          "bigint bit boolean char character dec decimal double float int integer interval national"
              + " nchar numeric real smallint time timestamp varchar");

  /** Types that are looked up, and are seldom called like a column. */
  private static final Set<String> TYPES =
      words(
          "bool bytea cidr inet int2 int4 int8 float4 float8 json jsonb oid pg_lsn regclass regproc"
              + " regprocedure regtype regrole regnamespace text timestamptz uuid xid xid8 xml");

  /** Of this library's, which messages name with their parentheses. */
  private static final Set<String> METHODS = Set.of("abort", "rollback", "finish");

  private static final Set<String> BEFORE_A_RELATION =
      Set.of("FROM", "JOIN", "INTO", "UPDATE", "TABLE", "TRUNCATE", "REFERENCES", "ONLY", "COPY");

  private static final Set<String> END_OF_FROM =
      words(
          "WHERE GROUP ORDER HAVING LIMIT UNION EXCEPT RETURNING FOR SELECT SET VALUES WINDOW WITH");

  private static final Set<String> STATEMENT =
      words(
          "SELECT FROM WHERE INSERT UPDATE DELETE VALUES CREATE ALTER JOIN CASE EXISTS RETURNING CAST"
              + " OPERATOR COPY TRUNCATE AND OR ON COLLATE BEGIN IF IN LIKE NOT ::");

  private static final Pattern ANY_OPERATOR = Pattern.compile("");
  private static final Pattern SELDOM_IN_PROSE = Pattern.compile("[=<>~|@&]");

  private static final Set<String> LOOK_OPERATORS_UP =
      Set.of("LIKE", "ILIKE", "SIMILAR", "BETWEEN", "NULLIF", "OVERLAPS");

  private final List<Token> tokens;
  private final Collection<String> known;
  private final List<String> found = new ArrayList<>();

  private SqlNames(List<Token> tokens, Collection<String> known) {
    this.tokens = tokens;
    this.known = known;
  }

  /** The names of a text's own: those of WITH, which stand for no relation. */
  static Set<String> ownNames(String sql) {
    SqlNames text = new SqlNames(tokens(sql), Set.of());
    Set<String> names = new HashSet<>();
    for (int i = 0; i < text.tokens.size(); i++) {
      if (text.at(i).is("AS") && text.at(i + 1).is("(", "MATERIALIZED", "NOT")) {
        int name = i - 1;
        if (text.at(name).is(")")) {
          while (name > 0 && !text.at(name).is("(")) {
            name--;
          }
          name--;
        }
        if (text.at(name - 1).is("WITH", "RECURSIVE", ",", "")) {
          names.add(text.at(name).text);
        }
      }
    }
    return names;
  }

  /**
   * Functions and relations without a schema.
   *
   * @param ownNames what WITH names here and in the texts that this one is joined to
   */
  static List<String> functionsAndRelations(String sql, Collection<String> ownNames) {
    SqlNames text = new SqlNames(tokens(sql), ownNames);
    text.functions();
    text.relations();
    return text.found;
  }

  /** Operators, types and collations without a schema. */
  static List<String> operatorsAndTypes(String sql) {
    SqlNames text = new SqlNames(tokens(sql), Set.of());
    boolean statement = isStatement(sql);
    if (statement) {
      text.types();
    }
    text.operators(statement ? ANY_OPERATOR : SELDOM_IN_PROSE);
    return text.found;
  }

  /** Whether words of the language are in it; parts such as {@code " = ?"} have none. */
  static boolean isStatement(String sql) {
    return tokens(sql).stream().anyMatch(token -> STATEMENT.contains(token.text));
  }

  private static Set<String> words(String all) {
    return Set.of(all.split(" "));
  }

  private static List<Token> tokens(String sql) {
    List<Token> tokens = new ArrayList<>();
    boolean space = true;
    Matcher next = TOKENS.matcher(sql);
    while (next.find()) {
      if (next.group("skip") != null) {
        space = true;
        continue;
      }
      Kind kind =
          next.group("qualified") != null
              ? Kind.QUALIFIED
              : next.group("word") != null
                  ? Kind.WORD
                  : next.group("quoted") != null
                      ? Kind.QUOTED
                      : next.group("text") != null
                          ? Kind.TEXT
                          : next.group("number") != null
                              ? Kind.NUMBER
                              : next.group("operator") != null ? Kind.OPERATOR : Kind.OTHER;
      tokens.add(new Token(kind, next.group(), space));
      space = false;
    }
    return tokens;
  }

  private Token at(int i) {
    return i >= 0 && i < tokens.size() ? tokens.get(i) : NONE;
  }

  private boolean isQualified(int i) {
    return at(i - 1).is(".") || at(i + 1).is(".");
  }

  private static boolean isAnything(Token token) {
    return token.text.indexOf(SqlTexts.ANYTHING) >= 0 || token.text.startsWith("%");
  }

  private void functions() {
    for (int i = 0; i < tokens.size(); i++) {
      Token word = at(i);
      if (!word.isName() || !at(i + 1).is("(") || at(i + 1).spaceBefore || isQualified(i)) {
        continue;
      }
      // The schema may come before, at run time; our own methods are named in messages.
      boolean other = (isAnything(at(i - 1)) && !word.spaceBefore) || isMethod(word.text);
      if (!other
          && !at(i - 1).is("AS", "INTO", "WITH", "RECURSIVE", "JOIN", "\\")
          && !NO_FUNCTIONS.contains(word.text.toLowerCase(Locale.ROOT))) {
        found.add("function " + word.text);
      }
    }
  }

  private static boolean isMethod(String name) {
    return METHODS.contains(name) || name.matches("[a-z]+[A-Z][a-zA-Z]*");
  }

  private void relations() {
    Deque<Boolean> inFrom = new ArrayDeque<>(List.of(false));
    for (int i = 0; i < tokens.size(); i++) {
      Token token = at(i);
      if (token.is("(")) {
        inFrom.push(false);
      } else if (token.is(")") && inFrom.size() > 1) {
        inFrom.pop();
      } else if (END_OF_FROM.contains(token.text)) {
        inFrom.pop();
        inFrom.push(false);
      }
      if (BEFORE_A_RELATION.contains(token.text) && !isNoClause(i)) {
        if (token.is("FROM")) {
          inFrom.pop();
          inFrom.push(true);
        }
        relation(i + 1);
      } else if (token.is(",") && Boolean.TRUE.equals(inFrom.peek())) {
        relation(i + 1);
      }
    }
  }

  /**
   * Of {@code FOR UPDATE}, {@code IS DISTINCT FROM}, {@code extract(epoch FROM ...)}, and so on.
   */
  private boolean isNoClause(int i) {
    return switch (at(i).text) {
      case "UPDATE" -> at(i - 1).is("FOR", "ON", "DO", "OR", "BEFORE", "AFTER", ",");
      case "ONLY" -> BEFORE_A_RELATION.contains(at(i - 1).text);
      case "FROM" ->
          at(i - 1).is("DISTINCT", "TO")
              || (at(i - 2).is("(") && at(i - 3).text.equalsIgnoreCase("extract"));
      default -> false;
    };
  }

  private void relation(int from) {
    int i = from;
    while (at(i).is("ONLY", "LATERAL", "TABLE", "IF", "NOT", "EXISTS")) {
      i++;
    }
    Token name = at(i);
    boolean language =
        name.kind == Kind.WORD && name.text.equals(name.text.toUpperCase(Locale.ROOT));
    if (name.isName()
        && !language
        && !isQualified(i)
        && !at(i + 1).is("(")
        && !name.is("and", "or")
        && !known.contains(name.text)) {
      found.add("relation " + name.text);
    }
  }

  private void types() {
    boolean definition =
        tokens.stream().anyMatch(t -> t.is("CREATE", "ALTER", "DECLARE", "RETURNS"));
    Deque<Boolean> inCast = new ArrayDeque<>(List.of(false));
    for (int i = 0; i < tokens.size(); i++) {
      Token token = at(i);
      if (token.is("(")) {
        inCast.push(at(i - 1).text.equalsIgnoreCase("cast"));
      } else if (token.is(")") && inCast.size() > 1) {
        inCast.pop();
      }
      if (token.is("::") || (token.is("AS") && Boolean.TRUE.equals(inCast.peek()))) {
        type(i + 1);
      } else if (token.kind == Kind.WORD
          && at(i + 1).kind == Kind.TEXT
          && token.text.equals(token.text.toLowerCase(Locale.ROOT))
          && !TYPES_OF_THE_GRAMMAR.contains(token.text)
          && !isQualified(i)) {
        found.add("type " + token.text);
      } else if (definition && TYPES.contains(token.text) && !isQualified(i)) {
        found.add("type " + token.text);
      } else if (token.is("COLLATE") && !isAnything(at(i + 1)) && !at(i + 2).is(".")) {
        found.add("collation " + at(i + 1).text);
      }
      if (token.kind == Kind.TEXT
          && at(i + 1).is("::")
          && at(at(i + 3).is(".") ? i + 4 : i + 2)
              .text
              .matches("reg(class|proc|procedure|oper|operator|type|collation)")
          && !token.text.contains(".")) {
        found.add("object " + token.text);
      }
    }
  }

  private void type(int i) {
    if (at(i).isName() && !TYPES_OF_THE_GRAMMAR.contains(at(i).text) && !isQualified(i)) {
      found.add("type " + at(i).text);
    }
  }

  private void operators(Pattern wanted) {
    boolean assigning = false;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = at(i);
      if (token.is("SET", "RAISE")) {
        assigning = true;
      } else if (token.is("WHERE", "FROM", ";", "SELECT")) {
        assigning = false;
      }
      if (token.kind == Kind.OPERATOR) {
        if (wanted.matcher(token.text).find()
            && !isStar(i)
            && !isSign(i)
            && !(assigning && isAssignment(i))) {
          found.add("operator " + token.text);
        }
      } else if ((token.is("IN", "USING") && at(i + 1).is("("))
          || LOOK_OPERATORS_UP.contains(token.text)
          || (token.is("CASE") && !at(i + 1).is("WHEN"))
          || (token.is("DISTINCT") && at(i + 1).is("FROM"))) {
        found.add("operator of " + token.text);
      }
    }
  }

  private boolean isStar(int i) {
    return at(i).is("*") && at(i - 1).is("(", ",", ".", "SELECT", "DISTINCT", "RETURNING");
  }

  /** The grammar itself negates a number. */
  private boolean isSign(int i) {
    return at(i).is("-")
        && at(i + 1).kind == Kind.NUMBER
        && !(at(i - 1).isName() && !at(i - 1).is("THEN", "ELSE", "SELECT", "WHEN"))
        && !at(i - 1).is(")", "]", "?")
        && at(i - 1).kind != Kind.NUMBER
        && at(i - 1).kind != Kind.TEXT;
  }

  private boolean isAssignment(int i) {
    Token before = at(i - 2);
    return at(i).is("=")
        && (before.is("SET", ",", "LOCAL", "SESSION", "USING")
            || isAnything(at(i - 1))
            || before.is("."));
  }
}
