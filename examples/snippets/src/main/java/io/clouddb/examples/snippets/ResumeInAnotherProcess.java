/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.CloudDb;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Begins an operation in one process, and goes on with it in another. */
final class ResumeInAnotherProcess {
  private ResumeInAnotherProcess() {}

  static void begin(CloudDb cloud, InstanceSpec spec, Path file) throws IOException {
    // @start region="begin"
    String token = cloud.instances().create(spec).token(); // holds no secret
    // @end region="begin"
    Files.writeString(file, token);
  }

  static Instance goOn(CloudDb cloud, Path file) throws IOException {
    String token = Files.readString(file);
    // @start region="resume"
    return cloud.operations().resume(token, Instance.class).await(Duration.ofMinutes(30));
    // @end region="resume"
  }
}
