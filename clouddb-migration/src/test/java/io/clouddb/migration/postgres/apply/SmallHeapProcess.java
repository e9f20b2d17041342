/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.error.CloudDbException;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Applies a stream in a process of its own, and ends when the applier fails. */
final class SmallHeapProcess {
  static final int SAID_SO = 7;

  private SmallHeapProcess() {}

  public static void main(String[] arguments) throws Exception {
    SecretRef password = SecretRef.literal("secret");
    ConnectionDetails source = ConnectionDetails.ofJdbcUrl(arguments[0], arguments[2], password);
    ConnectionDetails target = ConnectionDetails.ofJdbcUrl(arguments[1], arguments[2], password);
    ApplyOptions options = ApplyOptions.of("test").slot(arguments[3]).build();
    try (Applier applier = new Applier(source, target, List.of(), options)) {
      applier.start();
      Throwable failure = applier.failure().get(50, TimeUnit.SECONDS);
      boolean saidSo =
          failure instanceof CloudDbException known
              && known.details().message().contains("did not fit into the memory")
              && known.details().nextStep().orElse("").contains("-Xmx");
      Runtime.getRuntime().halt(saidSo ? SAID_SO : 1);
    }
  }
}
