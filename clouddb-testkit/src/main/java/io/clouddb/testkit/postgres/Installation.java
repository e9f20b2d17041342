/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.nio.file.Path;

/**
 * One version, unpacked, with its template database.
 *
 * @param version the artifact's version
 * @param major the server's major version
 * @param binaries the directory of {@code bin}, {@code lib} and {@code share}
 * @param template the directory that {@link TemplateDatabase} has filled
 * @param certificate the directory that {@link ServerCertificate} has filled
 */
record Installation(String version, int major, Path binaries, Path template, Path certificate) {
  // A change in what is kept gets a new number, so that old and new versions of this code can use
  // the same directory.
  private static final String LAYOUT = "2";

  /** Unpacks and prepares what has not been yet. */
  static Installation of(
      BinaryArchive archive, String superuser, WorkDirectory work, OperatingUser user)
      throws IOException {
    String key = archive.version() + "-" + archive.checksum() + "-" + LAYOUT;
    Path binaries = work.once("postgres-" + key, archive::extractTo);
    Path template =
        work.once(
            "template-" + key + "-" + superuser + "-" + user.owner(),
            directory -> TemplateDatabase.writeTo(directory, binaries, superuser, user));
    Path certificate = work.once("certificate-" + LAYOUT, ServerCertificate::writeTo);
    return new Installation(archive.version(), archive.major(), binaries, template, certificate);
  }

  /** The path of one of the programs. */
  String program(String name) {
    return binaries.resolve("bin").resolve(name).toString();
  }
}
