/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.StepRun;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The master user's password: read, and held against what RDS takes, without being shown. */
final class MasterPassword {
  /** {@code MasterUserPassword} of {@code CreateDBInstance}, for PostgreSQL. */
  private static final Pattern POSSIBLE = Pattern.compile("[ -~&&[^/\"@]]{8,128}");

  private MasterPassword() {}

  static String read(SecretRef reference, Function<SecretRef, String> secrets) {
    String password = secrets.apply(reference);
    if (!POSSIBLE.matcher(password).matches()) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "RDS takes passwords of 8 to 128 printable ASCII characters other than / \" and @;"
                  + " the one at "
                  + reference
                  + " is none")
          .toException();
    }
    return password;
  }

  /**
   * The same in the middle of an operation. That it cannot be read here is no end of the operation:
   * by the token another process can, so nothing of it is taken back.
   */
  static String readLater(SecretRef reference, StepContext context) {
    try {
      return read(reference, context::secret);
    } catch (CloudDbException e) {
      if (StepRun.canGoOn(e)) {
        throw e;
      }
      throw ErrorDetails.of(
              ErrorCategory.AUTHENTICATION,
              "The password of "
                  + context.name()
                  + " cannot be read here: "
                  + e.details().message())
          .resource(context.resource().toString())
          .providerCode(e.details().providerCode().orElse(null))
          .nextStep("Resume it by its token where the password can be read.")
          .toException(e);
    }
  }
}
