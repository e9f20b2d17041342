/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.text.Quoted;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A text with places for properties: {@code ORDER#{id}}. Two objects whose properties differ have
 * two texts: a property must not have in it what separates it from the next one.
 */
final class KeyTemplate {
  /** A text, and the property behind it; null at the end. */
  private record Piece(String literal, @Nullable String property) {}

  private final String attribute;
  private final List<Piece> pieces;
  private final List<String> properties;

  private KeyTemplate(String attribute, List<Piece> pieces) {
    this.attribute = attribute;
    this.pieces = List.copyOf(pieces);
    List<String> names = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece.property() != null) {
        names.add(piece.property());
      }
    }
    this.properties = List.copyOf(names);
  }

  static KeyTemplate parse(String attribute, String text) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean twice = i + 1 < text.length() && text.charAt(i + 1) == c;
      if ((c == '{' || c == '}') && twice) {
        literal.append(c);
        i++;
      } else if (c == '{') {
        int end = text.indexOf('}', i);
        if (end <= i + 1 || text.substring(i + 1, end).contains("{")) {
          throw invalid(attribute, "has a brace that ends nowhere, or no name in braces");
        }
        if (!pieces.isEmpty() && literal.isEmpty()) {
          throw invalid(attribute, "has two properties with nothing between that separates them");
        }
        pieces.add(new Piece(literal.toString(), text.substring(i + 1, end)));
        literal.setLength(0);
        i = end;
      } else if (c == '}') {
        throw invalid(attribute, "has a brace that begins nowhere; }} is one of the text");
      } else {
        literal.append(c);
      }
    }
    Values.plain(text);
    pieces.add(new Piece(literal.toString(), null));
    if (text.isEmpty()) {
      throw invalid(attribute, "is empty");
    }
    return new KeyTemplate(attribute, pieces);
  }

  private static RuntimeException invalid(String attribute, String what) {
    return Values.invalid("The template of attribute " + Quoted.of(attribute) + " " + what);
  }

  /** The names of the properties in it. */
  List<String> properties() {
    return properties;
  }

  /** The text; empty when a property is not there. */
  Optional<String> text(Map<String, Value> all) {
    for (String property : properties) {
      if (isNothing(all.get(property))) {
        return Optional.empty();
      }
    }
    return Optional.of(prefix(all));
  }

  /** The text up to the first property that is not there. */
  String prefix(Map<String, Value> properties) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      text.append(piece.literal());
      if (piece.property() == null) {
        break;
      }
      Value value = properties.get(piece.property());
      if (value == null || isNothing(value)) {
        break;
      }
      text.append(part(piece.property(), value, i));
    }
    return text.toString();
  }

  private static boolean isNothing(@Nullable Value value) {
    return value == null || value instanceof Value.Null;
  }

  private String part(String property, Value value, int index) {
    String text = part(property, value);
    String separator = pieces.get(index + 1).literal();
    boolean last = pieces.get(index + 1).property() == null;
    if (text.isEmpty()) {
      throw invalid(attribute, "cannot have the property " + Quoted.of(property) + ": it is empty");
    }
    if (!last && (text + separator).indexOf(separator) != text.length()) {
      throw invalid(
          attribute,
          "cannot have the property "
              + Quoted.of(property)
              + ": it has "
              + Quoted.of(separator)
              + " in it, which separates it from the next one, so that another item could have the"
              + " same key");
    }
    return text;
  }

  private String part(String property, Value value) {
    if (value instanceof Value.Text text) {
      return text.text();
    }
    if (value instanceof Value.Num number) {
      BigDecimal decimal = number.number();
      return decimal.toPlainString();
    }
    if (value instanceof Value.Bool bool) {
      return String.valueOf(bool.bool());
    }
    throw invalid(
        attribute,
        "cannot have the property "
            + Quoted.of(property)
            + ": it is a "
            + value.getClass().getSimpleName()
            + ", and has to be a text, a number or a boolean");
  }
}
