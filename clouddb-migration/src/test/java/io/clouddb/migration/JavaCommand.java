/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of another JVM with this one's class path, compilers and collector. */
public final class JavaCommand {
  private JavaCommand() {}

  /**
   * The words.
   *
   * @param heap its most, such as {@code 128m}
   * @param main the class to run
   * @param arguments for it
   */
  public static List<String> of(String heap, Class<?> main, String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("-Xmx" + heap);
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-XX:"))
        .forEach(words::add);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    words.addAll(List.of(arguments));
    return words;
  }
}
