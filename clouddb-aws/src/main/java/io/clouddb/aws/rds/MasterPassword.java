/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
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
}
