/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.sql.Timestamp;
import java.util.Calendar;

/** Refuses times that Jackson writes without their zone, or without a part of their second. */
final class LossyTime extends StdSerializer<Object> {
  private static final long serialVersionUID = 1L;

  LossyTime() {
    super(Object.class);
  }

  static boolean isOne(Class<?> type) {
    return Calendar.class.isAssignableFrom(type) || Timestamp.class.isAssignableFrom(type);
  }

  @Override
  public void serialize(Object time, JsonGenerator out, SerializerProvider provider)
      throws IOException {
    throw new Refused(
        out,
        "is a Calendar or a Timestamp, which is not kept exactly: make it a ZonedDateTime or an"
            + " Instant");
  }
}
