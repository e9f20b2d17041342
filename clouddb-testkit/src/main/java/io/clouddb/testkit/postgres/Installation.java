/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Path;

/**
 * One version that is ready to run, with its template database.
 *
 * @param version the artifact's version, or that of an installed server
 * @param major the server's major version
 * @param programs the directory of {@code postgres}, {@code initdb} and {@code pg_ctl}
 * @param template the directory that {@link TemplateDatabase} has filled
 * @param certificate the directory that {@link ServerCertificate} has filled
 */
record Installation(String version, int major, Path programs, Path template, Path certificate) {
  // A change in what is kept gets a new number, so that old and new versions of this code can use
  // the same directory.
  private static final String LAYOUT = "3";

  /** Unpacks and prepares what has not been yet. */
  static Installation of(
      BinaryArchive archive, String superuser, WorkDirectory work, OperatingUser user)
      throws IOException {
    String key = archive.version() + "-" + archive.checksum() + "-" + LAYOUT;
    Path programs = work.once("postgres-" + key, archive::extractTo).resolve("bin");
    return of(archive.version(), archive.major(), programs, key, superuser, work, user);
  }

  /** Prepares a server that is on this machine; its programs stay where they are. */
  static Installation of(
      InstalledPostgres installed, String superuser, WorkDirectory work, OperatingUser user)
      throws IOException {
    // Another minor release at the same place makes databases of its own.
    String key = "installed-" + installed.checksum() + "-" + LAYOUT;
    return of(
        installed.version(), installed.major(), installed.programs(), key, superuser, work, user);
  }

  private static Installation of(
      String version,
      int major,
      Path programs,
      String key,
      String superuser,
      WorkDirectory work,
      OperatingUser user) {
    Path template =
        work.once(
            "template-" + key + "-" + superuser + "-" + user.owner(),
            directory -> TemplateDatabase.writeTo(directory, programs, superuser, user));
    return new Installation(version, major, programs, template, TestAuthority.in(work));
  }

  /** Whether it is of a release, or of a later one. */
  boolean isAtLeast(String release) {
    return ModuleDescriptor.Version.parse(version)
            .compareTo(ModuleDescriptor.Version.parse(release))
        >= 0;
  }

  /** The path of one of the programs. */
  String program(String name) {
    return programs.resolve(name).toString();
  }
}
