/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import org.jspecify.annotations.Nullable;

/** Writes elements without attributes, as the Query protocol answers. */
public final class QueryXml {
  private final StringBuilder text = new StringBuilder();

  /** Makes one without elements. */
  public QueryXml() {}

  /**
   * Writes an element.
   *
   * @param name its name
   * @param content writes what is in it
   * @return this
   */
  public QueryXml element(String name, Runnable content) {
    text.append('<').append(name).append('>');
    content.run();
    text.append("</").append(name).append('>');
    return this;
  }

  /**
   * Writes an element with a text; nothing for null: the services leave such members out.
   *
   * @param name its name
   * @param value its text
   * @return this
   */
  public QueryXml text(String name, @Nullable Object value) {
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
