/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import java.util.Map;

/** The class of tags and of parameters, which are texts by texts. */
final class Texts {
  static final Class<Map<String, String>> TYPE = type();

  private Texts() {}

  @SuppressWarnings("unchecked") // A specification has no other maps.
  private static Class<Map<String, String>> type() {
    return (Class<Map<String, String>>) (Class<?>) Map.class;
  }
}
