/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.databind.JsonMappingException;
import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/** What cannot be mapped, in words of ours, which have nothing of the data in them. */
final class Refused extends JsonMappingException {
  private static final long serialVersionUID = 1L;

  private final String why;

  Refused(@Nullable Closeable processor, String why) {
    super(processor, why);
    this.why = why;
  }

  String why() {
    return why;
  }
}
