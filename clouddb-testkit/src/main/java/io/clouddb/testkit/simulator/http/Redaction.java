/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the secrets of one request out of all that is kept of it. A secret is the value of a field
 * whose name says so, at any depth of JSON, XML or a form; and these values wherever else they
 * stand, for example in an error that repeats them. Jackson tells where a value begins and ends, so
 * that the rest of a text stays as it was.
 */
final class Redaction {
  static final String HIDDEN = "***";

  private static final JsonFactory JSON = new JsonFactory();

  /** Shorter ones would be found in words that have nothing to do with them. */
  private static final int LEAST = 6;

  /** A real request has one or two secrets. Of this many, texts of any length are cleaned. */
  private static final int MOST = 200;

  /**
   * Of more, as a batch of items has them, texts of so many letters in all are cleaned: what is
   * longer is not shown.
   */
  private static final long MOST_LETTERS = 200L << 20;

  private static final Pattern NOT_IN_NAMES = Pattern.compile("[^a-z0-9]");

  /** The begin of an element with its attributes, and a text that follows. */
  private static final Pattern ELEMENT =
      Pattern.compile(
          "<([\\w:.-]++)(?:\\s(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)?(?<!/)>([^<]*+)");

  private static final String CDATA = "<![CDATA[";
  private static final String CDATA_END = "]]>";

  /** What stands between texts in XML. */
  private static final Pattern MARKUP = Pattern.compile("<!\\[CDATA\\[|]]>|<[^<>]*+>");

  /** A name in a form, or in the query of an address; a {@code ?} in a value ends nothing. */
  private static final Pattern NAME = Pattern.compile("(?<![^&\\s?])([^&\\s?=]++)=");

  private static final Pattern VALUE = Pattern.compile("[^&\\s]*+");
  private static final List<String> ENDINGS =
      List.of(
          "password",
          "passwd",
          "pwd",
          "passphrase",
          "secret",
          "secretstring",
          "secretbinary",
          "secretvalue",
          "secretkey",
          "accesskey",
          "privatekey",
          "accountkey",
          "sharedkey",
          "apikey",
          "credential",
          "credentials",
          "authorization",
          "accesstoken",
          "securitytoken",
          "sessiontoken",
          "authtoken",
          "refreshtoken",
          "idtoken",
          "signature",
          "presignedurl",
          "connectionstring");
  private static final Pattern SECRET_HEADER =
      Pattern.compile("(?i).*(authorization|token|cookie|secret|password|credential|api-?key).*");

  /**
   * A password that is a word of the API, as an engine's name, is no secret that could be hidden.
   */
  private static final Pattern WORD = Pattern.compile("[a-z][a-z_-]{0,40}");

  /** Where DynamoDB has values whose names stand in an expression, or in the text itself. */
  private static final Set<String> VALUES =
      Set.of("ExpressionAttributeValues", "Parameters", "Statement");

  /**
   * Of DynamoDB, where a page ends, which is the key of an item, in a form of the service's own.
   */
  private static final String PAGE = "NextToken";

