/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The certificate authority of all servers that live in one work directory. */
final class TestAuthority {
  // A change in what is kept gets a new number, so that old and new versions of this code can use
  // the same directory.
  private static final String LAYOUT = "3";

  /** By what the system property says, since it takes a process to find a work directory. */
  private static final Map<String, Path> FOUND = new ConcurrentHashMap<>();

  private TestAuthority() {}

  /** The directory that {@link ServerCertificate} has filled. */
  static Path in(WorkDirectory work) {
    return work.once("certificate-" + LAYOUT, ServerCertificate::writeTo);
  }

  /** The authority's certificate in the default work directory. */
  static Path certificate() {
    String property = System.getProperty(EmbeddedPostgres.DIRECTORY_PROPERTY, "");
    return FOUND.compute(
        property, (key, known) -> known != null && Files.exists(known) ? known : find(key));
  }

  private static Path find(String property) {
    Path asked = property.isEmpty() ? null : Path.of(property);
    WorkDirectory work = WorkDirectory.find(asked, OperatingUser.find(Platform.current()));
    return in(work).resolve(ServerCertificate.AUTHORITY);
  }
}
