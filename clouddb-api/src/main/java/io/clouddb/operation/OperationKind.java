/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.operation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A kind of long operation: what it is called, and what comes of it. An open value: each feature
 * has its own kinds, and a driver says which of them it can follow.
 *
 * @param <T> what comes of it
 */
public final class OperationKind<T> {
  private final String id;
  private final Class<T> result;

  private OperationKind(String id, Class<T> result) {
    this.id = Objects.requireNonNull(id, "id");
    this.result = Objects.requireNonNull(result, "result");
  }

  /**
   * Names a kind.
   *
   * @param id the resource and what is done to it, for example {@code instance.create}
   * @param result the class of what comes of it
   * @param <T> what comes of it
   * @return the kind
   */
  public static <T> OperationKind<T> of(String id, Class<T> result) {
    return new OperationKind<>(id, result);
  }

  /**
   * Its name, as it stands in tokens.
   *
   * @return for example {@code instance.create}
   */
  public String id() {
    return id;
  }

  /**
   * What comes of it.
   *
   * @return the class
   */
  public Class<T> result() {
    return result;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OperationKind<?> that
        && id.equals(that.id)
        && result.equals(that.result);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return id;
  }
}
