/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Changes an HTML form as a form: a field gone, there twice, of another value. */
final class ChangedForm {
  private ChangedForm() {}

  static String of(Source source, String form) {
    if (source.chance(20)) {
      return source.changed(List.of(form));
    }
    List<String> fields = new ArrayList<>(Arrays.asList(form.split("&")));
    for (int changes = source.below(3); changes >= 0 && !fields.isEmpty(); changes--) {
      int at = source.below(fields.size());
      String field = fields.get(at);
      String name = field.substring(0, Math.max(0, field.indexOf('=')));
      switch (source.below(4)) {
        case 0 -> fields.remove(at);
        case 1 -> fields.add(field.replaceAll("[0-9]+", String.valueOf(source.number())));
        case 2 -> fields.set(at, name + "=" + source.number());
        default -> fields.set(at, name + "=" + encoded(source.text()));
      }
    }
    return String.join("&", fields);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
