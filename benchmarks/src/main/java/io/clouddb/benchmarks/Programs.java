/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.sql.ConnectionDetails;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The peers that are programs: found on the PATH, or where Debian keeps them. */
final class Programs {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private Programs() {}

  static boolean installed(String... names) {
    return Arrays.stream(names).allMatch(name -> find(name).isPresent());
  }

  static Optional<Path> find(String name) {
    return Stream.concat(
            Arrays.stream(path().split(File.pathSeparator)).map(Path::of), newestFirst())
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String path() {
    return System.getenv().getOrDefault("PATH", "");
  }

  private static Stream<Path> newestFirst() {
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      return versions
          .sorted(Comparator.reverseOrder())
          .map(version -> version.resolve("bin"))
          .toList()
          .stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  /** A command of libpq, connected by its environment. */
  static ProcessBuilder command(ConnectionDetails server, String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(find(program).orElseThrow().toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    Map<String, String> environment = builder.environment();
    environment.put("PGHOST", server.host());
    environment.put("PGPORT", Integer.toString(server.port()));
    environment.put("PGUSER", server.user());
    environment.put("PGDATABASE", server.database());
    environment.put("PGPASSWORD", server.credentials().getProperty("password"));
    // pgcopydb calls the other programs by their names.
    find("pg_dump")
        .map(Path::getParent)
        .ifPresent(folder -> environment.put("PATH", folder + File.pathSeparator + path()));
    return builder;
  }

  static String uri(ConnectionDetails server) {
    return "postgres://"
        + server.user()
        + ":"
        + server.credentials().getProperty("password")
        + "@"
        + server.host()
        + ":"
        + server.port()
        + "/"
        + server.database();
  }

  static void run(ProcessBuilder builder) throws IOException, InterruptedException {
    require(builder.start());
  }

  /** Runs a program that says much, and shows it only when it fails. */
  static void runQuietly(ProcessBuilder builder, Path log)
      throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (process.waitFor() != 0) {
      throw new IOException(builder.command().get(0) + " failed: " + Files.readString(log));
    }
  }

  static void require(Process process) throws IOException, InterruptedException {
    if (process.waitFor() != 0) {
      throw new IOException(process.info().command().orElse("a program") + " failed");
    }
  }

  static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
