/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorDetails;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The condition of a write does not hold of the item that is there; nothing was written. The item
 * is no part of the message, nor of the exception's serialized form.
 */
public final class ItemConditionFailedException extends ConditionFailedException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Item item;

  /**
   * Made by drivers.
   *
   * @param details what is known about the error
   * @param item the item that is there, null when there is none
   * @param cause the vendor's own exception
   */
  public ItemConditionFailedException(
      ErrorDetails details, @Nullable Item item, @Nullable Throwable cause) {
    super(details, cause);
    this.item = item;
  }

  /**
   * The item that is there.
   *
   * @return the item as it was when the condition was looked at; empty when there was none
   */
  public Optional<Item> item() {
    return Optional.ofNullable(item);
  }
}
