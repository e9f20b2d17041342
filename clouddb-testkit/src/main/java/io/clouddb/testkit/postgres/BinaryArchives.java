/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the packed binaries: on the class path, and in jars named by path. */
final class BinaryArchives {
  private static final int PREFERRED_MAJOR = 16;

  /** What the error proposes: the newest of each version when this was written. */
  private static final Map<Integer, String> KNOWN =
      Map.of(14, "14.24.0", 15, "15.19.0", 16, "16.15.0", 17, "17.11.0", 18, "18.6.0");

  private final Platform platform;
  private final List<BinaryArchive> archives;

  private BinaryArchives(Platform platform, List<BinaryArchive> archives) {
    this.platform = platform;
    this.archives = archives;
  }

  /**
   * Looks for archives.
   *
   * @param platform what they must be built for
   * @param classLoader where the class path is searched
   * @param paths jars, or directories of jars, that are searched too
   */
  static BinaryArchives find(Platform platform, ClassLoader classLoader, List<Path> paths) {
    try {
      List<BinaryArchive> found = new ArrayList<>();
      for (URL url : Collections.list(classLoader.getResources(platform.resource()))) {
        found.add(BinaryArchive.at(url));
      }
      for (Path jar : jarsIn(paths)) {
        try (JarFile file = new JarFile(jar.toFile())) {
          if (file.getEntry(platform.resource()) != null) {
            found.add(
                BinaryArchive.at(
                    URI.create("jar:" + jar.toUri() + "!/" + platform.resource()).toURL()));
          }
        }
      }
      return new BinaryArchives(platform, found);
    } catch (IOException e) {
      throw new UncheckedIOException("The binaries of PostgreSQL could not be searched", e);
    }
  }

  /** The paths that a system property lists, as a class path is written. */
  static List<Path> pathsOf(String property) {
    return Stream.of(property.split(File.pathSeparator, -1))
        .filter(part -> !part.isBlank())
        .map(Path::of)
        .toList();
  }

  private static List<Path> jarsIn(List<Path> paths) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> files = Files.list(path)) {
          files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
        }
      } else if (Files.exists(path)) {
        // A build names one directory for all of its modules, and not each of them has it.
        jars.add(path);
      }
    }
    return jars;
  }

  /** The newest archive of a major version; of 16, else of the newest there is, for 0. */
  BinaryArchive get(int major) {
    Optional<BinaryArchive> match =
        newest(major == 0 ? PREFERRED_MAJOR : major)
            .or(() -> major == 0 ? archives.stream().max(byVersion()) : Optional.empty());
    return match.orElseThrow(() -> missing(major == 0 ? PREFERRED_MAJOR : major));
  }

  private Optional<BinaryArchive> newest(int major) {
    return archives.stream().filter(archive -> archive.major() == major).max(byVersion());
  }

  private static Comparator<BinaryArchive> byVersion() {
    return Comparator.comparing(
        archive ->
            ModuleDescriptor.Version.parse(archive.isVersionKnown() ? archive.version() : "0"));
  }

  private RuntimeException missing(int major) {
    String coordinates =
        Platform.GROUP_ID
            + ":"
            + platform.artifactId()
            + ":"
            + KNOWN.getOrDefault(major, major + ".<latest>");
    String found =
        archives.isEmpty()
            ? "none"
            : archives.stream().map(BinaryArchive::toString).collect(Collectors.joining(", "));
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            "The binaries of PostgreSQL " + major + " were not found. Found: " + found + ".")
        .nextStep(
            "Add "
                + coordinates
                + " to the class path; or, since Maven keeps one version of an artifact on a class"
                + " path, download it into a directory and name that in the system property "
                + EmbeddedPostgres.BINARIES_PROPERTY
                + ".")
        .toException();
  }
}
