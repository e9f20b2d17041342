/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What a DB parameter group has to hold. Filled by the field table. */
final class GroupParameters {
  private final Map<String, String> values = new TreeMap<>();

  void set(String name, String value) {
    values.put(name, value);
  }

  void set(Map<String, String> named) {
    values.putAll(named);
  }

  Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }
}
