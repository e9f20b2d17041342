/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A PostgreSQL server that is installed on this machine, for example by its distribution. Its
 * programs are run where they are; its own databases and services are left alone.
 *
 * @param programs the directory that holds {@code postgres}, {@code initdb} and {@code pg_ctl}
 * @param version for example {@code 15.20}
 * @param description what the server says of itself, for example {@code postgres (PostgreSQL) 15.20
 *     (Debian 15.20-0+deb12u1)}
 */
public record InstalledPostgres(Path programs, String version, String description) {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Pattern VERSION =
      Pattern.compile("^postgres \\(PostgreSQL\\) (\\d+(?:\\.\\d+)*)(?![\\w.])");
  private static final List<String> NEEDED = List.of("postgres", "initdb", "pg_ctl");

  /**
   * Looks where distributions and PostgreSQL's own packages put servers, where {@code pg_config}
   * says, and on the path.
   *
   * @return the newest of those that are there and released; empty when there is none
   */
  public static Optional<InstalledPostgres> find() {
    Set<Path> directories = new LinkedHashSet<>();
    directories.addAll(versionsBelow(Path.of("/usr/lib/postgresql"), "*"));
    directories.addAll(versionsBelow(Path.of("/usr"), "pgsql-*"));
    configured().ifPresent(directories::add);
    String path = System.getenv("PATH");
    if (path != null) {
      for (String directory : path.split(File.pathSeparator, -1)) {
        if (!directory.isEmpty()) {
          directories.add(Path.of(directory));
        }
      }
    }
    return directories.stream()
        .map(InstalledPostgres::at)
        .flatMap(Optional::stream)
        .max(Comparator.comparing(found -> ModuleDescriptor.Version.parse(found.version)));
  }

  /**
   * The server in a directory.
   *
   * @param programs the directory that holds {@code postgres}, {@code initdb} and {@code pg_ctl}
   * @return the server; empty when one of these is missing, or it does not tell a released version
   */
  public static Optional<InstalledPostgres> at(Path programs) {
    for (String program : NEEDED) {
      if (!Files.isExecutable(programs.resolve(program))) {
        return Optional.empty();
      }
    }
    return output(List.of(programs.resolve("postgres").toString(), "--version"))
        .flatMap(
            description -> {
              Matcher matcher = VERSION.matcher(description);
              return matcher.find()
                  ? Optional.of(
                      new InstalledPostgres(
                          programs.toAbsolutePath(), matcher.group(1), description))
                  : Optional.empty();
            });
  }

  private static List<Path> versionsBelow(Path parent, String glob) {
    List<Path> programs = new ArrayList<>();
    if (Files.isDirectory(parent)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(parent, glob)) {
        versions.forEach(version -> programs.add(version.resolve("bin")));
      } catch (IOException e) {
        // A directory that cannot be read holds no server that could be run.
        return List.of();
      }
    }
    return programs;
  }

  private static Optional<Path> configured() {
    return output(List.of("pg_config", "--bindir")).map(Path::of);
  }

  private static Optional<String> output(List<String> command) {
    try {
      Command.Result result = Command.run(command, LIMIT);
      return result.succeeded() ? Optional.of(result.output()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The major version.
   *
   * @return for example 15
   */
  public int major() {
    return Integer.parseInt(version.split("\\.", 2)[0]);
  }

  /** Tells installations apart, in place and in version. */
  String checksum() {
    CRC32 checksum = new CRC32();
    checksum.update((programs + "\n" + description).getBytes(StandardCharsets.UTF_8));
    return String.format("%s-%08x", version, checksum.getValue());
  }

  /** For people: what it says of itself, and where it is. */
  @Override
  public String toString() {
    return description + " in " + programs;
  }
}
