/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.rds;

import org.jspecify.annotations.Nullable;

/** Writes elements without attributes, as the Query protocol answers. */
final class Xml {
  private final StringBuilder text = new StringBuilder();

  Xml element(String name, Runnable content) {
    text.append('<').append(name).append('>');
    content.run();
    text.append("</").append(name).append('>');
    return this;
  }

  /** Nothing for null: the service leaves such members out. */
  Xml text(String name, @Nullable Object value) {
    if (value != null) {
      element(name, () -> escape(value.toString()));
    }
    return this;
  }

  private void escape(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '&' -> text.append("&amp;");
        default -> text.append(c);
      }
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
