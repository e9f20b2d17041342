/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** What is written to the error output, where SLF4J's simple logger writes to in tests. */
public final class WrittenWarnings {
  private WrittenWarnings() {}

  /** Something that may fail: what is written meanwhile counts all the same. */
  @FunctionalInterface
  public interface Doing {
    void run() throws Exception;
  }

  public static String during(Doing what) throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      what.run();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** As in a JVM that has not warned of it yet: each is warned of once. */
  public static void forget(String log) throws ReflectiveOperationException {
    Field warned = WireLogs.class.getDeclaredField("WARNED");
    warned.setAccessible(true);
    ((Set<?>) warned.get(null)).remove(log);
  }
}
