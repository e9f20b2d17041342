/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import io.clouddb.internal.file.PrivateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The folder of the reports. What else a run writes is in its subfolder {@code run}, which the next
 * run empties.
 */
final class RunFolder {
  private final Path reports;
  private final Path run;

  private RunFolder(Path reports) {
    this.reports = reports;
    this.run = reports.resolve("run");
  }

  /**
   * Makes the folder, and removes what an earlier run wrote.
   *
   * @throws IOException when it cannot be written
   */
  static RunFolder prepare(Path reports) throws IOException {
    RunFolder folder = new RunFolder(reports.toAbsolutePath().normalize());
    // Logs, ledgers and the route are in it: nobody else reads or changes them.
    PrivateFolder.make(folder.reports);
    Files.deleteIfExists(folder.html());
    Files.deleteIfExists(folder.json());
    delete(folder.run);
    PrivateFolder.make(folder.run);
    return folder;
  }

  static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> found = Files.walk(folder)) {
      found.sorted(Comparator.reverseOrder()).forEach(RunFolder::deleteOne);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void deleteOne(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path html() {
    return reports.resolve("report.html");
  }

  Path json() {
    return reports.resolve("report.json");
  }

  /** For a migration between databases that end with the run. */
  MigrationFolder ofThisRun() {
    return new MigrationFolder(run.resolve("migration"));
  }

  /** For a migration that a later run may have to go on with, and applications follow for good. */
  MigrationFolder lasting(String migration) {
    return new MigrationFolder(reports.resolve(migration));
  }

  Path application() {
    return run.resolve("application");
  }

  Path log(String process) {
    return run.resolve(process + ".log");
  }
}
