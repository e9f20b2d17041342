/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;

/** What a request carries, by the names of the API. */
final class RequestMembers {
  private RequestMembers() {}

  /** Those that are set, each with its value's text. */
  static Map<String, String> of(SdkPojo request) {
    Map<String, String> members = new TreeMap<>();
    for (SdkField<?> field : request.sdkFields()) {
      Object value = field.getValueOrDefault(request);
      if (value != null && !(value instanceof SdkAutoConstructList)) {
        members.put(field.memberName(), value.toString());
      }
    }
    return members;
  }
}
