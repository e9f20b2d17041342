/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The certificate authority of all servers that live in one work directory. */
final class TestAuthority {
  // A change in what is kept gets a new number, so that old and new versions of this code can use
  // the same directory.
  private static final String LAYOUT = "3";

  /** That of the default work directory, which takes a process to find. */
  private static volatile @Nullable Path found;

  private TestAuthority() {}

  /** The directory that {@link ServerCertificate} has filled. */
  static Path in(WorkDirectory work) {
    return work.once("certificate-" + LAYOUT, ServerCertificate::writeTo);
  }

  /** The authority's certificate in the default work directory. */
  static Path certificate() {
    Path known = found;
    if (known != null && Files.exists(known)) {
      return known;
    }
    String property = System.getProperty(EmbeddedPostgres.DIRECTORY_PROPERTY);
    WorkDirectory work =
        WorkDirectory.find(
            property == null ? null : Path.of(property), OperatingUser.find(Platform.current()));
    Path certificate = in(work).resolve(ServerCertificate.AUTHORITY);
    found = certificate;
    return certificate;
  }
}
