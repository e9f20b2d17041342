/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/** What an action answers. */
@FunctionalInterface
public interface Answer {
  /**
   * Writes the members of the answer, into an object that is open.
   *
   * @param json where to
   * @throws IOException when it cannot be written
   */
  void write(JsonGenerator json) throws IOException;

  /**
   * An answer that is there already.
   *
   * @param members its members
   * @return the answer
   */
  static Answer of(ObjectNode members) {
    return json -> {
      for (Map.Entry<String, com.fasterxml.jackson.databind.JsonNode> member :
          members.properties()) {
        json.writeFieldName(member.getKey());
        json.writeTree(member.getValue());
      }
    };
  }
}
