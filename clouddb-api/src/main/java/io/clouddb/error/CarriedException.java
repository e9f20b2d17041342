/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stands for an exception that cannot be serialized: its text, its stack trace, its causes. */
final class CarriedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private CarriedException(Throwable original, @Nullable Throwable cause) {
    super(original.toString(), cause);
    setStackTrace(original.getStackTrace());
  }

  /**
   * Tells whether exceptions can be serialized as they are.
   *
   * @param cause one, or none
   * @param beside others
   * @return false when one of them holds something that cannot be
   */
  static boolean canBeCarried(@Nullable Throwable cause, Throwable[] beside) {
    try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
      out.writeObject(cause);
      out.writeObject(beside);
      return true;
    } catch (IOException | RuntimeException e) {
      // Whatever is in the way (a vendor's client in a field): the text goes on without it.
      return false;
    }
  }

  /**
   * Replaces an exception and those that it holds.
   *
   * @param original the exception, or none
   * @return what can be serialized
   */
  static @Nullable Throwable of(@Nullable Throwable original) {
    return of(original, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static @Nullable Throwable of(@Nullable Throwable original, Set<Throwable> seen) {
    if (original == null || !seen.add(original)) {
      return null;
    }
    if (canBeCarried(original, new Throwable[0])) {
      return original;
    }
    CarriedException carried = new CarriedException(original, of(original.getCause(), seen));
    for (Throwable beside : original.getSuppressed()) {
      Throwable other = of(beside, seen);
      if (other != null) {
        carried.addSuppressed(other);
      }
    }
    return carried;
  }
}
