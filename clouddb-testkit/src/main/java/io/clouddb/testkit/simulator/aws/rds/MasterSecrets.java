/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import java.security.SecureRandom;

/** The passwords that RDS makes and keeps in Secrets Manager. */
final class MasterSecrets {
  private static final String LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  private static final int LENGTH = 28;

  private MasterSecrets() {}

  static String newPassword() {
    return new SecureRandom()
        .ints(LENGTH, 0, LETTERS.length())
        .mapToObj(LETTERS::charAt)
        .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append)
        .toString();
  }

  /** Keeps a password, and gives the secret's ARN. */
  static String create(RdsState state, ResourceKey instance, String user, String password) {
    String value =
        JsonNodeFactory.instance
            .objectNode()
            .put("username", user)
            .put("password", password)
            .toString();
    String name = "rds!db-" + state.servers().engine().newId();
    return state.secrets().create(RdsState.region(instance), name, value);
  }
}
