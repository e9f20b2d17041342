/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.JsonCall;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Cuts descriptions into pages. */
final class ScalingPages {
  private static final int LARGEST = 50;
  private static final String PREFIX = "after:";

  private ScalingPages() {}

  /**
   * The page that a request asks for.
   *
   * @param call the request
   * @param member what the answer calls the list
   * @param all all that there is
   */
  static ObjectNode page(JsonCall call, String member, List<ObjectNode> all) {
    int limit = call.members().path("MaxResults").asInt(LARGEST);
    if (limit < 1 || limit > LARGEST) {
      throw ScalingRequest.invalid("MaxResults must be between 1 and " + LARGEST);
    }
    int begin = begin(call.members().path("NextToken"), all.size());
    int end = Math.min(all.size(), begin + limit);
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode list = result.putArray(member);
    all.subList(begin, end).forEach(list::add);
    if (end < all.size()) {
      result.put(
          "NextToken",
          Base64.getEncoder().encodeToString((PREFIX + end).getBytes(StandardCharsets.UTF_8)));
    }
    return result;
  }

  private static int begin(JsonNode token, int size) {
    if (token.isMissingNode() || token.isNull()) {
      return 0;
    }
    try {
      String text = new String(Base64.getDecoder().decode(token.asText()), StandardCharsets.UTF_8);
      if (text.startsWith(PREFIX)) {
        return Math.min(size, Integer.parseInt(text.substring(PREFIX.length())));
      }
    } catch (IllegalArgumentException e) {
      // Not one of these tokens, which is refused below.
    }
    throw AwsError.badRequest("InvalidNextTokenException", "Invalid NextToken provided");
  }
}
