/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorDetails;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Not all of a batch was done. Everything that is named neither by {@link #notDone()} nor by {@link
 * #unknown()} was. Keys and items are no part of the message, nor of the exception's serialized
 * form: they may be anybody's data.
 */
public final class BatchIncompleteException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable List<ItemKey> notDone;
  private final transient @Nullable List<ItemKey> unknown;
  private final transient @Nullable Map<ItemKey, Item> found;

  BatchIncompleteException(
      ErrorDetails details,
      List<ItemKey> notDone,
      List<ItemKey> unknown,
      Map<ItemKey, Item> found,
      @Nullable Throwable cause) {
    super(details, cause);
    this.notDone = Collections.unmodifiableList(new ArrayList<>(notDone));
    this.unknown = Collections.unmodifiableList(new ArrayList<>(unknown));
    this.found = Collections.unmodifiableMap(found);
  }

  /**
   * What was not written, deleted or read, for certain.
   *
   * @return the keys, in no order; none after the exception was serialized
   */
  public List<ItemKey> notDone() {
    return notDone == null ? List.of() : notDone;
  }

  /**
   * What may have been written or deleted: the answer was lost. Of a batch of reads there is none.
   *
   * @return the keys, in no order; none after the exception was serialized
   */
  public List<ItemKey> unknown() {
    return unknown == null ? List.of() : unknown;
  }

  /**
   * What a batch of reads has found all the same.
   *
   * @return key to item; none of a batch of writes, nor after the exception was serialized
   */
  public Map<ItemKey, Item> found() {
    return found == null ? Map.of() : found;
  }
}
