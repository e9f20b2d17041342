/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.http;

import io.clouddb.security.SecretRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * What a simulator asks of who makes a request: made anew at each start and known to this process
 * only, which hands it to its clients. Every other program of the machine, and every web page in a
 * browser on it, reaches the port as well.
 */
public final class RunSecret {
  private static final int BYTES = 32;
  private static final String SCHEME = "Bearer ";

  private final SecretRef reference;

  private RunSecret(SecretRef reference) {
    this.reference = reference;
  }

  /**
   * Makes a secret.
   *
   * @return letters, digits, hyphens and underscores that nobody can guess
   */
  public static RunSecret random() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return new RunSecret(
        SecretRef.literal(Base64.getUrlEncoder().withoutPadding().encodeToString(random)));
  }

  /**
   * The secret, for a client.
   *
   * @return a literal, which does not show in logs
   */
  public SecretRef reference() {
    return reference;
  }

  /**
   * Tells whether a request shows this secret as its bearer token, in a time that says nothing
   * about the secret.
   *
   * @param request the request
   * @return empty when it has no {@code Authorization}; false when that is anything else
   */
  public Optional<Boolean> isBearer(SimulatedRequest request) {
    return request
        .header("Authorization")
        .map(
            shown ->
                MessageDigest.isEqual(
                    (SCHEME + reference.resolve()).getBytes(StandardCharsets.UTF_8),
                    shown.getBytes(StandardCharsets.UTF_8)));
  }

  /** Not the secret. */
  @Override
  public String toString() {
    return "RunSecret";
  }
}
