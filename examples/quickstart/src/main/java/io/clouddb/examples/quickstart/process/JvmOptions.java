/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.process;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a JVM hands down to the JVMs that it starts: its collector and how it compiles. */
public final class JvmOptions {
  private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC");
  private static final Pattern COMPILERS = Pattern.compile("-XX:Tier\\w+=\\d+");

  private JvmOptions() {}

  /**
   * The options that this JVM was started with.
   *
   * @return the collector's, the serial one's if none was named, and the compilers'
   */
  public static List<String> inherited() {
    List<String> given = ManagementFactory.getRuntimeMXBean().getInputArguments();
    List<String> options = new ArrayList<>();
    given.stream()
        .filter(option -> COLLECTOR.matcher(option).matches())
        .findFirst()
        // A parallel collector's threads would only take turns with the databases.
        .ifPresentOrElse(options::add, () -> options.add("-XX:+UseSerialGC"));
    given.stream().filter(option -> COMPILERS.matcher(option).matches()).forEach(options::add);
    return options;
  }
}
