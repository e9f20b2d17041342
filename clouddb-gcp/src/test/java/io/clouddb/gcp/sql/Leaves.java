/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A body as it goes over the wire: all its leaves, by their paths. */
final class Leaves {
  private Leaves() {}

  static Map<String, String> of(GenericJson body) {
    try {
      return of(GsonFactory.getDefaultInstance().toString(body));
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
  }

  static Map<String, String> of(String json) {
    Map<String, String> leaves = new TreeMap<>();
    try {
      collect("", GsonFactory.getDefaultInstance().fromString(json, GenericJson.class), leaves);
    } catch (IOException e) {
      throw new UncheckedIOException("No JSON: " + json, e);
    }
    return leaves;
  }

  private static void collect(String path, Object node, Map<String, String> leaves) {
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> collect(path.isEmpty() ? "" + key : path + "." + key, value, leaves));
    } else if (node instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        collect(path + "[" + i + "]", list.get(i), leaves);
      }
    } else {
      leaves.put(path, String.valueOf(node));
    }
  }
}
