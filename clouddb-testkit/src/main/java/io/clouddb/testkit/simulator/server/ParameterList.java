/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.simulator.engine.SimulatorException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which of the server's own parameters a cloud lets its customers set. Everything else is the
 * cloud's: above all what names a file, a program or a library, by which a request would run code
 * on this machine.
 *
 * <p>The lists are the resources {@code parameters-*.txt}, each with its source at its top: for RDS
 * the user guide and recorded answers of DescribeDBParameters, for Azure recorded configurations,
 * for Cloud SQL the page of its flags, by what another project made of it.
 */
final class ParameterList {
  static final String PRELOAD = "shared_preload_libraries";

  /** A second lock, for the day when somebody adds a line to a list. */
  private static final Pattern NEVER =
      Pattern.compile(
          ".*(_command$|librar|directory|directories|_dir$|_file$|file_mode|keyfile|filename|provider"
              + "|socket|conninfo|library_path|collector|log_destination).*");

  /** Those of the clouds' libraries that come with every server of the testkit. */
  private static final Set<String> LIBRARIES =
      Set.of("auto_explain", "pg_prewarm", "pg_stat_statements");

  private static final int LONGEST = 8_192;

  private static final Map<CloudProfile, ParameterList> ALL =
      Arrays.stream(CloudProfile.values())
          .collect(Collectors.toMap(Function.identity(), ParameterList::read));

  private final Set<String> names;

  private ParameterList(Set<String> names) {
    this.names = names;
  }

  /** The list of a cloud. */
  static ParameterList of(CloudProfile cloud) {
    return Objects.requireNonNull(ALL.get(cloud));
  }

  private static ParameterList read(CloudProfile cloud) {
    String resource = "parameters-" + cloud.name().toLowerCase(Locale.ROOT) + ".txt";
    try (InputStream stream = ParameterList.class.getResourceAsStream(resource);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    Objects.requireNonNull(stream, resource), StandardCharsets.UTF_8))) {
      Set<String> names =
          reader
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .collect(Collectors.toUnmodifiableSet());
      for (String name : names) {
        if (namesCode(name)) {
          throw new IllegalStateException(resource + " has " + name);
        }
      }
      return new ParameterList(names);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean namesCode(String name) {
    return !name.equals(PRELOAD) && NEVER.matcher(name).matches();
  }

  Set<String> names() {
    return names;
  }

  boolean has(String name) {
    return names.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Refuses a value that is more than one, and libraries that the server does not have. */
  static void check(String name, String value) {
    if (value.length() > LONGEST || value.chars().anyMatch(Character::isISOControl)) {
      throw invalid("The value of the parameter " + name + " is no line of text");
    }
    if (name.equals(PRELOAD)) {
      List<String> unknown =
          Arrays.stream(value.split(",", -1))
              .map(String::strip)
              .filter(library -> !library.isEmpty() && !LIBRARIES.contains(library))
              .toList();
      if (!unknown.isEmpty()) {
        throw invalid(
            "The parameter "
                + name
                + " takes here "
                + LIBRARIES.stream().sorted().toList()
                + ", which the server has, and not "
                + unknown);
      }
    }
  }

  private static SimulatorException invalid(String message) {
    return new SimulatorException(SimulatorException.Reason.INVALID_PARAMETER, message);
  }
}