  private static final Pattern LITERAL = Pattern.compile("'(?:[^']|'')*+'|[0-9][0-9.]*+");
  private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9_-]+");

  private final Set<String> values = new LinkedHashSet<>();

  /** Words that the request has as the whole value of a field which is no secret. */
  private final Set<String> words = new LinkedHashSet<>();

  private boolean readingRequest = true;

  /** Whether expressions and statements have names in them, and their values stand elsewhere. */
  private final boolean expressions;

  private final Map<String, List<String>> headers;
  private final String query;
  private final String body;

  private Redaction(SimulatedRequest request) {
    this.expressions =
        request.header("X-Amz-Target").filter(target -> target.startsWith("DynamoDB")).isPresent();
    this.headers = hideHeaders(request.headers());
    this.query = fields(request.rawQuery());
    this.body = fields(request.shown());
    this.readingRequest = false;
  }

  static Redaction of(SimulatedRequest request) {
    return new Redaction(request);
  }

  /** A request and its answer, to be kept; status 0 when the connection was dropped. */
  static RecordedRequest record(
      String operation, SimulatedRequest request, int status, String responseBody) {
    Redaction secrets = of(request);
    String response = secrets.response(responseBody);
    // Last, when all secrets are known: the same ones elsewhere, for example in a message.
    return new RecordedRequest(
        operation,
        request.method(),
        secrets.text(request.path()),
        secrets.text(secrets.query()),
        secrets.headers(),
        secrets.text(secrets.body()),
        status,
        secrets.text(response));
  }

  /** The headers, with the values of some hidden. */
  Map<String, List<String>> headers() {
    return headers;
  }

  /** The query, with the values of some fields hidden. */
  String query() {
    return query;
  }

  /** The body, with the values of some fields hidden. */
  String body() {
    return body;
  }

  /** An answer, with the values of some fields hidden, and remembered. */
  String response(String text) {
    return fields(text);
  }

  private Map<String, List<String>> hideHeaders(Map<String, List<String>> all) {
    Map<String, List<String>> shown = new LinkedHashMap<>();
    all.forEach(
        (name, texts) -> {
          boolean secret = SECRET_HEADER.matcher(name).matches();
          if (secret) {
            texts.forEach(text -> remember(text.substring(text.lastIndexOf(' ') + 1)));
          }
          shown.put(name, secret ? List.of(HIDDEN) : texts);
        });
    return shown;
  }

  private String fields(String text) {
    String start = text.stripLeading();
    if (start.startsWith("{") || start.startsWith("[")) {
      return json(text);
    }
    return start.startsWith("<") ? xml(text) : form(text);
  }

  /** Any text, without the values that were found so far. */
  String text(String text) {
    if (values.isEmpty() || text.isEmpty()) {
      return text;
    }
    if (values.size() > MOST && (long) values.size() * text.length() > MOST_LETTERS) {
      return HIDDEN;
    }
    return expressions && isJson(text) ? inTexts(text) : everywhere(text);
  }

  private String everywhere(String text) {
    String shown = text;
    for (String value : values) {
      if (!words.contains(value)) {
        shown = shown.replace(value, HIDDEN);
      }
    }
    return shown;
  }

  /** An object or an array: a number by itself may be a secret. */
  private static boolean isJson(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      JsonToken first = parser.nextToken();
      while (parser.nextToken() != null) {
        // To its end: it may be none from somewhere on.
      }
      return first == JsonToken.START_OBJECT || first == JsonToken.START_ARRAY;
    } catch (IOException e) {
      return false;
    }
  }

  /** Numbers of items are texts in DynamoDB's JSON; others, as a size, are no secrets. */
  private String inTexts(String json) {
    StringBuilder shown = new StringBuilder();
    int copied = 0;
    for (int start = json.indexOf('"'); start >= 0; start = json.indexOf('"', copied)) {
      int end = start + 1;
      while (json.charAt(end) != '"') {
        end += json.charAt(end) == '\\' ? 2 : 1;
      }
      shown.append(json, copied, start + 1).append(everywhere(json.substring(start + 1, end)));
      shown.append('"');
      copied = end + 1;
    }
    return shown.append(json, copied, json.length()).toString();
  }

  private void remember(String value) {
    if (value.length() >= LEAST) {
      values.add(value);
      values.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }

  /**
   * Only of the request, and only a plain word: else an answer that repeats a password, or a tag
   * that holds it too, would show it.
   */
  private void rememberWord(String value) {
    if (readingRequest && words.size() < MOST && WORD.matcher(value).matches()) {
      words.add(value);
    }
  }

  static boolean isSecret(String name) {
    String letters = NOT_IN_NAMES.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
    return ENDINGS.stream().anyMatch(letters::endsWith);
  }

  /** Whether a password is managed, or allowed, is no secret. */
  private static boolean isFlag(String value) {
    return value.equals("true") || value.equals("false");
  }

  private String json(String text) {
    boolean named = expressions && namesSecret(text);
    StringBuilder shown = new StringBuilder();
    int copied = 0;
    int read = 0;
    try (JsonParser parser = JSON.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        read = offset(parser.currentTokenLocation().getCharOffset());
        if (token != JsonToken.FIELD_NAME || !hides(parser.currentName(), named)) {
          if (token == JsonToken.VALUE_STRING) {
            rememberWord(parser.getText());
          }
          continue;
        }
        token = parser.nextToken();
        if (token == JsonToken.VALUE_TRUE
            || token == JsonToken.VALUE_FALSE
            || token == JsonToken.VALUE_NULL) {
          continue;
        }
        int start = offset(parser.currentTokenLocation().getCharOffset());
        shown.append(text, copied, start).append('"').append(HIDDEN).append('"');
        copied = start;
        if (token.isStructStart()) {
          rememberAll(parser);
        } else {
          remember(parser.getText());
          if (expressions) {
            literals(parser.getText());
          }
        }
        copied = offset(parser.currentLocation().getCharOffset());
        remember(inner(text.substring(start, copied)));
      }
      return shown.append(text, copied, text.length()).toString();
    } catch (IOException e) {
      // From here on nobody can tell what is a secret.
      return shown.append(text, copied, Math.max(copied, read)).append(HIDDEN).toString();
    }
  }

  /** Those of a statement. */
  private void literals(String statement) {
    LITERAL
        .matcher(statement)
        .results()
        .forEach(literal -> remember(literal.group().replaceAll("^'|'$", "").replace("''", "'")));
  }

  private boolean hides(String field, boolean named) {
    return isSecret(field)
        || (named && VALUES.contains(field))
        || (expressions && field.equals(PAGE));
  }

  /** Tells whether an expression or a statement has the name of a secret in it. */
  private static boolean namesSecret(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING
            && NAMES.matcher(parser.getText()).results().anyMatch(name -> isSecret(name.group()))) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      // Nobody can tell.
      return true;
    }
  }

  /** What is in a structure, in which each value may be repeated elsewhere. */
  private void rememberAll(JsonParser parser) throws IOException {
    int depth = 1;
    while (depth > 0) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw new EOFException();
      }
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.VALUE_STRING || token.isNumeric()) {
        remember(parser.getText());
      }
    }
  }

  private static int offset(long offset) {
    return Math.toIntExact(offset);
  }

  /** A text as it is written in JSON, which may differ from what it means. */
  private static String inner(String literal) {
    boolean quoted = literal.length() > 1 && literal.startsWith("\"") && literal.endsWith("\"");
    return quoted ? literal.substring(1, literal.length() - 1) : literal;
  }

  private String xml(String text) {
    Matcher elements = ELEMENT.matcher(text);
    StringBuilder shown = new StringBuilder();
    int copied = 0;
    int from = 0;
    while (elements.find(from)) {
      from = elements.end();
      if (!isSecret(elements.group(1))) {
        rememberWord(elements.group(2));
        continue;
      }
      int start = elements.start(2);
      int end = end(text, elements.group(1), start);
      String value = text.substring(start, end);
      if (!value.isBlank() && !isFlag(value)) {
        remember(value);
        MARKUP.splitAsStream(value).map(String::strip).forEach(this::remember);
        shown.append(text, copied, start).append(HIDDEN);
        copied = end;
        from = end;
      }
    }
    return shown.append(text, copied, text.length()).toString();
  }

  /** Where an element ends, all that is in it with it; the end of the text when it does not. */
  private static int end(String text, String name, int start) {
    Matcher ends = Pattern.compile("</" + Pattern.quote(name) + "(?![\\w:.-])").matcher(text);
    int from = start;
    while (ends.find(from)) {
      int cdata = text.substring(from, ends.start()).indexOf(CDATA);
      if (cdata < 0) {
        return ends.start();
      }
      from = text.indexOf(CDATA_END, from + cdata);
      if (from < 0) {
        break;
      }
    }
    return text.length();
  }

  private String form(String text) {
    Matcher names = NAME.matcher(text);
    Matcher values = VALUE.matcher(text);
    StringBuilder shown = new StringBuilder();
    int copied = 0;
    int from = 0;
    while (names.find(from)) {
      from = names.end();
      values.find(from);
      String value = values.group();
      if (!isSecret(decode(names.group(1)))) {
        rememberWord(decode(value));
      } else if (!isFlag(value)) {
        remember(value);
        remember(decode(value));
        shown.append(text, copied, from).append(HIDDEN);
        copied = values.end();
        from = copied;
      }
    }
    return shown.append(text, copied, text.length()).toString();
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
